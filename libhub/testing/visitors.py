"""Who visits: browsers that are signed in, and viewers as the rules see them."""

import re
from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.permissions import GUEST
from libhub.accounts.viewer import Viewer
from libhub.base.audit import PROGRAM, acting_as
from libhub.web import cookies
from libhub.web.visitor import viewer_of

PASSWORD = "правильный пароль"  # noqa: S105 - of accounts that exist only in tests


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A guest's browser."""
    return app.test_client()


@pytest.fixture
def as_viewer(app: Flask) -> Callable[..., FlaskClient]:
    """Return a function: a role (and maybe an age limit) in, a browser signed in with that role out."""

    return partial(sign_in, app)


def sign_in(app: Flask, role: str, *, username: str = "", age_limit: int | None = None) -> FlaskClient:
    """Return a browser signed in with an account of this role, made if there is none; a guest's for guest."""
    browser = app.test_client()
    if role != GUEST:
        name = username or f"{role}-{age_limit}"
        with app.app_context(), acting_as(PROGRAM):
            if accounts.find_user(name) is None:
                accounts.add_user(UserDetails(name, role.title(), role, age_limit), PASSWORD)
        answer = browser.post("/auth/sign-in", data={"username": name, "password": PASSWORD})
        assert answer.status_code == 302, answer.text
    return browser


def shown_name(browser: FlaskClient) -> str:
    """Return the name that pages show of who is signed in; nothing for a guest."""
    found = re.search(
        r'href="/me/" title[^>]*>.*?<span class="word">(.*?)</span>', browser.get("/look").text, re.DOTALL
    )
    return found[1] if found else ""


def viewer_with(app: Flask, username: str | None) -> Viewer:
    """Return a viewer as the rules see one: an account, or a guest for ``None``."""
    with app.test_request_context():
        return viewer_of(accounts.find_user(username) if username else None)


def cookie_name(browser: FlaskClient, what: str) -> str:
    """Return the name of the cookie in which browsers of this hub keep something: ``locale``, ``look``, ``computer``…"""
    app = browser.application
    assert isinstance(app, Flask)
    with app.app_context():
        return cookies.name_of(what)
