"""A small school, and its rows as they lie in the database."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text, update

from libhub.accounts.classes import class_named
from libhub.accounts.models import SchoolClass, User
from libhub.accounts.names import folded_login, folded_name
from libhub.accounts.permissions import STUDENT
from libhub.accounts.school_class import ClassName, parse_class
from libhub.base import moments
from libhub.base.audit import PROGRAM, acting_as
from libhub.base.db import db, writing

YEAR = 2026
"""In which the new school year begins."""
CLASSES = ("1А", "1Б", "2А", "3А", "8А", "9А", "9Б", "10А", "11А")


def in_september(monkeypatch: pytest.MonkeyPatch, year: int = YEAR, month: int = 9) -> None:
    """Let it be September; what was stored before it lies in the past."""
    monkeypatch.setattr(moments, "clock", lambda: datetime(year, month, 1, 6, 0, tzinfo=UTC))


def make_school(app: Flask, each: int = 3) -> dict[str, list[int]]:
    """Make the classes of last year with so many pupils each; return the numbers of the pupils by class."""
    made: dict[str, list[int]] = {}
    with app.app_context(), acting_as(PROGRAM), writing():
        for name in CLASSES:
            typed = parse_class(name)
            assert typed is not None
            school_class = SchoolClass(grade=typed.grade, letter=typed.letter, school_year=YEAR - 1)
            db.session.add(school_class)
            db.session.flush()
            made[name] = []
            for place in range(each):
                pupil = add_pupil(f"Ученик {name} {place}", school_class.id, group="1" if place % 2 else "")
                made[name].append(pupil.id)
    return made


def add_pupil(name: str, class_id: int | None, group: str = "") -> User:
    """Add a pupil within the transaction that is open, without the slow hashing of a password."""
    login = f"p{db.session.query(User).count() + 1}-{name[-3:].replace(' ', '')}"
    pupil = User(
        username=login,
        login_key=folded_login(login),
        name=name,
        sort_name=folded_name(name),
        role=STUDENT,
        password_hash="",
        class_id=class_id,
        class_group=group,
    )
    db.session.add(pupil)
    db.session.flush()
    return pupil


def rows_of(app: Flask, *tables: str) -> dict[str, list[Any]]:
    """Return every row of tables as it lies in the database."""
    with app.app_context():
        return {
            table: [tuple(row) for row in db.session.execute(text(f"SELECT * FROM {table} ORDER BY id"))]
            for table in tables
        }


def class_names(app: Flask) -> set[str]:
    """Return what the classes are called that are there."""
    with app.app_context():
        rows = db.session.scalars(db.select(SchoolClass).where(SchoolClass.archived_at.is_(None)))
        return {row.name for row in rows}


def number_of(app: Flask, name: str) -> int:
    """Return the number of the class that is called so now."""
    with app.app_context():
        found = class_named(ClassName(int(name[:-1]), name[-1]))
        assert found is not None
        return found.id


def by_hand(app: Flask, user_id: int, **values: Any) -> None:
    """Change columns of an account past all rules."""
    with app.app_context(), writing():
        db.session.execute(update(User).where(User.id == user_id).values(**values))
