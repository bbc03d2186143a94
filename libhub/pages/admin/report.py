"""The report: the sections' numbers of a period."""

from datetime import UTC, date, datetime, time, timedelta

from flask import Response, request

from libhub.base.moments import now
from libhub.base.text import parse_day
from libhub.pages.admin.sections import blueprint
from libhub.plugging import calls
from libhub.plugging.loading.registry import get_registry
from libhub.web.gate import requires
from libhub.web.rendering.pages import page
from libhub.web.visitor import current_viewer

SCHOOL_YEAR_MONTH = 9


@blueprint.get("/report")
@requires("reports.read")
def report() -> Response:
    """Show the sections' numbers of a period, by default of this school year so far."""
    today = now().date()
    september = date(today.year if today.month >= SCHOOL_YEAR_MONTH else today.year - 1, SCHOOL_YEAR_MONTH, 1)
    start, end = _date("start", september), _date("end", today)
    moments = {
        "start": datetime.combine(start, time.min, UTC),
        "end": datetime.combine(end + timedelta(days=1), time.min, UTC),
    }
    plugins, locale = get_registry().plugins, current_viewer().locale
    numbers = [
        (plugins[plugin].name(locale), answer.items())
        for plugin, answer in calls.call("statistics", **moments)
    ]
    return page("admin/report.html", start=start, end=end, numbers=numbers)


def _date(name: str, default: date) -> date:
    return parse_day(request.args.get(name, "")) or default
