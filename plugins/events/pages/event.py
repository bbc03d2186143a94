"""The page of one event, its poster, and what one signed up for."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import format_date
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import (
    ChildLine,
    Person,
    Viewer,
    attempt,
    current_viewer,
    page,
    parse_number,
    public,
    qr_code,
    requires,
    signed_in,
)
from libhub.api import gettext as _
from plugins.events import rules
from plugins.events.models import Event, Occurrence
from plugins.events.people import admission, for_others, lists, notices, registration
from plugins.events.schedule import agenda, series
from plugins.events.schedule.series import Found
from plugins.events.schedule.wall_clock import local
from plugins.events.vocabulary import CANCELLED, DRAFT, FOR_WHOM, SHAPES, STATE_MARKS, STATES

blueprint = Blueprint("events", __name__, url_prefix="/events")


@blueprint.get("/<int:series_id>")
@public
def show(series_id: int) -> Response:
    """Show one event; of a series the occurrence in the address, or the next one."""
    viewer = current_viewer()
    found = _visible(series_id, viewer)
    standing = (
        registration.standing(found.event, found.occurrence, viewer.user_id, viewer.children)
        if found.event.registration
        else None
    )
    return page(
        "events/show.html",
        **facts(found),
        standing=standing,
        queue={row.id: registration.place_in_queue(row) for row in standing.mine if row.waiting}
        if standing
        else {},
        coming=agenda.of_series(viewer, series_id) if found.series.rule or found.series.added else [],
        schema=schema_org(found),
        may_come=_may_come(viewer, found, standing),
        meant_for_me=admission.is_meant_for(found.event, viewer.role),
        sees_list=standing is not None
        and lists.readable(viewer, found.event, series_id, found.occurrence.recurrence) is not None,
        my_class=viewer.school_class,
        most_seats=admission.MOST_SEATS,
    )


@blueprint.get("/<int:series_id>/poster")
@public
def poster(series_id: int) -> Response:
    """Show the poster of an event, one sheet of A4, with a QR code of its page."""
    found = _visible(series_id, current_viewer())
    repeats = bool(found.series.rule or found.series.added)
    key = found.occurrence.recurrence if repeats else None
    address = url_for("events.show", series_id=series_id, on=key, _external=True)
    return page("events/poster.html", **facts(found), address=address, qr=qr_code(address))


@blueprint.post("/<int:series_id>/sign-up")
@signed_in
def sign_up(series_id: int) -> AnyResponse:
    """Sign the visitor up, or of a family those whom the parent chose (``who``)."""
    viewer, key = current_viewer(), request.form.get("on", "")[:24]
    if viewer.children:
        return _sign_family_up(viewer, series_id, key)
    return _sign_up(
        series_id,
        key,
        _("You are signed up. See you there!"),
        _("All places are taken. You are on the waiting list and will be told when one is free."),
    )


def _sign_family_up(viewer: Viewer, series_id: int, key: str) -> AnyResponse:
    who = {number for each in request.form.getlist("who") if (number := parse_number(each)) is not None}
    return attempt(
        lambda: for_others.sign_family_up(viewer, series_id, key, sorted(who)),
        url_for("events.show", series_id=series_id, on=key or None),
        lambda waiting: (
            _("All places are taken. On the waiting list: %(names)s.", names=", ".join(waiting))
            if waiting
            else _("Signed up. See you there!")
        ),
    )


def _may_come(viewer: Viewer, found: Found, standing: registration.Standing | None) -> Sequence[Person]:
    """Return those of a family who may come and have no place yet."""
    if standing is None or not viewer.children:
        return ()
    here = {row.user_id for row in standing.mine if not row.school_class}
    return [person for person in for_others.family(viewer, found.event) if person.id not in here]


@blueprint.post("/<int:series_id>/sign-up-class")
@requires("events.sign_up_classes")
def sign_up_class(series_id: int) -> AnyResponse:
    """Sign a whole class up."""
    key = request.form.get("on", "")[:24]
    return _sign_up(
        series_id,
        key,
        _("The class is signed up."),
        _("Too few places are free: the class is on the waiting list."),
        school_class=request.form.get("school_class", "")[:20] or "?",
        seats=parse_number(request.form.get("seats", "")) or 0,
    )


def _sign_up(series_id: int, key: str, placed: str, waits: str, **more: Any) -> AnyResponse:
    """Sign up, and say whether there was a place at once."""
    return attempt(
        lambda: registration.sign_up(current_viewer(), series_id, key, **more),
        url_for("events.show", series_id=series_id, on=key or None),
        lambda at_once: placed if at_once else waits,
    )


@blueprint.post("/withdraw/<int:registration_id>")
@signed_in
def withdraw(registration_id: int) -> AnyResponse:
    """Give one's place back, or a child's."""
    viewer = current_viewer()
    return attempt(
        lambda: registration.withdraw(registration_id, user_id=viewer.user_id, children=viewer.children),
        url_for("events.mine"),
        _("You are not signed up any more. The place goes to the next one."),
    )


@blueprint.get("/mine")
@signed_in
def mine() -> Response:
    """List what the visitor signed up for, and what the children come to."""
    viewer = current_viewer()
    lines = [
        {
            "id": row.id,
            "title": event.title,
            "url": notices.address(row.series_id, row.recurrence),
            "when": None if event.all_day else local(occurrence.starts_at),
            "day": occurrence.first_day,
            "waiting": row.waiting,
            "school_class": row.school_class,
            "child": row.name if row.user_id in viewer.children else "",
            "seats": row.seats,
            "cancelled": event.state == CANCELLED,
        }
        for row, event, occurrence in registration.mine(viewer)
    ]
    return page("events/mine.html", lines=lines)


def lines_of_child(viewer: Viewer, child_id: int) -> list[ChildLine]:
    """Return what a parent's child comes to, each as a line: what, when, and whether there is a place."""
    return [
        ChildLine(
            _("Events"),
            f"{event.title}, {_moment(event, occurrence)}"
            + (f" ({_('on the waiting list')})" if row.waiting else ""),
            notices.address(row.series_id, row.recurrence),
        )
        for row, event, occurrence in registration.of_child(viewer, child_id)
    ]


