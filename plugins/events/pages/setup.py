"""What the librarian sets up once: categories, places, the school year."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import LibHubError, deletable, page, requires
from libhub.api import gettext as _
from plugins.events import rooms
from plugins.events.models import Period
from plugins.events.schedule import categories, school_year, series
from plugins.events.schedule.school_year import PeriodData
from plugins.events.vocabulary import COLOURS, EDIT, PERIODS, SHAPES

blueprint = Blueprint("events", __name__, url_prefix="/events")


@blueprint.get("/setup")
@requires("events.edit")
def setup() -> Response:
    """Show categories, places and the parts of the school year, each with a form to change it."""
    return _page()


def _page(problem: str = "") -> Response:
    return page(
        "events/setup.html",
        problem=problem,
        categories=categories.listing(),
        places=rooms.listing(archived=True),
        periods=school_year.listing(),
        colours=COLOURS,
        shapes=SHAPES,
        kinds=PERIODS,
        status=422 if problem else 200,
    )


@blueprint.post("/setup/category")
@requires("events.edit")
def save_category() -> AnyResponse:
    """Add a category, change or delete one."""
    number = _number("id")
    if "delete" in request.form and number:
        return _done(lambda: categories.delete(number))
    typed = request.form
    return _done(
        lambda: categories.save(
            typed.get("name", ""), typed.get("colour", ""), typed.get("shape", ""), _number("id")
        )
    )


@blueprint.post("/setup/place")
@requires("events.edit")
def save_place() -> AnyResponse:
    """Add a place, change one, or put it into the archive."""
    seats = request.form.get("seats", "").strip()
    if seats and _number("seats") is None:
        return _page(_("The number of seats is a number, or nothing."))
    archived = request.form.get("archived") == "1"
    return _done(
        lambda: rooms.save_place(
            request.form.get("name", ""), _number("seats"), _number("id"), archived=archived
        )
    )


@blueprint.post("/setup/period")
@requires("events.edit")
def save_period() -> AnyResponse:
    """Add a part of the school year, change or delete one; what skips holidays is worked out anew."""
    number = _number("id")

    def change() -> None:
        if "delete" in request.form and number:
            school_year.delete(number)
        else:
            school_year.save(_period(), number)
        series.refresh_those_that_skip_holidays()

    return _done(lambda: series.together(change))


def _period() -> PeriodData:
    typed = request.form
    try:
        first = date.fromisoformat(typed.get("first_day", ""))
        last = date.fromisoformat(typed.get("last_day", ""))
    except ValueError as error:
        raise LibHubError(_("Write both days.")) from error
    return PeriodData(typed.get("kind", ""), typed.get("name", ""), first, last)


deletable(Period, EDIT, lambda _period: series.refresh_those_that_skip_holidays())


def _done(change: Callable[[], object]) -> AnyResponse:
    try:
        change()
    except LibHubError as error:
        return _page(str(error))
    flash(_("Saved."), "success")
    return redirect(url_for("events.setup"))


def _number(name: str) -> int | None:
    text = request.form.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        abort(400) if name == "id" else None
        return None
    return int(text)
