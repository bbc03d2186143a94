"""What an import comes to, and how it tries something out before a yes. No pages."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import islice
from time import sleep
from typing import Any, Final, TypeVar

from libhub.base.db import trying, writing

BATCH: Final = 1_000
PAUSE_SECONDS: Final = 0.1
"""SQLite's waiting writers look for the lock ten times a second; a shorter gap they would miss."""
_Row = TypeVar("_Row")


@dataclass(frozen=True)
class Problem:
    """Why something was left out: where it stands in the file (a line, a title), and a sentence."""

    where: str | int
    text: str


@dataclass
class Report:
    """What an import did, or would do.

    ``notes`` are sentences worth knowing, ``unused`` parts of the file that mean nothing here. ``one`` is the number of
    the only thing that there was, once it is brought in.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unused: tuple[str, ...] = ()
    one: int | None = None


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
