"""Bringing calendars of other programs in: each event whole or not at all, found again by its UID. No Flask."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import select

from libhub.api import ImportProblem, ImportReport, LibHubError, db, today, writing_or_trying
from libhub.api import gettext as _
from plugins.events import rules
from plugins.events.exchange.ical_in import MAX_BYTES, Incoming, UnreadableCalendar, read
from plugins.events.models import Event, Place
from plugins.events.people import event_changes
from plugins.events.rules import EventData
from plugins.events.schedule import recurrence, school_year
from plugins.events.schedule.series import move_registrations

TIMEOUT_SECONDS: Final = 15.0
MAX_REDIRECTS: Final = 3
_NAMED: Final = ("title", "description", "organiser", "state", "place_id", "place_text")
_TIMED: Final = ("starts", "ends", "zone", "all_day", "rule", "excluded", "added")


@dataclass(frozen=True)
class Defaults:
    """What a file does not say of its events."""

    category_id: int | None = None
    visibility: str = "everyone"
    age: int | None = None


def import_calendar(content: bytes, defaults: Defaults, *, dry_run: bool) -> ImportReport:
    """Bring a file in, in one transaction; a dry run does the same and keeps nothing.

    :raises UnreadableCalendar: the file as a whole cannot be read.
    """
    reading = read(content)
    report = ImportReport(problems=list(reading.problems))
    done: Counter[str] = Counter()
    with writing_or_trying(dry_run=dry_run):
        named = db.session.execute(select(Place.id, Place.name))
        places = {name.casefold(): number for number, name in named}
        for incoming in reading.events:
            try:
                with db.session.begin_nested():
                    what, notes = _bring_in(incoming, defaults, places, report)
            except LibHubError as error:
                report.problems.append(ImportProblem(incoming.data.title, str(error)))
            else:
                done[what] += 1
                report.notes += [f"{incoming.data.title}: {text}" for text in notes]
    report.added, report.changed, report.unchanged = done["added"], done["changed"], done["unchanged"]
    return report


def _bring_in(
    incoming: Incoming, defaults: Defaults, places: dict[str, int], report: ImportReport
) -> tuple[str, tuple[str, ...]]:
    """Add or update one event; return which of it, and what to say."""
    series = db.session.scalar(select(Event).where(Event.uid == incoming.uid, Event.series_id.is_(None)))
    report.saw(incoming.uid, _present(series))
    if series is not None and series.archived_at:
        raise LibHubError(_("It is in the archive; restore it there first."))
    data = _placed(incoming.data, incoming.location, places)
    base = rules.data_of(series) if series is not None else None
    whole = (
        _merged(base, data)
        if base
        else replace(data, category_id=defaults.category_id, visibility=defaults.visibility, age=defaults.age)
    )
    clean, notes = _bounded(whole.checked())
    changed = tuple((key, _merged(clean, _placed(row, "", places))) for key, row in incoming.changed)
    if series is None:
        series = Event(uid=incoming.uid, sequence=incoming.sequence, past=False)
        rules.apply(series, clean)
        db.session.add(series)
        db.session.flush()
        _bring_in_changed(series, changed)
        rules.settle(series)
        return "added", notes
    if incoming.sequence < series.sequence and clean != base:
        raise LibHubError(_("The version here is newer; the file is older."))
    touched = rules.apply(series, clean)
    series.sequence = max(series.sequence, incoming.sequence)
    touched = _bring_in_changed(series, changed) or touched
    if not touched or base is None:
        return "unchanged", ()
    move_registrations(series, base)
    rules.settle(series)
    event_changes.follow(series, base)
    return "changed", notes


def _present(series: Event | None) -> object:
    """Return all of a series that a file may change."""
    if series is None:
        return None
    single = {row.recurrence: rules.data_of(row) for row in rules.children(series)}
    return rules.data_of(series), series.sequence, series.archived_at, single


def _bounded(data: EventData) -> tuple[EventData, tuple[str, ...]]:
    """Bound a rule by the school year that is now, for a series may have begun long ago.

    Unlike in the form, the first day stays: other programs count it whether the rule names it or not.
    """
    if not data.rule:
        return data, ()
    limit = recurrence.bounded(
        data.rule, data.starts, data.zone, school_year.end_of_school_year(max(data.starts.date(), today()))
    )
    notes: tuple[str, ...] = ()
    if limit.by_us:
        notes = (
            _(
                "The repetition had no end, so it ends with the school year, on %(day)s.",
                day=limit.by_us.strftime("%d.%m.%Y"),
            ),
        )
    return replace(data, rule=limit.rule), notes


def _placed(data: EventData, location: str, places: dict[str, int]) -> EventData:
    """Put an event at the hub's own place where it has the same name."""
    own = places.get(location.casefold())
    return replace(data, place_id=own) if own else replace(data, place_text=location)


def _merged(base: EventData, data: EventData) -> EventData:
    """Return what the hub knows with what the file says: files say nothing of grades, places or registration."""
    return replace(base, **{name: getattr(data, name) for name in (*_NAMED, *_TIMED)})


def _bring_in_changed(series: Event, changed: tuple[tuple[str, EventData], ...]) -> bool:
    """Write the changed single occurrences; those that the file has no more go. Say whether anything changed."""
    present = {row.recurrence: row for row in rules.children(series)}
    touched = False
    for key, data in changed:
        row = present.pop(key, None) or Event(series_id=series.id, recurrence=key, uid=series.uid, sequence=0)
        clean = replace(data, rule="", excluded=(), added=(), skip_holidays=False).checked()
        touched = rules.apply(row, clean) or touched
        db.session.add(row)
    for row in present.values():
        db.session.delete(row)
        touched = True
    db.session.flush()
    return touched


def fetch(address: str) -> bytes:
    """Return the calendar at an address; only when somebody pressed the button, never by itself.

    :raises UnreadableCalendar: no such address, no network, too large, too slow.
    """
    import httpx  # 5 MB that no page needs

    url = address.strip()
    if url.lower().startswith("webcal://"):
        url = "https://" + url[len("webcal://") :]
    if not url.lower().startswith(("http://", "https://")) or len(url) > 2000:
        raise UnreadableCalendar(_("An address begins with http://, https:// or webcal://."))
    try:
        with (
            httpx.Client(
                timeout=TIMEOUT_SECONDS, follow_redirects=True, max_redirects=MAX_REDIRECTS
            ) as client,
            client.stream("GET", url, headers={"Accept": "text/calendar"}) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                raise UnreadableCalendar(
                    _("The address answers with an error: %(code)d.", code=answer.status_code)
                )
            body = bytearray()
            for chunk in answer.iter_bytes():
                body += chunk
                if len(body) > MAX_BYTES:
                    raise UnreadableCalendar(
                        _("The file is too large: at most %(most)d MB.", most=MAX_BYTES // 1024**2)
                    )
            return bytes(body)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        raise UnreadableCalendar(
            _("The address cannot be reached. Is there a network? Download the file and choose it here.")
        ) from error
