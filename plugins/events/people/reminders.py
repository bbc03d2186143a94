"""Reminders: who comes to something is told within a day before it. No Flask."""

from datetime import datetime, timedelta
from typing import Final

from libhub.api import db, writing
from libhub.api import lazy_gettext as _l
from plugins.events.models import Event, Occurrence, Registration
from plugins.events.people.notices import parents_behind, tell, when
from plugins.events.people.registration import signed_up
from plugins.events.vocabulary import CANCELLED, DRAFT

REMIND_BEFORE: Final = timedelta(hours=24)


def remind(moment: datetime) -> int:
    """Tell people about what they come to within a day, once; return how many were told."""
    with writing():
        rows = db.session.execute(
            signed_up().where(
                Registration.reminded.is_(False),
                Registration.waiting.is_(False),
                Event.state.not_in([CANCELLED, DRAFT]),
                Event.archived_at.is_(None),
                Occurrence.starts_at > moment,
                Occurrence.starts_at <= moment + REMIND_BEFORE,
            )
        ).all()
        for row, event, occurrence in rows:
            row.reminded = True
            words = {"title": event.title, "when": when(occurrence)}
            tell([row.user_id], occurrence, _l("You are expected soon: “%(title)s”, %(when)s.", **words))
            for_parent = _l("Your child is expected soon: “%(title)s”, %(when)s.", **words)
            tell(parents_behind(row), occurrence, for_parent)
    return len(rows)
