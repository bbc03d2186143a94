"""The register of those who were erased: their numbers and when, and nothing else. It also lies outside of the database.

An older copy of the database that is brought back knows those people again; the file beside it says who must not be there.
"""

import json
import logging
import os
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import JSON, select
from sqlalchemy.orm import Mapped, mapped_column

from libhub.base.db import UtcDateTime, db
from libhub.base.file_lock import file_lock
from libhub.config import instance_path

logger = logging.getLogger(__name__)

FILE: Final = "erased.jsonl"


class ErasedPerson(db.Model):  # type: ignore[name-defined,misc]
    """Somebody was erased: the number that the account had, and what is still to be done after that."""

    __tablename__ = "core_erased"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    files: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Contents that go with the person and are not deleted yet, by SHA-256."""
    held: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Uploads that were held and are not deleted yet, by their words."""
    wiped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when nothing is left in the unused parts of the database and of the index."""


class Erasure(NamedTuple):
    """A line of the register: the number of an account, and when it was erased."""

    user_id: int
    at: datetime


def in_database() -> set[Erasure]:
    """Return the register as the database has it."""
    rows = db.session.execute(select(ErasedPerson.user_id, ErasedPerson.at))
    return {Erasure(user_id, at) for user_id, at in rows}


def in_file() -> set[Erasure]:
    """Return the register as the file beside the database has it; a line that a power cut left half-written is none."""
    path = instance_path(FILE)
    found = set()
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        try:
            said: dict[str, Any] = json.loads(line)
            found.add(Erasure(int(said["number"]), datetime.fromisoformat(said["at"])))
        except (ValueError, KeyError, TypeError):
            logger.warning("a line of %s cannot be read", FILE)
    return found


def write_down(some: Iterable[Erasure]) -> None:
    """Let the file have these lines, too; when this returns they stand a power cut."""
    path, some = instance_path(FILE), set(some)
    if not some:
        return
    with file_lock(path.with_suffix(".lock"), seconds=30):
        lines = sorted(some - in_file())
        if not lines:
            return
        with path.open("ab") as file:
            if file.tell() and not path.read_bytes().endswith(b"\n"):
                file.write(b"\n")
            for each in lines:
                text = json.dumps({"number": each.user_id, "at": each.at.isoformat()})
                file.write(text.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
