"""Learning elsewhere: what a person learned in other places, for how long the document counts. No Flask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Final

from sqlalchemy import select

from libhub.api import Data, LibHubError, Must, OneLine, Within, db, notify, today, writing
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.training.courses.rules import PLUGIN
from plugins.training.learning.models import Certificate, ExternalLearning

REMIND_BEFORE: Final = timedelta(days=60)
MAX_HOURS: Final = 5_000


@dataclass(frozen=True)
class ExternalData(Data):
    """A course taken elsewhere, as a form describes it."""

    title: Annotated[str, OneLine(300), Must(bool, _l("Write what the course is called."))]
    completed_on: date | None
    organisation: Annotated[str, OneLine(200)] = ""
    hours: Annotated[int, Within(0, MAX_HOURS)] = 0
    started_on: date | None = None
    document: Annotated[str, OneLine(100)] = ""
    expires_on: date | None = None

    def conflicts(self) -> Mapping[str, str]:
        """Refuse an end that is missing or still to come, and days in the wrong order."""
        if self.completed_on is None:
            return {"completed_on": _("Write when the course ended.")}
        if self.completed_on > today():
            return {"completed_on": _("This day is still to come. Add the course when it is over.")}
        if self.started_on and self.started_on > self.completed_on:
            return {"started_on": _("The course would have ended before it began.")}
        if self.expires_on and self.expires_on < self.completed_on:
            return {"expires_on": _("The document would have expired before it was given.")}
        return {}


def save(data: ExternalData, user_id: int, external_id: int | None = None) -> int:
    """Add a record to a person, or change one of theirs; return its number.

    :raises Invalid: naming every field that will not do.
    :raises LibHubError: there is no such record of this person.
    """
    clean = data.checked()
    with writing():
        row = ExternalLearning(user_id=user_id) if external_id is None else get(external_id, user_id)
        if row.expires_on != clean.expires_on:
            row.reminded_on = None
        clean.into(row)
        db.session.add(row)
        db.session.flush()
        return row.id


def get(external_id: int, user_id: int | None = None) -> ExternalLearning:
    """Return a record; with ``user_id`` only one of this person.

    :raises LibHubError: there is none.
    """
    row = db.session.get(ExternalLearning, external_id)
    if row is None or (user_id is not None and row.user_id != user_id):
        raise LibHubError(_("There is no such record."))
    return row


def remove(external_id: int, user_id: int) -> None:
    """Delete a record of a person; its files are the caller's to detach."""
    with writing():
        db.session.delete(get(external_id, user_id))


def of_person(user_id: int) -> Sequence[ExternalLearning]:
    """Return what a person learned elsewhere, the newest first."""
    query = select(ExternalLearning).where(ExternalLearning.user_id == user_id)
    return db.session.scalars(
        query.order_by(ExternalLearning.completed_on.desc(), ExternalLearning.id.desc())
    ).all()


@dataclass(frozen=True)
class Line:
    """A line of a person's record for attestation: learned here or elsewhere."""

    user_id: int
    title: str
    organisation: str
    hours: int
    completed_on: date
    document: str
    expires_on: date | None = None


def record(user_ids: Sequence[int], here: str, since: date | None = None) -> list[Line]:
    """Return everything that people learned, oldest first; ``here`` is how this library calls itself."""
    elsewhere = select(ExternalLearning).where(ExternalLearning.user_id.in_(user_ids))
    certificates = select(Certificate).where(Certificate.user_id.in_(user_ids))
    lines = [
        Line(
            row.user_id,
            row.title,
            row.organisation,
            row.hours,
            row.completed_on,
            row.document,
            row.expires_on,
        )
        for row in db.session.scalars(elsewhere)
    ]
    lines += [
        Line(row.user_id, row.course_title, here, row.hours, row.completed_on, row.number)
        for row in db.session.scalars(certificates)
    ]
    chosen = [line for line in lines if since is None or line.completed_on >= since]
    return sorted(chosen, key=lambda line: (line.completed_on, line.title))


def remind(day: date) -> None:
    """Tell people, once, that a document expires soon."""
    with writing():
        query = select(ExternalLearning).where(
            ExternalLearning.expires_on.between(day, day + REMIND_BEFORE),
            ExternalLearning.reminded_on.is_(None),
        )
        for row in db.session.scalars(query):
            assert row.expires_on
            row.reminded_on = day
            text = _l(
                "“%(title)s”: the document is valid until %(day)s. Is it time to learn again?",
                title=row.title,
                day=row.expires_on,
            )
            notify([row.user_id], text, f"/{PLUGIN}/record", plugin=PLUGIN)
