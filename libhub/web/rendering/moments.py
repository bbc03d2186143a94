"""Moments as people tell them: to the minute, and with the year where it is not this one."""

from datetime import datetime

from flask import Flask
from flask_babel import format_datetime, to_user_timezone

from libhub.base.dependencies import note
from libhub.base.moments import clock


def init_app(app: Flask) -> None:
    """Give templates the filter, in the place of Flask-Babel's, which shows seconds."""
    app.jinja_env.filters["datetimeformat"] = moment_text


def moment_text(moment: datetime | None, pattern: str = "", *, rebase: bool = True) -> str:
    """Return a moment in words; nothing for none.

    :param pattern: another pattern of Babel's.
    :param rebase: whether to tell it as the clocks of the school show it; one that already is so has no zone.
    """
    if moment is None:
        return ""
    if not pattern:
        note(_this_year)
        year = (to_user_timezone(moment) if rebase else moment).year
        pattern = "d MMMM, HH:mm" if year == _this_year() else "d MMMM y, HH:mm"
    return str(format_datetime(moment, pattern, rebase=rebase))


def _this_year() -> int:
    return int(to_user_timezone(clock()).year)
