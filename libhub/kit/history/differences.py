"""What changed in a text, so that a person can read it: words that went, words that came, a little around them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Final, Literal

NOTHING: Final = "—"
"""What is said of an empty field."""
LONG: Final = 80
"""From how many characters on a text is told as a difference."""
AROUND: Final = 40
"""How many characters are shown of what stayed, on either side."""
_MOST_WORDS: Final = 2_000
"""Of a longer piece no words are compared: it is told as a whole."""
_WORD: Final = re.compile(r"\s+|\w+|[^\w\s]")

Kind = Literal["same", "added", "removed"]


@dataclass(frozen=True)
class Piece:
    """A run of characters that stayed, came or went; ``…`` stands where some that stayed are left out."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class FieldChange:
    """What became of a field, in words; ``pieces`` where it is long. ``back``: it can be brought back by itself."""

    name: str
    label: str
    before: str
    after: str
    back: bool = False

    @property
    def pieces(self) -> Sequence[Piece]:
        """What changed in a long text; nothing where it is short."""
        if not is_long(self.before, self.after):
            return ()
        before, after = ("" if text == NOTHING else text for text in (self.before, self.after))
        return difference(before, after)


def is_long(*texts: str) -> bool:
    """Say whether a change between these is better told as a difference."""
    return any(len(text) > LONG or "\n" in text for text in texts)


def difference(before: str, after: str) -> list[Piece]:
    """Return what a text lost and gained, by lines, and by words where a line was changed."""
    pieces = _joined(_by_lines(before.splitlines(keepends=True), after.splitlines(keepends=True)))
    last = len(pieces) - 1
    return [
        Piece("same", _shortened(piece.text, first=place == 0, last=place == last))
        if piece.kind == "same"
        else piece
        for place, piece in enumerate(pieces)
    ]


def _by_lines(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    for what, start, end, to_start, to_end in SequenceMatcher(None, before, after, False).get_opcodes():
        old, new = "".join(before[start:end]), "".join(after[to_start:to_end])
        if what == "replace":
            yield from _by_words(_WORD.findall(old), _WORD.findall(new))
        else:
            yield from _told(what, old, new)


def _by_words(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    if len(before) > _MOST_WORDS or len(after) > _MOST_WORDS:
        yield from _told("replace", "".join(before), "".join(after))
        return
    for what, start, end, to_start, to_end in SequenceMatcher(None, before, after, False).get_opcodes():
        yield from _told(what, "".join(before[start:end]), "".join(after[to_start:to_end]))


def _told(what: str, old: str, new: str) -> Iterator[Piece]:
    if what == "equal":
        yield Piece("same", old)
        return
    if old:
        yield Piece("removed", old)
    if new:
        yield Piece("added", new)


def _joined(pieces: Iterator[Piece]) -> list[Piece]:
    return [
        Piece(kind, "".join(piece.text for piece in some))
        for kind, some in groupby(pieces, lambda piece: piece.kind)
    ]


def _shortened(text: str, *, first: bool, last: bool) -> str:
    if len(text) <= 2 * AROUND + 10:
        return text
    return ("" if first else text[:AROUND]) + " … " + ("" if last else text[-AROUND:])
