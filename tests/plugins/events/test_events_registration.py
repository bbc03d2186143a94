"""Places and the waiting list, classes, attendance, reminders, what the report counts."""

import io
from collections.abc import Callable
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.permissions import STUDENT, TEACHER
from libhub.api import Viewer, now
from libhub.base.db import db, writing
from libhub.notices.models import Notice
from libhub.testing import PASSWORD
from plugins.events import report, rules
from plugins.events.models import Occurrence, Registration
from plugins.events.people import attendance, personal_data, registration, reminders
from plugins.events.people.admission import CannotRegister
from plugins.events.people.attendance import Noted, Tick
from plugins.events.schedule import series
from plugins.events.schedule.wall_clock import local

Person = Callable[..., Viewer]


@pytest.fixture
def person(quiet: Flask, factory: ModuleType) -> Person:
    """Return a function that adds an account and returns it as a viewer; call it inside the application."""

    def add(name: str, role: str = STUDENT, school_class: str = "") -> Viewer:
        accounts.add_user(UserDetails(name, name.title(), role, school_class=school_class), PASSWORD)
        found: Viewer = factory.viewer_of(name)
        return found

    return add


def make(factory: ModuleType, **more: Any) -> tuple[int, str]:
    """Make an event with two places; return its number and the name of its occurrence."""
    data = factory.event(**{"registration": True, "places": 2, "days": 3, **more})
    number = rules.create(data).event_id
    return number, str(db.session.scalar(select(Occurrence.recurrence).where(Occurrence.series_id == number)))


def told() -> list[str]:
    assert not db.session.scalars(select(Notice.text).where(Notice.message.is_(None))).all(), (
        "in one language only"
    )
    return list(db.session.scalars(select(Notice.text).order_by(Notice.id)))


def waiting(number: int, key: str) -> list[tuple[str, bool]]:
    return [(line.name, line.waiting) for line in attendance.people(number, key)]


def test_places_are_given_in_order_and_the_list_moves_up(
    quiet: Flask, factory: ModuleType, person: Person
) -> None:
    with quiet.test_request_context():
        number, key = make(factory)
        anya, boris, vera, gleb = (person(name) for name in ("anya", "boris", "vera", "gleb"))
        assert [registration.sign_up(each, number, key) for each in (anya, boris, vera, gleb)] == [
            True,
            True,
            False,
            False,
        ]
        assert registration.sign_up(anya, number, key), "once more changes nothing"
        assert waiting(number, key) == [("Anya", False), ("Boris", False), ("Vera", True), ("Gleb", True)]
        found = series.find(number, key)
        assert found is not None
        standing = registration.standing(found.event, found.occurrence, gleb.user_id)
        assert (standing.taken, standing.waiting, standing.free) == (2, 2, 0)
        assert registration.place_in_queue(standing.mine[0]) == 2
        mine = db.session.scalars(select(Registration.id).where(Registration.user_id == anya.user_id)).one()
        with pytest.raises(CannotRegister):
            registration.withdraw(mine, user_id=boris.user_id)
        registration.withdraw(mine, user_id=anya.user_id)
        assert waiting(number, key) == [("Boris", False), ("Vera", False), ("Gleb", True)]
        assert told() == [
            f"Для вас освободилось место: «Встреча», {local(found.occurrence.starts_at):%d.%m.%Y %H:%M}."
        ]


def test_more_places_move_everybody_up(quiet: Flask, factory: ModuleType, person: Person) -> None:
    with quiet.test_request_context():
        number, key = make(factory, places=1)
        for name in ("anya", "boris", "vera"):
            registration.sign_up(person(name), number, key)
        series.save(number, key, series.ALL, factory.event(registration=True, places=None, days=3))
        assert [state for _name, state in waiting(number, key)] == [False] * 3
        assert len(told()) == 2


def test_a_class_takes_its_places_and_is_not_overtaken(
    quiet: Flask, factory: ModuleType, person: Person
) -> None:
    with quiet.test_request_context():
        number, key = make(factory, places=30)
        teacher, other = person("teacher", TEACHER), person("other", TEACHER)
        assert registration.sign_up(teacher, number, key, school_class="5 «а»", seats=20)
        assert not registration.sign_up(other, number, key, school_class="6Б", seats=20)
        assert not registration.sign_up(person("anya"), number, key), (
            "ten are free, but a class waits for them"
        )
        assert [(line.school_class, line.seats, line.waiting) for line in attendance.people(number, key)] == [
            ("5А", 20, False),
            ("6Б", 20, True),
            ("", 1, True),
        ]
        assert registration.sign_up(teacher, number, key, school_class="5А", seats=10), "fewer come"
        assert waiting(number, key) == [("Teacher", False), ("Other", False), ("Anya", True)]
        for seats, name in ((0, "7А"), (61, "7А"), (5, "кошка")):
            with pytest.raises(CannotRegister):
                registration.sign_up(teacher, number, key, school_class=name, seats=seats)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"registration": False}, "просто приходите"),
        ({"state": "cancelled"}, "отменено"),
        ({"state": "draft"}, "больше нет"),
        ({"visibility": "staff"}, "больше нет"),
        ({"age": 18}, "больше нет"),
        ({"days": -1}, "закрыта"),
        ({"close_hours": 24 * 10}, "закрыта"),
        ({"grade_from": 7, "grade_to": 9}, "7–9"),
    ],
)
def test_who_cannot_sign_up_is_told_why(
    quiet: Flask, factory: ModuleType, person: Person, more: dict[str, Any], words: str
) -> None:
    with quiet.test_request_context():
        number, key = make(factory, **more)
        with pytest.raises(CannotRegister, match=words):
            registration.sign_up(person("anya", school_class="5А"), number, key)


