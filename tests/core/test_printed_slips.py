"""Slips of a class: who gets what, who sees the sheet and for how long, and that none of it is kept in plain."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import Markup
from sqlalchemy import func, select

from libhub.accounts import accounts, passwords, relations, signing_in
from libhub.accounts.accounts import UserDetails
from libhub.accounts.models import GuardianCode, User, UserSession
from libhub.accounts.permissions import ADMINISTRATOR, LIBRARIAN, PARENT, STUDENT, TEACHER
from libhub.base.db import db, writing
from libhub.base.moments import now
from libhub.pages.people import printed_slips
from libhub.people.credentials import sheets, slips
from libhub.people.credentials.models import Card, SealedSheet
from libhub.people.credentials.slips import Wanted
from libhub.plugging.settings import change_settings
from libhub.testing import PASSWORD, sign_in
from tests.core.test_command_line import Run, run

__all__ = ["run"]
SECRET = re.compile(r'<dd class="cut-secret">(.*?)</dd>')
LOGIN = re.compile(r'<dd class="cut-login">(.*?)</dd>')
NAME = re.compile(r"<h2>(.*?) <span")


@pytest.fixture
def librarian(app: Flask) -> FlaskClient:
    return sign_in(app, LIBRARIAN, username="olga")


@pytest.fixture
def add(app: Flask) -> Callable[..., int]:
    """Return a function that adds somebody and returns the number."""

    def somebody(login: str, name: str = "", role: str = STUDENT, school_class: str = "3А") -> int:
        with app.app_context():
            details = UserDetails(login, name or login.title(), role, school_class=school_class)
            return accounts.add_user(details, PASSWORD).id

    return somebody


@pytest.fixture
def class_id(app: Flask, add: Callable[..., int]) -> int:
    """A class of two, and a pupil of another."""
    add("masha", "Котова Маша")
    add("boris", "Белкин Борис")
    add("vera", "Верина Вера", school_class="3Б")
    with app.app_context():
        number = accounts.find_user("masha").class_id
        assert number
        return number


def lets_in(app: Flask, login: str, password: str) -> bool:
    with app.app_context():
        try:
            signing_in.sign_in(
                login, password, address="10.0.0.9", browser="", ask_plugins=lambda _name, _password: None
            )
        except signing_in.SignInError:
            return False
        return True


def test_one_click_gives_a_class_new_passwords(app: Flask, librarian: FlaskClient, class_id: int) -> None:
    answer = librarian.post("/admin/slips/", data={"class_id": class_id})
    assert answer.status_code == 302
    text = librarian.get(answer.location).text
    assert NAME.findall(text) == ["Белкин Борис", "Котова Маша"], "by name"
    given = dict(zip(LOGIN.findall(text), SECRET.findall(text), strict=True))
    assert list(given) == ["boris", "masha"]
    for login, password in given.items():
        assert lets_in(app, login, password)
        assert not lets_in(app, login, PASSWORD), "the one before"
    assert lets_in(app, "vera", PASSWORD), "another class"
    with app.app_context():
        pupil = accounts.find_user("masha")
        assert not pupil.must_change_password, "what is on a pupil's slip stays"
    assert SECRET.findall(librarian.get(answer.location).text) == list(given.values()), "F5"


def test_ticked_people_of_every_role(app: Flask, librarian: FlaskClient, add: Callable[..., int]) -> None:
    people = [
        add("anna", "Анна", TEACHER, ""),
        add("gleb", "Глеб", PARENT, ""),
        add("masha", "Маша", STUDENT, "3А"),
    ]
    text = librarian.get(librarian.post("/admin/slips/", data={"id": people}).location).text
    given = dict(zip(LOGIN.findall(text), SECRET.findall(text), strict=True))
    assert set(given) == {"anna", "gleb", "masha"}
    with app.app_context():
        assert accounts.find_user("anna").must_change_password
        assert accounts.find_user("gleb").must_change_password
        assert list(db.session.scalars(select(Card.user_id))) == [people[2]], "only pupils have cards"


def test_nobody_is_given_more_than_the_visitor_may(
    app: Flask, librarian: FlaskClient, add: Callable[..., int]
) -> None:
    chief, pupil, closed = add("root", role=ADMINISTRATOR, school_class=""), add("masha"), add("boris")
    with app.app_context():
        own = accounts.find_user("olga").id
        with writing():
            db.session.get_one(User, closed).active = False
    answer = librarian.post("/admin/slips/", data={"id": [chief, pupil, own, closed, 999_999, "x"]})
    assert LOGIN.findall(librarian.get(answer.location).text) == ["masha"]
    assert lets_in(app, "root", PASSWORD)
    assert lets_in(app, "olga", PASSWORD)
    assert librarian.post("/admin/slips/", data={"id": [chief]}).location == "/admin/slips/"
    assert librarian.post("/admin/slips/", data={}).location == "/admin/slips/"
    assert librarian.post("/admin/slips/", data={"class_id": "999"}).location == "/admin/slips/"


@pytest.mark.parametrize("role", [STUDENT, PARENT, TEACHER])
def test_only_who_manages_accounts(app: Flask, class_id: int, role: str) -> None:
    browser = sign_in(app, role)
    assert browser.get("/admin/slips/").status_code == 403
    assert browser.post("/admin/slips/", data={"class_id": class_id}).status_code == 403


def test_codes_for_parents(
    app: Flask, librarian: FlaskClient, class_id: int, add: Callable[..., int]
) -> None:
    parent, other = add("gleb", role=PARENT, school_class=""), add("inna", role=PARENT, school_class="")
    data = {"class_id": class_id, "parents": "2", "only_parents": "1"}
    text = librarian.get(librarian.post("/admin/slips/", data=data).location).text
    assert NAME.findall(text) == ["Белкин Борис"] * 2 + ["Котова Маша"] * 2
    assert not LOGIN.findall(text)
    assert lets_in(app, "masha", PASSWORD), "only the codes"
    codes = SECRET.findall(text)
    assert len(set(codes)) == 4
    with app.app_context():
        assert relations.use_code(parent, codes[2]).name == "Котова Маша"
        assert relations.use_code(other, codes[3]).name == "Котова Маша"
        child = accounts.find_user("boris").id
    page = librarian.get(f"/admin/users/{child}").text
    assert f"/admin/users/{child}/codes/revoke" in page
    librarian.post(f"/admin/users/{child}/codes/revoke")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(GuardianCode)) == 0
    assert f"/admin/users/{child}/codes/revoke" not in librarian.get(f"/admin/users/{child}").text


# -- the sheet ------------------------------------------------------------------------------------------------


def test_whoever_made_the_sheet_sees_it_for_ten_minutes(
    app: Flask, librarian: FlaskClient, class_id: int
) -> None:
    path = librarian.post("/admin/slips/", data={"class_id": class_id}).location
    assert SECRET.search(librarian.get(path).text)
    assert librarian.get(path).headers["Cache-Control"] == "no-store"
    again = sign_in(app, LIBRARIAN, username="olga")
    for stranger in (sign_in(app, LIBRARIAN, username="vadim"), again):
        answer = stranger.get(path)
        assert (answer.status_code, answer.location) == (302, "/admin/slips/"), (
            "another person, another browser"
        )
    assert librarian.get("/admin/slips/made-up").status_code == 302
    with app.app_context(), writing():
        db.session.scalars(select(SealedSheet)).one().until = now()
    assert librarian.get(path).status_code == 302
    with app.app_context():
        sheets.forget_old()
        assert db.session.scalars(select(SealedSheet)).all() == []


def test_it_goes_with_the_session_and_when_it_is_thrown_away(librarian: FlaskClient, class_id: int) -> None:
    path = librarian.post("/admin/slips/", data={"class_id": class_id}).location
    librarian.post(f"{path}/done")
    assert librarian.get(path).status_code == 302
    path = librarian.post("/admin/slips/", data={"class_id": class_id}).location
    librarian.post("/auth/sign-out")
    librarian.post("/auth/sign-in", data={"username": "olga", "password": PASSWORD})
    assert librarian.get(path).status_code == 302


def test_every_address_on_a_slip_leads_to_what_it_is_for(
    app: Flask, librarian: FlaskClient, class_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        change_settings("core", {"card_sign_in": "anywhere", "hub_address": "http://hub.example"})
    coded: list[str] = []
    monkeypatch.setattr(printed_slips, "qr_code", lambda address: coded.append(address) or Markup())
    path = librarian.post("/admin/slips/", data={"class_id": class_id, "parents": "1"}).location
    secrets = SECRET.findall(librarian.get(path).text)
    addresses = [address.removeprefix("http://hub.example") for address in coded]
    assert len(addresses) == 4, "a card and a code for each of two pupils"
    mother = sign_in(app, PARENT)
    for address in addresses:
        if "?code=" in address:
            assert any(f'value="{code}"' in mother.get(address).text for code in secrets), address
        else:
            page = app.test_client().get(address, follow_redirects=True)
            assert page.status_code == 200
            assert "Маша" in page.text or "Борис" in page.text


def test_nothing_on_it_is_kept_in_plain(librarian: FlaskClient, class_id: int, instance: Path) -> None:
    path = librarian.post("/admin/slips/", data={"class_id": class_id, "parents": "1"}).location
    secrets = SECRET.findall(librarian.get(path).text)
    assert len(secrets) == 4
    kept = b"".join(each.read_bytes() for each in instance.rglob("*") if each.is_file())
    for secret in secrets:
        assert secret.encode() not in kept
        assert secret.replace("-", "").encode() not in kept


def test_a_sheet_that_was_changed_shows_nothing(app: Flask) -> None:
    key = sheets.key_of(sheets.new_address(), "a token")
    with app.app_context():
        sheets.keep(key, "пароли")
        assert sheets.read(key) == "пароли"
        first = db.session.scalars(select(SealedSheet)).one().sealed
        sheets.keep(key, "пароли")
        row = db.session.scalars(select(SealedSheet)).one()
        assert row.sealed[-6:] != first[-6:], "the same text is hidden by another stream each time"
        with writing():
            row.sealed = row.sealed[:-1] + bytes([row.sealed[-1] ^ 1])
        assert sheets.read(key) is None


def test_many_people_come_in_parts(
    app: Flask, librarian: FlaskClient, class_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slips, "AT_ONCE", 1)
    path = librarian.post("/admin/slips/", data={"class_id": class_id}).location
    first = librarian.get(path).text
    assert "data-goes-on" in first
    assert LOGIN.findall(first) == ["boris"]
    assert lets_in(app, "masha", PASSWORD), "whose part did not come yet"
    for _press in range(3):
        assert librarian.post(path).location == path
        text = librarian.get(path).text
        assert LOGIN.findall(text) == ["boris", "masha"]
        assert "data-goes-on" not in text
        assert SECRET.findall(text)[0] == SECRET.findall(first)[0]
        assert lets_in(app, "masha", SECRET.findall(text)[1])


def test_two_presses_for_the_same_part_give_one_password(
    app: Flask, class_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the other press hashed at the same time is given to nobody."""
    key = sheets.key_of(sheets.new_address(), "a token")
    real = slips._prepared
    with app.app_context():
        people = [accounts.find_user(name).id for name in ("masha", "boris")]
        monkeypatch.setattr(slips, "AT_ONCE", 1)
        slips.begin(key, people, Wanted(), "secret")

        def meanwhile(*arguments: object) -> object:
            monkeypatch.setattr(slips, "_prepared", real)
            prepared = real(*arguments)
            slips.go_on(key, "secret")
            return prepared

        monkeypatch.setattr(slips, "_prepared", meanwhile)
        slips.go_on(key, "secret")
        found = slips.read(key)
        assert found is not None
        passwords = {slip.login: slip.password for slip in found.slips}
    assert set(passwords) == {"boris", "masha"}
    assert all(lets_in(app, login, password) for login, password in passwords.items())


