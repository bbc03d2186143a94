"""The search page, and its fragment that follows the typing."""

from dataclasses import dataclass, replace

from flask import request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.base.checked_types import Label
from libhub.base.i18n import gettext as _
from libhub.pages.search.asking import PAGE_SIZE, asked_request, blueprint, find
from libhub.pages.search.counted import count_search
from libhub.pages.search.labels import facet_labels, place_of, section_names
from libhub.pages.search.next_steps import NextStep, next_steps
from libhub.people.credentials import cards
from libhub.plugging import calls, settings
from libhub.search.asking.search import SearchPage
from libhub.search.store.index import IndexUnavailable
from libhub.web import htmx
from libhub.web.gate import public
from libhub.web.paging import list_url
from libhub.web.rendering.pages import page
from libhub.web.visitor import current_viewer


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


@blueprint.get("/search")
@public
def index() -> AnyResponse:
    """Show results; to htmx only the part of the page that changes while somebody types."""
    card = cards.token_in(request.args.get("q", ""))
    if card:  # a scanner types into the field in which it finds itself
        return htmx.go(url_for("cards.show", token=card))
    asked = asked_request()
    try:
        found = find(asked)
    except IndexUnavailable:
        return page("search/unavailable.html", block="content", status=503, query=asked.text)
    if not htmx.wants_fragment():  # what is asked while somebody types is counted when the typing rests
        count_search(asked, found)
    empty: list[str] = []
    steps: list[NextStep] = []
    if not found.total:
        steps = next_steps(replace(asked, text=found.shown_for, exact=True))
    if not found.total and asked.text.strip():
        answers = calls.call(
            "slot_fragments", slot="search.empty", viewer=current_viewer(), ref={"query": asked.text}
        )
        empty = [fragment for _plugin, some in answers for fragment in some]
    return page(
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
        section_names=section_names(),
        place_of=place_of,
    )


def _filter_examples() -> list[str]:
    """Return filters of this hub as they may be typed, for the help: a section, an age."""
    section = str(next(iter(section_names().values()), ""))
    quoted = f'"{section}"' if " " in section else section
    names = (str(_("Section")).lower(), str(_("age")))
    return [f"{name}:{value}" for name, value in zip(names, (quoted, "12"), strict=True) if value]


def _groups(found: SearchPage) -> list[FacetGroup]:
    """Return the facets in which there is something to choose."""
    groups = []
    for name, (label, values) in facet_labels().items():
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


def _pages(found: SearchPage) -> list[int]:
    here, last = found.request.page, found.pages
    return sorted({1, last, *range(max(1, here - 2), min(last, here + 2) + 1)}) if last > 1 else []


def _page_url(number: int) -> str:
    asked = asked_request()
    arguments: dict[str, object] = {
        "q": asked.text,
        **{name: sorted(values) for name, values in asked.facets.items() if name in facet_labels()},
    }
    if asked.exact:
        arguments["exact"] = 1
    if asked.limit != PAGE_SIZE:
        arguments["limit"] = asked.limit
    return list_url("search.index", arguments, number)
