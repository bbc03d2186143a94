"""Rules of repeated events (RFC 5545 RRULE): understood, bounded and worked out. No database, no Flask.

Times here are clocks on the wall without a zone; that is what keeps a weekly event at its hour.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from libhub.api import LibHubError
from libhub.api import gettext as _
from plugins.events.schedule.wall_clock import key_of

MOST: Final = 500
"""Occurrences of one series: a year of every day fits in."""
FURTHEST: Final = timedelta(days=731)
MAX_RULE: Final = 500
_FREQUENCIES: Final = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_PARTS: Final = frozenset(
    {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH"}
    | {"BYSETPOS"}
)
_NUMBER: Final = re.compile(r"[1-9]\d{0,3}")
DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class BadRule(LibHubError):
    """A rule that cannot be followed; the message says why and what to do."""


def parts_of(rule: str) -> dict[str, str]:
    """Take a rule apart.

    :raises BadRule: it is no rule, or one of seconds, minutes or hours.
    """
    parts: dict[str, str] = {}
    if len(rule) > MAX_RULE:
        raise BadRule(_("The rule of repetition is too long."))
    for piece in rule.upper().removeprefix("RRULE:").strip().rstrip(";").split(";"):
        name, _sign, value = piece.partition("=")
        if name not in _PARTS or not value or name in parts:
            raise BadRule(_("“%(piece)s” is no part of a rule of repetition.", piece=piece[:40]))
        if name in ("INTERVAL", "COUNT") and not _NUMBER.fullmatch(value):
            raise BadRule(_("“%(value)s” is no number from 1 to 9999.", value=value[:40]))
        parts[name] = value
    if parts.get("FREQ") not in _FREQUENCIES:
        raise BadRule(_("An event repeats by days, weeks, months or years, not more often."))
    return parts


def joined(parts: dict[str, str]) -> str:
    """Return a rule as text: the opposite of :func:`parts_of`."""
    return ";".join(f"{name}={value}" for name, value in parts.items())


def until_of(text: str, zone: str) -> datetime:
    """Return the last possible start: a day counts as a whole, a moment in UTC is read on the wall of ``zone``.

    :raises BadRule: it is neither.
    """
    try:
        if "T" not in text:
            return datetime.combine(datetime.strptime(text, "%Y%m%d").date(), time(23, 59, 59))
        moment = datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S")
    except ValueError as error:
        raise BadRule(_("“%(value)s” is not a day on which repetition ends.", value=text[:40])) from error
    if text.endswith("Z"):
        moment = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return moment


@dataclass(frozen=True)
class Bounded:
    """A rule that ends; ``by_us`` is the day on which we end it because it would go on for ever."""

    rule: str
    by_us: date | None = None


def bounded(rule: str, starts: datetime, zone: str, end_of_year: date) -> Bounded:
    """Return the rule with its end as the clock on the wall, or with the end of the school year where it has none.

    :raises BadRule: see :func:`parts_of`; or the rule ends before it begins, or both ways, or never happens.
    """
    parts = parts_of(rule)
    by_us = None
    if "UNTIL" in parts and "COUNT" in parts:
        raise BadRule(_("Repetition ends on a day or after a number of times, not both."))
    if "UNTIL" in parts:
        until = until_of(parts["UNTIL"], zone)
        if until < starts:
            raise BadRule(_("Repetition ends before the event begins. Choose a later day."))
        last = until.date() if until.time() >= starts.time() else until.date() - timedelta(days=1)
    elif "COUNT" in parts:
        last = _last(rule, starts, int(parts.pop("COUNT"))).date()
    else:
        by_us = last = end_of_year
    parts["UNTIL"] = _end_of(last)
    whole = joined(parts)
    if next(_walls(whole, starts), None) is None:
        raise BadRule(_("By this rule the event never happens."))
    return Bounded(whole, by_us)


def _end_of(day: date) -> str:
    """Return a day as the end of a rule: always its last second, so that another hour loses no occurrence."""
    return datetime.combine(day, time(23, 59, 59)).strftime("%Y%m%dT%H%M%S")


def shifted(rule: str, by: timedelta) -> str:
    """Return a bounded rule that ends so many days later, or earlier."""
    parts = parts_of(rule)
    return joined(
        parts | {"UNTIL": _end_of(until_of(parts["UNTIL"], "UTC").date() + timedelta(days=by.days))}
    )


def ended(rule: str, before: date) -> str:
    """Return a bounded rule that ends on the day before this one."""
    return joined(parts_of(rule) | {"UNTIL": _end_of(before - timedelta(days=1))})


def _last(rule: str, starts: datetime, count: int) -> datetime:
    """Return the last time of a rule that counts."""
    if count > MOST:
        raise _too_often()
    found = list(_walls(rule, starts))
    if len(found) < count:
        raise _too_far()
    return found[-1]


def _too_often() -> BadRule:
    return BadRule(
        _(
            "The event would happen more than %(most)d times. Choose an earlier end or a longer interval.",
            most=MOST,
        )
    )


def _too_far() -> BadRule:
    return BadRule(_("An event is repeated for two years at most. Choose an earlier end."))


def first(rule: str, starts: datetime) -> datetime:
    """Return the first time that a bounded rule names, on or after ``starts``."""
    return next(_walls(rule, starts), starts)


def _walls(rule: str, starts: datetime) -> Iterator[datetime]:
    """Yield the starts by the rule alone; always ended by a day, for dateutil looks on to the year 9999."""
    parts = parts_of(rule)
    count = parts.pop("COUNT", "")
    horizon = starts + FURTHEST
    until = until_of(parts["UNTIL"], "UTC") if "UNTIL" in parts else horizon
    parts["UNTIL"] = min(until, horizon).strftime("%Y%m%dT%H%M%S")
    try:
        limit = int(count) if count else None
        found = iter(rrulestr(joined(parts), dtstart=starts))
        yield from islice(found, limit)
    except (ValueError, TypeError, KeyError, OverflowError, IndexError) as error:
        raise BadRule(_("The rule of repetition cannot be understood: %(rule)s", rule=rule[:100])) from error


def occurrences(
    starts: datetime,
    rule: str,
    *,
    all_day: bool,
    excluded: Collection[str] = (),
    added: Sequence[str] = (),
    days_off: Collection[date] = (),
) -> list[datetime]:
    """Return when it happens, in order: by a bounded rule, without ``excluded`` and ``days_off``, with ``added``.

    The first start counts also where the rule would not name it, as in the calendars of telephones.

    :raises BadRule: more than :data:`MOST` times, further than :data:`FURTHEST`, or never.
    """
    walls = {starts}
    if rule:
        walls.update(islice(_walls(rule, starts), MOST + 1))
        if len(walls) <= MOST and until_of(parts_of(rule)["UNTIL"], "UTC") > starts + FURTHEST:
            raise _too_far()
    walls.update(datetime.fromisoformat(key) for key in added)
    gone = set(excluded)
    kept = sorted(
        wall for wall in walls if key_of(wall, all_day=all_day) not in gone and wall.date() not in days_off
    )
    if len(walls) > MOST:
        raise _too_often()
    if not kept:
        raise BadRule(_("Every repetition falls on a day off or is left out: the event never happens."))
    return kept


@dataclass(frozen=True)
class Repeat:
    """A rule as the form shows it. ``how`` is one of :data:`HOW`; ``custom`` keeps a rule of another program."""

    how: str = ""
    interval: int = 1
    weekdays: tuple[str, ...] = ()
    until: date | None = None


HOW: Final = ("", "daily", "weekly", "monthly", "monthly_weekday", "yearly", "custom")


def rule_of(repeat: Repeat, starts: datetime) -> str:
    """Return the rule that a form describes; empty for an event that happens once."""
    if repeat.how in ("", "custom"):
        return ""
    parts = {"FREQ": {"monthly_weekday": "MONTHLY"}.get(repeat.how, repeat.how.upper())}
    if repeat.interval != 1:
        parts["INTERVAL"] = str(repeat.interval)
    if repeat.how == "weekly":
        days = [day for day in DAYS if day in repeat.weekdays] or [DAYS[starts.weekday()]]
        parts["BYDAY"] = ",".join(days)
    if repeat.how == "monthly_weekday":
        week = (starts.day - 1) // 7 + 1
        parts["BYDAY"] = f"{week if week < 5 else -1}{DAYS[starts.weekday()]}"
    if repeat.until:
        parts["UNTIL"] = _end_of(repeat.until)
    return joined(parts)


def repeat_of(rule: str, starts: datetime) -> Repeat:
    """Return a rule as the form shows it: the opposite of :func:`rule_of` where the form has words for it."""
    if not rule:
        return Repeat()
    parts = parts_of(rule)
    until = until_of(parts["UNTIL"], "UTC").date() if "UNTIL" in parts else None
    interval = int(parts.get("INTERVAL", "1"))
    for how in ("daily", "weekly", "monthly", "monthly_weekday", "yearly"):
        days = tuple(parts["BYDAY"].split(",")) if how == "weekly" and "BYDAY" in parts else ()
        repeat = Repeat(how, interval, days, until)
        if _same(rule_of(repeat, starts), parts):
            return repeat
    return Repeat("custom", until=until)


def _same(rule: str, parts: dict[str, str]) -> bool:
    """Compare rules; what they leave to its usual value, and the hour of their end, make no difference."""

    def plain(some: dict[str, str]) -> dict[str, str]:
        kept = {name: value for name, value in some.items() if name != "WKST"}
        if "UNTIL" in kept:
            kept["UNTIL"] = kept["UNTIL"][:8]
        return kept | {"INTERVAL": kept.get("INTERVAL", "1")}

    return plain(parts_of(rule)) == plain(parts)
