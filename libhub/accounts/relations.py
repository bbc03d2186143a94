"""Who belongs to whom: parents and their children, by a code on paper and never by saying so."""

import secrets
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select

from libhub.accounts.accounts import grade_of
from libhub.accounts.hashed_secrets import hashed
from libhub.accounts.models import Guardian, GuardianCode, User
from libhub.accounts.people import Person, people
from libhub.accounts.permissions import PARENT, STUDENT
from libhub.base.db import db, read_rows, writing
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.moments import now, today
from libhub.caching.remembering import remember

CODE_LIFETIME: Final = timedelta(days=180)
CODE_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""No look-alikes: a code is copied from paper by hand."""
CODE_LENGTH: Final = 10
GRADE_LAG: Final = 7
"""By so many years pupils are older than their grade, at its end."""
_CHILDREN: Final = select(Guardian.__table__.c.child_id)


def children_of(parent_id: int) -> frozenset[int]:
    """Return the numbers of the children of a parent."""
    return remember(
        ("children", parent_id),
        lambda: frozenset(
            number for (number,) in read_rows(_CHILDREN.where(Guardian.__table__.c.parent_id == parent_id))
        ),
    )


def parents_of(child_id: int) -> list[User]:
    """Return the accounts of a child's parents, by name."""
    query = select(User).join(Guardian, Guardian.parent_id == User.id).where(Guardian.child_id == child_id)
    return list(db.session.scalars(query.order_by(User.sort_name, User.id)))


def relatives_of(user: User) -> list[Person]:
    """Return the parents of a pupil, or the children of anybody else, by name."""
    of_pupil = user.role == STUDENT
    return people([each.id for each in parents_of(user.id)] if of_pupil else children_of(user.id))


def younger_than(person_id: int, years: int) -> bool:
    """Say whether somebody is younger, by the date of birth; where there is none, by the grade, and of nobody else.

    Up to the seventh grade pupils count as younger than fourteen.
    """
    user = db.session.get(User, person_id)
    if user is None:
        return False
    born, day = user.birth_date, today()
    if born is not None:
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day)) < years
    grade = grade_of(user)
    return grade is not None and grade + GRADE_LAG <= years


def new_codes(child_ids: list[int]) -> dict[int, str]:
    """Return a code for each child, by which one parent becomes its parent, once; it is kept nowhere in plain.

    Earlier codes go on: each parent has one.
    """
    made = {
        child: "".join(secrets.choice(CODE_LETTERS) for _place in range(CODE_LENGTH)) for child in child_ids
    }
    with writing():
        for child, code in made.items():
            db.session.add(GuardianCode(child_id=child, code_hash=hashed(code), until=now() + CODE_LIFETIME))
    return {child: f"{code[:5]}-{code[5:]}" for child, code in made.items()}


def waiting_codes(child_id: int) -> list[GuardianCode]:
    """Return the codes of a child that nobody used and that still hold."""
    query = select(GuardianCode).where(GuardianCode.child_id == child_id, GuardianCode.until > now())
    return list(db.session.scalars(query.order_by(GuardianCode.id)))


def revoke_codes(child_id: int) -> None:
    """End all codes of a child that nobody used yet."""
    with writing():
        db.session.execute(delete(GuardianCode).where(GuardianCode.child_id == child_id))


def use_code(parent_id: int, typed: str) -> User:
    """Make somebody the parent of the child whose code was typed, and return the child.

    :raises LibHubError: no such code holds, or one of the two is no parent or no pupil.
    """
    plain = "".join(sign for sign in typed.lower() if sign.isalnum())
    with writing():
        code = db.session.scalar(
            select(GuardianCode).where(GuardianCode.code_hash == hashed(plain), GuardianCode.until > now())
        )
        child = db.session.get(User, code.child_id) if code is not None else None
        parent = db.session.get_one(User, parent_id)
        if code is None or child is None or not child.active or child.role != STUDENT:
            raise LibHubError(
                _("There is no such code, or it was used already. Ask the librarian for a new one.")
            )
        if parent.role != PARENT:
            raise LibHubError(_("Only the account of a parent can use such a code."))
        if db.session.get(Guardian, (parent_id, child.id)) is None:
            db.session.add(Guardian(parent_id=parent_id, child_id=child.id))
        db.session.delete(code)
        return child


def part(parent_id: int, child_id: int) -> None:
    """Let somebody be the parent of a child no longer."""
    with writing():
        found = db.session.get(Guardian, (parent_id, child_id))
        if found is not None:
            db.session.delete(found)
