"""The search page, its fragment that follows the typing, and the same answers as JSON."""

from dataclasses import dataclass, replace

from flask import Blueprint, Response, current_app, jsonify, request, url_for
from flask.blueprints import BlueprintSetupState

from libhub.accounts.permissions import AGE_MARKS
from libhub.base.i18n import LOCALES, in_every_language, lazy_gettext
from libhub.base.i18n import gettext as _
from libhub.plugging import calls, settings, state
from libhub.plugging.registry import get_registry
from libhub.search import advice, suggestions
from libhub.search.counting import counter_of
from libhub.search.documents import Label, Part
from libhub.search.index import IndexUnavailable
from libhub.search.plan import ITEM_FACET
from libhub.search.query import MAX_LIMIT, MAX_PAGE, SearchPage, SearchRequest, facets_of, search
from libhub.search.service import get_index
from libhub.search.suggestions import PopularQueries, Suggestion
from libhub.search.syntax import FilterNames
from libhub.web import htmx
from libhub.web.gate import public
from libhub.web.paging import list_url, number_from
from libhub.web.rendering.pages import page
from libhub.web.visitor import current_viewer

blueprint = Blueprint("search", __name__)
PAGE_SIZE = 20
MAX_TEXT = 10_000
_NOT_FACETS = {"q", "page", "limit", "exact"}
_POPULAR = "libhub.popular_queries"


@blueprint.record_once
def _prepare(setup: BlueprintSetupState) -> None:
    setup.app.extensions[_POPULAR] = PopularQueries()


@dataclass(frozen=True)
class FacetChoice:
    """A value of a facet as the page offers it."""

    value: str
    label: Label
    count: int
    chosen: bool


@dataclass(frozen=True)
class FacetGroup:
    """A facet as the page offers it."""

    name: str
    label: Label
    choices: list[FacetChoice]


@dataclass(frozen=True)
class NextStep:
    """A search to try next: in words, with its address and the number of its results."""

    label: str
    text: str
    url: str
    total: int


@blueprint.get("/search")
@public
def index() -> Response:
    """Show results; to htmx only the part of the page that changes while somebody types."""
    asked = _request()
    try:
        found = _search(asked)
    except IndexUnavailable:
        return page("search/unavailable.html", block="content", status=503, query=asked.text)
    if not htmx.wants_fragment():  # what is asked while somebody types is counted when the typing rests
        _count(asked, found)
    empty: list[str] = []
    steps: list[NextStep] = []
    if not found.total:
        steps = _next_steps(replace(asked, text=found.shown_for, exact=True))
    if not found.total and asked.text.strip():
        answers = calls.call(
            "slot_fragments", slot="search.empty", viewer=current_viewer(), ref={"query": asked.text}
        )
        empty = [fragment for _plugin, some in answers for fragment in some]
    response = page(
        "search/index.html",
        block="content",
        query=asked.text,
        found=found,
        groups=_groups(found),
        pages=_pages(found),
        page_url=_page_url,
        clear_url=url_for("search.index", q=asked.text),
        filter_examples=_filter_examples(),
        exact_url=url_for("search.index", q=asked.text, exact=1),
        typed_filters=[
            (typed.typed, url_for("search.index", q=found.typed.without(typed)))
            for typed in found.typed.filters
        ],
        empty=empty,
        steps=steps,
        ask_librarian=settings.get_setting(settings.CORE, "ask_librarian"),
        section_names=_section_names(),
        place_of=place_of,
    )
    if htmx.wants_fragment():
        here = url_for("search.index")
        htmx.set_address(response, request.full_path.rstrip("?"), replace=htmx.asked_from(here))
    return response


