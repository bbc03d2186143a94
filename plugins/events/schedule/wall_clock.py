"""Days, clocks on the wall and moments: every change from one to another is here. No Flask."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from libhub.api import school_zone

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def local(moment: datetime) -> datetime:
    """Return a moment as the clock on the school's wall shows it, with its zone."""
    return moment.astimezone(school_zone())


def to_utc(wall: datetime, zone: str) -> datetime:
    """Return the moment at which a clock in ``zone`` shows ``wall``.

    A time that the change to summer leaves out is read with the offset before it, as RFC 5545 says.
    """
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def day_begins(day: date) -> datetime:
    """Return the moment at which a day begins at the school."""
    return datetime.combine(day, time(), school_zone()).astimezone(UTC)


def days_of(starts_at: datetime, ends_at: datetime) -> tuple[date, date]:
    """Return the first and the last day at the school that a stretch of time touches; its end is not in it."""
    first = local(starts_at).date()
    return first, max(first, local(ends_at - MINUTE).date())


def key_of(wall: datetime, *, all_day: bool) -> str:
    """Return how an occurrence is named: its day, or its day and time, as the rule has it."""
    if all_day:
        return wall.date().isoformat()
    return wall.isoformat(timespec="seconds" if wall.second else "minutes")


def wall_of(key: str) -> datetime:
    """Return what :func:`key_of` named.

    :raises ValueError: it is no such name.
    """
    return datetime.fromisoformat(key)
