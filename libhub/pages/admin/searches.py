"""What was searched, and what sections offer to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flask import Blueprint, Response, request, url_for

from libhub.base.i18n import gettext as _
from libhub.base.moments import now
from libhub.base.text import parse_day
from libhub.plugging import calls, settings
from libhub.search import query_counts
from libhub.search.query_counts import Asked
from libhub.web.gate import requires
from libhub.web.rendering.pages import page
from libhub.web.visitor import current_viewer

blueprint = Blueprint("search_admin", __name__, url_prefix="/admin")
ROWS: Final = 40
WEEK: Final = timedelta(days=7)


@dataclass(frozen=True)
class Row:
    """Something that was searched, with what sections offer to do about it."""

    asked: Asked
    offers: list[str]


@blueprint.get("/searches")
@requires("search.manage")
def searches() -> Response:
    """Show what was searched in a week: most, without results, and without a result being opened."""
    today = now().date()
    monday = _monday(today)
    end = monday + WEEK - timedelta(days=1)
    lists = [
        (
            _("Nothing was found"),
            _("Add a synonym, or something that answers."),
            _rows(query_counts.most_asked(monday, end, ROWS, found=False)),
        ),
        (
            _("Found, but nothing was opened"),
            _("Maybe the results do not answer what was meant."),
            _rows(query_counts.most_asked(monday, end, ROWS, found=True)),
        ),
        (_("Searched most"), "", _rows(query_counts.most_asked(monday, end, ROWS))),
    ]
    return page(
        "admin/searches.html",
        lists=lists,
        start=monday,
        end=end,
        earlier=url_for("search_admin.searches", week=monday - WEEK) if monday.year > 2000 else None,
        later=url_for("search_admin.searches", week=monday + WEEK) if monday + WEEK <= today else None,
        days=settings.get_setting(settings.CORE, "search_days"),
    )


def _monday(today: date) -> date:
    """Return the first day of the week asked for: any of its days will do."""
    day = min(parse_day(request.args.get("week", "")) or today, today)
    return max(day, date(2000, 1, 3)) - timedelta(days=max(day, date(2000, 1, 3)).weekday())


def _rows(found: Sequence[Asked]) -> list[Row]:
    viewer = current_viewer()
    rows = []
    for asked in found:
        answers = calls.call(
            "slot_fragments", slot="searches.query", viewer=viewer, ref={"query": asked.text}
        )
        rows.append(Row(asked, [fragment for _plugin, some in answers for fragment in some]))
    return rows
