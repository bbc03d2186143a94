"""Pages of classes: their list, who may see which, what is changed there."""

import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from libhub.accounts import accounts
from libhub.accounts.models import SchoolClass, User
from libhub.accounts.permissions import LIBRARIAN, PARENT, STUDENT, TEACHER
from libhub.base.db import db, writing
from libhub.testing import sign_in
from tests.people.school import (
    CLASSES,
    YEAR,
    add_pupil,
    by_hand,
    class_names,
    in_september,
    make_school,
    number_of,
)


@pytest.fixture
def school(app: Flask) -> dict[str, list[int]]:
    return make_school(app)


@pytest.fixture
def librarian(as_viewer: Callable[..., FlaskClient]) -> FlaskClient:
    return as_viewer(LIBRARIAN)


def user_id(app: Flask, username: str) -> int:
    with app.app_context():
        user = accounts.find_user(username)
        assert user is not None
        return user.id


def head_teacher(app: Flask, class_id: int) -> FlaskClient:
    """Return the browser of a teacher who has this class."""
    browser = sign_in(app, TEACHER, username="vera")
    with app.app_context(), writing():
        db.session.get_one(SchoolClass, class_id).teacher_id = user_id(app, "vera")
    return browser


def test_the_list_is_in_the_order_of_the_school_and_counts(
    app: Flask, school: dict[str, list[int]], librarian: FlaskClient
) -> None:
    by_hand(app, school["2А"][0], last_visit_on=date(2026, 9, 1))
    by_hand(app, school["2А"][1], active=False, last_visit_on=date(2026, 9, 1))
    text = librarian.get("/admin/classes/").text
    assert re.findall(r'admin/classes/\d+">(\d+\w)<', text) == list(CLASSES)
    row = re.search(r">2А</a>.*?</tr>", text, re.DOTALL)
    assert row is not None
    assert re.findall(r"<td[^>]*>([^<]+)</td>", row[0]) == ["—", "2", "1"]


