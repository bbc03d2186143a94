"""Several people tick the same list at once: what is written is what each changed of what they saw."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import ModuleType

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.permissions import LIBRARIAN, STUDENT
from libhub.api import acting_as, db, writing
from libhub.testing import PASSWORD, PROGRAM, form_of, sign_in
from plugins.events import rules
from plugins.events.models import Occurrence, Registration
from plugins.events.people import attendance
from plugins.events.people.attendance import Tick

NAMES = ("Аня", "Боря", "Вера", "Глеб")
SignUp = Callable[..., int]


@pytest.fixture
def event(quiet: Flask, factory: ModuleType) -> tuple[int, str]:
    """An event; its number and the name of its occurrence."""
    with quiet.test_request_context():
        number = rules.create(factory.event("Встреча", registration=True, days=0, hour=23)).event_id
        found = select(Occurrence.recurrence).where(Occurrence.series_id == number)
        return number, str(db.session.scalar(found))


@pytest.fixture
def sign_up(quiet: Flask, event: tuple[int, str]) -> SignUp:
    """Return a function that puts somebody on the list, a class with so many seats, and returns the number."""

    def put(name: str, school_class: str = "", seats: int = 1) -> int:
        with quiet.app_context(), acting_as(PROGRAM):
            login = name.replace(" ", ".")
            user = accounts.find_user(login) or accounts.add_user(UserDetails(login, name, STUDENT), PASSWORD)
            user_id = user.id
            with writing():
                row = Registration(
                    series_id=event[0],
                    recurrence=event[1],
                    user_id=user_id,
                    name=name,
                    school_class=school_class,
                    seats=seats,
                )
                db.session.add(row)
                db.session.flush()
                return int(row.id)

    return put


def came(app: Flask, event: tuple[int, str]) -> list[int | None]:
    with app.app_context():
        return [line.came for line in attendance.people(*event)]


class Tablet:
    """A list as somebody loaded it, which knows nothing of what others do."""

    def __init__(self, browser: FlaskClient, event: tuple[int, str]) -> None:
        self.browser = browser
        self.address = f"/events/{event[0]}/people?on={event[1]}"
        self.load()

    def load(self) -> str:
        text = self.browser.get(self.address).text
        action = re.search(r'id="attendance" action="([^"]*)"', text)
        assert action
        self.action = action[1]
        self.fields = form_of(text, self.action)
        self.ticked = dict(re.findall(r'type="checkbox" name="(came-\d+)" value="(1)" checked', text))
        self.ticked |= dict(re.findall(r'type="number" name="(came-\d+)"[^>]*? value="(\d+)"', text))
        return text

    def save(self, ticks: dict[int, str | None]) -> str:
        for number, value in ticks.items():
            self.ticked.pop(f"came-{number}", None)
            if value is not None:
                self.ticked[f"came-{number}"] = value
        sent = {**self.fields, **self.ticked}
        return self.browser.post(self.action, data=sent, follow_redirects=True).text


@pytest.fixture
def tablet(quiet: Flask, event: tuple[int, str]) -> Callable[[str], Tablet]:
    """Return a function that gives one of the librarians a tablet with the list as it is now."""
    return lambda name: Tablet(sign_in(quiet, LIBRARIAN, username=name), event)


def test_two_tablets_erase_nothing_of_one_another(
    quiet: Flask, event: tuple[int, str], sign_up: SignUp, tablet: Callable[[str], Tablet]
) -> None:
    a, b, c, _d = (sign_up(name) for name in NAMES)
    one, two = tablet("one"), tablet("two")
    late = sign_up("Дима")
    assert "Пришёл 1 человек" in one.save({a: "1"})
    shown = two.save({b: "1", c: "1"})
    assert "отметил иначе" not in shown
    assert came(quiet, event) == [1, 1, 1, None, None], "who was not looked at is not noted as absent"
    assert f'name="came-{late}"' in shown, "who signed up meanwhile is on the list"
    two.save({b: "1", c: "1"})
    assert came(quiet, event) == [1, 1, 1, None, None], "sent twice changes nothing"
    one.load()
    one.save({a: None, c: None})
    assert came(quiet, event) == [0, 1, 0, None, None], "a tick that was seen can be taken back"


def test_what_clashes_is_told_by_name_and_shown(
    quiet: Flask, event: tuple[int, str], sign_up: SignUp, tablet: Callable[[str], Tablet]
) -> None:
    school_class, pupil = sign_up("Ольга Ивановна", "5А", 20), sign_up("Аня")
    tablet("first").save({school_class: "18", pupil: "1"})
    one, two, three = tablet("one"), tablet("two"), tablet("three")
    one.save({school_class: "17", pupil: None})
    shown = two.save({school_class: "19"})
    assert "его отметка осталась: Ольга Ивановна 5А: " in shown
    assert 'value="17"' in shown, "what is written now is in the field"
    assert came(quiet, event) == [17, 0]
    assert "отметил иначе" not in three.save({pupil: None}), "both say the same"
    shown = two.load()
    two.save({school_class: "19"})
    assert came(quiet, event) == [19, 0], "who has seen it may change it"


def test_who_was_taken_off_the_list_is_missed(
    quiet: Flask,
    event: tuple[int, str],
    sign_up: SignUp,
    tablet: Callable[[str], Tablet],
    librarian: FlaskClient,
) -> None:
    a, b = sign_up("Аня"), sign_up("Боря")
    one = tablet("one")
    librarian.post(f"/events/{event[0]}/people/{b}/remove?on={event[1]}")
    assert "в списке больше нет: 1" in one.save({a: "1", b: "1"})
    assert came(quiet, event) == [1]


def test_many_tick_at_the_same_moment(quiet: Flask, event: tuple[int, str], sign_up: SignUp) -> None:
    numbers = [sign_up(f"Ученик {place}") for place in range(16)]
    shares = [numbers[place::4] for place in range(4)]
    ready = Barrier(len(shares))

    def tick(share: list[int]) -> int:
        with quiet.app_context():
            ready.wait(30)
            for number in share:
                ticks = {each: Tick(None, 1 if each == number else None) for each in numbers}
                assert attendance.note_attendance(*event, ticks).otherwise == ()
        return len(share)

    with ThreadPoolExecutor(len(shares)) as pool:
        assert sum(pool.map(tick, shares)) == len(numbers)
    assert came(quiet, event) == [1] * len(numbers)


def test_of_two_who_saw_the_same_the_first_one_wins(
    quiet: Flask, event: tuple[int, str], sign_up: SignUp
) -> None:
    number = sign_up("Ольга Ивановна", "5А", 20)
    ready = Barrier(4)

    def note(value: int) -> bool:
        with quiet.app_context():
            ready.wait(30)
            return not attendance.note_attendance(*event, {number: Tick(None, value)}).otherwise

    values = (11, 12, 13, 14)
    with ThreadPoolExecutor(len(values)) as pool:
        won = list(pool.map(note, values))
    assert won.count(True) == 1
    assert came(quiet, event) == [values[won.index(True)]]
