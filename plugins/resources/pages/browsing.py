"""Pages of the directory that everybody reads."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import (
    Listing,
    Viewer,
    current_viewer,
    limited,
    page,
    public,
    remembered_page,
    signed_in,
    visible_or_404,
    wants_fragment,
)
from libhub.api import gettext as _
from plugins.resources import directory, link_reports, openings
from plugins.resources import favourites as at_hand
from plugins.resources.models import Resource
from plugins.resources.vocabulary import ACCESS, AUDIENCES, KINDS, PLATFORMS

blueprint = Blueprint(
    "resources",
    "plugins.resources",
    url_prefix="/resources",
    template_folder="templates",
    static_folder="static",
)
MAX_QUERY = 400
MAX_TITLE = 300
CARD_ITEMS = 6
LISTING = Listing(Resource, directory.SORTS, directory.FILTERS)


@blueprint.get("/")
@public
def index() -> Response:
    """Show the directory: in alphabetical order, narrowed down by facets, a letter or a theme."""
    return remembered_page("resources/index.html", _directory, block="content")


def _directory() -> dict[str, Any]:
    found = LISTING.found()
    return {
        "found": found,
        "letters": directory.alphabet(found.counts["letter"]),
        "vocabulary": _vocabulary(),
        "favourites": at_hand.favourite_ids(
            current_viewer().user_id, [resource.id for resource in found.rows]
        ),
    }


@blueprint.get("/themes")
@public
def themes() -> Response:
    """Show what the resources are about."""
    return remembered_page("resources/themes.html", lambda: {"themes": directory.themes(current_viewer())})


@blueprint.get("/favourites")
@signed_in
def favourites() -> Response:
    """Show what the visitor keeps at hand."""
    viewer = current_viewer()
    assert viewer.user_id is not None
    found = at_hand.favourites(viewer.user_id, viewer)
    return page("resources/favourites.html", resources=found, vocabulary=_vocabulary())


@blueprint.get("/<int:resource_id>")
@public
def show(resource_id: int) -> Response:
    """Show one resource."""
    resource = visible_or_404(Resource, resource_id)
    viewer = current_viewer()
    kept = at_hand.favourite_ids(viewer.user_id, [resource.id])
    return page(
        "resources/show.html",
        resource=resource,
        host=urlsplit(resource.url).hostname,
        vocabulary=_vocabulary(),
        kept=resource.id in kept,
        query=request.args.get("q", "")[:MAX_QUERY],
    )


@blueprint.get("/<int:resource_id>/open")
@public
def open_resource(resource_id: int) -> AnyResponse:
    """Count an opening, without a name, and go to the resource; with ``q`` to its own search."""
    resource = visible_or_404(Resource, resource_id)
    query = request.args.get("q", "").strip()[:MAX_QUERY]
    target = directory.search_url(resource, query) if query else None
    response = redirect(target or resource.url)
    openings.count_opening(resource_id, datetime.now(UTC).date())
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/<int:resource_id>/favourite")
@signed_in
def favourite(resource_id: int) -> AnyResponse:
    """Keep a resource at hand, or no longer."""
    resource, viewer = visible_or_404(Resource, resource_id), current_viewer()
    assert viewer.user_id is not None
    wanted = request.form.get("wanted") == "1"
    at_hand.set_favourite(viewer.user_id, resource.id, wanted=wanted)
    if wants_fragment():
        return page("resources/favourite.html", resource=visible_or_404(Resource, resource_id), kept=wanted)
    flash(_("Kept among your favourites.") if wanted else _("Removed from your favourites."), "success")
    return redirect(url_for("resources.show", resource_id=resource_id))


@blueprint.post("/<int:resource_id>/report")
@public
@limited(5, minutes=10)
def report(resource_id: int) -> AnyResponse:
    """Tell the librarian that the link does not work."""
    visible_or_404(Resource, resource_id)
    link_reports.report_broken_link(resource_id, current_viewer().user_id, request.form.get("note", ""))
    flash(_("Thank you. The librarian will look at this link."), "success")
    return redirect(url_for("resources.show", resource_id=resource_id))


def _vocabulary() -> dict[str, Any]:
    return {"kind": KINDS, "access": ACCESS, "for_whom": AUDIENCES, "platform": PLATFORMS}


def card(viewer: Viewer) -> dict[str, Any]:
    """Return what the card on the home page shows: resources that are opened most, and the kinds there are."""
    counted = LISTING.counts(viewer, {})["kind"]
    return {
        "total": sum(counted.values()),
        "popular": directory.popular(viewer, CARD_ITEMS),
        "kinds": [
            (label, url_for("resources.index", kind=kind))
            for kind, label in KINDS.items()
            if counted.get(kind)
        ],
    }


def search_elsewhere(query: str, viewer: Viewer) -> Markup:
    """Return links that search for ``query`` on the resources' own sites; for a search that found nothing."""
    resources = directory.searchable(viewer)
    if not resources:
        return Markup("")
    html = render_template("resources/search_elsewhere.html", resources=resources, query=query[:MAX_QUERY])
    return Markup(html)  # noqa: S704 - the template escaped the query


def fragments(slot: str, viewer: Viewer, ref: Mapping[str, str]) -> list[Markup]:
    """Return what the directory adds to a place of another page."""
    if slot == "search.empty":
        return [search_elsewhere(ref["query"], viewer)]
    if slot == "searches.query" and viewer.can("resources.edit"):
        return [offer_to_add(ref["query"])]
    return []


def offer_to_add(query: str) -> Markup:
    """Return a link to the form of a new resource that answers what was searched."""
    url = url_for("resources.add", title=query[:MAX_TITLE])
    return Markup('<a href="{}">{}</a>').format(url, _("Add a resource"))
