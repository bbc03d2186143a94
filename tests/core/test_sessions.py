"""Sessions: how long they go on, and what is known of one that ended."""

import re
from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from libhub.accounts import accounts, sessions, signing_in
from libhub.accounts.accounts import UserDetails
from libhub.accounts.models import UserSession
from libhub.accounts.permissions import ADMINISTRATOR, TEACHER
from libhub.accounts.sessions import Lifetime
from libhub.base.db import db, writing
from libhub.base.moments import now
from libhub.caching.deferred_writes import later_of
from libhub.kiosk import computers
from libhub.kiosk.computers import Details
from libhub.plugging import settings
from libhub.testing import PASSWORD, cookie_name, counted_queries
from libhub.web import visitor
from libhub.web.gate import public

MINUTE = timedelta(minutes=1)


@pytest.fixture
def anna(app: Flask) -> int:
    """The number of a teacher's account."""
    with app.app_context():
        return accounts.add_user(UserDetails("anna", "Анна", TEACHER), PASSWORD).id


def new_session() -> str:
    """Sign Anna in and return the token."""
    return signing_in.sign_in("anna", PASSWORD, address="", browser="", ask_plugins=lambda _u, _p: None)


def grow_old(by: timedelta) -> None:
    """Make every session as old as if so much time had passed."""
    with writing():
        for row in db.session.scalars(select(UserSession)):
            row.expires_at -= by
            row.created_at -= by


# -- a session that ended ------------------------------------------------------------------------------------


def _expire(_token: str, _anna: int) -> None:
    with writing():
        db.session.execute(update(UserSession).values(expires_at=now()))


ENDS: dict[str, Callable[[str, int], None]] = {
    "time": _expire,
    "signed out": lambda token, _anna: sessions.sign_out(token),
    "signed out everywhere": lambda _token, anna: sessions.sign_out_everywhere(anna),
    "a new password": lambda _token, anna: accounts.set_password(anna, PASSWORD, must_change_password=False),
    "another browser's new password": lambda _token, anna: accounts.change_own_password(
        anna, PASSWORD, PASSWORD, keep_token=new_session()
    ),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=list(ENDS))
def test_whose_it_was_is_known_for_a_day(app: Flask, anna: int, end: Callable[[str, int], None]) -> None:
    with app.app_context():
        token = new_session()
        assert sessions.ended_account(token) is None, "it goes on"
        end(token, anna)
        assert sessions.load_session(token) is None
        assert sessions.ended_account(token) == anna
        assert sessions.ended_account(token + "x") is None
        longer = Lifetime(timedelta(hours=1), timedelta(days=1))
        sessions.prolong_sessions([token], longer)
        sessions.prolong_on_shared_pc(token, longer.idle)
        sessions.leave_shared_pc(token, longer)
        assert sessions.load_session(token) is None, "nothing brings it back"
        grow_old(sessions.REMEMBERED - MINUTE)
        sessions.forget_old()
        assert sessions.ended_account(token) == anna
        grow_old(MINUTE)
        assert sessions.ended_account(token) is None
        sessions.forget_old()
        assert db.session.get(UserSession, sessions.hashed(token)) is None


def test_an_end_is_not_put_off_by_another_one(app: Flask, anna: int) -> None:
    with app.app_context():
        token = new_session()
        sessions.sign_out(token)
        grow_old(sessions.REMEMBERED)
        sessions.sign_out_everywhere(anna)
        sessions.sign_out(token)
        assert sessions.ended_account(token) is None


def test_nothing_is_known_of_those_whose_account_is_closed_or_gone(app: Flask, anna: int) -> None:
    with app.app_context():
        accounts.add_user(UserDetails("root", "Главный", ADMINISTRATOR), PASSWORD)
        token = new_session()
        accounts.change_user(anna, UserDetails("anna", "Анна", TEACHER), active=False)
        assert sessions.ended_account(token) is None
        kept = accounts.personal_data(accounts.get_user(anna))["sessions"]
        assert isinstance(kept, list)
        assert len(kept) == 1, "a person is told of it while it is kept"
        accounts.erase(anna)
        assert db.session.scalars(select(UserSession)).all() == []


@pytest.mark.parametrize("end", ["time", "signed out"])
def test_a_browser_says_which_session_it_had(app: Flask, anna: int, client: FlaskClient, end: str) -> None:
    @app.get("/last")
    @public
    def last() -> str:
        return str(sessions.ended_account(visitor.ended_token()))

    assert client.get("/last").text == "None"
    client.post("/auth/sign-in", data={"username": "anna", "password": PASSWORD})
    assert client.get("/last").text == "None", "it has one"
    if end == "time":
        with app.app_context():
            _expire("", anna)
    else:
        client.post("/auth/sign-out")
    assert client.get("/last").text == str(anna)
    assert client.get("/auth/password").status_code == 302
    client.post("/auth/sign-in", data={"username": "anna", "password": PASSWORD})
    assert client.get("/last").text == "None"


# -- for how long it goes on ---------------------------------------------------------------------------------


def left(app: Flask) -> timedelta:
    """Return how long the only session goes on."""
    with app.app_context():
        return db.session.scalars(select(UserSession)).one().expires_at - now()


def pass_time(app: Flask, time: timedelta) -> None:
    with app.app_context():
        grow_old(time)


@pytest.fixture
def at_work(app: Flask, anna: int, client: FlaskClient) -> FlaskClient:
    """Anna's browser, signed in; one is signed out after four hours without use, or after two days."""
    with app.app_context():
        settings.change_settings(settings.CORE, {"session_hours": 4, "session_days": 2})
    client.post("/auth/sign-in", data={"username": "anna", "password": PASSWORD})
    return client


