"""Places and their free time; a teacher takes one for a lesson."""

from datetime import time

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import format_date
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import LibHubError, attempt, current_viewer, page, parse_number, requires, today
from libhub.api import gettext as _
from plugins.events import rooms
from plugins.events.pages.calendar import asked_day
from plugins.events.schedule.wall_clock import DAY

blueprint = Blueprint("events", __name__, url_prefix="/events")


@blueprint.get("/rooms", endpoint="rooms")
@requires("events.book")
def rooms_page() -> Response:
    """Show every place on one day: what takes it, what is free."""
    return _page("")


@blueprint.post("/rooms")
@requires("events.book")
def book() -> AnyResponse:
    """Take a place."""
    day = asked_day()
    try:
        typed = request.form
        rooms.book(
            current_viewer(),
            parse_number(typed.get("place", "")) or 0,
            day,
            time.fromisoformat(typed.get("starts", "")),
            time.fromisoformat(typed.get("ends", "")),
            typed.get("title", ""),
        )
    except ValueError:
        return _page(_("Choose a place and write both hours, such as 09:00 and 09:45."))
    except LibHubError as error:
        return _page(str(error))
    flash(_("The place is yours at that time."), "success")
    return redirect(url_for("events.rooms", date=day))


@blueprint.post("/rooms/<int:booking_id>/give-back")
@requires("events.book")
def give_back(booking_id: int) -> AnyResponse:
    """Give a booked place back."""
    return attempt(
        lambda: rooms.give_back(booking_id, current_viewer()),
        url_for("events.rooms", date=asked_day()),
        _("The place is free again."),
    )


def _page(problem: str) -> Response:
    day = asked_day()
    return page(
        "events/rooms.html",
        problem=problem,
        typed=request.form,
        day=day,
        today=today(),
        title=format_date(day, "EEEE, d MMMM y"),
        before=day - DAY,
        after=day + DAY,
        places=rooms.day(day, current_viewer()),
        status=422 if problem else 200,
    )