@blueprint.get("/search.json")
@public
def as_json() -> Response | tuple[Response, int]:
    """Answer other programs; the same rights and the same order as the page."""
    asked = _request()
    try:
        found = _search(asked)
    except IndexUnavailable as error:
        return jsonify(error=str(error)), 503
    _count(asked, found)
    results = [
        {
            "uid": result.ref.uid,
            "plugin": result.ref.plugin,
            "kind": result.ref.kind,
            "title": result.plain_title,
            "url": result.url,
            "snippet": str(result.snippet),
            "age": result.age,
            "part": result.part and {"place": place_of(result.part), "url": result.part.url},
        }
        for result in found.results
    ]
    return jsonify(
        query=asked.text,
        shown_for=found.shown_for,
        total=found.total,
        results=results,
        facets=found.facets,
        suggestion=found.suggestion,
    )


@blueprint.get("/search/suggest")
@public
def suggest() -> Response:
    """Suggest what begins like the text: the list that stands below the search box."""
    registry = get_registry()
    try:
        found = suggestions.suggest(
            get_index(),
            registry.item_types,
            current_viewer(),
            state.enabled_plugins(),
            current_app.extensions[_POPULAR],
            request.args.get("q", ""),
            note_failure=calls.note_failure,
        )
    except IndexUnavailable:
        found = []
    lines = [replace(suggestion, url=_target(suggestion)) for suggestion in found]
    return page("search/suggestions.html", suggestions=lines, section_names=_section_names())


def place_of(part: Part) -> str:
    """Return in words where in a file something was found: «стр. 14 · Инструкция.pdf»."""
    units = {
        "page": _("p. %(number)d", number=part.number),
        "chapter": _("chapter %(number)d", number=part.number),
        "slide": _("slide %(number)d", number=part.number),
        "sheet": _("sheet %(number)d", number=part.number),
    }
    return f"{units[part.unit]} · {part.file}" if part.unit in units else part.file


def _target(suggestion: Suggestion) -> str:
    if suggestion.kind == "item":
        return suggestion.url
    if suggestion.kind == "filter":
        return list_url("search.index", {suggestion.name: suggestion.value}, 1)
    return url_for("search.index", q=suggestion.text)


@blueprint.get("/search/noted")
@public
def noted() -> tuple[str, int]:
    """Be told by a page what its visitor did: typed a query and rested, or opened a result.

    The numbers are all that changes, so an address is enough; other sites may not add to them.
    """
    text = request.args.get("q", "")[:MAX_TEXT]
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return "", 204
    if request.args.get("opened"):
        if _counted():
            counter_of(current_app).opened(text)
    else:
        asked = SearchRequest(text)
        try:
            _count(asked, _search(asked))
        except IndexUnavailable:
            return "", 503
    return "", 204


def _count(asked: SearchRequest, found: SearchPage) -> None:
    """Count a search; its further pages and narrower filters are the same search."""
    if asked.page == 1 and not asked.facets and _counted():
        counter_of(current_app).asked(asked.text, found.total)


def _counted() -> bool:
    return bool(settings.get_setting(settings.CORE, "search_days"))


def _request() -> SearchRequest:
    facets: dict[str, frozenset[str]] = {
        name: frozenset(values)
        for name, values in request.args.lists()
        if name not in _NOT_FACETS and any(values)
    }
    return SearchRequest(
        text=request.args.get("q", "")[:MAX_TEXT],
        facets=facets,
        page=number_from("page", 1, MAX_PAGE),
        limit=number_from("limit", PAGE_SIZE, MAX_LIMIT),
        exact=request.args.get("exact") == "1",
    )


def _search(asked: SearchRequest) -> SearchPage:
    registry = get_registry()
    return search(
        get_index(),
        registry.item_types,
        current_viewer(),
        state.enabled_plugins(),
        asked,
        filter_names=filter_names() if ":" in asked.text else None,
        note_failure=calls.note_failure,
    )


