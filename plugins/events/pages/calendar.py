"""The calendar that everybody reads: month, week, agenda, today; each at one address, whole or as a fragment."""

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for
from flask_babel import format_date

from libhub.api import (
    GRADES,
    Label,
    Viewer,
    current_viewer,
    page,
    parse_day,
    parse_number,
    public,
    remembered_page,
    today,
)
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.events import memorable_dates
from plugins.events.schedule import agenda
from plugins.events.schedule.agenda import Day, Filters
from plugins.events.schedule.wall_clock import DAY
from plugins.events.vocabulary import FOR_WHOM, STATE_MARKS, STATES

blueprint = Blueprint(
    "events", "plugins.events", url_prefix="/events", template_folder="templates", static_folder="static"
)
WEEK: Final = 7
AGENDA_DAYS: Final = 30
SHOWN_IN_A_DAY: Final = 4
"""Lines in a cell of the month; the rest is one link away."""
CARD_EVENTS: Final = 6
VIEWS: Final[dict[str, Label]] = {
    "index": _l("Month"),
    "week": _l("Week"),
    "agenda_page": _l("List"),
    "today_page": _l("Today"),
}
_FIRST, _LAST = date(1990, 1, 1), date(2099, 12, 1)


@dataclass(frozen=True)
class Period:
    """The days that a page shows, and the way to those before and after."""

    start: date
    end: date
    title: str
    before: date
    after: date


@blueprint.get("/")
@public
def index() -> Response:
    """Show a month as weeks of seven days."""
    return _calendar("index", _month)


@blueprint.get("/week")
@public
def week() -> Response:
    """Show seven days side by side."""
    return _calendar("week", _week)


@blueprint.get("/agenda")
@public
def agenda_page() -> Response:
    """List what happens, day by day; the best view on a telephone."""
    return _calendar("agenda_page", _next_days)


@blueprint.get("/today")
@public
def today_page() -> Response:
    """Show one day; today unless another was asked for."""
    return _calendar("today_page", _one_day)


def _month(day: date) -> Period:
    first, last = day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    start, end = first - DAY * first.weekday(), last + DAY * (WEEK - 1 - last.weekday())
    return Period(start, end, _month_name(day), first - DAY, last + DAY)


def _week(day: date) -> Period:
    start = day - DAY * day.weekday()
    end = start + DAY * (WEEK - 1)
    return Period(start, end, span(start, end), start - DAY, end + DAY)


def _next_days(day: date) -> Period:
    end = day + DAY * (AGENDA_DAYS - 1)
    return Period(day, end, span(day, end), day - DAY * AGENDA_DAYS, end + DAY)


def _one_day(day: date) -> Period:
    return Period(day, day, _capital(format_date(day, "EEEE, d MMMM y")), day - DAY, day + DAY)


@blueprint.get("/print")
@public
def print_month() -> Response:
    """Show a month for a sheet of A4, with everything in it."""
    chosen = asked_day().replace(day=1)
    period = _month(chosen)
    days = agenda.days(current_viewer(), period.start, period.end, asked_filters(current_viewer()))
    return page(
        "events/print.html",
        weeks=_weeks(days),
        month=chosen.month,
        title=period.title,
        chosen=chosen,
        states=STATES,
        state_marks=STATE_MARKS,
        choices=agenda.choices(),
    )


def _calendar(view: str, period_of: Callable[[date], Period]) -> Response:
    return remembered_page(
        "events/calendar.html", lambda: _contents(view, period_of(asked_day())), block="content"
    )


