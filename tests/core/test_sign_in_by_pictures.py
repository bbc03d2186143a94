"""Three pictures instead of a password: for the youngest, at the PCs of the reading room, five wrong tries."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.models import SchoolClass, User
from libhub.accounts.permissions import LIBRARIAN, STUDENT
from libhub.base.db import db, writing
from libhub.kiosk import computers
from libhub.kiosk.computers import Details
from libhub.people.credentials import pictures
from libhub.people.credentials.models import PictureSecret
from libhub.people.credentials.pictures import PICTURES, TRIES
from libhub.plugging.settings import change_settings
from libhub.testing import PASSWORD, cookie_name, sign_in
from libhub.testing.visitors import shown_name

NAME = "Маша Котова"
WORD = re.compile(r'<ol class="cut-pictures">(.*?)</ol>', re.S)


@pytest.fixture
def pupil(app: Flask) -> int:
    """A pupil of the first grade, in a library that lets the youngest sign in so."""
    with app.app_context():
        change_settings("core", {"picture_sign_in": "1"})
        return accounts.add_user(UserDetails("masha", NAME, STUDENT, school_class="1А"), PASSWORD).id


@pytest.fixture
def right(app: Flask, pupil: int) -> tuple[str, ...]:
    """The pupil's pictures."""
    return given(app, pupil)


@pytest.fixture
def pc(app: Flask) -> FlaskClient:
    browser = app.test_client()
    with app.app_context():
        token = computers.settle(computers.add(Details("ПК у окна")))
        browser.set_cookie(cookie_name(browser, "computer"), token)
    return browser


def given(app: Flask, user_id: int) -> tuple[str, ...]:
    with app.app_context(), writing():
        return pictures.new_pictures(user_id, str(app.secret_key))


def place(app: Flask, user_id: int) -> str:
    """Return the address of the page on which a pupil presses pictures."""
    with app.app_context():
        return f"/auth/pictures/{db.session.get_one(User, user_id).class_id}/{user_id}"


def press(browser: FlaskClient, path: str, chosen: tuple[str, ...]) -> int:
    """Press one picture after the other, as the buttons of the page send them; return the last status."""
    status, before = 0, ""
    for name in chosen:
        answer = browser.post(path, data={"chosen": before, "picture": name})
        status = answer.status_code
        found = re.search(r'name="chosen" value="([^"]*)"', answer.text)
        before = found[1] if found else ""
    return status


def another(right: tuple[str, ...]) -> tuple[str, ...]:
    return (right[1], right[0], right[2])


def test_class_name_and_three_pictures(
    app: Flask, pc: FlaskClient, pupil: int, right: tuple[str, ...]
) -> None:
    assert "/auth/pictures/" in pc.get("/auth/sign-in").text
    path = place(app, pupil)
    assert f'href="{path.rpartition("/")[0]}">1А' in pc.get("/auth/pictures/").text
    assert f'href="{path}">{NAME}' in pc.get(path.rpartition("/")[0]).text
    page = pc.get(path).text
    for name, word in PICTURES.items():
        assert f'value="{name}"' in page
        with app.test_request_context():
            assert f"<span>{word}</span>" in page, "whoever does not see it hears the word"
    assert press(pc, path, right) == 302
    assert shown_name(pc) == NAME


def test_their_order_counts(app: Flask, pc: FlaskClient, pupil: int, right: tuple[str, ...]) -> None:
    assert press(pc, place(app, pupil), another(right)) == 401
    assert shown_name(pc) == ""
    assert press(pc, place(app, pupil), right) == 302


def test_after_five_wrong_tries_the_librarian_has_to_allow_it_again(
    app: Flask, pc: FlaskClient, pupil: int, right: tuple[str, ...]
) -> None:
    path, librarian = place(app, pupil), sign_in(app, LIBRARIAN)
    button = f"/admin/slips/of/{pupil}/pictures"
    for _try in range(TRIES):
        assert button not in librarian.get(f"/admin/users/{pupil}").text
        assert press(pc, path, another(right)) == 401
    assert press(pc, path, right) == 403, "right, and too late"
    assert shown_name(pc) == ""
    assert button in librarian.get(f"/admin/users/{pupil}").text
    librarian.post(button)
    assert press(pc, path, right) == 302


