"""QR cards: whom they sign in, where, how often, and what ends them."""

import re
from collections.abc import Callable
from itertools import count

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.models import User
from libhub.accounts.permissions import LIBRARIAN, STUDENT, TEACHER
from libhub.base.db import db, writing
from libhub.kiosk import computers
from libhub.kiosk.computers import Details
from libhub.people.credentials import cards
from libhub.people.credentials.models import Card
from libhub.plugging.settings import change_settings
from libhub.search.query_counts import counter_of
from libhub.testing import PASSWORD, cookie_name, sign_in
from libhub.testing.visitors import shown_name

HUB = "http://192.168.10.5:8000"
NAME = "Маша Котова"


@pytest.fixture
def pupil(app: Flask) -> int:
    with app.app_context():
        return accounts.add_user(UserDetails("masha", NAME, STUDENT, school_class="3А"), PASSWORD).id


@pytest.fixture
def card(app: Flask, pupil: int) -> str:
    """What stands on the pupil's card."""
    return made(app, pupil)


@pytest.fixture
def pc(app: Flask) -> Callable[[], FlaskClient]:
    """Return a function that gives a browser of a PC of the reading room, each time of another one."""
    numbers = count(1)

    def browser() -> FlaskClient:
        opened = app.test_client()
        with app.app_context():
            token = computers.settle(computers.add(Details(f"ПК {next(numbers)}")))
            opened.set_cookie(cookie_name(opened, "computer"), token)
        return opened

    return browser


def made(app: Flask, user_id: int) -> str:
    with app.app_context(), writing():
        return cards.new_card(user_id)


def allow(app: Flask, where: str) -> None:
    with app.app_context():
        change_settings("core", {"card_sign_in": where})


def show(browser: FlaskClient, card: str) -> str:
    """Open the address of a card; return that of the page with the button, empty where there is none."""
    answer = browser.get(f"/auth/card/{card}")
    return answer.location if answer.status_code == 302 else ""


def test_a_press_signs_in_and_an_address_alone_does_not(pc: Callable[[], FlaskClient], card: str) -> None:
    browser = pc()
    ask = show(browser, card)
    assert card not in ask, "no history of a browser has what is on the card"
    page = browser.get(ask)
    assert f"Войти как {NAME}" in page.text
    assert card not in page.text
    assert shown_name(browser) == ""
    assert browser.post(ask).location == "/"
    assert shown_name(browser) == NAME
    browser.post("/auth/sign-out")
    assert browser.get(ask).status_code == 404, "Back does not bring the next reader in"
    assert browser.post(ask).status_code == 404


def test_the_page_with_the_button_is_for_one_browser(pc: Callable[[], FlaskClient], card: str) -> None:
    assert pc().get(show(pc(), card)).status_code == 404


@pytest.mark.parametrize(
    ("where", "at_computer", "elsewhere"),
    [("nowhere", False, False), ("computers", True, False), ("anywhere", True, True)],
)
def test_where_it_works(
    app: Flask, pc: Callable[[], FlaskClient], card: str, where: str, at_computer: bool, elsewhere: bool
) -> None:
    allow(app, where)
    for browser, works in ((pc(), at_computer), (app.test_client(), elsewhere)):
        assert bool(show(browser, card)) is works
        scanned = browser.post("/auth/sign-in", data={"username": f"{HUB}/auth/card/{card}", "password": ""})
        assert scanned.status_code == (302 if works else 401)
        assert shown_name(browser) == (NAME if works else "")
        browser.post("/auth/sign-out")
        offered = "карточк" in browser.get("/auth/sign-in").text
        assert offered is works


def test_cards_are_for_the_computers_of_the_reading_room_at_first(
    app: Flask, pc: Callable[[], FlaskClient], card: str
) -> None:
    assert show(pc(), card)
    assert not show(app.test_client(), card)


@pytest.mark.parametrize("layout", ["latin", "capital", "russian", "russian capital", "with a stroke"])
@pytest.mark.parametrize("hub", [HUB, "https://biblio.school-5.ru", "http://[fd00::1]:8000"])
def test_a_scanner_types_in_whatever_layout(
    pc: Callable[[], FlaskClient], card: str, layout: str, hub: str
) -> None:
    typed = f"{hub}/auth/card/{card}"
    if layout == "with a stroke":
        typed += "/"
    if "russian" in layout:
        typed = as_russian(typed)
    if "capital" in layout:
        typed = typed.upper()
    browser = pc()
    assert browser.post("/auth/sign-in", data={"username": typed, "password": ""}).status_code == 302
    assert shown_name(browser) == NAME


def as_russian(text: str) -> str:
    """Return what the keys of a text give where the Russian layout of Windows is on."""
    keys = dict(
        zip(
            "qwertyuiop[]asdfghjkl;'zxcvbnm,./:",
            "йцукенгшщзхъфывапролджэячсмитьбю.Ж",
            strict=True,
        )
    )
    return "".join(keys.get(sign, sign) for sign in text)


