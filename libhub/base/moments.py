"""Moments and days: the clock, the minute, the day at the school. What asks for one here is remembered no longer than it holds."""

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from libhub.base.application import app_setting
from libhub.base.dependencies import note


def now() -> datetime:
    """Return this moment in UTC."""
    note(minute)
    return clock()


def clock() -> datetime:
    """Return this moment in UTC, for who notes by themselves for how long it matters."""
    return datetime.now(UTC)


def minute() -> int:
    """Return the number of this minute: what the clock says is noted by it, for times here are of whole minutes."""
    return int(time.time() // 60)


def school_zone() -> ZoneInfo:
    """Return the time zone of the school: in it the clock on the wall is read."""
    return ZoneInfo(app_setting("BABEL_DEFAULT_TIMEZONE"))


def today() -> date:
    """Return the day that it is at the school."""
    day = _Day(school_zone())
    note(day)
    return day()


@dataclass(frozen=True)
class _Day:
    zone: ZoneInfo

    def __call__(self) -> date:
        return clock().astimezone(self.zone).date()