def test_who_was_right_begins_to_count_anew(
    app: Flask, pc: FlaskClient, pupil: int, right: tuple[str, ...]
) -> None:
    for _day in range(3):
        for _try in range(TRIES - 1):
            assert press(pc, place(app, pupil), another(right)) == 401
        assert press(pc, place(app, pupil), right) == 302
        pc.post("/auth/sign-out")


def test_one_counter_for_each(app: Flask, pc: FlaskClient, pupil: int, right: tuple[str, ...]) -> None:
    with app.app_context():
        other = accounts.add_user(UserDetails("boris", "Борис", STUDENT, school_class="1А"), PASSWORD).id
    others = given(app, other)
    for _try in range(TRIES):
        press(pc, place(app, pupil), another(right))
    assert press(pc, place(app, other), others) == 302


@pytest.mark.parametrize("why", ["another computer", "switched off"])
def test_nobody_else_sees_the_names(
    app: Flask, pc: FlaskClient, client: FlaskClient, pupil: int, right: tuple[str, ...], why: str
) -> None:
    if why == "switched off":
        with app.app_context():
            change_settings("core", {"picture_sign_in": ""})
    browser = client if why == "another computer" else pc
    path = place(app, pupil)
    assert "/auth/pictures/" not in browser.get("/auth/sign-in").text
    for each in ("/auth/pictures/", path.rpartition("/")[0], path):
        answer = browser.get(each)
        assert answer.status_code == 404
        assert NAME not in answer.text
    assert press(browser, path, right) == 404
    assert shown_name(browser) == ""


@pytest.mark.parametrize("change", ["grade 3", "closed", "another role"])
def test_only_pupils_of_the_youngest_grades(
    app: Flask, pc: FlaskClient, pupil: int, right: tuple[str, ...], change: str
) -> None:
    path = place(app, pupil)
    with app.app_context(), writing():
        user = db.session.get_one(User, pupil)
        if change == "grade 3":
            db.session.scalars(select(SchoolClass)).one().grade = 3
        elif change == "closed":
            user.active = False
        else:
            user.role = "teacher"
    assert NAME not in pc.get(path.rpartition("/")[0]).text
    assert press(pc, path, right) == 404
    with app.app_context(), pytest.raises(pictures.SignInError):
        pictures.sign_in(
            pupil, right, key=str(app.secret_key), address="", browser="", idle=pictures.timedelta(hours=1)
        )


def test_the_slip_prints_them(app: Flask, pc: FlaskClient, pupil: int) -> None:
    librarian = sign_in(app, LIBRARIAN)
    text = librarian.get(librarian.post("/admin/slips/", data={"id": [pupil]}).location).text
    words = re.findall(r"<span>(.*?)</span>", WORD.findall(text)[0])
    assert len(words) == 3
    with app.test_request_context():
        names = {str(word): name for name, word in PICTURES.items()}
    assert press(pc, place(app, pupil), tuple(names[word] for word in words)) == 302
    assert shown_name(pc) == NAME


def test_new_ones_end_those_before(app: Flask, pc: FlaskClient, pupil: int, right: tuple[str, ...]) -> None:
    new = given(app, pupil)
    while new == right:
        new = given(app, pupil)
    assert press(pc, place(app, pupil), right) == 401
    assert press(pc, place(app, pupil), new) == 302


def test_the_database_alone_does_not_tell_them(app: Flask, pupil: int, right: tuple[str, ...]) -> None:
    with app.app_context():
        kept = db.session.scalars(select(PictureSecret)).one().secret_hash
        assert kept == pictures._hashed(pupil, right, str(app.secret_key))
        assert kept != pictures._hashed(pupil, right, "another key")
    assert not any(name in kept for name in right)


@pytest.mark.parametrize("sent", ["nothing cat", "кот " * 9, "../../x cat ball"])
def test_made_up_pictures(app: Flask, pc: FlaskClient, pupil: int, right: tuple[str, ...], sent: str) -> None:
    answer = pc.post(place(app, pupil), data={"chosen": sent, "picture": "unknown"})
    assert answer.status_code in (200, 401)
    assert shown_name(pc) == ""
