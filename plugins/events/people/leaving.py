"""People who leave the school, and classes: what they come to, what becomes free, what comes back. No Flask."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import select

from libhub.api import Line, PersonLine, Viewer, db, ngettext, now, people
from libhub.api import gettext as _
from plugins.events.models import Event, Occurrence, Registration
from plugins.events.people import registration
from plugins.events.people.notices import address
from plugins.events.schedule.wall_clock import local
from plugins.events.vocabulary import CANCELLED

MOST_NAMES: Final = 3
"""Of those who come, in one line about an event."""


def class_lines(viewer: Viewer, class_id: int) -> list[Line]:
    """Return the events to come for which people of a class signed up, the next first."""
    names = {person.id: person.name for person in people(class_id=class_id, active=True)}
    found: dict[int, tuple[Event, Occurrence, list[str]]] = {}
    for row, event, occurrence in _coming(names, Event.shown_to(viewer)):
        found.setdefault(occurrence.id, (event, occurrence, []))[2].append(names[row.user_id])
    return [
        Line(
            f"{_titled(event, occurrence)}: {_several(who)}",
            address(occurrence.series_id, occurrence.recurrence),
        )
        for event, occurrence, who in found.values()
    ]


def leaving_lines(user_ids: Sequence[int]) -> list[PersonLine]:
    """Return the places that become free when these people leave."""
    return [
        PersonLine(
            row.user_id,
            _("signed up for %(event)s", event=_titled(event, occurrence)),
            address(occurrence.series_id, occurrence.recurrence),
        )
        for row, event, occurrence in _coming(user_ids)
    ]


def free(user_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Give back the places that people have in what is to come; those who wait move up. Return what was given back."""
    rows = _coming(user_ids)
    kept = []
    for row, _event, _occurrence in rows:
        kept.append(
            {
                "series_id": row.series_id,
                "recurrence": row.recurrence,
                "user_id": row.user_id,
                "grade": row.grade,
                "waiting": row.waiting,
            }
        )
        db.session.delete(row)
    db.session.flush()
    for event, occurrence in {each[2].id: each[1:] for each in rows}.values():
        registration.move_up(event, occurrence)
    return kept


def give_back(user_ids: Sequence[int], freed: Sequence[dict[str, Any]]) -> list[PersonLine]:
    """Sign people up again for what :func:`free` gave back, where there is room; return where there is none."""
    names = {person.id: person.name for person in people(user_ids)}
    lines = []
    for kept in freed:
        user_id = kept["user_id"]
        if user_id not in names:
            continue
        found = registration.described(kept["series_id"], kept["recurrence"])
        if found is None or found[0].state == CANCELLED or found[1].ends_at <= now():
            continue  # there is nothing to come to any more
        event, occurrence = found
        if not _has_room(event, occurrence, waiting=kept["waiting"]):
            lines.append(
                PersonLine(user_id, _("no place any more: %(event)s", event=_titled(event, occurrence)))
            )
        elif not _is_signed_up(occurrence, user_id):
            db.session.add(
                Registration(
                    **{
                        name: kept[name]
                        for name in ("series_id", "recurrence", "user_id", "grade", "waiting")
                    },
                    name=names[user_id],
                    seats=1,
                )
            )
            db.session.flush()
    return lines


def _has_room(event: Event, occurrence: Occurrence, *, waiting: bool) -> bool:
    """Say whether one more can come, or wait; nobody who waits is overtaken."""
    if waiting or event.places is None:
        return True
    here = registration.standing(event, occurrence, None)
    return not here.waiting and here.taken < event.places


def _is_signed_up(occurrence: Occurrence, user_id: int) -> bool:
    here = registration.of_occurrence(occurrence.series_id, occurrence.recurrence)
    query = select(Registration.id).where(
        *here, Registration.user_id == user_id, Registration.school_class == ""
    )
    return db.session.scalar(query) is not None


def _coming(user_ids: Iterable[int], *conditions: Any) -> list[tuple[Registration, Event, Occurrence]]:
    """Return what people themselves signed up for and is not over, the next first."""
    query = registration.signed_up().where(
        Registration.user_id.in_(list(user_ids)),
        Registration.school_class == "",
        Occurrence.ends_at > now(),
        *conditions,
    )
    rows = db.session.execute(query.order_by(Occurrence.starts_at, Occurrence.id, Registration.id))
    return [(row, event, occurrence) for row, event, occurrence in rows]


def _titled(event: Event, occurrence: Occurrence) -> str:
    return f"«{event.title}», {local(occurrence.starts_at):%d.%m.%Y}"


def _several(names: Sequence[str]) -> str:
    """Return how many come, and who, where they are few."""
    counted = ngettext("%(num)d pupil", "%(num)d pupils", len(names))
    return f"{counted} ({', '.join(names)})" if len(names) <= MOST_NAMES else counted
