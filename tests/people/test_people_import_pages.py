"""The librarian's way: a file or pasted rows, columns put right by hand and remembered, a look, choices, yes."""

import io
import re

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import func, select

from libhub.accounts.models import User
from libhub.base.db import db
from libhub.testing import sign_in
from tests.people.school_table import FOLDER, PARENTS, PUPILS, TEACHERS

IMPORT = "/admin/users/import"


@pytest.fixture
def librarian(app: Flask) -> FlaskClient:
    return sign_in(app, "librarian")


def pasted(browser: FlaskClient, rows: str) -> str:
    """Paste rows; return the address of the page that says what would happen."""
    answer = browser.post(IMPORT, data={"pasted": rows.replace(";", "\t")})
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def people(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(User.id))) or 0


def classes_of(app: Flask, name: str) -> list[str]:
    with app.app_context():
        found = db.session.scalars(select(User).where(User.name == name)).all()
        return sorted(user.school_class.name if user.school_class else "" for user in found)


def test_a_school_in_four_requests(app: Flask, librarian: FlaskClient) -> None:
    before = people(app)
    assert "Или вставьте строки" in librarian.get(IMPORT).text
    with (FOLDER / "school.xls").open("rb") as file:
        here = librarian.post(IMPORT, data={"file": (file, "Школа.xls")}).location
    shown = librarian.get(here).text
    assert "Школа.xls" in shown
    assert "Ковалёв Егор Ильич" in shown
    assert "kovalev.e" in shown
    assert "Новые классы: 1А, 1Б, 1В" in shown
    assert people(app) == before
    assert librarian.post(here).location == here
    assert "Загрузка закончена" in librarian.get(here).text
    assert people(app) == before + PUPILS + TEACHERS + PARENTS


def test_columns_are_shown_put_right_and_remembered(app: Flask, librarian: FlaskClient) -> None:
    rows = "Кто такой;Где учится;Д.р.\nЁлкин Пётр;5 «А»;1.2.15\n"
    here = pasted(librarian, rows)
    page = BeautifulSoup(librarian.get(here).text, "html.parser")
    assert "Не видно, в каком столбце имена" in page.text
    assert [each["value"] for each in page.select("select[name^=column-] option[selected]")] == ["birth_date"]
    assert "Ёлкин Пётр" in page.text, "an example says what a column has"
    chosen = {"column-0": "name", "column-1": "school_class", "column-2": "birth_date"}
    librarian.post(f"{here}/columns", data=chosen)
    assert "5А, elkin.p" in librarian.get(here).text
    librarian.post(here)
    assert classes_of(app, "Ёлкин Пётр") == ["5А"]

    again = pasted(librarian, "Д.р.;Кто такой;Где учится\n3.4.15;Юдин Ян;5Б\n")
    assert "5Б, yudin.ya" in librarian.get(again).text, "the same headers in another order"


def test_a_column_chosen_twice_is_told(librarian: FlaskClient) -> None:
    here = pasted(librarian, "ФИО;Класс\nЁлкин Пётр;5А\n")
    librarian.post(f"{here}/columns", data={"column-0": "name", "column-1": "name"})
    assert "Один столбец выбран дважды: ФИО" in librarian.get(here).text
    librarian.post(f"{here}/columns", data={"column-0": "name", "column-1": "no such"})
    assert "Один столбец" not in librarian.get(here).text


def test_doubts_and_who_is_gone_wait_for_a_choice(app: Flask, librarian: FlaskClient) -> None:
    librarian.post(pasted(librarian, "ФИО;Класс\nЁлкин Пётр;5А\nЮдин Ян;5А\nЩукин Егор;5Б\n"))
    rows = "ФИО;Класс\nЁлкин Пётр;5Б\nЖуков Глеб;5А\n"
    here = pasted(librarian, rows)
    page = BeautifulSoup(librarian.get(here).text, "html.parser")
    assert {h2.contents[0].strip() for h2 in page.select("h2")} >= {  # type: ignore[union-attr]
        "Под вопросом", "Есть в хабе, но нет в таблице", "Новые люди",
    }  # fmt: skip
    fields = [str(each["name"]) for each in page.select("select[name^=line-]")]
    assert len(fields) == 3, "one in doubt, two who are gone"
    librarian.post(here, data={"line-line-2": "same", "all-gone": "close"})
    assert classes_of(app, "Ёлкин Пётр") == ["5Б"]
    with app.app_context():
        closed = db.session.scalars(select(User.name).where(User.active.is_(False))).all()
    assert sorted(closed) == ["Щукин Егор", "Юдин Ян"]


def test_a_choice_that_was_not_offered_counts_nothing(app: Flask, librarian: FlaskClient) -> None:
    librarian.post(pasted(librarian, "ФИО;Класс\nЁлкин Пётр;5А\n"))
    here = pasted(librarian, "ФИО;Класс\nЁлкин Пётр;5Б\n")
    librarian.post(here, data={"line-line-2": "same-1", "line-gone-1": "close"})
    assert classes_of(app, "Ёлкин Пётр") == ["5А"]


def test_nothing_chosen_is_told_as_such(librarian: FlaskClient) -> None:
    answer = librarian.post(IMPORT, data={"pasted": " \n"})
    assert answer.status_code == 422
    assert "вставьте строки" in answer.text
    assert librarian.post(IMPORT, data={"file": (io.BytesIO(b"\0\1\2"), "x.xls")}).status_code == 422


@pytest.mark.parametrize("who", ["student", "parent", "teacher"])
def test_others_have_no_way_in(app: Flask, who: str) -> None:
    browser = sign_in(app, who)
    for address in (IMPORT, "/admin/users/export.xlsx", "/admin/users/export.csv"):
        assert browser.get(address).status_code == 403


def exported(browser: FlaskClient, name: str) -> bytes:
    """Return a table of people that the hub gives."""
    answer = browser.get(f"/admin/users/export.{name}")
    content = answer.data
    answer.close()
    return content


def test_the_list_is_exported_as_it_is_shown(app: Flask, librarian: FlaskClient) -> None:
    librarian.post(pasted(librarian, "ФИО;Класс\nЁлкин Пётр;5А\nЮдин Ян;5А\nЩукин Егор;5Б\n"))
    everybody = exported(librarian, "csv")
    assert everybody.count(b"\n") == people(app) + 1
    assert exported(librarian, "csv?q=5а").count(b"\n") == 3
    assert exported(librarian, "csv?q=петр+елкин").count(b"\n") == 2
    sheet = load_workbook(io.BytesIO(exported(librarian, "xlsx?q=5а"))).worksheets[0]
    assert [row[0] for row in sheet.iter_rows(values_only=True)] == ["ФИО", "Ёлкин Пётр", "Юдин Ян"]
    again = librarian.post(IMPORT, data={"file": (io.BytesIO(everybody), "t.csv")})
    assert "нечего загружать" in librarian.get(again.location).text.lower()


def test_the_list_of_people_leads_here(librarian: FlaskClient) -> None:
    assert re.search(r'href="/admin/users/import"', librarian.get("/admin/users/").text)
