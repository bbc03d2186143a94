"""Imports between the look and the yes, and for a day after it: what was shown, of which file, and what became of it."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Final

from libhub.base.file_lock import file_lock
from libhub.config import instance_path
from libhub.kit.importing import Report
from libhub.kit.tables.heads import Look
from libhub.submissions.pending_uploads import NOTES, drop_upload, is_token

WAITED_SECONDS: Final = 30.0
"""So long a second press waits for what the first one comes to."""


@dataclass(frozen=True)
class PendingImport:
    """A file that waits for a yes (see :mod:`libhub.submissions.pending_uploads`), or was imported.

    :param section: whose import it is.
    :param name: of the file, as it was sent.
    :param typed: what was typed beside it, by name.
    :param report: what it would do, or, when it is ``done``, what it did.
    :param changed: whether something was changed here since it was shown first, so that nothing was done.
    :param look: at the columns, where they can be chosen.
    :param address: where it goes on: the page of the job that does it, or of what came in; empty for the report.
    """

    token: str
    section: str
    name: str
    typed: Mapping[str, str]
    report: Report
    done: bool = False
    changed: bool = False
    address: str = ""
    look: Look | None = None

    def keep(self, **values: object) -> "PendingImport":
        """Write it down with these values; whoever reads it meanwhile gets it as it was, or as it is."""
        kept = replace(self, **values)  # type: ignore[arg-type]
        path = instance_path(NOTES, f"{self.token}.json")
        path.parent.mkdir(exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps(asdict(kept), ensure_ascii=False), encoding="utf-8")
        fresh.replace(path)
        return kept


def find(token: str) -> PendingImport | None:
    """Return an import; None for one that is not there (any more)."""
    path = instance_path(NOTES, f"{token}.json") if is_token(token) else None
    if path is None or not path.is_file():
        return None
    kept = json.loads(path.read_text(encoding="utf-8"))
    look = kept.get("look") and Look(
        tuple(kept["look"]["headers"]),
        tuple(kept["look"]["columns"]),
        tuple(map(tuple, kept["look"]["samples"])),
    )
    return PendingImport(**{**kept, "report": Report.of(kept["report"]), "look": look})


def drop(token: str) -> None:
    """Forget an import and its file."""
    drop_upload(token)
    if is_token(token):
        instance_path(NOTES, f"{token}.json").unlink(missing_ok=True)


@contextmanager
def claimed(token: str) -> Iterator[None]:
    """Be the only one, of all workers, who does something with an import; a crash ends it, and nothing is lost.

    :raises HeldElsewhere: somebody else does, for longer than one waits.
    """
    path = instance_path(NOTES, f"{token}.lock")
    path.parent.mkdir(exist_ok=True)
    with file_lock(path, seconds=WAITED_SECONDS):
        yield