def _moment(event: Event, occurrence: Occurrence) -> str:
    """Return when an occurrence begins, as people say it: «3 декабря, 15:00»."""
    day = format_date(occurrence.first_day, "d MMMM")
    return day if event.all_day else f"{day}, {local(occurrence.starts_at):%H:%M}"


def _visible(series_id: int, viewer: Viewer) -> Found:
    found = series.find(series_id, request.args.get("on", "")[:24])
    if found is None or not may_see(found.event, viewer) or not may_see(found.series, viewer):
        abort(404)
    return found


def may_see(event: Event, viewer: Viewer) -> bool:
    """Say whether a viewer may see an event; an editor also a draft, but nobody what is in the archive here."""
    if event.archived_at or (event.state == DRAFT and not viewer.can("events.edit")):
        return False
    return viewer.may_see(event.audience(), event.age)


def facts(found: Found) -> dict[str, Any]:
    """Return what every page of an event shows of it, as plain values."""
    event, occurrence = found.event, found.occurrence
    category, place = rules.names_of(event)
    return {
        "event": event,
        "series_id": found.series.id,
        "key": occurrence.recurrence,
        "starts": local(occurrence.starts_at),
        "ends": local(occurrence.ends_at),
        "first_day": occurrence.first_day,
        "last_day": occurrence.last_day,
        "category": category,
        "mark": SHAPES[category.shape][0] if category else "",
        "place": ", ".join(filter(None, (place, event.place_text))),
        "for_whom": FOR_WHOM[event.for_whom],
        "states": STATES,
        "state_marks": STATE_MARKS,
        "moved_from": local(event.moved_from) if event.moved_from else None,
        "files": rules.files_of(found.series.id),
        "repeats": bool(found.series.rule or found.series.added),
    }


def schema_org(found: Found) -> dict[str, Any]:
    """Return the event in the words of schema.org, as microdata of the page."""
    states = {"cancelled": "EventCancelled", "moved": "EventRescheduled"}
    whole = found.event.all_day
    start, end = local(found.occurrence.starts_at), local(found.occurrence.ends_at)
    return {
        "start": found.occurrence.first_day.isoformat() if whole else start.isoformat(),
        "end": found.occurrence.last_day.isoformat() if whole else end.isoformat(),
        "status": "https://schema.org/" + states.get(found.event.state, "EventScheduled"),
    }
