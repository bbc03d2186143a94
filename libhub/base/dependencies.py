"""What a value was worked out from, noted while it is: tables, the clock, whatever else says here that it was asked.

:func:`libhub.caching.remembering.remember` opens the notes and keeps the value for as long as nothing in them changed.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, TypeAlias

Check: TypeAlias = Callable[[], Hashable]
"""Says how something stands now; the value holds while the answer is the one that was noted."""


class Notes:
    """The tables that were read, how other things stood, and whether the value may be kept at all."""

    def __init__(self) -> None:
        self.tables: set[str] = set()
        self.stood: dict[Check, Hashable] = {}
        self.lasting = True

    def add(self, tables: Iterable[str], stood: dict[Check, Hashable]) -> None:
        """Take over what another value was worked out from."""
        self.tables.update(tables)
        self.stood = {**stood, **self.stood}


open_notes: Final[ContextVar[Notes | None]] = ContextVar("libhub_notes", default=None)


@contextmanager
def noting_in(notes: Notes | None) -> Iterator[None]:
    """Note in these notes what the block asks for, or nowhere."""
    token = open_notes.set(notes)
    try:
        yield
    finally:
        open_notes.reset(token)


def note(check: Check) -> None:
    """Note how something stands that a value is being worked out from. Call before it is read."""
    notes = open_notes.get()
    if notes is not None and check not in notes.stood:
        notes.stood[check] = check()


def do_not_keep() -> None:
    """Note that what is being worked out holds for this once only."""
    notes = open_notes.get()
    if notes is not None:
        notes.lasting = False
