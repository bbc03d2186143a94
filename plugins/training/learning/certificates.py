"""Certificates: a number that nobody can guess, and what it vouches for. No Flask."""

import re
import secrets
from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from libhub.api import db, people, today, writing
from plugins.training.learning.models import Certificate
from plugins.training.models import Course

_SIGNS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without what is easily taken for something else when it is typed from paper: I, O, 0, 1."""
_GROUPS: Final = 4
_GROUP: Final = 4


def new_number() -> str:
    """Return an unguessable number (80 random bits) in groups, as it is printed."""
    signs = "".join(secrets.choice(_SIGNS) for _place in range(_GROUPS * _GROUP))
    return "-".join(signs[place : place + _GROUP] for place in range(0, len(signs), _GROUP))


def spelt(number: str) -> str:
    """Return a number as it is kept, however it was typed: small letters, spaces or no dashes."""
    signs = re.sub(r"[\s-]", "", number).upper()
    return "-".join(signs[place : place + _GROUP] for place in range(0, len(signs), _GROUP))


def issue(course: Course, user_id: int) -> None:
    """Certify that a person finished a course today; a second time changes nothing."""
    with writing():
        known = select(Certificate.id).where(
            Certificate.user_id == user_id, Certificate.course_id == course.id
        )
        person = next(iter(people([user_id])), None)
        if person is None or db.session.scalar(known) is not None:
            return
        db.session.add(
            Certificate(
                number=new_number(),
                user_id=user_id,
                course_id=course.id,
                person_name=person.name,
                course_title=course.title,
                hours=course.hours,
                completed_on=today(),
            )
        )
        db.session.flush()


def number_of(user_id: int, course_id: int) -> str:
    """Return the number of a person's certificate of a course; empty where there is none."""
    query = select(Certificate.number).where(
        Certificate.user_id == user_id, Certificate.course_id == course_id
    )
    return db.session.scalar(query) or ""


def find(number: str) -> Certificate | None:
    """Return the certificate with this number; None for a forged one."""
    if len(number) > 60:
        return None
    return db.session.scalar(select(Certificate).where(Certificate.number == spelt(number)))


def of_person(user_id: int) -> Sequence[Certificate]:
    """Return a person's certificates, the newest first."""
    query = select(Certificate).where(Certificate.user_id == user_id)
    return db.session.scalars(query.order_by(Certificate.completed_on.desc(), Certificate.id.desc())).all()
