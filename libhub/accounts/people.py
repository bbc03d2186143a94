"""The accounts as other sections name them: number, name, role and class, never more."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, select

from libhub.accounts.models import SchoolClass, User
from libhub.accounts.names import folded_name
from libhub.accounts.school_class import ClassName, find_class
from libhub.base.db import db


@dataclass(frozen=True)
class Person:
    """Somebody with an account; ``school_class`` as the school writes it, and its number, where there is one."""

    id: int
    name: str
    role: str
    school_class: str = ""
    class_id: int | None = None


def people(
    ids: Collection[int] | None = None,
    *,
    roles: Collection[str] | None = None,
    active: bool | None = None,
    class_id: int | None = None,
    matching: str | None = None,
) -> list[Person]:
    """Return accounts in the order of their names: these ones, or those with a role, or all.

    ``active``: only those that may sign in (True), or only those that may not (False). ``class_id``: only those in a
    class. ``matching``: only those in whose names
    all these words begin, in any order, or who are in the class that is named; of a whole grade without a letter.
    """
    query = (
        select(User.id, User.name, User.role, SchoolClass.grade, SchoolClass.letter, SchoolClass.id)
        .outerjoin(SchoolClass, SchoolClass.id == User.class_id)
        .order_by(User.sort_name, User.id)
    )
    if ids is not None:
        query = query.where(User.id.in_(ids))
    if roles is not None:
        query = query.where(User.role.in_(roles))
    if active is not None:
        query = query.where(User.active.is_(active))
    if class_id is not None:
        query = query.where(User.class_id == class_id)
    if matching is not None:
        query = query.where(*_matching(matching))
    return [
        Person(number, name, role, "" if grade is None else str(ClassName(grade, letter)), class_id)
        for number, name, role, grade, letter, class_id in db.session.execute(query)
    ]


def _matching(text: str) -> list[ColumnElement[bool]]:
    """Return the conditions on accounts that are meant by a class, or by words of a name; nobody by an empty text."""
    asked = find_class(text)
    if asked is not None:
        here: list[ColumnElement[bool]] = [
            SchoolClass.grade == asked.grade,
            SchoolClass.archived_at.is_(None),
        ]
        return [*here, SchoolClass.letter == asked.letter] if asked.letter else here
    words = folded_name(text).split()
    beginnings: list[ColumnElement[bool]] = [
        User.sort_name.startswith(word, autoescape=True)
        | User.sort_name.contains(f" {word}", autoescape=True)
        for word in words
    ]
    return beginnings or [false()]
