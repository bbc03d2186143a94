"""Pages of the directory that everybody reads."""

from typing import Any

from flask import Blueprint, Response, abort, request, url_for

from libhub.api import Viewer, current_viewer, db, page, page_number, public
from plugins.resources import domain
from plugins.resources.domain import Filters
from plugins.resources.vocabulary import ACCESS, AUDIENCES, GRADES, KINDS, PLATFORMS

blueprint = Blueprint(
    "resources", __name__, url_prefix="/resources", template_folder="templates", static_folder="static"
)
PAGE_SIZE = 24


@blueprint.get("/")
@public
def index() -> Response:
    """Show the directory."""
    viewer = current_viewer()
    filters = _filters()
    found = db.paginate(
        domain.listing(viewer, filters), page=page_number(), per_page=PAGE_SIZE, error_out=False
    )
    counts = domain.facet_counts(viewer, filters)
    return page(
        "resources/index.html",
        block="rows",
        found=found,
        counts=counts,
        filters=filters,
        letters=domain.alphabet(counts["letter"]),
        vocabulary=_vocabulary(),
        favourites=domain.favourite_ids(viewer.user_id, [resource.id for resource in found.items]),
        arguments=_arguments(),
    )


@blueprint.get("/<int:resource_id>")
@public
def show(resource_id: int) -> Response:
    """Show one resource."""
    viewer = current_viewer()
    resource = domain.find_visible(resource_id, viewer)
    if resource is None:
        abort(404)
    return page("resources/show.html", resource=resource, vocabulary=_vocabulary())


def _filters() -> Filters:
    chosen = request.args.getlist
    grade = request.args.get("grade", type=int)
    return Filters(
        kind=frozenset(chosen("kind")),
        access=frozenset(chosen("access")),
        for_whom=frozenset(chosen("for_whom")),
        platform=frozenset(chosen("platform")),
        age=frozenset(chosen("age")),
        theme=request.args.get("theme", "")[:100],
        letter=request.args.get("letter", "")[:1],
        grade=grade if grade in GRADES else None,
    )


def _arguments() -> dict[str, Any]:
    return {name: values for name, values in request.args.lists() if name != "page"}


def _vocabulary() -> dict[str, Any]:
    return {"kind": KINDS, "access": ACCESS, "for_whom": AUDIENCES, "platform": PLATFORMS}


def card(viewer: Viewer) -> dict[str, Any]:
    """Return what the card on the home page shows."""
    counts = domain.facet_counts(viewer, Filters())
    kinds = [
        (KINDS[kind], number, url_for("resources.index", kind=kind))
        for kind, number in counts["kind"].items()
    ]
    return {"kinds": kinds}
