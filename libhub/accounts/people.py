"""The accounts as other sections name them: number, name and role, never more."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from libhub.accounts.models import User
from libhub.base.db import db


@dataclass(frozen=True)
class Person:
    """Somebody with an account."""

    id: int
    name: str
    role: str


def people(
    ids: Collection[int] | None = None,
    *,
    roles: Collection[str] | None = None,
    active: bool | None = None,
    class_id: int | None = None,
) -> list[Person]:
    """Return accounts in the order of their names: these ones, or those with a role, or all.

    ``active``: only those that may sign in (True), or only those that may not (False). ``class_id``: only those in a class.
    """
    query = select(User.id, User.name, User.role).order_by(User.sort_name, User.id)
    if ids is not None:
        query = query.where(User.id.in_(ids))
    if roles is not None:
        query = query.where(User.role.in_(roles))
    if active is not None:
        query = query.where(User.active.is_(active))
    if class_id is not None:
        query = query.where(User.class_id == class_id)
    return [Person(*row) for row in db.session.execute(query)]
