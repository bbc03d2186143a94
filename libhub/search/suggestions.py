"""What somebody may mean who has typed a few letters: items, themes, and what others searched with success.

Nothing is suggested that the viewer could not find: titles and themes are of items in the viewer's scope, and a
popular search is only repeated where all of its words stand together in an item in that scope.
"""

import threading
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from libhub.accounts.viewer import Viewer
from libhub.search import counting, russian
from libhub.search.documents import ItemRef, ItemType, NoteFailure
from libhub.search.index import SearchIndex
from libhub.search.plan import Query, Scope
from libhub.search.query import facets_of, query_words, scope_of, summaries_of

LEAST_LETTERS: Final = 2
MAX_CHARACTERS: Final = 100
MAX_WORDS: Final = 8
MOST_ITEMS: Final = 5
MOST_CONTAINING: Final = 3
MOST_VALUES: Final = 2
MOST_QUERIES: Final = 3
MOST_QUERIES_TRIED: Final = 9


@dataclass(frozen=True)
class Suggestion:
    """One line of the list.

    An ``item`` is opened by its ``url``. A ``query`` or a ``theme`` is searched for. A ``filter`` is a value of a
    facet: ``name`` and ``value`` narrow the search down, ``about`` is what the facet is called.
    """

    kind: Literal["item", "theme", "filter", "query"]
    text: str
    url: str = ""
    plugin: str = ""
    name: str = ""
    value: str = ""
    about: str = ""


class PopularQueries:
    """What was searched most and found something, on several different days; read anew now and then."""

    DAYS: Final = 90
    LEAST_DAYS: Final = 3
    NUMBER: Final = 500
    FRESH_SECONDS: Final = 300.0

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queries: list[str] = []
        self._read_at = float("-inf")

    def get(self) -> list[str]:
        """Return the queries, most asked first."""
        if time.monotonic() - self._read_at > self.FRESH_SECONDS and self._lock.acquire(blocking=False):
            try:
                self._queries = counting.popular(self.DAYS, self.LEAST_DAYS, self.NUMBER)
                self._read_at = time.monotonic()
            finally:
                self._lock.release()
        return self._queries


def suggest(
    index: SearchIndex,
    item_types: Mapping[tuple[str, str], ItemType],
    viewer: Viewer,
    enabled: Collection[str],
    popular: PopularQueries,
    text: str,
    *,
    note_failure: NoteFailure,
) -> list[Suggestion]:
    """Return what begins like the text, every typed word as the beginning of a word; nothing for one letter.

    Where no title and no theme fits, the best results of a search for it; and only where there are none of these,
    either, one wrong letter in a word is forgiven.

    :raises IndexUnavailable: the index is being rebuilt.
    """
    typed = [word.form for word in russian.words(russian.clean(text[:MAX_CHARACTERS]))][:MAX_WORDS]
    if sum(map(len, typed)) < LEAST_LETTERS:
        return []
    scope = scope_of(viewer, enabled)
    here = {key: item_type for key, item_type in item_types.items() if item_type.plugin in enabled}

    def checked(refs: Sequence[ItemRef]) -> list[Suggestion]:
        """Return the items that the viewer may see now: the index may be a moment behind the database."""
        summaries = summaries_of(here, viewer, refs, note_failure)
        return [
            Suggestion("item", summaries[ref].title, url=summaries[ref].url, plugin=ref.plugin)
            for ref in refs
            if ref in summaries
        ]

    items = checked(_titled(index, scope, typed))
    values = _values(index, here.values(), scope, typed)
    if not items and not values:
        items = checked(_containing(index, scope, text))
    if not items and not values:
        items = checked(_titled(index, scope, typed, typos=True))
        values = _values(index, here.values(), scope, typed, typos=True)
    queries = _queries(index, popular.get(), scope, typed)
    return _without_repeats([*items, *values, *queries], " ".join(typed))


def _titled(index: SearchIndex, scope: Scope, typed: Sequence[str], *, typos: bool = False) -> list[ItemRef]:
    return [title.ref for title in index.titles(typed, scope, MOST_ITEMS, typos=typos)]


def _containing(index: SearchIndex, scope: Scope, text: str) -> list[ItemRef]:
    """Return the best results of a search for the text, if one of them has all of it."""
    words = query_words(text[:MAX_CHARACTERS], index, scope)
    if not index.contains(words, scope):
        return []
    return [hit.ref for hit in index.search(Query(words, scope, limit=MOST_CONTAINING)).hits]


def _values(
    index: SearchIndex,
    item_types: Collection[ItemType],
    scope: Scope,
    typed: Sequence[str],
    *,
    typos: bool = False,
) -> list[Suggestion]:
    """Suggest themes and the like, and values of the facets that sections declare."""
    names = dict.fromkeys(name for item_type in item_types for name in item_type.suggested)
    themes = [
        Suggestion("theme", value)
        for name in names
        for value in index.facet_values(name, typed, scope, MOST_VALUES, typos=typos)
    ]
    if typos:
        return themes
    filters = []
    for name, facet in facets_of(item_types).items():
        for value, label in facet.values.items():
            if _begin(typed, str(label)) and any(
                index.totals([Query((), scope, {name: frozenset({value})}, limit=0)])
            ):
                filters.append(
                    Suggestion("filter", str(label), name=name, value=value, about=str(facet.label))
                )
    return themes[:MOST_VALUES] + filters[:MOST_VALUES]


def _queries(
    index: SearchIndex, popular: Iterable[str], scope: Scope, typed: Sequence[str]
) -> list[Suggestion]:
    fitting = [query for query in popular if _begin(typed, query)][:MOST_QUERIES_TRIED]
    found: list[Suggestion] = []
    for query in fitting:
        # a space at the end: its last word is complete, not the beginning of others
        if index.contains(query_words(f"{query} ", index, scope), scope):
            found.append(Suggestion("query", query))
            if len(found) == MOST_QUERIES:
                break
    return found


def _begin(beginnings: Iterable[str], text: str) -> bool:
    """Say whether every one of these begins a word of the text."""
    words = [word.form for word in russian.words(text)]
    return all(any(word.startswith(beginning) for word in words) for beginning in beginnings)


def _without_repeats(suggestions: Iterable[Suggestion], typed: str) -> list[Suggestion]:
    """Leave out what says the same as an earlier line, and a search for exactly what was typed."""
    seen = {typed}
    kept = []
    for suggestion in suggestions:
        key = " ".join(word.form for word in russian.words(suggestion.text))
        if suggestion.kind in {"item", "filter"} or key not in seen:
            kept.append(suggestion)
        seen.add(key)
    return kept