def test_who_was_signed_in_is_out(app: Flask, librarian: FlaskClient, class_id: int) -> None:
    browser = app.test_client()
    browser.post("/auth/sign-in", data={"username": "masha", "password": PASSWORD})
    assert browser.get("/notices/").status_code == 200
    librarian.post("/admin/slips/", data={"class_id": class_id})
    assert browser.get("/notices/").status_code == 302
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(UserSession.expires_at > now())) == 1


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("", "http://localhost"),
        ("http://biblio:8000/", "http://biblio:8000"),
        ("biblio.school", "http://biblio.school"),
    ],
)
def test_the_address_on_paper(
    app: Flask, librarian: FlaskClient, class_id: int, typed: str, printed: str
) -> None:
    with app.app_context():
        change_settings("core", {"hub_address": typed})
    text = librarian.get(librarian.post("/admin/slips/", data={"class_id": class_id}).location).text
    assert f'<dd class="cut-site">{printed}</dd>' in text
    assert (
        "/admin/settings" in text.partition("cut-page")[0].partition('class="not-printed"')[2]
    ) is not typed


def test_the_page_that_asks(librarian: FlaskClient, class_id: int) -> None:
    assert "3А (2)" in librarian.get("/admin/slips/").text
    assert re.search(
        rf'value="{class_id}" selected', librarian.get(f"/admin/slips/?class_id={class_id}").text
    )
    text = librarian.get("/admin/slips/?id=2&id=3").text
    assert 'name="class_id"' not in text
    assert text.count('name="id"') == 2