def test_a_scanner_types_into_the_search(app: Flask, pc: Callable[[], FlaskClient], card: str) -> None:
    browser = pc()
    typed = f"{HUB}/auth/card/{card}"
    answer = browser.get("/search", query_string={"q": typed})
    assert answer.location == f"/auth/card/{card}"
    fragment = browser.get("/search", query_string={"q": typed}, headers={"HX-Request": "true"})
    assert fragment.headers["HX-Redirect"] == f"/auth/card/{card}"
    browser.get("/search/noted", query_string={"q": typed})
    with app.app_context():
        counter_of(app).write()
    librarian = sign_in(app, LIBRARIAN)
    assert card not in librarian.get("/admin/searches").text, "it is no search that anybody counts"


@pytest.mark.parametrize("typed", ["masha", "", "/auth/card/", "http://hub/auth/card/short", "card " * 20])
def test_what_is_no_card(app: Flask, typed: str) -> None:
    assert cards.token_in(typed) is None


def test_a_new_card_ends_the_one_before(app: Flask, pc: Callable[[], FlaskClient], pupil: int) -> None:
    old, new = made(app, pupil), made(app, pupil)
    assert not show(pc(), old)
    assert show(pc(), new)


def test_a_sign_in_ends_what_the_card_opened_before(
    app: Flask, pc: Callable[[], FlaskClient], card: str
) -> None:
    first, second, by_password = pc(), pc(), app.test_client()
    by_password.post("/auth/sign-in", data={"username": "masha", "password": PASSWORD})
    first.post(show(first, card))
    assert shown_name(first) == NAME
    second.post(show(second, card))
    assert (shown_name(first), shown_name(second)) == ("", NAME)
    assert shown_name(by_password) == NAME, "what the password opened goes on"


def test_it_is_revoked_on_the_page_of_the_account(
    app: Flask, pc: Callable[[], FlaskClient], card: str, pupil: int
) -> None:
    librarian, browser = sign_in(app, LIBRARIAN), pc()
    browser.post(show(browser, card))
    assert f"/admin/slips/of/{pupil}/card" in librarian.get(f"/admin/users/{pupil}").text
    assert librarian.post(f"/admin/slips/of/{pupil}/card").location == f"/admin/users/{pupil}"
    assert shown_name(browser) == "", "and so is what it opened"
    assert not show(pc(), card)
    assert f"/admin/slips/of/{pupil}/card" not in librarian.get(f"/admin/users/{pupil}").text
    other = sign_in(app, TEACHER)
    assert other.post(f"/admin/slips/of/{pupil}/card").status_code == 403


@pytest.mark.parametrize("change", ["closed", "a teacher now", "erased"])
def test_only_pupils_with_an_open_account(
    app: Flask, pc: Callable[[], FlaskClient], card: str, pupil: int, change: str
) -> None:
    browser = pc()
    ask = show(browser, card)
    with app.app_context(), writing():
        user = db.session.get_one(User, pupil)
        if change == "erased":
            db.session.delete(user)
        elif change == "closed":
            user.active = False
        else:
            user.role = TEACHER
    assert not show(pc(), card)
    assert browser.post(ask).status_code == 404
    assert shown_name(browser) == ""


def test_somebody_else_is_told_and_signed_out(app: Flask, card: str) -> None:
    allow(app, "anywhere")
    browser = sign_in(app, TEACHER, username="anna")
    ask = show(browser, card)
    assert "Teacher" in browser.get(ask).text
    browser.post(ask)
    assert shown_name(browser) == NAME


def test_another_pupils_card_signs_in_that_pupil(
    app: Flask, pc: Callable[[], FlaskClient], card: str
) -> None:
    with app.app_context():
        other = accounts.add_user(UserDetails("boris", "Борис Белкин", STUDENT), PASSWORD).id
    browser = pc()
    browser.post(show(browser, card))
    browser.post(show(browser, made(app, other)))
    assert shown_name(browser) == "Борис Белкин"


def test_guessing_is_stopped(app: Flask, pc: Callable[[], FlaskClient], card: str) -> None:
    browser = pc()
    for number in range(60):
        wrong = f"{HUB}/auth/card/{number:024d}"
        assert browser.post("/auth/sign-in", data={"username": wrong, "password": ""}).status_code == 401
    assert browser.post("/auth/sign-in", data={"username": wrong, "password": ""}).status_code == 429
    assert browser.post(show(browser, card)).status_code == 429


def test_only_a_hash_is_kept(app: Flask, card: str) -> None:
    with app.app_context():
        kept = db.session.scalars(select(Card)).one()
        assert card not in kept.token_hash
        assert len(kept.token_hash) == 64


def test_the_camera_is_offered_by_a_script_and_asks_for_its_reader_then(
    pc: Callable[[], FlaskClient],
) -> None:
    text = pc().get("/auth/sign-in").text
    assert re.search(r'<div data-camera="/static/vendor/jsQR\.js[^"]*" data-card="/auth/card/" hidden>', text)
    assert '<script src="/static/vendor/jsQR' not in text