def test_who_works_stays_signed_in(app: Flask, at_work: FlaskClient) -> None:
    assert timedelta(hours=3.9) < left(app) <= timedelta(hours=4)
    for _time in range(5):
        pass_time(app, timedelta(hours=3))
        assert at_work.get("/auth/password").status_code == 200
        assert left(app) > timedelta(hours=3.9)
    pass_time(app, timedelta(hours=4))
    assert at_work.get("/auth/password").status_code == 302


def test_nobody_works_for_ever(app: Flask, at_work: FlaskClient) -> None:
    for _time in range(15):
        pass_time(app, timedelta(hours=3))
        assert at_work.get("/auth/password").status_code == 200
    assert left(app) <= timedelta(hours=3), "two days are over then"
    pass_time(app, timedelta(hours=2.9))
    assert at_work.get("/auth/password").status_code == 200
    pass_time(app, timedelta(hours=0.2))
    assert at_work.get("/auth/password").status_code == 302


def test_a_shorter_setting_holds_at_once(app: Flask, at_work: FlaskClient) -> None:
    with app.app_context():
        settings.change_settings(settings.CORE, {"session_hours": 1})
    at_work.get("/auth/password")
    assert left(app) <= timedelta(hours=1)


def test_no_row_is_written_for_each_page_and_none_is_read(app: Flask, at_work: FlaskClient) -> None:
    at_work.get("/auth/password")
    with counted_queries(app) as log:
        pass_time(app, timedelta(minutes=20))
        at_work.get("/auth/password")
        del log.statements[:]
        for _time in range(3):
            at_work.get("/auth/password")
        assert len(log.statements) == 3, "what was remembered is asked for, and nothing else"
        pass_time(app, timedelta(minutes=20))
        del log.statements[:]
        at_work.get("/auth/password")
        assert [each for each in log.statements if each.startswith("UPDATE core_user_session")]


@pytest.mark.parametrize(
    ("method", "path", "headers", "is_one"),
    [
        ("get", "/notices/", {}, True),
        ("get", "/notices/", {"Sec-Fetch-Mode": "navigate"}, True),
        ("post", "/notices/read", {"Sec-Fetch-Mode": "cors", "HX-Request": "true"}, True),
        ("post", "/auth/session", {"Sec-Fetch-Mode": "cors"}, True),
        ("get", "/auth/session", {"Sec-Fetch-Mode": "cors"}, False),
        ("get", "/auth/session", {}, False),
        ("get", "/search/suggest?q=ска", {"Sec-Fetch-Mode": "cors"}, False),
        ("get", "/jobs/", {"HX-Request": "true"}, False),
        ("get", "/static/icon.svg", {}, False),
    ],
)
def test_signs_of_life(
    app: Flask, at_work: FlaskClient, method: str, path: str, headers: dict[str, str], is_one: bool
) -> None:
    pass_time(app, timedelta(hours=3))
    getattr(at_work, method)(path, headers=headers, buffered=True)
    assert (left(app) > timedelta(hours=3)) is is_one


def test_a_page_says_when_the_session_ends(app: Flask, at_work: FlaskClient, anna: int) -> None:
    def told(name: str) -> int:
        found = re.search(rf'data-{name}="(\d+)"', at_work.get("/notices/").text)
        assert found
        return int(found[1])

    pass_time(app, timedelta(hours=3))
    assert told("left") == pytest.approx(4 * 3600, abs=30), "the page itself prolonged it"
    assert told("idle") == 4 * 3600
    assert told("longest") == pytest.approx(45 * 3600, abs=30)
    longest = pytest.approx(45 * 3600, abs=60)
    assert at_work.get("/auth/session").json == {"left": pytest.approx(4 * 3600, abs=30), "longest": longest}
    pass_time(app, timedelta(hours=3.99))
    assert at_work.get("/auth/session").json["left"] == pytest.approx(36, abs=30)
    assert at_work.post("/auth/session").json["left"] == pytest.approx(4 * 3600, abs=30)
    with app.app_context():
        sessions.sign_out_everywhere(anna)
    for answer in (at_work.get("/auth/session"), at_work.post("/auth/session")):
        assert answer.json == {"left": 0, "longest": 0}
    assert "session-end" not in at_work.get("/").text


def test_where_a_worker_serves_nobody_waits_for_it(app: Flask, at_work: FlaskClient) -> None:
    pass_time(app, timedelta(hours=3))
    later = later_of(app)
    later.start(app)
    with app.app_context(), writing():  # the whole database is in somebody's hands
        thread = Thread(target=at_work.get, args=["/auth/password"])
        thread.start()
        thread.join(5)
        assert not thread.is_alive()
    later.stop()
    assert left(app) > timedelta(hours=3.9)


def test_a_session_of_a_shared_pc_is_short_everywhere(app: Flask, at_work: FlaskClient) -> None:
    with app.app_context():
        token = computers.settle(computers.add(Details("У окна", 3)))
    at_work.set_cookie(cookie_name(at_work, "computer"), token)
    at_work.get("/notices/")
    assert left(app) < timedelta(minutes=4)
    assert "session-end" not in at_work.get("/notices/").text, "that PC has a countdown of its own"
    at_work.delete_cookie(cookie_name(at_work, "computer"))
    for path in ("/notices/", "/auth/password"):
        at_work.get(path)
    assert at_work.post("/auth/session").json["left"] == pytest.approx(195, abs=20)
    assert left(app) < timedelta(minutes=4)