# -- the command line -----------------------------------------------------------------------------------------


@pytest.fixture
def two_classes(run: Run, instance: Path) -> None:
    for login, name, school_class in (
        ("masha", "Котова Маша", "3А"),
        ("boris", "Белкин Борис", "3А"),
        ("vera", "Верина Вера", "4Б"),
    ):
        details = ("--role", STUDENT, "--name", name, "--class", school_class, "--password-stdin")
        assert run(instance, "users", "add", login, *details, stdin=f"{PASSWORD}\n").code == 0


@pytest.mark.usefixtures("two_classes")
def test_users_slips_writes_a_file_to_print(run: Run, instance: Path, tmp_path: Path) -> None:
    out = tmp_path / "листки.html"
    arguments = ("users", "slips", "--class", "3a", "--out", str(out), "--parents", "1")
    outcome = run(instance, *arguments, "--address", "http://biblio:8000")
    assert outcome.code == 0, outcome.err
    text = out.read_text(encoding="utf-8")
    assert NAME.findall(text) == ["Белкин Борис"] * 2 + ["Котова Маша"] * 2
    assert "http://biblio:8000" in text
    assert "@page" in text
    assert not re.search(r"<(?:link|script|img)\b", text), "whole by itself"
    assert "Пароль" in text
    if os.name == "posix":
        assert not out.stat().st_mode & 0o077, "nobody else on this computer reads it"
    again = run(instance, *arguments)
    assert again.code == 1
    assert str(out) in again.err
    assert out.read_text(encoding="utf-8") == text, "what was not printed yet still holds"