def filter_names() -> FilterNames:
    """Return how filters may be called in the search box: by their ids and by their labels in every language."""
    registry, enabled = get_registry(), state.enabled_plugins()
    here = [kind for kind in registry.item_types.values() if kind.plugin in enabled]
    names = FilterNames()
    for name, facet in facets_of(here).items():
        values = {value: in_every_language(label) for value, label in facet.values.items()}
        names.add(name, (*in_every_language(facet.label), *facet.also_called), values)
    sections = {plugin: [registry.plugins[plugin].name(locale) for locale in LOCALES] for plugin in enabled}
    names.add("section", (*in_every_language(lazy_gettext("Section")), "раздел"), sections)
    names.add_numbers("age", (*in_every_language(lazy_gettext("Age mark")), "возраст"), AGE_MARKS)
    kinds = {f"{kind.plugin}/{kind.kind}": (kind.kind, *in_every_language(kind.label)) for kind in here}
    names.add(ITEM_FACET, ("kind", "вид", "тип"), kinds)
    return names


def _filter_examples() -> list[str]:
    """Return filters of this hub as they may be typed, for the help: a section, an age."""
    section = str(next(iter(_section_names().values()), ""))
    quoted = f'"{section}"' if " " in section else section
    names = (str(_("Section")).lower(), str(_("age")))
    return [f"{name}:{value}" for name, value in zip(names, (quoted, "12"), strict=True) if value]


def _next_steps(asked: SearchRequest) -> list[NextStep]:
    """Return the searches nearby that find something, those with fewer words first."""
    try:
        found = advice.advise(
            get_index(),
            get_registry().item_types,
            current_viewer(),
            state.enabled_plugins(),
            asked,
            filter_names=filter_names(),
        )
    except IndexUnavailable:  # since a moment ago
        return []
    labels = _facet_labels()
    steps = [
        NextStep(_("try fewer words:"), variant.request.text, _address(variant.request), variant.total)
        for variant in found.fewer_words
    ]
    for name, variant in found.fewer_filters.items():
        if name is None:
            text = _("without any filter")
        else:
            label, values = labels.get(name, (name, {}))
            chosen = ", ".join(str(values.get(value, value)) for value in sorted(asked.facets[name]))
            text = _("without “%(filter)s: %(values)s”", filter=label, values=chosen)
        steps.append(NextStep(_("search more widely:"), text, _address(variant.request), variant.total))
    return steps


def _address(asked: SearchRequest) -> str:
    facets = {name: sorted(values) for name, values in asked.facets.items()}
    return list_url("search.index", {"q": asked.text, "exact": 1, **facets}, 1)


def _facet_labels() -> dict[str, tuple[Label, dict[str, Label]]]:
    """Return the labels of every facet and of its values, in the order of the page."""
    enabled = state.enabled_plugins()
    declared = facets_of([kind for kind in get_registry().item_types.values() if kind.plugin in enabled])
    return {
        "section": (_("Section"), _section_names()),
        "age": (_("Age mark"), {str(age): f"{age}+" for age in AGE_MARKS}),
        **{name: (facet.label, dict(facet.values)) for name, facet in declared.items()},
    }


def _groups(found: SearchPage) -> list[FacetGroup]:
    """Return the facets in which there is something to choose."""
    groups = []
    for name, (label, values) in _facet_labels().items():
        counts = found.facets.get(name, {})
        chosen = found.request.facets.get(name, frozenset())
        choices = [
            FacetChoice(value, text, counts.get(value, 0), value in chosen)
            for value, text in values.items()
            if counts.get(value) or value in chosen
        ]
        if len(choices) > 1 or any(choice.chosen for choice in choices):
            groups.append(FacetGroup(name, label, choices))
    return groups


def _section_names() -> dict[str, Label]:
    plugins, locale = get_registry().plugins, current_viewer().locale
    return {plugin: plugins[plugin].name(locale) for plugin in state.enabled_plugins()}


def _pages(found: SearchPage) -> list[int]:
    here, last = found.request.page, found.pages
    return sorted({1, last, *range(max(1, here - 2), min(last, here + 2) + 1)}) if last > 1 else []


def _page_url(number: int) -> str:
    asked = _request()
    arguments: dict[str, object] = {
        "q": asked.text,
        **{name: sorted(values) for name, values in asked.facets.items() if name in _facet_labels()},
    }
    if asked.exact:
        arguments["exact"] = 1
    if asked.limit != PAGE_SIZE:
        arguments["limit"] = asked.limit
    return list_url("search.index", arguments, number)
