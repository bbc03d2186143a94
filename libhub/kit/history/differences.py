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
_MOST_SHOWN: Final = 1_500
"""How many characters of what went or came are shown, from its beginning and from its end."""
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
        Piece("same", _shortened(piece.text, AROUND, first=place == 0, last=place == last))
        if piece.kind == "same"
        else Piece(piece.kind, _shortened(piece.text, _MOST_SHOWN))
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
    start = _same_beginning(before, after)
    end = _same_beginning(before[start:][::-1], after[start:][::-1])
    kept, last = before[:start], before[len(before) - end :]
    before, after = before[start : len(before) - end], after[start : len(after) - end]
    yield Piece("same", "".join(kept))
    if len(before) > _MOST_WORDS or len(after) > _MOST_WORDS:
        yield from _told("replace", "".join(before), "".join(after))
    else:
        yield from _compared(before, after)
    yield Piece("same", "".join(last))


def _same_beginning(before: Sequence[str], after: Sequence[str]) -> int:
    """Return how many words two texts have in common before the first one that differs."""
    pairs = enumerate(zip(before, after, strict=False))
    return next((place for place, (old, new) in pairs if old != new), min(len(before), len(after)))


def _compared(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
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
    joined = groupby((piece for piece in pieces if piece.text), lambda piece: piece.kind)
    return [Piece(kind, "".join(piece.text for piece in some)) for kind, some in joined]


def _shortened(text: str, around: int, *, first: bool = False, last: bool = False) -> str:
    if len(text) <= 2 * around + 10:
        return text
    return ("" if first else text[:around]) + " … " + ("" if last else text[-around:])
