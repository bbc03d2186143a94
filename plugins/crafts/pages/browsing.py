"""Pages on which everybody finds something to do, and reads what it is."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from sqlalchemy import func
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import (
    Listing,
    Viewer,
    attachments,
    current_viewer,
    db,
    page,
    public,
    remembered_page,
    today,
)
from libhub.api import gettext as _
from plugins.crafts import amounts, holidays, pictures, rules
from plugins.crafts.activity_data import ActivityData
from plugins.crafts.finding import listing, materials_at_hand, nearest_holidays
from plugins.crafts.gallery import gallery_works, presenting
from plugins.crafts.models import Activity
from plugins.crafts.vocabulary import DIFFICULTIES, KINDS, SEASONS, TIMES, UNITS

blueprint = Blueprint(
    "crafts", "plugins.crafts", url_prefix="/crafts", template_folder="templates", static_folder="static"
)
CARD_ITEMS = 6
HOLIDAY_ITEMS = 8
MOST_TYPED = 300
LISTING = Listing(Activity, listing.SORTS, listing.FILTERS, options=(listing.TILE,))


@blueprint.get("/")
@public
def index() -> Response:
    """Show what there is to do, narrowed down by facets."""
    return remembered_page("crafts/index.html", _activities, block="content")


def _activities() -> dict[str, Any]:
    found = LISTING.found()
    near = nearest_holidays.nearest(current_viewer(), today())
    return {"found": found, "near": near, **tiles(found.rows)}


@blueprint.get("/at-hand")
@public
def at_hand() -> Response:
    """Show what can be made of what is on the table, then what needs one thing more."""
    viewer = current_viewer()
    ticked = [name[:100] for name in request.args.getlist("have")][: materials_at_hand.MOST_THINGS]
    typed = request.args.get("more", "")[:MOST_TYPED]
    having = [*ticked, *(name for name in typed.replace(";", ",").split(",") if name.strip())]
    ready, nearly = materials_at_hand.at_hand(viewer, having) if having else ([], [])
    return page(
        "crafts/at_hand.html",
        block="found",
        things=materials_at_hand.things(viewer),
        ticked=frozenset(ticked),
        typed=typed,
        having=having,
        ready=ready,
        nearly=nearly,
        **tiles([fit.activity for fit in (*ready, *nearly)]),
    )


@blueprint.get("/holidays")
@public
def for_holidays() -> Response:
    """Show what to make for the holidays, the nearest one first."""
    found = [
        (coming, some[:HOLIDAY_ITEMS], len(some))
        for coming, some in nearest_holidays.for_holidays(current_viewer(), holidays.coming(today()))
    ]
    return page(
        "crafts/holidays.html",
        found=found,
        near=holidays.NEAR.days,
        **tiles(*(some for _coming, some, _number in found)),
    )


@blueprint.get("/random")
@public
def random_one() -> AnyResponse:
    """Go to some activity that fits the filters, another one each time."""
    fitting = LISTING.query(current_viewer(), LISTING.chosen())
    found = db.session.scalar(fitting.order_by(None).order_by(func.random()).limit(1))
    if found is None:
        flash(_("Nothing fits these filters. Leave some of them out."), "error")
        return redirect(url_for("crafts.index"))
    return redirect(url_for("crafts.show", activity_id=found.id))


@blueprint.get("/<int:activity_id>")
@public
def show(activity_id: int) -> Response:
    """Show one activity with all its steps, and count the opening without a name."""
    response = remembered_page("crafts/show.html", lambda: _activity(activity_id))
    rules.count(activity_id, "opened", today())
    return response


def _activity(activity_id: int) -> dict[str, Any]:
    activity = visible_or_404(activity_id)
    return _whole(activity, rules.data_of(activity))


def show_preview(activity: Activity, data: ActivityData, back: str) -> Response:
    """Show an activity as it was typed."""
    return page("crafts/show.html", **_whole(activity, data), preview=back)


def _whole(activity: Activity, data: ActivityData) -> dict[str, Any]:
    viewer = current_viewer()
    approved = gallery_works.of_activity(activity.id, viewer).limit(CARD_ITEMS)
    return {
        "activity": activity,
        "data": data,
        "works": presenting.shown(list(db.session.scalars(approved)), viewer),
        **shown(activity, data),
        "vocabulary": vocabulary(),
    }


def shown(activity: Activity, data: ActivityData) -> dict[str, Any]:
    """Return what every page that shows the parts of an activity needs."""
    ref = activity.ref
    files = pictures.by_place(attachments([ref])[ref])
    covers = [file for file in files.get(pictures.COVER, ()) if file.is_image]
    return {
        "materials": [(each, amounts.in_words(each)) for each in data.materials if each.use != "tool"],
        "tools": amounts.tools(data.materials),
        "templates": pictures.templates(data.drawings),
        "drawings": pictures.drawings(data.drawings),
        "files": files,
        "covers": {activity.id: covers[0]} if covers else {},
    }


def tiles(*some: Iterable[Activity]) -> dict[str, Any]:
    """Return what pages with lists of activities need beside them."""
    return {
        "covers": pictures.covers(activity for each in some for activity in each),
        "vocabulary": vocabulary(),
    }


def visible_or_404(activity_id: int) -> Activity:
    """Return an activity that this visitor may read; any other is a page that does not exist."""
    return rules.find_visible(activity_id, current_viewer()) or abort(404)


def vocabulary() -> dict[str, Any]:
    """Return the labels of codes."""
    return {
        "kind": KINDS,
        "difficulty": DIFFICULTIES,
        "time": TIMES,
        "season": SEASONS,
        "holiday": holidays.LABELS,
        "unit": UNITS,
    }


def card(viewer: Viewer) -> dict[str, Any]:
    """Return what the card on the home page shows: for the nearest holiday, or what was added last."""
    near = nearest_holidays.nearest(viewer, today())
    activities = near[1] if near else []
    known = {activity.id for activity in activities}
    more = [each for each in listing.newest(viewer, CARD_ITEMS) if each.id not in known]
    chosen = [*activities, *more][:CARD_ITEMS]
    return {"near": near[0] if near else None, "activities": chosen, **tiles(chosen)}
