"""What the librarian sets up once: categories, places, the school year."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import LibHubError, StaleView, as_seen, deletable, page, parse_number, requires
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
    number, typed = _number("id"), request.form

    def change() -> None:
        if "delete" in typed and number:
            categories.delete(number)
        else:
            categories.save(typed.get("name", ""), typed.get("colour", ""), typed.get("shape", ""), number)

    return _done(change, partial(_row, categories.listing, number, "name", "colour", "shape"))


@blueprint.post("/setup/place")
@requires("events.edit")
def save_place() -> AnyResponse:
    """Add a place, change one, or put it into the archive."""
    seats = request.form.get("seats", "").strip()
    if seats and _number("seats") is None:
        return _page(_("The number of seats is a number, or nothing."))
    number, archived = _number("id"), request.form.get("archived") == "1"
    return _done(
        lambda: rooms.save_place(request.form.get("name", ""), _number("seats"), number, archived=archived),
        partial(_row, partial(rooms.listing, archived=True), number, "name", "seats", "archived"),
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

    return _done(
        lambda: series.together(change),
        partial(_row, school_year.listing, number, "kind", "name", "first_day", "last_day"),
    )


def _period() -> PeriodData:
    typed = request.form
    try:
        first = date.fromisoformat(typed.get("first_day", ""))
        last = date.fromisoformat(typed.get("last_day", ""))
    except ValueError as error:
        raise LibHubError(_("Write both days.")) from error
    return PeriodData(typed.get("kind", ""), typed.get("name", ""), first, last)


deletable(Period, EDIT, lambda _period: series.refresh_those_that_skip_holidays())


def _row(listing: Callable[[], Sequence[Any]], number: int | None, *names: str) -> list[object] | None:
    """Return what the form of a row shows of it; None for a new one, or one that is gone."""
    row = next((each for each in listing() if each.id == number), None)
    return None if row is None else [getattr(row, name) for name in names]


def _done(change: Callable[[], object], present: Callable[[], list[object] | None]) -> AnyResponse:
    try:
        as_seen(present, change) if _number("id") else change()
    except StaleView as error:
        typed = (request.form.get(name, "") for name in ("name", "seats", "first_day", "last_day"))
        return _page(f"{error} {_('You typed: %(text)s', text=', '.join(filter(None, typed)))}")
    except LibHubError as error:
        return _page(str(error))
    flash(_("Saved."), "success")
    return redirect(url_for("events.setup"))


def _number(name: str) -> int | None:
    text = request.form.get(name, "").strip()
    if not text:
        return None
    number = parse_number(text)
    if number is None and name == "id":
        abort(400)
    return number
