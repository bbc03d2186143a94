"""The class of a pupil: typed in many ways, kept as grade and letter."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from libhub.accounts import accounts
from libhub.accounts.permissions import LIBRARIAN, STUDENT
from libhub.accounts.school_class import ClassName, find_class, parse_class
from libhub.base.errors import LibHubError
from libhub.testing import PASSWORD, run_libhub, viewer_with


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("5А", "5А"),
        ("5а", "5А"),
        (" 11 ", "11"),
        ("7 «б»", "7Б"),
        ("10-В", "10В"),
        ('1"г"', "1Г"),
        ("2A", "2А"),
        ("2 «А»", "2А"),
        ("2-а", "2А"),
        ("9 класс", "9"),
        ("3 кл. б", "3Б"),
        ("4В класс", "4В"),
    ],
)
def test_a_class_is_understood_as_people_write_it(typed: str, meant: str) -> None:
    assert str(find_class(typed)) == meant


@pytest.mark.parametrize("typed", ["0", "12А", "А5", "5АБ", "пятый", "²", "5;"])
def test_what_is_no_class_is_refused_in_words(typed: str) -> None:
    assert find_class(typed) is None
    with pytest.raises(LibHubError, match="5А"):
        parse_class(typed)


def test_no_class_is_no_mistake() -> None:
    assert parse_class("  ") is None


def test_classes_stand_in_the_order_of_the_school() -> None:
    assert sorted([ClassName(10, "А"), ClassName(2, "Б"), ClassName(2, "А")])[0] == ClassName(2, "А")


def test_the_librarian_gives_a_pupil_a_class_and_finds_the_class(
    app: Flask, as_viewer: Callable[..., FlaskClient]
) -> None:
    librarian = as_viewer(LIBRARIAN)
    typed = {"name": "Аня", "username": "anya", "role": STUDENT, "age_limit": "", "school_class": "5 б"}
    librarian.post("/admin/users/add", data=typed)
    viewer = viewer_with(app, "anya")
    assert (viewer.grade, viewer.school_class) == (5, "5Б")
    for asked, found in (("5Б", True), ("5", True), ("5А", False), ("6", False)):
        assert ("Аня" in librarian.get(f"/admin/users/?q={asked}").text) is found, asked
    assert ">5Б<" in librarian.get("/admin/users/").text
    with app.app_context():
        user = accounts.find_user("anya")
        assert user is not None
        assert accounts.personal_data(user)["class"] == "5Б"
    page = f"/admin/users/{viewer.user_id}"
    assert 'value="5Б"' in librarian.get(page).text
    refused = librarian.post(page, data={**typed, "active": "y", "school_class": "пятый"})
    assert refused.status_code == 422
    assert "пятый" in refused.text
    librarian.post(page, data={**typed, "active": "y", "school_class": ""})
    assert viewer_with(app, "anya").school_class == ""


def test_a_guest_has_no_class(app: Flask) -> None:
    assert viewer_with(app, None).grade is None


def test_the_command_line_knows_classes(app: Flask, instance: Path) -> None:
    arguments = ("users", "add", "boris", "--role", STUDENT, "--name", "Борис", "--password-stdin")
    refused = run_libhub(instance, *arguments, "--class", "кошка", stdin=PASSWORD)
    assert refused.returncode == 1
    done = run_libhub(instance, *arguments, "--class", "9а", stdin=PASSWORD)
    assert done.returncode == 0, done.stderr
    assert viewer_with(app, "boris").school_class == "9А"
