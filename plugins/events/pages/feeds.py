"""Feeds for telephones: for everybody, of a category, of a person by a secret address; one event as a file."""

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from sqlalchemy import ColumnElement
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import (
    Viewer,
    current_viewer,
    db,
    get_setting,
    page,
    public,
    read_slip,
    school_zone,
    show_slip,
    signed_in,
    viewer_for,
)
from libhub.api import gettext as _
from plugins.events.exchange import ical_out, secret_links
from plugins.events.models import Category, Event
from plugins.events.pages.event import may_see
from plugins.events.schedule import agenda

blueprint = Blueprint("events", __name__, url_prefix="/events")


@blueprint.get("/feeds")
@public
def feeds() -> Response:
    """Explain how the calendar gets onto a telephone, with the addresses."""
    return _feeds_page()


@blueprint.post("/feeds/link")
@signed_in
def make_link() -> AnyResponse:
    """Make the visitor's secret address, shown on a slip; the one before stops working."""
    user_id = current_viewer().user_id
    assert user_id is not None
    return show_slip("events.new_link", secret_links.make_link(user_id))


@blueprint.get("/feeds/link/<slip>")
@signed_in
def new_link(slip: str) -> AnyResponse:
    """Show the secret address that was just made, to whoever made it."""
    token = read_slip(slip)
    return _feeds_page(token) if token else redirect(url_for("events.feeds"))


@blueprint.post("/feeds/revoke")
@signed_in
def revoke_link() -> AnyResponse:
    """Make the visitor's secret address stop working."""
    user_id = current_viewer().user_id
    assert user_id is not None
    secret_links.revoke_link(user_id)
    flash(_("The secret address does not work any more."), "success")
    return redirect(url_for("events.feeds"))


def _feeds_page(token: str = "") -> Response:
    user_id = current_viewer().user_id
    return page(
        "events/feeds.html",
        choices=agenda.choices(),
        token=token,
        made_at=secret_links.link_made_at(user_id) if user_id is not None else None,
    )


@blueprint.get("/feeds/all.ics")
@public
def feed_all() -> Response:
    """Give what a guest may see."""
    return _feed(_guest(), ical_out.of_everything(), get_setting("core", "library_name") or "LibHub")


@blueprint.get("/feeds/category/<int:category_id>.ics")
@public
def feed_category(category_id: int) -> Response:
    """Give what a guest may see of one category."""
    category = db.get_or_404(Category, category_id)
    return _feed(_guest(), ical_out.of_category(category_id), category.name)


@blueprint.get("/feeds/person/<token>/<which>.ics")
@public
def feed_person(token: str, which: str) -> Response:
    """Give a person what they may see now (``all``), or what they signed up for (``mine``)."""
    user_id = secret_links.owner_of(token)
    viewer = viewer_for(user_id) if user_id is not None else None
    if user_id is None or viewer is None or which not in ("all", "mine"):
        abort(404)
    if which == "all":
        return _feed(viewer, ical_out.of_everything(), get_setting("core", "library_name") or "LibHub")
    return _feed(viewer, ical_out.of_person(viewer), _("My events"))


@blueprint.get("/<int:series_id>/event.ics")
@public
def event_ics(series_id: int) -> Response:
    """Give one event, with all its occurrences, as a file."""
    viewer = current_viewer()
    event = db.get_or_404(Event, series_id)
    if event.series_id is not None or not may_see(event, viewer):
        abort(404)
    answer = _feed(viewer, Event.id == series_id, event.title)
    answer.headers["Content-Disposition"] = f"attachment; filename=event-{series_id}.ics"
    return answer


def _guest() -> Viewer:
    guest = viewer_for(None)
    assert guest is not None
    return guest


def _feed(viewer: Viewer, which: ColumnElement[bool], name: str) -> Response:
    base = request.url_root.rstrip("/")
    body = ical_out.feed(viewer, which, name=name, base=base, zone=str(school_zone()))
    answer = Response(body, content_type="text/calendar; charset=utf-8")
    answer.set_etag(ical_out.etag_of(body))
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request)  # type: ignore[return-value]
