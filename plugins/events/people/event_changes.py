"""What a change of an event means for those who signed up: they follow it, and are told. No Flask."""

from collections.abc import Mapping

from sqlalchemy import select, update

from libhub.api import db, notify, now
from libhub.api import lazy_gettext as _l
from plugins.events.models import Event, Occurrence, Registration
from plugins.events.people.notices import PLUGIN, followers, tell, when
from plugins.events.people.registration import move_up, of_occurrence
from plugins.events.rules import EventData
from plugins.events.schedule.wall_clock import wall_of
from plugins.events.vocabulary import CANCELLED


def rename(old_series: int, new_series: int, names: Mapping[str, str]) -> None:
    """Let registrations follow occurrences that got another name. Inside ``writing()``."""
    here = Registration.series_id == old_series
    present = set(db.session.scalars(select(Registration.recurrence).where(here).distinct()))
    moving = [key for key in names if key in present]
    for key in moving:  # aside first: the new name of one may be the old name of the next
        db.session.execute(
            update(Registration).where(here, Registration.recurrence == key).values(recurrence=f"~{key}")
        )
    for key in moving:
        db.session.execute(
            update(Registration)
            .where(here, Registration.recurrence == f"~{key}")
            .values(recurrence=names[key], series_id=new_series)
        )


def follow(event: Event, before: EventData) -> None:
    """After a change: tell people what they have to know, and move the waiting list up. Inside ``writing()``."""
    db.session.flush()
    rows = db.session.execute(
        select(Event, Occurrence)
        .join(Occurrence, Occurrence.event_id == Event.id)
        .where(Occurrence.event_id == event.id, Occurrence.ends_at > now())
    ).all()
    moved = (before.starts, before.place_id, before.place_text) != (
        event.starts,
        event.place_id,
        event.place_text,
    )
    for described, occurrence in rows:
        people = _people(occurrence)
        if not people:
            continue
        words = {"title": described.title, "when": when(occurrence)}
        if described.state == CANCELLED and before.state != CANCELLED:
            tell(people, occurrence, _l("Cancelled: “%(title)s”, %(when)s.", **words))
        elif described.state != CANCELLED and moved:
            tell(people, occurrence, _l("Changed, look when and where: “%(title)s”, %(when)s.", **words))
        move_up(described, occurrence)
    _drop_orphans(event.master_id)


def tell_everybody(series: Event, *, taken_away: bool) -> None:
    """Tell those who signed up for what is to come that it was taken out of the calendar, or is in it again."""
    rows = db.session.scalars(
        select(Occurrence).where(Occurrence.series_id == series.id, Occurrence.ends_at > now())
    ).all()
    for occurrence in rows:
        words = {"title": series.title, "when": when(occurrence)}
        text = (
            _l("Cancelled: “%(title)s”, %(when)s.", **words)
            if taken_away
            else _l("It takes place: “%(title)s”, %(when)s.", **words)
        )
        tell(_people(occurrence), occurrence, text)


def _people(occurrence: Occurrence) -> list[int]:
    query = select(Registration).where(*of_occurrence(occurrence.series_id, occurrence.recurrence))
    return followers(db.session.scalars(query.order_by(Registration.id)))


def _drop_orphans(series_id: int) -> None:
    """Delete registrations for occurrences that there are no more, and tell those people."""
    present = select(Occurrence.recurrence).where(Occurrence.series_id == series_id)
    orphans = db.session.scalars(
        select(Registration).where(
            Registration.series_id == series_id, Registration.recurrence.not_in(present)
        )
    ).all()
    event = db.session.get(Event, series_id)
    for row in orphans:
        day = wall_of(row.recurrence).date()
        text = _l("Cancelled: “%(title)s”, %(when)s.", title=event.title if event else "", when=day)
        notify(followers([row]), text, f"/{PLUGIN}/mine", plugin=PLUGIN)
        db.session.delete(row)
    db.session.flush()
