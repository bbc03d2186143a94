"""What an import comes to, and how it tries something out before a yes. No pages."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import islice
from time import sleep
from typing import Any, Final, Self, TypeVar

from libhub.base.db import trying, writing
from libhub.kit.seen import mark_of

BATCH: Final = 1_000
PAUSE_SECONDS: Final = 0.1
"""SQLite's waiting writers look for the lock ten times a second; a shorter gap they would miss."""
_Row = TypeVar("_Row")


@dataclass(frozen=True)
class Problem:
    """Why something was left out: where it stands in the file (a line, a title), and a sentence."""

    where: str | int
    text: str


@dataclass(frozen=True)
class Line:
    """Something that an import does, or could do, told for itself.

    :param kind: see ``kinds`` of :class:`~libhub.kit.pages.importing.Importer`.
    :param where: where it stands in the file; empty for what stands nowhere in it.
    :param options: what can be chosen: values and what they are called, in the language of the reader; without a choice
        nothing is done. A line without options needs none.
    :param part: by which :attr:`Importer.take <libhub.kit.pages.importing.Importer.take>` is told what was chosen.
    """

    kind: str
    where: str | int
    title: str
    text: str = ""
    options: tuple[tuple[str, str], ...] = ()
    part: str = ""


@dataclass
class Report:
    """What an import did, or would do.

    ``notes`` are sentences worth knowing, ``unused`` parts of the file that mean nothing here. ``one`` is the number of
    the only thing that there was, once it is brought in. ``lines`` tell things one by one, some of which wait for a choice.
    ``found`` are marks of what was here already, see :meth:`saw`.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unused: tuple[str, ...] = ()
    one: int | None = None
    found: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)

    def saw(self, part: object, *present: object) -> None:
        """Note what is here already of which a part of the file speaks, before it is changed; nothing, for what is new.

        Call it inside the transaction that changes it. What a preview noted holds for the import after the yes: where it
        is not so any more, nothing of this transaction is kept.

        :param part: what tells the parts of a file apart, the same at each reading: a line, an identifier.
        :param present: all that the import would change; see :func:`~libhub.kit.seen.mark_of`.
        """
        key, mark = mark_of(part), mark_of(*present)
        self.found[key] = mark
        shown = _shown.get()
        if shown is not None and shown.get(key, mark) != mark:
            raise ChangedSincePreview

    def outcome(self) -> str:
        """Return a mark of what it did or would do."""
        return mark_of(self.added, self.changed, self.unchanged, self.problems, self.lines)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Return a report from what ``asdict`` made of it and JSON kept."""
        problems = [Problem(**each) for each in kept["problems"]]
        lines = [
            Line(**{**each, "options": tuple((value, label) for value, label in each["options"])})
            for each in kept.get("lines", ())
        ]
        return cls(**{**kept, "problems": problems, "unused": tuple(kept["unused"]), "lines": lines})


class ChangedSincePreview(Exception):
    """What an import would change is not what was shown. No :class:`LibHubError`, which an import may tell of a line."""


_shown: ContextVar[Mapping[str, str] | None] = ContextVar("libhub_import_shown", default=None)


@contextmanager
def as_shown(report: Report) -> Iterator[None]:
    """Let an import in this block change only what a preview noted as it is.

    :raises ChangedSincePreview: something of it is otherwise by now.
    """
    token = _shown.set(report.found)
    try:
        yield
    finally:
        _shown.reset(token)


def writing_or_trying(*, dry_run: bool) -> AbstractContextManager[None]:
    """Run the block in one write transaction; of a dry run nothing is kept, though everything was tried.

    Nobody waits for a dry run: see :func:`libhub.base.db.trying`.
    """
    return trying() if dry_run else writing()


def in_batches(
    rows: Iterator[_Row],
    take: Callable[[Sequence[_Row]], Any],
    *,
    batch: int = BATCH,
    pause: float = PAUSE_SECONDS,
) -> None:
    """Hand rows over in batches, so that others can write between them.

    :param take: given some rows, brings them in, in a transaction of its own.
    :param pause: seconds between two of them.
    """
    while some := list(islice(rows, batch)):
        take(some)
        if len(some) == batch and pause:
            sleep(pause)
