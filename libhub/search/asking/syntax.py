"""Operators in the search box: "phrases in quotes", -words to leave out, filters like section:name.

Everything that is not certainly an operator is ordinary text: a lone quote, a dash between words, a negative
number, a filter that does not exist.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from libhub.search.language import russian

_QUOTES: Final = str.maketrans("«»“”„‟″", '"' * 7)
_OPERATOR: Final = re.compile(
    r"""(?<!\S)(?P<not>-?)"(?P<phrase>[^"]+)"(?=\s|[.,;:!?)]|$)
      | (?<!\S)(?P<name>[^\W\d][\w]*):(?:"(?P<quoted>[^"]+)"|(?P<value>[^\s":]+))
      | (?<!\S)-(?P<left_out>[^\W\d][^\s"]*)""",
    re.VERBOSE,
)
MAX_OPERATORS: Final = 16


@dataclass(frozen=True)
class Filter:
    """A filter that was typed: the facet, the values it stands for and the text as typed."""

    name: str
    values: frozenset[str]
    typed: str


@dataclass(frozen=True)
class Asked:
    """A typed text taken apart. ``plain`` has spaces in place of the operators, ``spans`` are their places."""

    text: str
    plain: str
    phrases: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()

    def without(self, one: Filter) -> str:
        """Return the text without one of its filters."""
        return " ".join(self.text.replace(one.typed, " ", 1).split())


@dataclass
class FilterNames:
    """How the filters and their values may be called; made of labels in every language."""

    names: dict[str, list[str]] = field(default_factory=dict)
    values: dict[str, list[tuple[str, frozenset[str]]]] = field(default_factory=dict)

    def add(self, facet: str, labels: Iterable[str], values: Mapping[str, Iterable[str]]) -> None:
        """Add a facet: what its name may be, and for each value what that may be called."""
        for label in (facet, *labels):
            spelt = russian.fold(label).split()
            for name in ("_".join(spelt), "".join(spelt), *spelt[:1]):
                known = self.names.setdefault(name, [])
                if facet not in known:
                    known.append(facet)
        named = self.values.setdefault(facet, [])
        named += [(label, frozenset([value])) for value, some in values.items() for label in (value, *some)]

    def add_numbers(self, facet: str, labels: Iterable[str], numbers: Sequence[int]) -> None:
        """Add a facet of age marks: 6+ is the mark itself, 6 are the marks up to it."""
        self.add(facet, labels, {str(number): (f"{number}+",) for number in numbers})
        self.values[facet] = [
            (str(limit), frozenset(str(number) for number in numbers if number <= limit))
            for limit in range(100)
        ] + [(f"{number}+", frozenset([str(number)])) for number in numbers]

    def find(self, name: str, value: str) -> tuple[str, frozenset[str]] | None:
        """Return facet and values of a typed filter, None when there is no such filter."""
        for facet in self.names.get(russian.fold(name), ()):
            found: set[str] = set()
            parts = [part for part in value.split(",") if part.strip()]
            for part in parts:
                values = self._value(facet, part)
                if not values:
                    break
                found |= values
            else:
                if found:
                    return facet, frozenset(found)
        return None

    def _value(self, facet: str, typed: str) -> frozenset[str]:
        wanted = " ".join(russian.fold(typed).split())
        for label, values in self.values[facet]:
            if wanted == russian.fold(label):
                return values
        forms = [word.form for word in russian.words(wanted)]
        for label, values in self.values[facet]:
            named = [word.form for word in russian.words(label)]
            if forms and len(forms) == len(named) and all(map(_same_word, forms, named)):
                return values
        # Part of a label, if it is the part of one only: section:crafting for «Crafting and patterns».
        partly = {
            values
            for label, values in self.values[facet]
            if forms
            and all(any(_same_word(form, word.form) for word in russian.words(label)) for form in forms)
        }
        return partly.pop() if len(partly) == 1 else frozenset()


def _same_word(one: str, other: str) -> bool:
    return not set(russian.lemmas(one)).isdisjoint(russian.lemmas(other))


def parse(cleaned: str, names: FilterNames) -> Asked:
    """Take a cleaned text apart."""
    text = cleaned.translate(_QUOTES)
    phrases: list[str] = []
    left_out: list[str] = []
    filters: list[Filter] = []
    spans: list[tuple[int, int]] = []
    for match in _OPERATOR.finditer(text):
        if len(spans) == MAX_OPERATORS:
            break
        if match["name"]:
            found = names.find(match["name"], match["quoted"] or match["value"])
            if found is None:
                continue
            filters.append(Filter(*found, match.group()))
        else:
            content = match["phrase"] or match["left_out"]
            if not any(russian.words(content)):
                continue
            (left_out if match["left_out"] or match["not"] else phrases).append(content)
        spans.append(match.span())
    plain = _blank(text, spans)
    if left_out and not (filters or phrases or any(russian.words(plain))):
        return Asked(text, text)  # everything but … is no question
    return Asked(text, plain, tuple(phrases), tuple(left_out), tuple(filters), tuple(spans))


def _blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
