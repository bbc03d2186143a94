"""From what somebody typed to a page of results that this visitor may see."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from markupsafe import Markup

from libhub.auth.permissions import AGE_MARKS
from libhub.auth.viewer import Viewer
from libhub.search import russian, snippets
from libhub.search.documents import Facet, ItemRef, ItemType, NoteFailure, Summary
from libhub.search.index import Hit, Query, QueryWord, Scope, SearchIndex

MAX_CHARACTERS: Final = 400
MAX_WORDS: Final = 32
MAX_LIMIT: Final = 100
MAX_PAGE: Final = 500
MAX_PREFIX_TERMS: Final = 24
MIN_PREFIX_LENGTH: Final = 2


@dataclass(frozen=True)
class SearchRequest:
    """What a visitor asks: text as typed, chosen facet values, page (from 1) and its size."""

    text: str
    facets: Mapping[str, frozenset[str]] = field(default_factory=dict)
    page: int = 1
    limit: int = 20


@dataclass(frozen=True)
class Result:
    """A found item as it is shown; ``title`` and ``snippet`` are HTML with the matched words marked."""

    ref: ItemRef
    title: Markup
    plain_title: str
    url: str
    snippet: Markup
    age: int


@dataclass(frozen=True)
class SearchPage:
    """One page of results."""

    request: SearchRequest
    total: int
    results: list[Result]
    facets: dict[str, dict[str, int]]

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return min(MAX_PAGE, -(-self.total // self.request.limit))


def facets_of(item_types: Collection[ItemType]) -> dict[str, Facet]:
    """Return the facets that these kinds of items declare, by name; equal names are one facet."""
    merged: dict[str, Facet] = {}
    for item_type in item_types:
        for facet in item_type.facets:
            known = merged.get(facet.name)
            values = {**known.values, **facet.values} if known else facet.values
            merged[facet.name] = Facet(facet.name, facet.label, values)
    return merged


def query_words(text: str, index: SearchIndex) -> tuple[QueryWord, ...]:
    """Take a query apart; each word once. The last word, maybe unfinished, also stands for its endings."""
    cleaned = russian.clean(text[:MAX_CHARACTERS])
    forms = list(dict.fromkeys(word.form for word in russian.words(cleaned)))[:MAX_WORDS]
    optional = {form for form in forms if russian.is_function_word(form)}
    if len(optional) == len(forms):
        optional = set()
    words = [QueryWord(form, russian.lemmas(form), form in optional) for form in forms]
    if words and cleaned[-1:].isalnum() and len(words[-1].form) >= MIN_PREFIX_LENGTH:
        last = words[-1]
        endings = index.terms_with_prefix(last.form, MAX_PREFIX_TERMS)
        if endings and last.form not in endings:
            terms = {term for ending in endings for term in russian.lemmas(ending)}
            words[-1] = QueryWord(last.form, tuple(sorted(terms.union(last.terms))))
    return tuple(words)


def search(
    index: SearchIndex,
    item_types: Mapping[tuple[str, str], ItemType],
    viewer: Viewer,
    enabled: Collection[str],
    request: SearchRequest,
    *,
    note_failure: NoteFailure,
) -> SearchPage:
    """Answer a search.

    Rights are part of the query, so pages are full and counts true; then every hit is checked once more,
    in bulk, against the database: the index may be a moment behind.

    :raises IndexUnavailable: the index is being rebuilt.
    """
    here = [item_type for item_type in item_types.values() if item_type.plugin in enabled]
    words = query_words(request.text, index)
    scope = _scope(viewer, enabled)
    names = ("section", "age", *facets_of(here))
    facets = {name: values for name, values in request.facets.items() if name in names and values}
    offset = (request.page - 1) * request.limit
    if not words and request.text.strip():
        return SearchPage(request, 0, [], {})
    answer = index.search(Query(words, scope, facets, names, offset, request.limit))
    summaries = _summaries(item_types, viewer, answer.hits, note_failure)
    terms = frozenset(term for word in words if not word.optional for term in word.terms)
    results = [_result(hit, summaries[hit.ref], terms) for hit in answer.hits if hit.ref in summaries]
    hidden = len(answer.hits) - len(results)
    return SearchPage(request, answer.total - hidden, results, answer.facets)


def count_facets(
    index: SearchIndex,
    viewer: Viewer,
    plugin: str,
    names: Collection[str],
    filters: Mapping[str, frozenset[str]],
) -> dict[str, dict[str, int]]:
    """Count a plugin's items that the viewer may see, by facet and value, each facet as the others leave it.

    :raises IndexUnavailable: the index is being rebuilt.
    """
    query = Query((), _scope(viewer, (plugin,)), filters, tuple(names), limit=0)
    return index.search(query).facets


def _scope(viewer: Viewer, plugins: Collection[str]) -> Scope:
    ages = frozenset(age for age in AGE_MARKS if age <= viewer.age_limit)
    return Scope(frozenset(plugins), viewer.labels, ages)


def _summaries(
    item_types: Mapping[tuple[str, str], ItemType],
    viewer: Viewer,
    hits: Sequence[Hit],
    note_failure: NoteFailure,
) -> dict[ItemRef, Summary]:
    """Ask the plugins what of the hits this viewer may see now; a plugin that fails says no."""
    keys: dict[tuple[str, str], list[str]] = defaultdict(list)
    for hit in hits:
        keys[hit.ref.plugin, hit.ref.kind].append(hit.ref.key)
    summaries: dict[ItemRef, Summary] = {}
    for (plugin, kind), some in keys.items():
        if (plugin, kind) not in item_types:
            continue  # a kind that the plugin no longer has; the indexer is about to remove it
        try:
            found = item_types[plugin, kind].summaries(viewer, some)
        except Exception as error:  # noqa: BLE001 - the policy "deny"
            note_failure(plugin, "summaries", error)
            continue
        summaries.update((ItemRef(plugin, kind, key), summary) for key, summary in found.items())
    return summaries


def _result(hit: Hit, summary: Summary, terms: frozenset[str]) -> Result:
    return Result(
        ref=hit.ref,
        title=snippets.marked(summary.title, terms),
        plain_title=summary.title,
        url=summary.url,
        snippet=snippets.best_passage(hit.text, terms),
        age=summary.age,
    )
