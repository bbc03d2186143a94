"""A school year is begun and undone, and anything is changed by hand in between: what was not changed is as it was to the byte."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from libhub.accounts.models import SchoolClass, User
from libhub.base.db import db, writing
from libhub.base.moments import now
from libhub.people.september.models import Promotion
from libhub.people.september.plan import LEAVES, STAYS, Wishes, plan_of
from libhub.people.september.promoting import promote
from libhub.people.september.undoing import undo
from libhub.testing import make_app, release
from tests.people.school import YEAR, in_september, make_school, rows_of

PEOPLE = ("class_id", "class_group", "active", "name")
MOVES = ("move", "group", "toggle", "rename", "erase")
CLASSES = ("letter", "teacher", "archive", "add")
Change = tuple[str, int, int]
CHANGES = st.lists(
    st.tuples(st.sampled_from(MOVES + CLASSES), st.integers(0, 40), st.integers(0, 40)), max_size=8
)
WISHES = st.lists(st.tuples(st.integers(0, 17), st.sampled_from((STAYS, LEAVES, "to"))), max_size=4)


@pytest.fixture(scope="module")
def hub(prepared_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A hub that all examples share; each begins with a school of its own."""
    instance = shutil.copytree(prepared_instance, tmp_path_factory.mktemp("september") / "instance")
    app = make_app(Path(instance))
    with pytest.MonkeyPatch.context() as patch:
        in_september(patch)
        yield app
    release(app)


def new_school(app: Flask) -> list[int]:
    with app.app_context(), writing():
        for table in (Promotion, User, SchoolClass):
            db.session.execute(delete(table))
    return [number for some in make_school(app, each=2).values() for number in some]


def chosen(app: Flask, pupils: list[int], some: list[tuple[int, str]]) -> Wishes:
    """Return wishes that can be fulfilled."""
    first = ["А", "Б"]
    with app.app_context():
        targets = sorted(plan_of(Wishes(first=first)).targets)
        exceptions = {
            pupils[place % len(pupils)]: targets[place % len(targets)] if wish == "to" else wish
            for place, wish in some
        }
        possible = {
            pupil: wish
            for pupil, wish in exceptions.items()
            if not plan_of(Wishes(first=first, exceptions={pupil: wish})).problems
        }
    return Wishes(first=first, exceptions=possible)


def do_by_hand(app: Flask, pupils: list[int], change: Change) -> tuple[str, int] | None:
    """Change something as somebody might; return of what kind it was, and of whom; None where it cannot be done."""
    kind, one, two = change
    with app.app_context():
        classes = list(db.session.scalars(select(SchoolClass.id).order_by(SchoolClass.id)))
        user = db.session.get(User, pupils[one % len(pupils)])
        school_class = classes[one % len(classes)]
        try:
            with writing():
                if kind in MOVES:
                    return None if user is None else _change_person(user.id, kind, two, classes)
                if kind == "add":
                    db.session.add(SchoolClass(grade=1 + one % 11, letter="АБВ"[two % 3], school_year=YEAR))
                    return kind, 0
                row = db.session.get_one(SchoolClass, school_class)
                if kind == "letter":
                    row.letter = "АБВ"[two % 3]
                elif kind == "teacher":
                    row.teacher_id = user.id if user else None
                else:
                    row.archived_at = now() if row.archived_at is None else None
                return kind, school_class
        except IntegrityError:  # there is a class of that name
            return None


def _change_person(number: int, kind: str, two: int, classes: list[int]) -> tuple[str, int]:
    user = db.session.get_one(User, number)
    if kind == "move":
        user.class_id = [None, *classes][two % (len(classes) + 1)]
    elif kind == "group":
        user.class_group = str(two)
    elif kind == "toggle":
        user.active = not user.active
    elif kind == "rename":
        user.name = f"Новое имя {two}"
    else:
        db.session.delete(user)
    return kind, number


def people(app: Flask) -> dict[int, dict[str, Any]]:
    with app.app_context():
        return {
            user.id: {name: getattr(user, name) for name in PEOPLE}
            for user in db.session.scalars(select(User))
        }


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some=WISHES, changes=CHANGES)
def test_what_nobody_changed_since_is_as_it_was(
    hub: Flask, some: list[tuple[int, str]], changes: list[Change]
) -> None:
    pupils = new_school(hub)
    wishes = chosen(hub, pupils, some)
    rows, before = rows_of(hub, "core_user", "core_class"), people(hub)
    with hub.app_context():
        number = promote(wishes)[0].id
    promoted = people(hub)
    done = [each for each in (do_by_hand(hub, pupils, change) for change in changes) if each is not None]
    by_hand = people(hub)
    with hub.app_context():
        left = undo(number)[0].left
    after, rows_after = people(hub), rows_of(hub, "core_user", "core_class")
    event(f"changed by hand: {len(done)}, told: {len(left)}")
    if not done:
        assert rows_after == rows
        assert not left
    assert set(after) == set(by_hand)  # nobody comes back who was erased
    touched = {whom for kind, whom in done if kind in MOVES}
    old, new = ({row[0]: row for row in some["core_user"]} for some in (rows, rows_after))
    told = {note.user_id for note in left}
    for whom in after:
        if whom not in touched and whom not in told:
            assert new[whom] == old[whom]
        for name in PEOPLE:
            if by_hand[whom][name] != promoted[whom][name]:
                assert after[whom][name] == by_hand[whom][name]  # what somebody did stays
                same = before[whom][name] in (promoted[whom][name], by_hand[whom][name])
                assert same or whom in told
    if not any(kind in CLASSES for kind, _whom in done):
        made = {row[0] for row in rows_after["core_class"]} - {row[0] for row in rows["core_class"]}
        assert [row for row in rows_after["core_class"] if row[0] not in made] == rows["core_class"]
        assert made <= {values["class_id"] for values in after.values()}  # only where somebody is in it
