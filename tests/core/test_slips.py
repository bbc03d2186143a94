"""What is shown once stands the reload of its page for ten minutes, for whoever made it, and is kept nowhere."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.permissions import LIBRARIAN, STUDENT
from libhub.kiosk import computers
from libhub.kiosk.computers import Details
from libhub.kit.pages import slips
from libhub.testing import PASSWORD, cookie_name, sign_in


@dataclass(frozen=True)
class Made:
    """A secret that the hub makes: what asks for it, and how its page shows it."""

    path: str
    shown: str
    data: tuple[tuple[str, str], ...] = ()


ACCOUNT = (("name", "Вера"), ("username", "vera"), ("role", STUDENT), ("age_limit", ""), ("active", "y"))
EVERY = {
    "a new account": Made("/admin/users/add", r"<code>(\w{10})</code>", ACCOUNT),
    "a new password": Made("/admin/users/{user}/password", r"<code>(\w{10})</code>"),
    "a new PC": Made(
        "/admin/computers/",
        r"/pc/([a-z0-9-]{9})",
        (("name", "У двери"), ("minutes", "5"), ("outside", "ask")),
    ),
    "a new address of a PC": Made("/admin/computers/{computer}/address", r"/pc/([a-z0-9-]{9})"),
    "a secret address of the calendar": Made("/events/feeds/link", r"/feeds/person/([\w-]+)/all.ics"),
}


@pytest.fixture
def librarian(app: Flask) -> FlaskClient:
    return sign_in(app, LIBRARIAN, username="olga")


@pytest.fixture(params=EVERY.values(), ids=list(EVERY))
def made(
    app: Flask, librarian: FlaskClient, request: pytest.FixtureRequest
) -> tuple[str, Callable[[FlaskClient], str | None]]:
    """The address to which the hub sends after making a secret, and what finds it on a page."""
    with app.app_context():
        user = accounts.add_user(UserDetails("boris", "Борис", STUDENT), PASSWORD).id
        computer = computers.add(Details("У окна"))
    each: Made = request.param
    answer = librarian.post(each.path.format(user=user, computer=computer), data=dict(each.data))
    assert answer.status_code == 302, "F5 does not make another one"
    path = answer.location

    def look(browser: FlaskClient) -> str | None:
        found = re.search(each.shown, browser.get(path, follow_redirects=True).text)
        return found[1] if found else None

    return path, look


def test_whoever_made_it_sees_it_until_it_is_over(
    app: Flask,
    librarian: FlaskClient,
    made: tuple[str, Callable[[FlaskClient], str | None]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path, look = made
    secret = look(librarian)
    assert secret
    assert look(librarian) == secret, "F5"
    assert librarian.get(path).headers["Cache-Control"] == "no-store"
    assert look(sign_in(app, LIBRARIAN, username="vadim")) is None
    assert look(app.test_client()) is None
    monkeypatch.setattr(slips, "SECONDS", -1)
    assert look(librarian) is None


def test_it_is_kept_nowhere(
    app: Flask, librarian: FlaskClient, made: tuple[str, Callable[[FlaskClient], str | None]], instance: Path
) -> None:
    path, look = made
    secret = (look(librarian) or "").encode()
    cookie = librarian.get_cookie(cookie_name(librarian, "slip"), path=path)
    assert cookie
    assert cookie.max_age == slips.SECONDS
    assert cookie.http_only
    assert secret not in cookie.value.encode() + path.encode()
    halves = [
        urlsafe_b64decode(cookie.value.partition(".")[0] + "=="),
        urlsafe_b64decode(path.rpartition("/")[2]),
    ]
    assert all(secret not in half for half in halves)
    kept = b"".join(each.read_bytes() for each in instance.rglob("*") if each.is_file())
    assert secret not in kept


def test_two_of_them_do_not_disturb_each_other(librarian: FlaskClient) -> None:
    pages = []
    for name in ("vera", "vadim"):
        data = {**dict(ACCOUNT), "username": name}
        pages.append(librarian.post("/admin/users/add", data=data).location)
    first, second, again = (
        re.findall("<code>(.*?)</code>", librarian.get(path).text) for path in (*pages, pages[0])
    )
    assert first == again != second


def test_it_goes_with_the_session(
    app: Flask, librarian: FlaskClient, made: tuple[str, Callable[[FlaskClient], str | None]]
) -> None:
    _path, look = made
    assert look(librarian)
    librarian.post("/auth/sign-out")
    assert look(librarian) is None
    librarian.post("/auth/sign-in", data={"username": "olga", "password": PASSWORD})
    assert look(librarian) is None


@pytest.mark.parametrize("slip", ["x", "%00", "ю", "AAAA", "A" * 4000])
def test_a_made_up_slip_shows_nothing(app: Flask, librarian: FlaskClient, slip: str) -> None:
    with app.app_context():
        user = accounts.find_user("olga")
    assert user
    answer = librarian.get(f"/admin/users/{user.id}/slip/{slip}")
    assert (answer.status_code, answer.location) == (302, f"/admin/users/{user.id}")
    librarian.set_cookie(cookie_name(librarian, "slip"), "x.y.z")
    assert librarian.get(f"/admin/users/{user.id}/slip/{slip}").status_code == 302
