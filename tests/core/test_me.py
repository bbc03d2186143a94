"""A person's own page: who, where signed in, and what sections have; the day of the last visit."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from libhub.accounts import accounts, classes, sessions
from libhub.accounts.accounts import UserDetails
from libhub.accounts.models import User, UserSession
from libhub.accounts.permissions import STUDENT, TEACHER
from libhub.base.db import db, writing
from libhub.base.moments import now, today
from libhub.kiosk import computers
from libhub.kiosk.computers import Details
from libhub.pages.people.browsers import in_words
from libhub.testing import PASSWORD, sign_in
from libhub.web import session_life

Browser = Callable[..., FlaskClient]
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"


@pytest.fixture
def masha(app: Flask) -> int:
    """A pupil of a class that has a teacher."""
    with app.app_context():
        teacher = accounts.add_user(UserDetails("vera", "Вера Ивановна", TEACHER), PASSWORD).id
        number = accounts.add_user(UserDetails("masha", "Маша", STUDENT, school_class="5А"), PASSWORD).id
        with writing():
            for each in classes.every_class():
                each.teacher_id = teacher
        return number


def enter(app: Flask, browser: str = CHROME) -> FlaskClient:
    client = app.test_client()
    data = {"username": "masha", "password": PASSWORD}
    assert client.post("/auth/sign-in", data=data, headers={"User-Agent": browser}).status_code == 302
    return client


def is_in(browser: FlaskClient) -> bool:
    return browser.get("/me/").status_code == 200


def test_the_page_is_for_those_who_signed_in(client: FlaskClient) -> None:
    assert client.get("/me/").location.startswith("/auth/sign-in")


def test_who_i_am(app: Flask, masha: int) -> None:
    text = enter(app).get("/me/").text
    for said in ("Маша", "masha", "Ученик", "5А", "Вера Ивановна", "/auth/password"):
        assert said in text
    teacher = app.test_client()
    teacher.post("/auth/sign-in", data={"username": "vera", "password": PASSWORD})
    assert re.search(r"Классное руководство</dt><dd>5А", teacher.get("/me/").text)


def test_the_name_in_the_header_leads_there(app: Flask, masha: int, client: FlaskClient) -> None:
    assert 'href="/me/"' in enter(app).get("/").text
    assert "/me/" not in client.get("/").text


@pytest.mark.parametrize("role", [STUDENT, TEACHER])
def test_sections_show_what_is_the_visitors(as_viewer: Browser, role: str) -> None:
    text = as_viewer(role).get("/me/").text
    pages = {"/events/mine", "/resources/favourites", "/crafts/works/mine"}
    assert pages <= set(re.findall(r'href="([^"]+)"', text))
    assert ("Мои курсы" in text) is (role == TEACHER)


def test_ones_browsers_are_listed_and_ended(app: Flask, masha: int) -> None:
    here, there, third = (
        enter(app),
        enter(app, "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"),
        enter(app),
    )
    text = here.get("/me/").text
    assert text.count("Chrome на Windows") >= 2
    assert "Firefox на Linux" in text
    assert text.count("этот браузер") == 1
    ends = re.findall(r'action="(/me/sessions/[0-9a-f]+/end)"', text)
    assert len(ends) == 2
    with app.app_context():
        ours = [each.reference for each in sessions.list_sessions(masha) if "Firefox" in each.browser]
    assert here.post(f"/me/sessions/{ours[0]}/end").status_code == 302
    assert [is_in(each) for each in (here, there, third)] == [True, False, True]
    here.post("/me/sessions/others/end")
    assert [is_in(each) for each in (here, third)] == [True, False]


def test_nobody_ends_what_is_somebody_elses(app: Flask, masha: int) -> None:
    theirs, other = enter(app), sign_in(app, TEACHER)
    with app.app_context():
        reference = sessions.list_sessions(masha)[0].reference
    for wrong in (reference, reference[:3], "_" * 16, "%25"):
        other.post(f"/me/sessions/{wrong}/end")
    other.post("/me/sessions/others/end")
    assert is_in(theirs)


def test_a_reference_lets_nobody_in(app: Flask, masha: int) -> None:
    enter(app)
    with app.app_context():
        reference = sessions.list_sessions(masha)[0].reference
        assert sessions.load_session(reference) is None


def test_the_oldest_session_ends_where_there_are_too_many(app: Flask, masha: int) -> None:
    first = enter(app)
    with app.app_context():
        with writing():
            db.session.execute(update(UserSession).values(created_at=now() - timedelta(minutes=1)))
        tokens = [sessions.open_session(masha, browser="") for _n in range(sessions.MOST - 1)]
        assert len(sessions.list_sessions(masha)) == sessions.MOST
        assert is_in(first)
        tokens.append(sessions.open_session(masha, browser=""))
        assert all(sessions.load_session(each) for each in tokens)
        assert len(sessions.list_sessions(masha)) == sessions.MOST
    assert not is_in(first)


def test_a_pc_of_the_reading_room_is_named(app: Flask, masha: int, client: FlaskClient) -> None:
    with app.app_context():
        code = computers.new_code(computers.add(Details("У окна")))
    client.post(f"/pc/{code}")
    client.post("/auth/sign-in", data={"username": "masha", "password": PASSWORD})
    client.get("/")
    assert "Компьютер читального зала «У окна»" in enter(app).get("/me/").text


@pytest.mark.parametrize(
    ("says", "said"),
    [
        (CHROME, "Chrome на Windows"),
        (CHROME + " Edg/131.0", "Edge на Windows"),
        (CHROME.replace("Safari", "YaBrowser/24.10 Safari"), "Яндекс Браузер на Windows"),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36",
            "Chrome на Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1",
            "Safari на iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox на Linux"),
        ("curl/8.5", "Неизвестный браузер"),
        ("", "Неизвестный браузер"),
    ],
)
def test_a_browser_in_words(app: Flask, says: str, said: str) -> None:
    with app.test_request_context():
        assert in_words(says) == said


def today_of(app: Flask) -> date:
    with app.app_context():
        return today()


def last_visit(app: Flask, number: int) -> object:
    with app.app_context():
        return db.session.scalar(select(User.last_visit_on).where(User.id == number))


def test_the_day_of_the_last_visit_is_written_once_a_day(
    app: Flask, masha: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = today_of(app)
    assert last_visit(app, masha) is None
    browser = enter(app)
    assert last_visit(app, masha) == day
    yesterday = day - timedelta(days=1)
    with app.app_context(), writing():
        db.session.execute(update(User).values(last_visit_on=yesterday))
    noted: list[list[int]] = []
    real = sessions.note_visits
    monkeypatch.setattr(sessions, "note_visits", lambda ids: (noted.append(list(ids)), real(ids))[1])
    for _visit in range(3):
        assert is_in(browser)
    assert last_visit(app, masha) == day
    assert noted == [[masha]]


def test_no_page_waits_for_the_day_to_be_written(
    app: Flask, masha: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, day = enter(app), today_of(app)
    yesterday = day - timedelta(days=1)
    with app.app_context(), writing():
        db.session.execute(update(User).values(last_visit_on=yesterday))
    waiting = session_life._WAITING.of(app)
    monkeypatch.setattr(type(waiting._later), "running", True)
    assert is_in(browser)
    assert last_visit(app, masha) == yesterday
    with app.app_context():
        waiting.write()
    assert last_visit(app, masha) == day
