"""Changing a series: this one, this and the following, or all of them; what people signed up for goes along. No Flask."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from sqlalchemy import select

from libhub.api import Invalid, LibHubError, db, deletable, now, touch, writing
from libhub.api import gettext as _
from plugins.events import rules as domain
from plugins.events.models import Event, Occurrence
from plugins.events.people import event_changes
from plugins.events.rules import EventData, Saved
from plugins.events.schedule import recurrence
from plugins.events.schedule.wall_clock import key_of, wall_of
from plugins.events.vocabulary import CANCELLED, EDIT, PUBLISHED

THIS: Final = "this"
FOLLOWING: Final = "following"
ALL: Final = "all"
SCOPES: Final = (THIS, FOLLOWING, ALL)


@dataclass(frozen=True)
class Found:
    """One occurrence: the series, the row that describes it, and when it is."""

    series: Event
    event: Event
    occurrence: Occurrence


def find(series_id: int, key: str = "") -> Found | None:
    """Return an occurrence of a series by its name; without one the next that is not over, else the last."""
    query = select(Occurrence).where(Occurrence.series_id == series_id)
    if key:
        occurrence = db.session.scalar(query.where(Occurrence.recurrence == key))
    else:
        occurrence = db.session.scalar(
            query.where(Occurrence.ends_at > now()).order_by(Occurrence.starts_at).limit(1)
        ) or db.session.scalar(query.order_by(Occurrence.starts_at.desc()).limit(1))
    if occurrence is None:
        return None
    series = domain.get(series_id)
    event = series if occurrence.event_id == series.id else domain.get(occurrence.event_id)
    return Found(series, event, occurrence)


def data_of_occurrence(found: Found) -> EventData:
    """Return one occurrence as the form shows it: with the time of its own and the rule of its series."""
    if found.event.id != found.series.id:
        series = domain.data_of(found.series)
        rules = {name: getattr(series, name) for name in ("rule", "skip_holidays", "excluded", "added")}
        return replace(domain.data_of(found.event), **rules)
    data = domain.data_of(found.series)
    wall = wall_of(found.occurrence.recurrence)
    return replace(data, starts=wall, ends=wall + (data.ends - data.starts))


def save(series_id: int, key: str, scope: str, data: EventData) -> Saved:
    """Change an occurrence, it and the following ones, or the whole series.

    :raises LibHubError: there is no such occurrence.
    :raises Invalid: see :meth:`EventData.checked`; or a place is taken.
    """
    return _save(_found(series_id, key), scope, data)


def _found(series_id: int, key: str) -> Found:
    found = find(series_id, key)
    if found is None:
        raise LibHubError(_("There is no such event on that day any more."))
    return found


def _save(found: Found, scope: str, data: EventData) -> Saved:
    """Change what is meant; ``data`` is what :func:`data_of_occurrence` said of ``found``, with changes."""
    if scope == THIS and found.series.rule:
        return _save_one(found, data)
    query = select(Occurrence.recurrence).where(Occurrence.series_id == found.series.id)
    first = db.session.scalar(query.order_by(Occurrence.recurrence))
    if scope == FOLLOWING and found.series.rule and found.occurrence.recurrence != first:
        return _save_following(found, data)
    return _save_all(found, data)


def _save_all(found: Found, data: EventData) -> Saved:
    """Change the series. The form showed one occurrence, so its day counts as a shift from that one."""
    clean = data.checked()
    with writing():
        series = domain.get(found.series.id)
        shown = data_of_occurrence(found)
        before = domain.data_of(series)
        if (series.rule or series.added) and shown.starts != before.starts:
            start = before.starts + (clean.starts - shown.starts)
            clean = replace(clean, starts=start, ends=start + (clean.ends - clean.starts))
        if series.rule and clean.rule == before.rule:
            clean = replace(clean, rule=recurrence.shifted(clean.rule, clean.starts - before.starts))
        return _store(series.id, clean)


def _store(series_id: int, clean: EventData) -> Saved:
    """Write checked data into a series; its changed single occurrences and those who signed up follow."""
    with writing():
        series = domain.get(series_id)
        before = domain.data_of(series)
        clean, notes = domain.when_it_repeats(_same_hour(clean))
        shift = clean.starts - before.starts
        rows = domain.children(series)
        domain.apply(series, clean)
        for row in rows:
            _follow(row, before, clean, shift)
        db.session.flush()
        move_registrations(series, before)
        domain.settle(series)
        event_changes.follow(series, before)
        return Saved(series.id, notes)


def put_back(data: EventData, event_id: int) -> Saved:
    """Store a series, or a changed single occurrence of one, as it was: nothing is meant as a shift.

    :raises LibHubError: there is no such event any more.
    :raises Invalid: see :meth:`EventData.checked`; or a place is taken.
    """
    event = domain.get(event_id)
    if event.series_id:
        return _save_one(_found(event.series_id, event.recurrence), data)
    return _store(event.id, data.checked())


def _same_hour(data: EventData) -> EventData:
    """Name the days that are left out and added by the hour of the series, not of the occurrence that was shown."""

    def renamed(keys: tuple[str, ...]) -> tuple[str, ...]:
        hour = data.starts.time()
        days = (wall_of(key).date() for key in keys)
        return tuple(key_of(datetime.combine(day, hour), all_day=data.all_day) for day in days)

    return replace(data, excluded=renamed(data.excluded), added=renamed(data.added))


def _follow(row: Event, before: EventData, after: EventData, shift: timedelta) -> None:
    """Let a changed single occurrence take over what changed in its series and was the same in it."""
    own = domain.data_of(row)
    changes = {
        name: getattr(after, name)
        for name in domain.FIELDS
        if name not in domain.TIMES and getattr(own, name) == getattr(before, name) != getattr(after, name)
    }
    wall = wall_of(row.recurrence)
    if own.starts == wall and own.ends - own.starts == before.ends - before.starts:
        starts = wall + shift
        changes |= {"starts": starts, "ends": starts + (after.ends - after.starts)}
        changes |= {"all_day": after.all_day, "zone": after.zone}
    row.recurrence = key_of(wall + shift, all_day=after.all_day)
    domain.apply(row, replace(own, **changes))


def move_registrations(series: Event, before: EventData) -> None:
    """Let those who signed up follow a series that begins at another time. Before it is settled."""
    shift = series.starts - before.starts
    if before.all_day != series.all_day or shift:
        event_changes.rename(series.id, series.id, _renamed(series.id, series.all_day, shift))


def _renamed(series_id: int, all_day: bool, shift: timedelta, since: str = "") -> Mapping[str, str]:
    """Return the new names of occurrences, by the old ones."""
    query = select(Occurrence.recurrence).where(
        Occurrence.series_id == series_id, Occurrence.recurrence >= since
    )
    return {key: key_of(wall_of(key) + shift, all_day=all_day) for key in db.session.scalars(query)}


def _save_one(found: Found, data: EventData) -> Saved:
    clean = replace(data, rule="", skip_holidays=False, excluded=(), added=()).checked()
    with writing():
        series = domain.get(found.series.id)
        row = _row_of(series, found.occurrence.recurrence)
        before = domain.data_of(row)
        domain.apply(row, clean)
        db.session.flush()
        domain.settle(series)
        event_changes.follow(row, before)
        return Saved(series.id)


def _row_of(series: Event, key: str) -> Event:
    """Return the row of a single occurrence, made from its series where it has none yet."""
    row = db.session.scalar(select(Event).where(Event.series_id == series.id, Event.recurrence == key))
    if row is None:
        wall = wall_of(key)
        plain = replace(domain.data_of(series), rule="", skip_holidays=False, excluded=(), added=())
        row = Event(series_id=series.id, recurrence=key, uid=series.uid, sequence=series.sequence)
        domain.apply(row, replace(plain, starts=wall, ends=wall + (series.ends - series.starts)))
        db.session.add(row)
        db.session.flush()
    return row


def _save_following(found: Found, data: EventData) -> Saved:
    """End the series before this occurrence and go on with a new one."""
    key = found.occurrence.recurrence
    clean = data.checked()
    if clean.rule == found.series.rule:
        clean = replace(clean, rule=recurrence.shifted(clean.rule, clean.starts - wall_of(key)))
    clean, notes = domain.when_it_repeats(clean)
    with writing():
        series = domain.get(found.series.id)
        before = domain.data_of(series)
        wall = wall_of(key)
        shift = clean.starts - wall
        moving = [row for row in domain.children(series) if row.recurrence >= key]
        renamed = _renamed(series.id, clean.all_day, shift, since=key)
        new = Event(uid=f"{uuid4()}@libhub", sequence=0, past=False)
        domain.apply(new, clean)
        db.session.add(new)
        _end_before(series, key)
        db.session.flush()
        for row in moving:
            row.series_id, row.uid = new.id, new.uid
            _follow(row, before, clean, shift)
        db.session.flush()
        event_changes.rename(series.id, new.id, renamed)
        domain.settle(series)  # first, for it gives the place up
        domain.settle(new)
        event_changes.follow(new, before)
        return Saved(new.id, notes)


def _end_before(series: Event, key: str) -> None:
    domain.apply(
        series,
        replace(
            domain.data_of(series),
            rule=recurrence.ended(series.rule, wall_of(key).date()),
            added=tuple(each for each in series.added if each < key),
        ),
    )


def cancel(series_id: int, key: str, scope: str, *, cancelled: bool = True) -> None:
    """Say that it does not take place (people see it crossed out), or that it does after all."""
    found = _found(series_id, key)
    if scope != THIS or not found.series.rule:  # what else was changed on that day stays there
        found = replace(found, event=found.series)
    state = CANCELLED if cancelled else PUBLISHED
    _save(found, scope, replace(data_of_occurrence(found), state=state))


def leave_out(series_id: int, key: str) -> None:
    """Take one occurrence out of a series, without a trace in the calendar.

    :raises Invalid: it is the only one.
    """
    with writing():
        series = domain.get(series_id)
        if not series.rule and not series.added:
            raise Invalid({"repeat": _("The event happens only once. Put it into the archive instead.")})
        before = domain.data_of(series)
        excluded = tuple(sorted({*before.excluded, key}))
        added = tuple(each for each in before.added if each != key)
        domain.apply(series, replace(before, excluded=excluded, added=added))
        domain.settle(series)
        event_changes.follow(series, before)
        touch([series.ref])


def _settle_again(row: Event) -> None:
    """Work the series of a changed single occurrence out anew, of which it is a part again.

    :raises LibHubError: the series does not come to that day any more.
    """
    if not row.series_id:
        raise LibHubError(_("There is no such event on that day any more."))
    domain.settle(domain.get(row.series_id))
    db.session.flush()
    if db.session.get(Event, row.id) is None:
        raise LibHubError(_("There is no such event on that day any more."))


deletable(Event, EDIT, _settle_again)


def set_archived(numbers: Iterable[int], *, archived: bool) -> int:
    """Put events with all their occurrences into the archive, or take them out; those who signed up are told.

    :returns: how many were not there (or here) before.
    :raises Invalid: one cannot come back, for its place is taken; then none does.
    """

    def move(event: Event) -> bool:
        if (event.archived_at is not None) is archived:
            return False
        moment = now() if archived else None
        for row in (event, *domain.children(event)):
            row.archived_at, row.updated_at = moment, now()
            row.sequence += 1
        db.session.flush()
        domain.settle(event)
        event_changes.tell_everybody(event, taken_away=archived)
        return True

    return _in_each(numbers, move)


def set_state(numbers: Iterable[int], before: str, after: str) -> int:
    """Give events another state that have this one, and those of their occurrences that have it, too.

    :returns: how many had it.
    :raises Invalid: one cannot have it; then none changes.
    """

    def change(event: Event) -> bool:
        old = domain.data_of(event)
        if old.state != before:
            return False
        new = replace(old, state=after)
        domain.apply(event, new)
        for row in domain.children(event):
            _follow(row, old, new, timedelta(0))
        db.session.flush()
        domain.settle(event)
        event_changes.follow(event, old)
        return True

    return _in_each(numbers, change)


def set_age(numbers: Iterable[int], age: int) -> int:
    """Give events an age mark, and those of their occurrences that had the same one before, or none; return how many changed."""

    def change(event: Event) -> bool:
        old = domain.data_of(event)
        rows = [row for row in domain.children(event) if row.age in (None, old.age)]
        changed = [
            domain.apply(row, replace(domain.data_of(row), age=age))
            for row in (event, *rows)
            if row.age != age
        ]
        touch(event.concerned() if changed else ())
        return bool(changed)

    return _in_each(numbers, change)


def _in_each(numbers: Iterable[int], change: Callable[[Event], bool]) -> int:
    """Change several series, all of them or none; return how many ``change`` says it changed.

    :raises LibHubError: there is no such series.
    :raises Invalid: one will not do; its title is named.
    """
    wanted = set(numbers)
    query = select(Event).where(Event.id.in_(wanted), Event.series_id.is_(None)).order_by(Event.id)
    changed = 0
    with writing():
        events = db.session.scalars(query).all()
        if len(events) < len(wanted):
            raise LibHubError(_("There is no such event."))
        for event in events:
            try:
                changed += change(event)
            except Invalid as error:
                told = {name: f"«{event.title}»: {text}" for name, text in error.problems.items()}
                raise Invalid(told) from error
    return changed


def together(change: Callable[[], None]) -> None:
    """Do several changes, all of them or none."""
    with writing():
        change()


def refresh_those_that_skip_holidays() -> int:
    """Work out anew the series that leave holidays out, after the school year changed; return how many.

    :raises Invalid: one of them never happens now, or meets something else at its place.
    """

    def again(event: Event) -> bool:
        event.sequence += 1
        event.updated_at = now()
        domain.settle(event)
        event_changes.follow(event, domain.data_of(event))
        return True

    query = select(Event.id).where(Event.skip_holidays, Event.rule != "", Event.archived_at.is_(None))
    with writing():
        return _in_each(db.session.scalars(query).all(), again)