def _contents(view: str, period: Period) -> dict[str, Any]:
    viewer, day = current_viewer(), asked_day()
    filters = asked_filters(viewer)
    days = agenda.days(viewer, period.start, period.end, filters)
    month = day.month if view == "index" else 0
    arguments = _arguments(filters)
    return {
        "view": view,
        "views": VIEWS,
        "period": period,
        "month": month,
        "day": day,
        "days": days,
        "weeks": _weeks(days) if view == "index" else [],
        "shown": SHOWN_IN_A_DAY,
        "today": today(),
        "number": len(
            {entry for each in days if not month or each.date.month == month for entry in each.entries}
        ),
        "filters": filters,
        "arguments": arguments,
        "choices": agenda.choices(),
        "for_whom": FOR_WHOM,
        "grades": GRADES,
        "states": STATES,
        "state_marks": STATE_MARKS,
        "day_link": f"{address('today_page', arguments)}{'&' if arguments else '?'}date=",
        "link": lambda endpoint, **values: address(endpoint, {**arguments, **values}),
    }


def _weeks(days: Sequence[Day]) -> list[Sequence[Day]]:
    return [days[start : start + WEEK] for start in range(0, len(days), WEEK)]


def _month_name(day: date) -> str:
    return _capital(format_date(day, "LLLL y"))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def month_names() -> list[str]:
    """Return the names of the months, as headings have them."""
    return [_capital(format_date(date(2026, month, 1), "LLLL")) for month in range(1, 13)]


def span(start: date, end: date) -> str:
    """Return two days in words, without saying a month or a year twice: «28 декабря — 3 января 2027»."""
    if start == end:
        return f"{format_date(end, 'd MMMM y')}"
    if start.year != end.year:
        return f"{format_date(start, 'd MMMM y')} — {format_date(end, 'd MMMM y')}"
    if start.month != end.month:
        return f"{format_date(start, 'd MMMM')} — {format_date(end, 'd MMMM y')}"
    return f"{start.day}–{format_date(end, 'd MMMM y')}"


def asked_day() -> date:
    """Return the day in the address; today for anything that is no day between 1990 and 2099."""
    day = parse_day(request.args.get("date", "")[:10])
    return day if day and _FIRST <= day <= _LAST else today()


def asked_filters(viewer: Viewer) -> Filters:
    """Return what the address narrows the calendar down to; ``grade=my`` is the visitor's own class."""
    grade = request.args.get("grade", "")
    number = viewer.grade if grade == "my" else parse_number(grade)
    for_whom = request.args.get("for", "")
    return Filters(
        category=_number("category"),
        place=_number("place"),
        for_whom=for_whom if for_whom in FOR_WHOM else "",
        grade=number if number in GRADES else None,
    )


def _number(name: str) -> int | None:
    return parse_number(request.args.get(name, ""))


def _arguments(filters: Filters) -> dict[str, Any]:
    values = {
        "category": filters.category,
        "place": filters.place,
        "for": filters.for_whom,
        "grade": filters.grade,
    }
    return {name: value for name, value in values.items() if value}


def address(endpoint: str, values: Mapping[str, Any]) -> str:
    """Return the address of a page of the calendar with these arguments; those without a value are left out."""
    kept = {name: value for name, value in values.items() if value}
    query = f"?{urlencode(kept)}" if kept else ""
    return url_for(f"events.{endpoint}") + query


def card(viewer: Viewer) -> dict[str, Any]:
    """Return what the card on the home page shows: today, the next events, and what is remembered this week."""
    day = today()
    coming = agenda.coming(viewer, CARD_EVENTS)
    return {
        "today": day,
        "now": [entry for entry in coming if entry.first_day <= day],
        "soon": [entry for entry in coming if entry.first_day > day],
        "remembered": [
            each
            for each in memorable_dates.between(day, day + timedelta(days=WEEK - 1))
            if each.anniversary or each.day == day
        ][:3],
        "states": STATES,
        "state_marks": STATE_MARKS,
    }


def title_of_day(day: date) -> str:
    """Return a day as a heading of a list: «Сегодня, 24 ноября», «Пятница, 27 ноября»."""
    if day == today():
        return _("Today, %(day)s", day=format_date(day, "d MMMM"))
    if day == today() + DAY:
        return _("Tomorrow, %(day)s", day=format_date(day, "d MMMM"))
    return _capital(format_date(day, "EEEE, d MMMM"))


blueprint.add_app_template_filter(title_of_day, "events_day")
