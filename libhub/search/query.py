"""From what somebody typed to a page of results that this visitor may see."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from markupsafe import Markup

from libhub.accounts.permissions import AGE_MARKS
from libhub.accounts.viewer import Viewer
from libhub.search import russian, snippets, synonyms, syntax
from libhub.search.corrections import Corrector
from libhub.search.documents import Facet, ItemRef, ItemType, NoteFailure, Part, Summary
from libhub.search.index import SearchIndex
from libhub.search.plan import Answer, Phrase, PhraseWord, Query, QueryWord, Scope
from libhub.search.syntax import Asked, FilterNames

MAX_CHARACTERS: Final = 400
MAX_WORDS: Final = 32
MAX_LIMIT: Final = 100
MAX_PAGE: Final = 500
MAX_PREFIX_TERMS: Final = 24
MIN_PREFIX_LENGTH: Final = 2


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
    age: int
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
class _Found:
    """What the index says to a request, before the second look at the database."""

    typed: Asked
    shown_for: str
    suggestion: str | None
    total: int
    passages: list[tuple[ItemRef, Part | None, Markup]]
    facets: dict[str, dict[str, int]]
    forms: snippets.Forms


def facets_of(item_types: Collection[ItemType]) -> dict[str, Facet]:
    """Return the facets that these kinds of items declare, by name; equal names are one facet."""
    merged: dict[str, Facet] = {}
    for item_type in item_types:
        for facet in item_type.facets:
            known = merged.get(facet.name)
            values = {**known.values, **facet.values} if known else facet.values
            names = (*(known.also_called if known else ()), *facet.also_called)
            merged[facet.name] = Facet(facet.name, facet.label, values, names)
    return merged


def query_words(text: str, index: SearchIndex, scope: Scope) -> tuple[QueryWord, ...]:
    """Take a text without operators apart; the last word, maybe unfinished, also stands for its endings."""
    words = _words(russian.clean(text[:MAX_CHARACTERS]))
    return _with_endings(words, _endings(text, words, index, scope))


def _words(text: str) -> list[QueryWord]:
    """Return the words of a cleaned text, each once."""
    words = list(russian.words(text))
    forms = list(dict.fromkeys(word.form for word in words))[:MAX_WORDS]
    # «ИЗО» is a lesson, «изо» a preposition; a text in capitals says nothing of the kind.
    shouted = set() if text.isupper() else {word.form for word in words if _is_abbreviation(text, word)}
    optional = {form for form in forms if russian.is_function_word(form)} - shouted
    if len(optional) == len(forms):
        optional = set()
    return [QueryWord(form, russian.lemmas(form), form in optional) for form in forms]


def _is_abbreviation(text: str, word: russian.Word) -> bool:
    return word.end - word.start > 1 and text[word.start : word.end].isupper()


def _endings(text: str, words: Sequence[QueryWord], index: SearchIndex, scope: Scope) -> list[str]:
    """Return the visible words that the last one begins, unless it is finished or is a form of one itself."""
    if not words or not text[-1:].isalnum() or len(words[-1].form) < MIN_PREFIX_LENGTH:
        return []
    if index.count_visible("text", [words[-1].terms], scope) != [0]:
        return []
    endings = index.terms_with_prefix(words[-1].form, MAX_PREFIX_TERMS)
    counts = index.count_visible("form", [[ending] for ending in endings], scope)
    return [ending for ending, count in zip(endings, counts, strict=True) if count]


def _with_endings(words: list[QueryWord], endings: Collection[str]) -> tuple[QueryWord, ...]:
    """Return the words with the endings of the last one and with the librarian's synonyms."""
    if not endings:
        return synonyms.expand(words)
    terms = {term for ending in endings for term in russian.lemmas(ending)}
    last = QueryWord(words[-1].form, tuple(sorted(terms.union(words[-1].terms))))
    return synonyms.expand([*words[:-1], last])


@dataclass(frozen=True)
class _Analysed:
    """A text taken apart: its plain words, and the visible words that the last one begins."""

    asked: Asked
    words: list[QueryWord]
    endings: list[str]


def _analysed(text: str, filter_names: FilterNames, index: SearchIndex, scope: Scope) -> _Analysed:
    asked = syntax.parse(text, filter_names)
    words = _words(asked.plain)
    return _Analysed(asked, words, _endings(asked.plain, words, index, scope))


def _phrase(text: str) -> Phrase:
    forms = [word.form for word in russian.words(text)][:MAX_WORDS]
    return tuple(
        PhraseWord(russian.lemmas(form), russian.all_forms(form), russian.is_function_word(form))
        for form in forms
    )


