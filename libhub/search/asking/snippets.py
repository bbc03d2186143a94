"""The passage of a text that shows best why it was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from markupsafe import Markup, escape

from libhub.search.language import russian

LENGTH = 220
"""Characters of a passage, roughly."""

Forms: TypeAlias = Mapping[str, int]
"""Word forms that may be why a text was found; the bits of the number are the words of the query."""


@dataclass(frozen=True, slots=True)
class _Match:
    start: int
    end: int
    words: int


def marked(text: str, forms: Forms) -> Markup:
    """Return the text as HTML with every word marked that is one of the forms."""
    return _mark(text, _matches(text, forms), 0, len(text))


def best_passage(text: str, forms: Forms, length: int = LENGTH) -> Markup:
    """Return the passage with most different words as HTML: whole words, matched forms marked."""
    matches = _matches(text, forms)
    if len(text) <= length:
        return _mark(text, matches, 0, len(text))
    first = _richest(matches, length * 3 // 4)
    start = russian.next_word(text, max(0, matches[first].start - length // 4)) if matches else 0
    end = russian.last_word_end(text, start, min(len(text), start + length))
    passage = _mark(text, matches, start, end)
    return Markup("").join(("… " if start else "", passage, "\u00a0…" if end < len(text) else ""))


def _matches(text: str, forms: Forms) -> list[_Match]:
    if not forms:
        return []
    return [
        _Match(*match.span(), forms[form])
        for match in russian.WORD.finditer(russian.fold(text))
        if (form := match.group()[: russian.MAX_WORD_LENGTH]) in forms
    ]


def _richest(matches: Sequence[_Match], reach: int) -> int:
    """Return the match from which on most different words stand within ``reach`` characters, the first of such."""
    every = 0
    for match in matches:
        every |= match.words
    best, place = 0, 0
    for number, first in enumerate(matches):
        found = 0
        for match in matches[number:]:
            if match.end > first.start + reach or found == every:
                break
            found |= match.words
        if found.bit_count() > best:
            best, place = found.bit_count(), number
            if found == every:
                break
    return place


def _mark(text: str, matches: Sequence[_Match], start: int, end: int) -> Markup:
    parts: list[str] = []
    position = start
    for match in matches:
        if match.start < position or match.end > end:
            continue
        parts += [
            escape(text[position : match.start]),
            "<mark>",
            escape(text[match.start : match.end]),
            "</mark>",
        ]
        position = match.end
    return Markup("".join([*parts, escape(text[position:end])]))  # noqa: S704 - every piece of text is escaped
