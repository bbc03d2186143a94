"""A typed text on its way to a page of results that this visitor may see: one row of steps, each from a value to the next.

    text ── parse ──► Asked         operators apart from words            (syntax)
         ── analyse ► Analysed      words, terms, what visible documents have   (analysis)
         ── correct ► Analysed      what may be meant, the likeliest first      (corrections)
         ── expand ─► Query         endings, synonyms, phrases, filters         (synonyms)
         ── match ──► Answer        which documents, in what order              (scoring)
         ── present ► Found         passages with the words marked              (snippets)

:func:`find` goes through them in one committed state of the index, and what it finds is remembered until the index or a
synonym changes. :func:`search` then asks the sections what of it this visitor may see now.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from markupsafe import Markup

from libhub.accounts.viewer import Viewer
from libhub.caching.remembering import remember
from libhub.search.asking import scoring, snippets, synonyms, syntax
from libhub.search.asking.analysis import MAX_WORDS, Analysed, analyse
from libhub.search.asking.corrections import Correction, Corrector
from libhub.search.asking.items import facets_of, scope_of, summaries_of
from libhub.search.asking.syntax import Asked, FilterNames
from libhub.search.documents import ItemRef, ItemType, NoteFailure, Part
from libhub.search.language import russian
from libhub.search.queries import Answer, Query, Scope
from libhub.search.store.index import Reading, SearchIndex

MAX_CHARACTERS: Final = 400
MAX_LIMIT: Final = 100
MAX_PAGE: Final = 500


@dataclass(frozen=True)
class SearchRequest:
    """What a visitor asks: text as typed, chosen facet values, page (from 1) and its size.

    ``exact``: the text is meant as it is typed, nothing is corrected.
    """

    text: str
    facets: Mapping[str, frozenset[str]] = field(default_factory=dict)
    page: int = 1
    limit: int = 20
    exact: bool = False


@dataclass(frozen=True)
class Result:
    """A found item as it is shown; ``title`` and ``snippet`` are HTML with the matched words marked.

    ``part`` is the piece of a file, of the item, in which the snippet stands.
    """

    ref: ItemRef
    title: Markup
    plain_title: str
    url: str
    snippet: Markup
    age: int | None
    part: Part | None = None


@dataclass(frozen=True)
class SearchPage:
    """One page of results.

    ``shown_for`` is the text that they answer: the typed one or its correction. ``suggestion`` is another text,
    for when the typed one finds very little. ``typed`` is the text taken apart.
    """

    request: SearchRequest
    total: int
    results: list[Result]
    facets: dict[str, dict[str, int]]
    shown_for: str
    typed: Asked
    suggestion: str | None = None

    @property
    def corrected(self) -> bool:
        """Whether the results answer another text than the typed one."""
        return self.shown_for != self.request.text

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return min(MAX_PAGE, -(-self.total // self.request.limit))


@dataclass(frozen=True)
class Found:
    """What the index says to a request, before the sections are asked."""

    typed: Asked
    shown_for: str
    suggestion: str | None
    total: int
    passages: list[tuple[ItemRef, Part | None, Markup]]
    facets: dict[str, dict[str, int]]
    forms: snippets.Forms

    @property
    def weight(self) -> int:
        """About how many bytes it takes."""
        return 100 * len(self.forms) + sum(300 + 2 * len(passage) for _ref, _part, passage in self.passages)


def search(
    index: SearchIndex,
    item_types: Mapping[tuple[str, str], ItemType],
    viewer: Viewer,
    enabled: Collection[str],
    request: SearchRequest,
    *,
    filter_names: FilterNames | None = None,
    note_failure: NoteFailure,
) -> SearchPage:
    """Answer a search.

    Rights are part of the query, so pages are full and counts true; then every hit is checked once more,
    in bulk, against the database: the index may be a moment behind.

    :raises IndexUnavailable: the index is being rebuilt.
    """
    scope, names = scope_of(viewer, enabled), facet_names(item_types, enabled)
    if filter_names:  # which depend on the plugins' labels
        found = find(index.reading(), scope, request, filter_names, names)
    else:
        chosen = frozenset(request.facets.items())
        found = remember(
            ("search", request.text, request.page, request.limit, request.exact, chosen, scope, names),
            lambda: find(index.reading(), scope, request, FilterNames(), names),
            lambda found: found.weight,
        )
    summaries = summaries_of(item_types, viewer, [ref for ref, _part, _text in found.passages], note_failure)
    results = [
        Result(
            ref,
            snippets.marked(summaries[ref].title, found.forms),
            summaries[ref].title,
            summaries[ref].url,
            passage,
            summaries[ref].age,
            part,
        )
        for ref, part, passage in found.passages
        if ref in summaries
    ]
    hidden = len(found.passages) - len(results)
    return SearchPage(
        request, found.total - hidden, results, found.facets, found.shown_for, found.typed, found.suggestion
    )


def facet_names(item_types: Mapping[tuple[str, str], ItemType], enabled: Collection[str]) -> tuple[str, ...]:
    """Return the facets by which results are counted and may be narrowed."""
    here = [item_type for item_type in item_types.values() if item_type.plugin in enabled]
    return ("section", "age", *facets_of(here))


# -- the steps -----------------------------------------------------------------------------------------


def find(
    state: Reading, scope: Scope, request: SearchRequest, filter_names: FilterNames, names: Sequence[str]
) -> Found:
    """Go through the steps in one committed state of the index."""
    return present(request, settle(state, scope, request, filter_names, names))


@dataclass(frozen=True)
class Settled:
    """What was typed, what it is taken for, what that asks of the index and what the index answers."""

    typed: Analysed
    suggestion: str | None
    meant: Analysed
    query: Query | None
    answer: Answer


def settle(
    state: Reading, scope: Scope, request: SearchRequest, filter_names: FilterNames, names: Sequence[str]
) -> Settled:
    """Go through the steps up to the answer; of what may be meant the first counts that finds something."""

    def taken_apart(text: str) -> Analysed:
        return analyse(state, scope, syntax.parse(text, filter_names))

    typed = taken_apart(russian.clean(request.text[:MAX_CHARACTERS]))
    correct = partial(Corrector(state, scope).correct, typed, meant=synonyms.meant(typed.words))
    correction = Correction(typed.asked.text) if request.exact else correct()
    settled: Settled | None = None
    for meant in meanings(typed, correction, request, correct, taken_apart):
        query = expand(meant, request, scope, names)
        answer = match(state, query)
        if settled is None or answer.total:
            settled = Settled(typed, correction.suggestion, meant, query, answer)
        if answer.total:
            break
    assert settled is not None, "there is always a first meaning"
    return settled


NOTHING_FOUND: Final = Answer(0, [], {})


def meanings(
    typed: Analysed,
    correction: Correction,
    request: SearchRequest,
    correct: Callable[..., Correction],
    taken_apart: Callable[[str], Analysed],
) -> Iterator[Analysed]:
    """Yield what may be meant: the text as it was corrected, and for when that finds nothing more daring readings."""
    unchanged = correction.text == typed.asked.text
    yield typed if unchanged else taken_apart(correction.text)
    if request.exact:
        return
    if typed.asked.phrases and typed.tokens:
        yield taken_apart(" ".join(correction.text.replace('"', " ").split()))
    if unchanged:
        daring = correct(known_words_too=True)
        if daring.text != typed.asked.text:
            yield taken_apart(daring.text)


def expand(meant: Analysed, request: SearchRequest, scope: Scope, names: Sequence[str]) -> Query | None:
    """Return what a text asks of the index; None where it asks for nothing."""
    asked = meant.asked
    words = synonyms.expand(meant.finished)
    forms = {word.form for word in words}
    quoted = tuple(word for word in meant.quoted if word.form not in forms)
    facets = {name: values for name, values in request.facets.items() if name in names and values}
    for typed in asked.filters:
        facets[typed.name] = facets.get(typed.name, typed.values) & typed.values
    if not (words or quoted or asked.filters) and asked.text.strip():
        return None
    return Query(
        words=(*words, *quoted)[:MAX_WORDS],
        scope=scope,
        facets=facets,
        facet_names=tuple(names),
        phrases=meant.phrases,
        left_out=meant.left_out,
        offset=(request.page - 1) * request.limit,
        limit=request.limit,
    )


def match(state: Reading, query: Query | None) -> Answer:
    """Answer a query from the index."""
    if query is None:
        return NOTHING_FOUND
    return state.ask(lambda snapshot: scoring.answer(snapshot, query))


def present(request: SearchRequest, settled: Settled) -> Found:
    """Choose the passages that show why something was found."""
    answer = settled.answer
    return Found(
        settled.typed.asked,
        request.text if settled.meant is settled.typed else settled.meant.asked.text,
        settled.suggestion,
        answer.total,
        [(hit.ref, hit.part, snippets.best_passage(hit.text, answer.forms)) for hit in answer.hits],
        answer.facets,
        answer.forms,
    )


# -- the same steps for counting ------------------------------------------------------------------------


def totals(
    index: SearchIndex,
    item_types: Mapping[tuple[str, str], ItemType],
    viewer: Viewer,
    enabled: Collection[str],
    requests: Iterable[SearchRequest],
    *,
    filter_names: FilterNames | None = None,
) -> list[int]:
    """Count what each of several searches finds, exactly as it is written, without fetching any of it.

    :raises IndexUnavailable: the index is being rebuilt.
    """
    state, scope, names = index.reading(), scope_of(viewer, enabled), facet_names(item_types, enabled)
    queries = []
    for request in requests:
        asked = syntax.parse(russian.clean(request.text[:MAX_CHARACTERS]), filter_names or FilterNames())
        queries.append(expand(analyse(state, scope, asked), replace(request, limit=0), scope, names))
    return state.ask(lambda snapshot: [scoring.total(snapshot, query) if query else 0 for query in queries])


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
    query = Query((), scope_of(viewer, (plugin,)), filters, tuple(names), limit=0)
    return match(index.reading(), query).facets
