"""What the index is asked and what it answers. Plain data: no index library, no numpy, no Flask."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from libhub.search.documents import ItemRef, Part

ITEM_FACET: Final = "item"
"""The facet whose values are plugin and kind of an item."""


@dataclass(frozen=True)
class QueryWord:
    """A word of a query: its terms are alternatives of which the best one counts.

    ``optional`` words (prepositions) only add to the score. ``phrases`` are further alternatives: each is
    several words, all of which have to be in the document, and each word is the terms that it may have.
    """

    form: str
    terms: tuple[str, ...]
    optional: bool = False
    phrases: tuple[tuple[tuple[str, ...], ...], ...] = ()

    @property
    def every_term(self) -> frozenset[str]:
        """The terms that may be why a document was found."""
        return frozenset(self.terms).union(*(terms for phrase in self.phrases for terms in phrase))


@dataclass(frozen=True)
class PhraseWord:
    """A word in quotes: its terms, and the forms in which it may stand in a text."""

    terms: tuple[str, ...]
    forms: frozenset[str]
    optional: bool = False


Phrase: TypeAlias = tuple[PhraseWord, ...]
"""Words directly one after the other."""


@dataclass(frozen=True)
class Scope:
    """What may be found at all: plugins that are on, labels of the viewer, age marks the viewer may see.

    None among the marks stands for things for which nobody chose one.
    """

    plugins: frozenset[str]
    labels: frozenset[str]
    ages: frozenset[int | None]


@dataclass(frozen=True)
class Query:
    """What to look for. Without words everything in scope is listed by title order of the index."""

    words: tuple[QueryWord, ...]
    scope: Scope
    facets: Mapping[str, frozenset[str]] = field(default_factory=dict)
    facet_names: tuple[str, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    left_out: tuple[Phrase, ...] = ()
    offset: int = 0
    limit: int = 20


@dataclass(frozen=True)
class Hit:
    """One found item with the text stored for its snippet; ``part`` is the piece of a file that was found."""

    ref: ItemRef
    title: str
    text: str
    score: float
    part: Part | None = None


@dataclass(frozen=True)
class Title:
    """An item by its title alone."""

    ref: ItemRef
    text: str


@dataclass(frozen=True)
class Answer:
    """Hits of the page asked for, how many items there are in all, and counts by facet and value.

    ``forms`` are the words, as texts write them, that may be why something was found: the bits of each number say
    for which words of the query they stand.
    """

    total: int
    hits: list[Hit]
    facets: dict[str, dict[str, int]]
    forms: Mapping[str, int] = field(default_factory=dict)
