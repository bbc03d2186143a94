"""Sessions: how long they go on, and what is known of one that ended."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from libhub.accounts import accounts, sessions, signing_in
from libhub.accounts.accounts import UserDetails
from libhub.accounts.models import UserSession
from libhub.accounts.permissions import ADMINISTRATOR, TEACHER
from libhub.base.db import db, writing
from libhub.base.moments import now
from libhub.testing import PASSWORD
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
        sessions.prolong_session(token, timedelta(hours=1))
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
