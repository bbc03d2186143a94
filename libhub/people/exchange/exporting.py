"""People out to a table that comes in again without a change."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select

from libhub.accounts.accounts import class_of
from libhub.accounts.models import SchoolClass, User
from libhub.accounts.school_class import parse_class
from libhub.base.db import db


@dataclass(frozen=True)
class PersonLine:
    """A person as a line of a table; see :data:`libhub.people.exchange.columns.EXPORTED`."""

    name: str
    role: str
    school_class: str
    class_group: str
    birth_date: date | None
    school_number: str | None
    username: str
    active: bool


def exported(where: Collection[ColumnElement[bool]] = ()) -> Iterator[PersonLine]:
    """Yield people by class and name: all, or those for whom all conditions hold."""
    query = select(User).outerjoin(SchoolClass, User.class_id == SchoolClass.id).where(*where)
    query = query.order_by(SchoolClass.grade, SchoolClass.letter, User.sort_name, User.id)
    for user in db.session.scalars(query.execution_options(yield_per=500)):
        yield PersonLine(
            user.name,
            user.role,
            class_of(user),
            user.class_group,
            user.birth_date,
            user.school_number,
            user.username,
            user.active,
        )


def of_class(text: str) -> list[ColumnElement[bool]]:
    """Return the conditions on people of a class as it was typed; of a whole grade without a letter.

    :raises LibHubError: it names no class.
    """
    named = parse_class(text)
    if named is None:
        return []
    found = [SchoolClass.grade == named.grade, SchoolClass.archived_at.is_(None)]
    return [*found, SchoolClass.letter == named.letter] if named.letter else found
