"""A parent's page of the children, by codes on paper; the librarian's view of it; who is a child still."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from libhub.accounts import accounts, relations
from libhub.accounts.accounts import UserDetails
from libhub.accounts.people import people
from libhub.accounts.permissions import LIBRARIAN, PARENT, STUDENT, TEACHER
from libhub.pages.people.children import CODES
from libhub.testing import PASSWORD, sign_in, viewer_with


def add(name: str, role: str, school_class: str = "", born: date | None = None) -> int:
    details = UserDetails(name, name.title(), role, school_class=school_class, birth_date=born)
    return accounts.add_user(details, PASSWORD).id


@pytest.fixture
def child(app: Flask) -> int:
    """A pupil whose parent is nobody yet."""
    with app.app_context():
        return add("masha", STUDENT, "3а")


def code_of(app: Flask, child: int) -> str:
    with app.app_context():
        return relations.new_codes([child])[child]


def mother(app: Flask) -> FlaskClient:
    return sign_in(app, PARENT, username="mother")


def test_a_code_is_typed_or_comes_by_a_qr_code(app: Flask, child: int) -> None:
    browser, code = mother(app), code_of(app, child)
    assert "Детей здесь пока нет" in browser.get("/me/children/").text
    assert f'value="{code}"' in browser.get(f"/me/children/join?code={code}").text
    answer = browser.post("/me/children/join", data={"code": f" {code.upper()} "}, follow_redirects=True)
    assert "Masha — теперь среди ваших детей" in answer.text
    assert "Masha, 3А" in browser.get("/me/children/").text
    answer = browser.post("/me/children/join", data={"code": code})
    assert answer.status_code == 422, "once used, it is a code no longer"
    browser.post(f"/me/children/{child}/part")
    assert "Masha" not in browser.get("/me/children/").text.partition("<main")[2]


def test_codes_are_not_guessed(app: Flask, child: int) -> None:
    browser, code = mother(app), code_of(app, child)
    answers = [
        browser.post("/me/children/join", data={"code": f"aaaaa-{place:05}"}).status_code
        for place in range(CODES.most)
    ]
    assert answers == [422] * CODES.most
    assert browser.post("/me/children/join", data={"code": code}).status_code == 429
    assert viewer_with(app, "mother").children == frozenset()
    other = sign_in(app, PARENT, username="father")
    assert other.post("/me/children/join", data={"code": code}).status_code == 302, "others go on"


@pytest.mark.parametrize("role", [STUDENT, TEACHER, LIBRARIAN])
def test_only_parents_have_children_here(app: Flask, child: int, role: str) -> None:
    browser, code = sign_in(app, role, username="somebody"), code_of(app, child)
    assert "для родителей" in browser.get("/me/children/").text
    assert "<form" not in browser.get(f"/me/children/join?code={code}").text.partition("<main")[2]
    assert browser.post("/me/children/join", data={"code": code}).status_code == 422
    assert viewer_with(app, "somebody").children == frozenset()


def test_a_guest_signs_in_first_and_finds_the_code_again(app: Flask, child: int) -> None:
    code = code_of(app, child)
    answer = app.test_client().get(f"/me/children/join?code={code}")
    assert answer.status_code == 302
    assert code in answer.location


def test_the_librarian_parts_them_and_revokes_codes(app: Flask, child: int) -> None:
    mother(app).post("/me/children/join", data={"code": code_of(app, child)})
    code = code_of(app, child)
    librarian = sign_in(app, LIBRARIAN)
    parent = viewer_with(app, "mother").user_id
    page = librarian.get(f"/admin/users/{child}").text
    assert f"/admin/users/{child}/relatives/{parent}/part" in page
    assert "1 код для родителя" in page
    assert f"/admin/users/{parent}/relatives/{child}/part" in librarian.get(f"/admin/users/{parent}").text
    librarian.post(f"/admin/users/{child}/codes/revoke")
    assert mother(app).post("/me/children/join", data={"code": code}).status_code == 422
    librarian.post(f"/admin/users/{parent}/relatives/{child}/part")
    assert viewer_with(app, "mother").children == frozenset()
    for path in (f"/admin/users/{child}/codes/revoke", f"/admin/users/{child}/relatives/{parent}/part"):
        assert mother(app).post(path).status_code == 403


@pytest.mark.parametrize(
    ("school_class", "born", "young"),
    [
        ("7А", None, True),
        ("8А", None, False),
        ("", None, False),
        ("9А", date(2013, 3, 2), True),
        ("5А", date(2013, 3, 1), False),
    ],
)
def test_who_is_younger_than_fourteen(
    app: Flask, monkeypatch: pytest.MonkeyPatch, school_class: str, born: date | None, young: bool
) -> None:
    monkeypatch.setattr(relations, "today", lambda: date(2027, 3, 1))
    with app.app_context():
        number = add("petya", STUDENT, school_class, born)
        assert relations.younger_than(number, 14) is young
        assert not relations.younger_than(number + 99, 14)


def test_people_are_found_by_the_beginnings_of_their_names_and_by_class(app: Flask) -> None:
    with app.app_context():
        for login, name, school_class in (
            ("aa", "Николаева Ксения", "3А"),
            ("bb", "Ксения Орлова", "3Б"),
            ("cc", "Артём Ёлкин", ""),
        ):
            accounts.add_user(UserDetails(login, name, STUDENT, school_class=school_class), PASSWORD)

        def found(text: str) -> list[str]:
            return [person.name for person in people(roles=[STUDENT], matching=text)]

        assert found("ксения николаева") == found("Николаева Ксения") == ["Николаева Ксения"]
        assert found("ксен") == ["Ксения Орлова", "Николаева Ксения"]
        assert found("елк") == ["Артём Ёлкин"], "ё is е"
        assert found("3a") == ["Николаева Ксения"], "however the class is written"
        assert found("3") == ["Ксения Орлова", "Николаева Ксения"]
        assert found("сения") == found("%") == found("_") == found(" ") == []
        assert [person.school_class for person in people(matching="николаева")] == ["3А"]
