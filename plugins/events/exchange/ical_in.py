"""Calendars of other programs: an iCalendar file understood, with every limit before the work. No Flask, no database.

What comes out are :class:`Incoming` events and, for those that will not do, sentences that say why.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from libhub.api import ImportProblem, LibHubError, school_zone, tidy
from libhub.api import gettext as _
from plugins.events.rules import EventData
from plugins.events.schedule.wall_clock import DAY, key_of
from plugins.events.vocabulary import CANCELLED, PUBLISHED

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_EVENTS: Final = 2_000
MAX_DEPTH: Final = 4
MAX_LINES: Final = 200_000
MAX_UID: Final = 255


class UnreadableCalendar(LibHubError):
    """The file as a whole cannot be read; the message says why and what to do."""


class BadEvent(LibHubError):
    """One event of the file will not do."""


@dataclass(frozen=True)
class Incoming:
    """An event of a file: its UID, what it is, and its changed single occurrences by name."""

    uid: str
    sequence: int
    data: EventData
    location: str
    changed: tuple[tuple[str, EventData], ...] = ()


@dataclass(frozen=True)
class Reading:
    """What a file holds."""

    events: tuple[Incoming, ...]
    problems: tuple[ImportProblem, ...]


def read(content: bytes) -> Reading:
    """Understand a file.

    :raises UnreadableCalendar: it is too large, no calendar, or without an event.
    """
    from icalendar import Calendar  # 3 MB that only an import needs

    _refuse_hostile(content)
    try:
        calendars = Calendar.from_ical(content, multiple=True)
    except Exception as error:
        # Whatever a hostile file makes the library raise, it is the file's fault and said in words.
        raise UnreadableCalendar(_("This is no calendar in the format iCalendar (.ics).")) from error
    found = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    if not found:
        raise UnreadableCalendar(_("There is no event in this file."))
    problems: list[ImportProblem] = []
    events = tuple(_grouped(found, problems))
    return Reading(events, tuple(problems))


def _refuse_hostile(content: bytes) -> None:
    """Look at size, number and depth before the parser does."""
    if len(content) > MAX_BYTES:
        raise UnreadableCalendar(_("The file is too large: at most %(most)d MB.", most=MAX_BYTES // 1024**2))
    lines = content.upper().splitlines()
    if len(lines) > MAX_LINES:
        raise UnreadableCalendar(_("The file has too many lines: at most %(most)d.", most=MAX_LINES))
    depth = number = 0
    for line in lines:
        if line.startswith(b"BEGIN:"):
            depth += 1
            number += line.strip() == b"BEGIN:VEVENT"
        elif line.startswith(b"END:"):
            depth -= 1
        if depth > MAX_DEPTH:
            raise UnreadableCalendar(_("The file is broken: its parts lie in one another too deeply."))
    if number > MAX_EVENTS:
        raise UnreadableCalendar(
            _("The file has %(number)d events; at most %(most)d.", number=number, most=MAX_EVENTS)
        )


def _grouped(found: Iterable[Any], problems: list[ImportProblem]) -> Iterator[Incoming]:
    """Yield the series with their changed occurrences; a file may name them in any order."""
    series: dict[str, Incoming] = {}
    changed: dict[str, dict[str, EventData]] = {}
    for event in found:
        title = "?"
        try:
            title = tidy(str(event.get("summary") or "")).strip()[:200] or "?"
            uid = str(event.get("uid") or "")
            if not 1 <= len(uid) <= MAX_UID:
                raise BadEvent(_("It has no UID, by which it could be found again."))
            incoming = _understood(event, uid)
            if event.get("recurrence-id") is not None:
                wall, whole = _wall_in(event["recurrence-id"], incoming.data.zone)
                changed.setdefault(uid, {})[key_of(wall, all_day=whole)] = incoming.data
            elif uid not in series or series[uid].sequence <= incoming.sequence:
                series[uid] = incoming
        except LibHubError as error:
            problems.append(ImportProblem(title, str(error)))
        except Exception as error:  # noqa: BLE001 - what the library made nothing of surfaces when it is used
            problems.append(ImportProblem(title, _("It is broken: %(error)s", error=str(error)[:200])))
    for uid, rows in changed.items():
        if uid not in series:
            first, data = sorted(rows.items())[0]
            problems.append(
                ImportProblem(
                    data.title,
                    _("Only a changed day of a series is in the file, not the series: %(day)s", day=first),
                )
            )
    for uid, incoming in series.items():
        rows = changed.get(uid, {})
        yield replace(
            incoming, changed=tuple(sorted(rows.items())) if incoming.data.rule or incoming.data.added else ()
        )


def _understood(event: Any, uid: str) -> Incoming:
    if event.get("dtstart") is None:
        raise BadEvent(_("It says nothing of when it begins."))
    starts, ends, zone, whole = _times(event)
    rules = event.get("rrule")
    if isinstance(rules, list):
        raise BadEvent(_("It has several rules of repetition; only one is understood."))
    cancelled = str(event.get("status") or "").upper() == "CANCELLED"
    data = EventData(
        title=tidy(str(event.get("summary") or "")).strip()[:200] or _("Without a title"),
        description=tidy(str(event.get("description") or "")).strip()[:20_000],
        starts=starts,
        ends=ends,
        zone=zone,
        all_day=whole,
        rule=rules.to_ical().decode() if rules is not None else "",
        excluded=tuple(sorted(_keys(event.get("exdate"), zone, whole))),
        added=tuple(sorted(_keys(event.get("rdate"), zone, whole))),
        organiser=tidy(str(event.get("contact") or "")).strip()[:200],
        state=CANCELLED if cancelled else PUBLISHED,
    )
    location = tidy(str(event.get("location") or "")).strip()[:200]
    sequence = int(event.get("sequence") or 0)
    return Incoming(uid, max(0, min(sequence, 2**31 - 1)), data, location)


def _times(event: Any) -> tuple[datetime, datetime, str, bool]:
    """Return beginning, end, time zone and whether it is whole days; times are the clock on the wall."""
    begin = event["dtstart"]
    whole = not isinstance(begin.dt, datetime)
    repeats = event.get("rrule") is not None or event.get("rdate") is not None
    zone = str(school_zone()) if whole else _zone_of(begin, repeats=repeats)
    starts = _wall(begin.dt, zone)
    if event.get("dtend") is not None:
        ends = _wall(event["dtend"].dt, zone if whole else _checked(event["dtend"], zone))
        if isinstance(event["dtend"].dt, datetime) is whole:
            raise BadEvent(_("It begins with an hour and ends without one, or the other way round."))
    elif event.get("duration") is not None:
        ends = starts + event["duration"].dt
    else:
        ends = starts + DAY if whole else starts
    if whole and ends == starts:
        ends += DAY  # some programs write the last day itself
    return starts, ends, zone, whole


def _zone_of(value: Any, *, repeats: bool) -> str:
    """Return the name of the time zone of a moment.

    :raises BadEvent: nobody knows it. A single moment whose zone the file itself describes is no problem.
    """
    asked = str(value.params.get("TZID", "")) if value.params else ""
    known = getattr(value.dt.tzinfo, "key", None)
    if known is not None:
        return "UTC" if known in ("UTC", "Etc/UTC") and repeats else _local_if_utc(str(known))
    if value.dt.tzinfo is None:
        if asked:
            raise BadEvent(
                _(
                    "Its time zone “%(zone)s” is unknown. Name a zone such as Asia/Novosibirsk in the file.",
                    zone=asked[:60],
                )
            )
        return str(school_zone())
    if value.dt.tzinfo is UTC or (value.dt.utcoffset() == timedelta(0) and not asked):
        return "UTC" if repeats else str(school_zone())
    if repeats:
        raise BadEvent(
            _(
                "Its time zone “%(zone)s” is unknown. Name a zone such as Asia/Novosibirsk in the file.",
                zone=asked[:60],
            )
        )
    return str(school_zone())


def _local_if_utc(name: str) -> str:
    return str(school_zone()) if name in ("UTC", "Etc/UTC") else name


def _checked(value: Any, zone: str) -> str:
    """Make sure that the zone of a second moment is known, too."""
    if isinstance(value.dt, datetime):
        _zone_of(value, repeats=False)
    return zone


def _wall(value: date | datetime, zone: str) -> datetime:
    """Return a day as its midnight, a moment as the clock of ``zone`` shows it, a time without a zone as it is."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time())
    if value.tzinfo is None:
        return value.replace(microsecond=0)
    return value.astimezone(ZoneInfo(zone)).replace(tzinfo=None, microsecond=0)


def _wall_in(value: Any, zone: str) -> tuple[datetime, bool]:
    return _wall(value.dt, zone), not isinstance(value.dt, datetime)


def _keys(value: Any, zone: str, whole: bool) -> Iterator[str]:
    """Yield the names of the occurrences in EXDATE or RDATE, of which there may be several lines."""
    for line in value if isinstance(value, list) else [value] if value is not None else []:
        for moment in line.dts:
            if isinstance(moment.dt, tuple):
                raise BadEvent(_("It adds days as stretches of time; that is not understood."))
            yield key_of(_wall(moment.dt, zone), all_day=whole)