def test_a_class_page_says_who_is_in_it_and_who_was_here(
    app: Flask, school: dict[str, list[int]], librarian: FlaskClient
) -> None:
    by_hand(app, school["3А"][0], last_visit_on=date(2026, 9, 3), name="Яна", sort_name="яна")
    with app.app_context(), writing():
        add_pupil("Ёлкин Борис", number_of(app, "3А"))
    address = f"/admin/classes/{number_of(app, '3А')}"
    text = librarian.get(address).text
    names = re.findall(r'/admin/users/\d+">([^<]+)<', text)
    assert names == ["Ёлкин Борис", "Ученик 3А 1", "Ученик 3А 2", "Яна"]
    assert "<img" not in text.partition("<main")[2]
    sheet = load_workbook(io.BytesIO(librarian.get(f"{address}/list.xlsx").data)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == names  # the same as shown
    assert rows[2][2] == "1"
    assert str(rows[4][3]).startswith("2026-09-03")


def test_a_teacher_sees_own_classes_and_nobody_sees_others(app: Flask, school: dict[str, list[int]]) -> None:
    own, other = number_of(app, "8А"), number_of(app, "9А")
    teacher = head_teacher(app, own)
    text = teacher.get("/admin/classes/").text
    assert ">8А<" in text
    assert ">9А<" not in text
    assert "/admin/classes/" in teacher.get("/").text
    page = teacher.get(f"/admin/classes/{own}").text
    assert "Ученик 8А 0" in page
    assert "/admin/users/" not in page
    assert teacher.get(f"/admin/classes/{own}/list.xlsx").status_code == 200
    for address in (f"{other}", f"{other}/list.xlsx"):
        assert teacher.get(f"/admin/classes/{address}").status_code == 404
    for address in ("edit", "groups", f"join?into={other}"):
        assert teacher.get(f"/admin/classes/{own}/{address}").status_code == 403
    for address in ("put-away", "bring-back"):
        assert teacher.post(f"/admin/classes/{own}/{address}").status_code == 403
    for role in (STUDENT, PARENT, TEACHER):
        browser = sign_in(app, role, username=f"another-{role}")
        for address in ("", f"{own}", f"{own}/list.xlsx"):
            assert browser.get(f"/admin/classes/{address}").status_code == 404, (role, address)
        assert "/admin/classes/" not in browser.get("/").text
    assert school


def test_a_class_that_left_is_its_teacher_s_no_more(app: Flask, school: dict[str, list[int]]) -> None:
    own = number_of(app, "11А")
    teacher = head_teacher(app, own)
    for number in school["11А"]:
        by_hand(app, number, active=False)
    librarian = sign_in(app, LIBRARIAN)
    librarian.post(f"/admin/classes/{own}/put-away")
    assert teacher.get(f"/admin/classes/{own}").status_code == 404
    text = librarian.get("/admin/classes/").text
    assert f"Выпуск {YEAR}" in text
    assert "Ученик 11А 0" in librarian.get(f"/admin/classes/{own}").text


def test_a_class_is_added_and_changed_in_any_spelling(
    app: Flask, school: dict[str, list[int]], librarian: FlaskClient
) -> None:
    sign_in(app, TEACHER, username="vera")
    vera, pupil = user_id(app, "vera"), school["8А"][0]
    typed = {"name": "5 «a»", "teacher_id": str(vera), "school_year": "2026"}
    made = librarian.post("/admin/classes/add", data=typed)
    assert made.status_code == 302
    assert "5А" in class_names(app)
    address = f"/admin/classes/{number_of(app, '5А')}/edit"
    assert librarian.post("/admin/classes/add", data={**typed, "name": "8A"}).status_code == 422  # a Latin A
    assert librarian.post(address, data={**typed, "name": "5 б"}).status_code == 302
    assert "5Б" in class_names(app)
    for bad in ({"name": "пятый"}, {"name": "8А"}, {"teacher_id": str(pupil)}):
        assert (
            librarian.post(address.replace("5А", "5Б"), data={**typed, "name": "5Б", **bad}).status_code
            == 422
        ), bad


def test_groups_are_written_beside_the_names(
    app: Flask, school: dict[str, list[int]], librarian: FlaskClient
) -> None:
    one, two, three = school["3А"]
    address = f"/admin/classes/{number_of(app, '3А')}/groups"
    assert f'name="group-{one}"' in librarian.get(address).text
    typed = {
        f"group-{one}": " English ",
        f"group-{two}": "",
        f"group-{three}": "2",
        f"group-{school['8А'][0]}": "9",
    }
    assert librarian.post(address, data=typed).status_code == 302
    with app.app_context():
        found = [
            db.session.get_one(User, number).class_group for number in (one, two, three, school["8А"][0])
        ]
    assert found == ["English", "", "2", ""]


def test_classes_are_joined_after_a_look(
    app: Flask, school: dict[str, list[int]], librarian: FlaskClient
) -> None:
    number, into = number_of(app, "9Б"), number_of(app, "9А")
    address = f"/admin/classes/{number}/join"
    text = librarian.get(f"{address}?into={into}").text
    assert "Ученик 9Б 0" in text
    seen = re.search(r'name="seen" value="(\w+)"', text)
    assert seen is not None
    with app.app_context(), writing():
        add_pupil("Новый Никита", number)
    data = {"into": str(into), "seen": seen[1]}
    librarian.post(address, data=data)
    assert "9Б" in class_names(app)  # somebody came in between
    fresh = re.search(r'name="seen" value="(\w+)"', librarian.get(f"{address}?into={into}").text)
    assert fresh is not None
    librarian.post(address, data={**data, "seen": fresh[1]})
    assert "9Б" not in class_names(app)
    with app.app_context():
        assert db.session.get_one(User, school["9Б"][1]).class_id == into
        assert db.session.get_one(User, school["9Б"][1]).class_group == ""
    assert librarian.get(f"/admin/classes/{number}").status_code == 404


def test_a_class_with_people_is_not_put_away(
    app: Flask, school: dict[str, list[int]], librarian: FlaskClient
) -> None:
    number = number_of(app, "9Б")
    librarian.post(f"/admin/classes/{number}/put-away")
    assert "9Б" in class_names(app)
    for pupil in school["9Б"]:
        by_hand(app, pupil, active=False)
    librarian.post(f"/admin/classes/{number}/put-away")
    assert "9Б" not in class_names(app)
    with app.app_context(), writing():
        db.session.add(SchoolClass(grade=9, letter="Б", school_year=YEAR))
    librarian.post(f"/admin/classes/{number}/bring-back")
    with app.app_context():
        assert db.session.get_one(SchoolClass, number).archived_at is not None
    librarian.post(f"/admin/classes/{number_of(app, '9Б')}/put-away")  # nobody was ever in it
    librarian.post(f"/admin/classes/{number}/bring-back")
    assert number_of(app, "9Б") == number


# -- the new school year ----------------------------------------------------------------------------------


def test_september_on_the_pages(
    app: Flask, school: dict[str, list[int]], librarian: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_september(monkeypatch)
    librarian = sign_in(app, LIBRARIAN)
    stays = school["9Б"][0]
    chooses = librarian.get("/admin/classes/new-year").text
    assert "2026/27" in chooses
    assert f'value="{stays}"' in chooses
    query = f"first=А&except={stays}&do-{stays}=stays"
    shown = librarian.get(f"/admin/classes/new-year/plan?{query}").text
    assert "Ученик 11А 2" in shown
    assert "→ 9А" in shown
    seen = re.search(r'name="seen" value="(\w+)"', shown)
    assert seen is not None
    data = {"first": "А", "except": str(stays), f"do-{stays}": "leaves", "seen": seen[1], "what": "begin"}
    other = librarian.post("/admin/classes/new-year/plan", data=data)  # changed and begun at once: look first
    assert "leaves" in other.location
    assert class_names(app) == set(CLASSES)
    again = librarian.post("/admin/classes/new-year/plan", data={**data, "what": "show"})
    assert again.location == other.location
    begun = librarian.post("/admin/classes/new-year/plan", data={**data, f"do-{stays}": "stays"})
    assert re.fullmatch(r"/admin/classes/new-year/\d+", begun.location)
    assert "11А" in class_names(app)
    assert "1А" in class_names(app)
    told = librarian.get(begun.location).text
    assert "Ученик 11А 1" in told
    assert begun.location in librarian.get("/admin/classes/new-year").text
    second = librarian.post(
        "/admin/classes/new-year/plan", data={**data, "what": "begin"}, follow_redirects=True
    )
    assert begun.location in second.text
    undo = f"{begun.location}/undo"
    seen = re.search(r'name="seen" value="(\w+)"', librarian.get(undo).text)
    assert seen is not None
    assert librarian.post(undo, data={"seen": "another"}).status_code == 302
    assert "2А" in class_names(app)
    with app.app_context(), writing():
        db.session.get_one(User, stays).class_id = number_of(app, "4А")
    librarian.post(undo, data={"seen": seen[1]})
    assert "2А" in class_names(app)  # somebody changed something after the look
    seen = re.search(r'name="seen" value="(\w+)"', librarian.get(undo).text)
    assert seen is not None
    assert librarian.post(undo, data={"seen": seen[1]}).location == begun.location
    assert "Ученик 9Б 0: с тех пор изменено" in librarian.get(begun.location).text
    assert class_names(app) == set(CLASSES)
    assert librarian.post(undo, data={"seen": seen[1]}).location == begun.location


def test_the_new_year_is_the_librarian_s(app: Flask, school: dict[str, list[int]]) -> None:
    teacher = head_teacher(app, number_of(app, "8А"))
    for address in ("new-year", "new-year/plan", "new-year/1", "new-year/1/undo"):
        assert teacher.get(f"/admin/classes/{address}").status_code == 403
    assert teacher.post("/admin/classes/new-year/plan", data={"what": "begin"}).status_code == 403
    assert school
