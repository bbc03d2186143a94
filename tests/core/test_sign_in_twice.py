"""Signing in, signing out and the setup link in two tabs of one browser, or pressed twice: the second one goes on, too."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.models import User, UserSession
from libhub.accounts.permissions import TEACHER
from libhub.base.db import db
from libhub.pages.sign_in import setup_token
from libhub.testing import PASSWORD

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
Send = Callable[..., TestResponse]


@pytest.fixture(autouse=True)
def real_forms(app: Flask) -> None:
    """Tokens are looked at, as in a hub, and there is an account."""
    app.config["WTF_CSRF_ENABLED"] = True
    with app.app_context():
        accounts.add_user(UserDetails("anna", "Анна", TEACHER), PASSWORD)
        accounts.add_user(UserDetails("boris", "Борис", TEACHER), PASSWORD)


def tab(browser: FlaskClient, path: str, form_at: str = "") -> Send:
    """Open a page with a form in a tab; return what sends the form, as often as it is called."""
    tokens = TOKEN.findall(browser.get(form_at or path).text)

    def send(**fields: str) -> TestResponse:
        return browser.post(path, data={"csrf_token": tokens[-1], **fields})

    return send


def name_of(browser: FlaskClient) -> str:
    """Return who is signed in, or nothing."""
    found = re.search(
        r'href="/me/" title[^>]*>.*?<span class="word">(.*?)</span>', browser.get("/").text, re.S
    )
    return found[1] if found else ""


@pytest.mark.parametrize("second", ["anna", "boris"])
def test_two_tabs(client: FlaskClient, second: str) -> None:
    one, other = (tab(client, f"/auth/sign-in?next={path}") for path in ("/notices/", "/auth/password"))
    assert one(username="anna", password=PASSWORD).location == "/notices/"
    answer = other(username=second, password=PASSWORD)
    assert (answer.status_code, answer.location) == (302, "/auth/password")
    assert name_of(client) == "Анна", "who came first stays"


def test_two_presses(client: FlaskClient) -> None:
    send = tab(client, "/auth/sign-in?next=/notices/")
    for _press in range(2):
        assert send(username="anna", password=PASSWORD).location == "/notices/"


def test_an_old_page_keeps_the_name_and_lets_nobody_in(app: Flask, client: FlaskClient) -> None:
    send = tab(client, "/auth/sign-in?next=/notices/")
    client.delete_cookie(app.config["SESSION_COOKIE_NAME"])
    answer = send(username="anna", password=PASSWORD)
    assert answer.status_code == 422
    assert 'value="anna"' in answer.text
    assert PASSWORD not in answer.text
    assert "слишком долго" in answer.text
    assert name_of(client) == ""
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(UserSession)) == 0
    again = TOKEN.findall(answer.text)[-1]
    form = {"csrf_token": again, "username": "anna", "password": PASSWORD}
    assert client.post("/auth/sign-in?next=/notices/", data=form).location == "/notices/"


def test_signing_out_twice(client: FlaskClient) -> None:
    tab(client, "/auth/sign-in")(username="anna", password=PASSWORD)
    one, other = (tab(client, "/auth/sign-out", form_at="/notices/") for _tab in range(2))
    for send in (one, one, other):
        answer = send()
        assert (answer.status_code, answer.location) == (302, "/")
    assert name_of(client) == ""


def test_a_page_of_the_last_one_signs_nobody_else_out(client: FlaskClient) -> None:
    tab(client, "/auth/sign-in")(username="anna", password=PASSWORD)
    old = tab(client, "/auth/sign-out", form_at="/notices/")
    old()
    tab(client, "/auth/sign-in")(username="boris", password=PASSWORD)
    assert old().status_code == 400
    assert name_of(client) == "Борис"


def test_the_setup_link_twice(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        path = f"/auth/setup/{setup_token()}"
    typed = {"name": "Главный", "username": "root", "new": PASSWORD, "again": PASSWORD}
    one, other = tab(client, path), tab(client, path)
    for send in (one, one, other):
        assert send(**typed).location == "/admin/plugins"
    assert client.post("/auth/setup/forged", data=typed).status_code == 404
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(User).where(User.username == "root")) == 1


def test_an_old_setup_page_keeps_what_was_typed(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        path = f"/auth/setup/{setup_token()}"
    send = tab(client, path)
    client.delete_cookie(app.config["SESSION_COOKIE_NAME"])
    answer = send(name="Главный", username="root", new=PASSWORD, again=PASSWORD)
    assert answer.status_code == 422
    assert 'value="Главный"' in answer.text
    assert PASSWORD not in answer.text
    with app.app_context():
        assert not accounts.administrator_exists()