@pytest.mark.usefixtures("two_classes")
def test_users_slips_for_the_whole_school(run: Run, instance: Path, tmp_path: Path) -> None:
    out = tmp_path / "slips.html"
    assert run(instance, "users", "slips", "--every-class", "--out", str(out)).code == 0
    assert LOGIN.findall(out.read_text(encoding="utf-8")) == ["boris", "masha", "vera"]


@pytest.mark.usefixtures("two_classes")
@pytest.mark.parametrize(
    "arguments", [(), ("--class", "4В"), ("--class", "что"), ("--class", "3А", "--class", "9Я")]
)
def test_users_slips_for_no_class(
    run: Run, instance: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    out = tmp_path / "slips.html"
    outcome = run(instance, "users", "slips", *arguments, "--out", str(out))
    assert outcome.code == 1
    assert not out.exists()


@pytest.mark.usefixtures("two_classes")
def test_who_stops_users_slips_has_those_that_were_made(
    run: Run, instance: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, real = tmp_path / "slips.html", passwords.hash_password
    hashed: list[str] = []

    def stopped(password: str) -> str:
        if len(hashed) == 2:
            raise KeyboardInterrupt
        hashed.append(password)
        return real(password)

    monkeypatch.setattr(slips, "AT_ONCE", 2)
    monkeypatch.setattr(passwords, "hash_password", stopped)
    assert run(instance, "users", "slips", "--every-class", "--out", str(out)).code != 0
    assert SECRET.findall(out.read_text(encoding="utf-8")) == hashed