def _corrected(
    index: SearchIndex, scope: Scope, typed: _Analysed, *, known_words_too: bool = False
) -> tuple[str, str | None]:
    """Return what to look for instead of the typed text, and what to propose beside it."""
    asked = typed.asked
    if not typed.words and not asked.plain.strip():
        return asked.text, None
    correction = Corrector(index, scope).correct(
        asked.text,
        kept=asked.spans,
        endings=typed.endings,
        meant=synonyms.meant(typed.words),
        known_words_too=known_words_too,
    )
    return correction.text, correction.suggestion


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
    here = [item_type for item_type in item_types.values() if item_type.plugin in enabled]
    scope, names = scope_of(viewer, enabled), ("section", "age", *facets_of(here))
    if filter_names:  # which depend on the plugins' labels
        found = _find(index, scope, request, filter_names, names)
    else:
        chosen = frozenset(request.facets.items())
        asked_alike = (request.text, request.page, request.limit, request.exact, chosen, scope, names)
        found = index.remember(
            (*asked_alike, synonyms.in_force()),
            lambda: _find(index, scope, request, FilterNames(), names),
        )
    summaries = summaries_of(item_types, viewer, [ref for ref, _part, _text in found.passages], note_failure)
    results = [
        _result(ref, summaries[ref], part, passage, found.forms)
        for ref, part, passage in found.passages
        if ref in summaries
    ]
    hidden = len(found.passages) - len(results)
    return SearchPage(
        request, found.total - hidden, results, found.facets, found.shown_for, found.typed, found.suggestion
    )


def _find(
    index: SearchIndex, scope: Scope, request: SearchRequest, filter_names: FilterNames, names: Sequence[str]
) -> _Found:
    """Ask the index, with what was meant where that is not what was typed."""
    typed = _analysed(russian.clean(request.text[:MAX_CHARACTERS]), filter_names, index, scope)
    asked = typed.asked
    shown, suggestion = (asked.text, None) if request.exact else _corrected(index, scope, typed)

    def answer_to(text: str) -> tuple[Asked, Answer]:
        looked_for = typed if text == asked.text else _analysed(text, filter_names, index, scope)
        query = _query(request, scope, looked_for, names)
        return looked_for.asked, index.search(query) if query else Answer(0, [], {})

    looked_for, answer = answer_to(shown)
    if not answer.total and asked.phrases and any(russian.words(asked.plain)) and not request.exact:
        again = answer_to(_unquoted(shown))
        if again[1].total:
            shown, (looked_for, answer) = again[0].text, again
    if not answer.total and not request.exact and shown == asked.text:
        desperate, _none = _corrected(index, scope, typed, known_words_too=True)
        if desperate != asked.text:
            again = answer_to(desperate)
            if again[1].total:
                shown, (looked_for, answer) = desperate, again
    return _Found(
        asked,
        request.text if shown == asked.text else looked_for.text,
        suggestion,
        answer.total,
        [(hit.ref, hit.part, snippets.best_passage(hit.text, answer.forms)) for hit in answer.hits],
        answer.facets,
        answer.forms,
    )


def _unquoted(text: str) -> str:
    return " ".join(text.replace('"', " ").split())


def _query(request: SearchRequest, scope: Scope, looked_for: _Analysed, names: Sequence[str]) -> Query | None:
    """Return what a text, taken apart, asks of the index; None where it asks for nothing."""
    asked = looked_for.asked
    words = _with_endings(looked_for.words, looked_for.endings)
    phrases = tuple(_phrase(text) for text in asked.phrases)
    quoted = tuple(
        QueryWord(word.form, word.terms)
        for text in asked.phrases
        for word in _words(text)
        if word.form not in {other.form for other in words}
    )
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
        phrases=phrases,
        left_out=tuple(_phrase(text) for text in asked.left_out),
        offset=(request.page - 1) * request.limit,
        limit=request.limit,
    )


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
    here = [item_type for item_type in item_types.values() if item_type.plugin in enabled]
    scope, names = scope_of(viewer, enabled), ("section", "age", *facets_of(here))
    queries = []
    for request in requests:
        text = russian.clean(request.text[:MAX_CHARACTERS])
        analysed = _analysed(text, filter_names or FilterNames(), index, scope)
        query = _query(replace(request, limit=0), scope, analysed, names)
        queries.append(query and replace(query, facet_names=()))
    found = iter(index.totals([query for query in queries if query]))
    return [next(found) if query else 0 for query in queries]


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
    return index.search(query).facets


def scope_of(viewer: Viewer, plugins: Collection[str]) -> Scope:
    """Return what this viewer may find of these plugins."""
    ages = frozenset(age for age in AGE_MARKS if age <= viewer.age_limit)
    return Scope(frozenset(plugins), viewer.labels, ages)


def summaries_of(
    item_types: Mapping[tuple[str, str], ItemType],
    viewer: Viewer,
    refs: Iterable[ItemRef],
    note_failure: NoteFailure,
) -> dict[ItemRef, Summary]:
    """Ask the plugins what of these items this viewer may see now; a plugin that fails says no."""
    keys: dict[tuple[str, str], list[str]] = defaultdict(list)
    for ref in refs:
        keys[ref.plugin, ref.kind].append(ref.key)
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


def _result(
    ref: ItemRef, summary: Summary, part: Part | None, passage: Markup, forms: snippets.Forms
) -> Result:
    title = snippets.marked(summary.title, forms)
    return Result(ref, title, summary.title, summary.url, passage, summary.age, part)
