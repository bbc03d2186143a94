"""Two hubs on one host: browsers send the cookies of one to the other, and neither takes them for its own."""

import shutil
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.permissions import TEACHER
from libhub.kiosk import computers
from libhub.kiosk.computers import Details
from libhub.testing import PASSWORD, cookie_name, make_app, release
from libhub.web import cookies

Ask = Callable[..., TestResponse]
SIGN_IN = {"username": "anna", "password": PASSWORD}


@pytest.fixture(params=["another", "a copy"])
def other(app: Flask, instance: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """A second hub on the host: one of its own, or a copy that somebody tries out."""
    with app.app_context():
        accounts.add_user(UserDetails("anna", "Анна", TEACHER), PASSWORD)
    folder = tmp_path / "other"
    shutil.copytree(instance, folder)
    if request.param == "another":
        (folder / "secret_key").unlink()
    made = make_app(folder)
    yield made
    release(made)


@pytest.fixture
def ask() -> Ask:
    """One browser, which tells the ports of a host not apart: what one hub sets, the other is sent."""
    jar: dict[str, str] = {}

    def asking(app: Flask, path: str, data: dict[str, str] | None = None) -> TestResponse:
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}
        browser = app.test_client(use_cookies=False)
        answer = (
            browser.get(path, headers=sent) if data is None else browser.post(path, data=data, headers=sent)
        )
        for header in answer.headers.getlist("Set-Cookie"):
            for name, set_to in SimpleCookie(header).items():
                if set_to["max-age"] == "0":
                    jar.pop(name, None)
                else:
                    jar[name] = set_to.coded_value
        return answer

    return asking


def test_both_have_their_sessions(app: Flask, other: Flask, ask: Ask) -> None:
    for hub in (app, other):
        assert ask(hub, "/auth/sign-in", SIGN_IN).status_code == 302
    for hub in (app, other, app):
        assert ask(hub, "/auth/password").status_code == 200
    ask(other, "/auth/sign-out", {})
    assert ask(other, "/auth/password").status_code == 302
    assert ask(app, "/auth/password").status_code == 200, "signing out of one is no matter of the other"


def test_a_pc_of_one_stays_it_whatever_the_other_says(app: Flask, other: Flask, ask: Ask) -> None:
    with app.app_context():
        code = computers.new_code(computers.add(Details("У окна")))
    ask(app, f"/pc/{code}", {})
    assert "У окна" in ask(app, "/").text
    assert "У окна" not in ask(other, "/").text
    assert ask(other, "/auth/sign-in", SIGN_IN).status_code == 302
    assert "У окна" in ask(app, "/").text


@pytest.mark.parametrize("other", ["another"], indirect=True)
def test_choices_are_made_for_one_of_them(app: Flask, other: Flask, ask: Ask) -> None:
    ask(app, "/language/en")
    ask(app, "/look/change?vision=1")
    assert '<html lang="en" data-size' in ask(app, "/").text
    assert '<html lang="ru">' in ask(other, "/").text


def test_a_hub_that_moves_finds_what_was_chosen(instance: Path, tmp_path: Path) -> None:
    hub = make_app(instance)
    browser = hub.test_client()
    with hub.app_context():
        browser.set_cookie(
            cookie_name(browser, "computer"), computers.settle(computers.add(Details("У окна")))
        )
    browser.set_cookie(cookie_name(browser, "reader_size"), "xl")
    browser.get("/language/en")
    names = [cookie_name(browser, what) for what in ("computer", "reader_size", "locale")]
    kept = {name: cookie.value for name in names if (cookie := browser.get_cookie(name))}
    release(hub)
    moved = make_app(instance.rename(tmp_path / "moved"))
    browser = moved.test_client()
    for name, value in kept.items():
        browser.set_cookie(name, value)
    page = browser.get("/").text
    assert '<html lang="en">' in page
    assert "У окна" in page
    with moved.test_request_context(headers={"Cookie": "; ".join(f"{name}={kept[name]}" for name in kept)}):
        assert cookies.sent("reader_size") == "xl"
    browser.get("/language/ru")
    assert '<html lang="ru">' in browser.get("/").text
    release(moved)


def test_a_name_tells_nothing_of_the_key(tmp_path: Path) -> None:
    names = cookies.settings("key", tmp_path)
    assert names == cookies.settings("key", tmp_path)
    assert not {"key", str(tmp_path)} & set(names.values())
    assert (
        len({cookies.settings(key, tmp_path)["SESSION_COOKIE_NAME"] for key in ("key", "another", "third")})
        == 3
    )


def test_what_browsers_keep_from_before_the_names_carried_the_instance_counts(app: Flask) -> None:
    with app.app_context():
        token = computers.settle(computers.add(Details("У окна")))
    browser = app.test_client()
    for name, value in (("locale", "en"), ("computer", token)):
        browser.set_cookie(f"libhub_{name}", value)
    page = browser.get("/").text
    assert '<html lang="en">' in page
    assert "У окна" in page
    browser.get("/language/ru")
    assert '<html lang="ru">' in browser.get("/").text, "what was chosen since"
    browser.get("/look/change?theme=dark")
    browser.get("/look/change?theme=auto")
    assert browser.get_cookie("libhub_look") is None