def test_attendance_is_counted_by_grade_and_sending_it_twice_is_harmless(
    quiet: Flask, factory: ModuleType, person: Person
) -> None:
    with quiet.test_request_context():
        number, key = make(factory, places=None, days=0, hour=23)
        people = [
            (person(name, school_class=school_class), name, seats)
            for name, school_class, seats in (("anya", "5А", 1), ("boris", "5Б", 1), ("klass", "7А", 20))
        ]
        with writing():
            registration_ids = []
            found = series.find(number, key)
            assert found is not None
            for viewer, name, seats in people:
                row = Registration(
                    series_id=number,
                    recurrence=key,
                    user_id=viewer.user_id,
                    name=name,
                    grade=viewer.grade,
                    seats=seats,
                )
                db.session.add(row)
                db.session.flush()
                registration_ids.append(row.id)
        ticks = {each: Tick(None, came) for each, came in zip(registration_ids, (1, 0, 99), strict=True)}
        assert attendance.note_attendance(number, key, ticks) == Noted(21, (), 0)
        assert attendance.note_attendance(number, key, ticks) == Noted(21, (), 0)
        numbers = report.statistics(now() - timedelta(days=2), now() + timedelta(days=2))
        assert numbers["Посетители событий"] == 21
        assert numbers["Посетители событий, 5-й класс"] == 1
        assert numbers["Посетители событий, 7-й класс"] == 20
        assert numbers["События"] == 1


def test_people_are_reminded_once_a_day_before(quiet: Flask, factory: ModuleType, person: Person) -> None:
    with quiet.test_request_context():
        number, key = make(factory, places=1)
        registration.sign_up(person("anya"), number, key)
        registration.sign_up(person("boris"), number, key)
        starts = db.session.scalar(select(Occurrence.starts_at).where(Occurrence.series_id == number))
        assert starts is not None
        assert reminders.remind(starts - timedelta(hours=30)) == 0
        assert reminders.remind(starts - timedelta(hours=20)) == 1, "who waits for a place is not expected"
        assert reminders.remind(starts - timedelta(hours=19)) == 0
        assert told()[0].startswith("Скоро событие, вас ждут: «Встреча»")


def test_an_erased_person_makes_room(quiet: Flask, factory: ModuleType, person: Person) -> None:
    with quiet.test_request_context():
        number, key = make(factory, places=1)
        anya, boris = person("anya"), person("boris")
        registration.sign_up(anya, number, key)
        registration.sign_up(boris, number, key)
        assert anya.user_id is not None
        personal_data.erase_personal_data(anya.user_id)
        assert waiting(number, key) == [("Boris", False)]


def test_signing_up_through_the_pages(
    quiet: Flask, factory: ModuleType, pupil: FlaskClient, teacher: FlaskClient, client: FlaskClient
) -> None:
    with quiet.test_request_context():
        number, key = make(factory, title="Встреча", places=1)
        factory.lead("teacher", "4Б", "pupil")
    page = f"/events/{number}?on={key}"
    assert "Войдите, чтобы записаться" in client.get(page).text
    assert client.post(f"/events/{number}/sign-up", data={"on": key}).status_code == 302
    assert "Я приду" in pupil.get(page).text
    assert (
        "Вы записаны" in pupil.post(f"/events/{number}/sign-up", data={"on": key}, follow_redirects=True).text
    )
    assert "вы записаны" in pupil.get(page).text
    assert "Встреча" in pupil.get("/events/mine").text
    assert pupil.post(f"/events/{number}/sign-up-class", data={"on": key}).status_code == 403
    told_teacher = teacher.post(
        f"/events/{number}/sign-up-class",
        data={"on": key, "school_class": "5а", "seats": "20"},
        follow_redirects=True,
    ).text
    assert "класс поставлен в очередь" in told_teacher
    assert "номер 1" in told_teacher
    for wrong in ({"school_class": "5а", "seats": "²"}, {"school_class": "", "seats": "3"}, {}):
        answer = teacher.post(
            f"/events/{number}/sign-up-class", data={"on": key, **wrong}, follow_redirects=True
        )
        assert 'class="flash error"' in answer.text
    assert pupil.get(f"/events/{number}/people").status_code == 403
    listed = teacher.get(f"/events/{number}/people?on={key}").text
    assert "5А" in listed
    with quiet.app_context():
        ids = [line.id for line in attendance.people(number, key)]
    sent = {"listed": [str(each) for each in [*ids, 10_000]], f"came-{ids[0]}": "1", f"came-{ids[1]}": "x"}
    assert (
        "Пришёл 1 человек"
        in teacher.post(f"/events/{number}/people?on={key}", data=sent, follow_redirects=True).text
    )
    book = load_workbook(io.BytesIO(teacher.get(f"/events/{number}/people.xlsx?on={key}").data))
    rows = [list(row) for row in book.active.iter_rows(values_only=True)]
    assert [row[2] for row in rows[1:]] == [1, 20]
    assert rows[2][1] == "5А"
    assert teacher.post(f"/events/{number}/people/{ids[0]}/remove?on={key}").status_code == 403


def test_a_name_that_is_a_formula_stays_a_name(
    quiet: Flask, factory: ModuleType, teacher: FlaskClient
) -> None:
    with quiet.test_request_context():
        number, key = make(factory)
        user = accounts.find_user("teacher")
        assert user is not None
        with writing():
            db.session.add(
                Registration(series_id=number, recurrence=key, user_id=user.id, name="=1+1", seats=1)
            )
    book = load_workbook(io.BytesIO(teacher.get(f"/events/{number}/people.xlsx?on={key}").data))
    name = book.active["A2"]
    assert (name.value, name.data_type) == ("=1+1", "s"), "text, and no formula"
