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
from libhub.search import query_counts
from libhub.search.asking import scoring, synonyms
from libhub.search.asking.analysis import analyse
from libhub.search.asking.items import facets_of, scope_of, summaries_of
from libhub.search.asking.syntax import Asked
from libhub.search.documents import ItemRef, ItemType, NoteFailure
from libhub.search.language import russian
from libhub.search.queries import Query, QueryWord, Scope
from libhub.search.store.index import Reading, SearchIndex
from libhub.search.store.snapshot import Snapshot

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
                self._queries = query_counts.popular(self.DAYS, self.LEAST_DAYS, self.NUMBER)
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
    text = russian.clean(text[:MAX_CHARACTERS])
    typed = [word.form for word in russian.words(text)][:MAX_WORDS]
    if sum(map(len, typed)) < LEAST_LETTERS:
        return []
    state, scope = index.reading(), scope_of(viewer, enabled)
    here = {key: item_type for key, item_type in item_types.items() if item_type.plugin in enabled}

    def checked(refs: Sequence[ItemRef]) -> list[Suggestion]:
        """Return the items that the viewer may see now: the index may be a moment behind the database."""
        summaries = summaries_of(here, viewer, refs, note_failure)
        return [
            Suggestion("item", summaries[ref].title, url=summaries[ref].url, plugin=ref.plugin)
            for ref in refs
            if ref in summaries
        ]

    items = checked(_titled(state, scope, typed))
    values = _values(state, here.values(), scope, typed)
    if not items and not values:
        items = checked(_containing(state, scope, text))
    if not items and not values:
        items = checked(_titled(state, scope, typed, typos=True))
        values = _values(state, here.values(), scope, typed, typos=True)
    queries = _queries(state, popular.get(), scope, typed)
    return _without_repeats([*items, *values, *queries], " ".join(typed))


def _titled(state: Reading, scope: Scope, typed: Sequence[str], *, typos: bool = False) -> list[ItemRef]:
    titles = state.ask(lambda snapshot: snapshot.titles(typed, scope, MOST_ITEMS, typos=typos))
    return [title.ref for title in titles]


def _containing(state: Reading, scope: Scope, text: str) -> list[ItemRef]:
    """Return the best results of a search for the text, if one of them has all of it."""
    words = _looked_for(state, scope, text)

    def best(snapshot: Snapshot) -> list[ItemRef]:
        if not scoring.contains(snapshot, words, scope):
            return []
        answer = scoring.answer(snapshot, Query(words, scope, limit=MOST_CONTAINING))
        return [hit.ref for hit in answer.hits]

    return state.ask(best)


def _looked_for(state: Reading, scope: Scope, text: str) -> tuple[QueryWord, ...]:
    """Return the words for which a search for a text without operators looks."""
    return synonyms.expand(analyse(state, scope, Asked(text, text)).finished)


def _values(
    state: Reading,
    item_types: Collection[ItemType],
    scope: Scope,
    typed: Sequence[str],
    *,
    typos: bool = False,
) -> list[Suggestion]:
    """Suggest themes and the like, and values of the facets that sections declare."""
    names = dict.fromkeys(name for item_type in item_types for name in item_type.suggested)
    themes = [
        Suggestion("theme", value) for name in names for value in _themes(state, name, scope, typed, typos)
    ]
    if typos:
        return themes
    filters = []
    for name, facet in facets_of(item_types).items():
        for value, label in facet.values.items():
            if _begin(typed, str(label)) and _occurs(state, scope, name, value):
                filters.append(
                    Suggestion("filter", str(label), name=name, value=value, about=str(facet.label))
                )
    return themes[:MOST_VALUES] + filters[:MOST_VALUES]


def _themes(state: Reading, name: str, scope: Scope, typed: Sequence[str], typos: bool) -> list[str]:
    return state.ask(lambda snapshot: snapshot.facet_beginnings(name, typed, scope, MOST_VALUES, typos=typos))


def _occurs(state: Reading, scope: Scope, name: str, value: str) -> bool:
    """Say whether some item in scope has this value of a facet."""
    query = Query((), scope, {name: frozenset({value})}, limit=0)
    return bool(state.ask(lambda snapshot: scoring.total(snapshot, query)))


def _queries(state: Reading, popular: Iterable[str], scope: Scope, typed: Sequence[str]) -> list[Suggestion]:
    fitting = [query for query in popular if _begin(typed, query)][:MOST_QUERIES_TRIED]
    found: list[Suggestion] = []
    for query in fitting:
        # a space at the end: its last word is complete, not the beginning of others
        if _contains(state, scope, _looked_for(state, scope, f"{query} ")):
            found.append(Suggestion("query", query))
            if len(found) == MOST_QUERIES:
                break
    return found


def _contains(state: Reading, scope: Scope, words: Sequence[QueryWord]) -> bool:
    return state.ask(lambda snapshot: scoring.contains(snapshot, words, scope))


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
