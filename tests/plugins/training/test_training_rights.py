"""Who may see what of training: one rule for pages, search, counts and suggestions."""

from collections.abc import Callable
from types import ModuleType

import pytest
from flask import Flask
from flask.testing import FlaskClient

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.permissions import GUEST, PARENT, STUDENT
from libhub.api import set_archived
from libhub.testing import index_now, sign_in
from plugins.training.courses import rules
from plugins.training.models import Course, Lesson

WORD = "Щукозаводск"
OUTSIDERS = (GUEST, STUDENT, PARENT)
INSIDERS = {
    "staff": {"teacher", "teacher-2", "librarian", "administrator"},
    "librarians": {"librarian", "administrator"},
    "teachers": {"teacher", "teacher-2", "librarian", "administrator"},
    "named": {"teacher-2", "librarian", "administrator"},
}
EVERYBODY = ("guest", "student", "parent", "teacher", "teacher-2", "librarian", "administrator")


def browser_of(app: Flask, name: str) -> FlaskClient:
    return sign_in(app, name.partition("-")[0], username=name)


def found(browser: FlaskClient) -> dict[str, int]:
    answer = browser.get("/search.json", query_string={"q": WORD, "exact": "1"}).json
    assert answer is not None
    return {"total": answer["total"], **answer["facets"].get("section", {})}


@pytest.mark.parametrize("audience", list(INSIDERS))
def test_a_course_is_seen_and_found_by_those_it_is_for(
    app: Flask, make: ModuleType, number: Callable[[str], int], audience: str
) -> None:
    browsers = {name: browser_of(app, name) for name in EVERYBODY}
    people = frozenset({number("teacher-2")})
    with app.app_context():
        course_id, section_id = make.make_course(f"Курс {WORD}", for_whom=audience, people=people)
        lesson_id = make.make_lesson(section_id, f"Урок {WORD}", text=f"про {WORD}")
    index_now(app)
    for name, browser in browsers.items():
        inside = name in INSIDERS[audience]
        assert (browser.get(f"/training/{course_id}").status_code == 200) is inside, name
        assert (browser.get(f"/training/lessons/{lesson_id}").status_code == 200) is inside, name
        assert found(browser) == ({"total": 2, "training": 2} if inside else {"total": 0}), name
        assert (WORD in browser.get("/training/").text) is inside, name
        assert (WORD in browser.get("/search/suggest", query_string={"q": "Щук"}).text) is inside, name
        assert ("/training/" in browser.get("/").text) is (name not in OUTSIDERS), name


def test_drafts_are_seen_by_those_who_write(app: Flask, make: ModuleType) -> None:
    with app.app_context():
        course_id, section_id = make.make_course(f"Курс {WORD}")
        draft = make.make_lesson(section_id, f"Черновик {WORD}", published=False)
        make.make_lesson(section_id, "Открытый")
        closed, closed_section = make.make_course(f"Закрытый {WORD}")
        rules.set_published([closed], published=False)
        inside = make.make_lesson(closed_section, f"Внутри {WORD}")
    index_now(app)
    teacher, librarian = browser_of(app, "teacher"), browser_of(app, "librarian")
    for path in (f"/training/lessons/{draft}", f"/training/{closed}", f"/training/lessons/{inside}"):
        assert teacher.get(path).status_code == 404, path
        assert librarian.get(path).status_code == 200, path
    assert found(teacher) == {"total": 2, "training": 2}
    assert found(librarian) == {"total": 5, "training": 5}
    assert "Черновик" not in teacher.get(f"/training/{course_id}").text


def test_somebody_who_left_the_staff_finds_nothing_more(
    app: Flask, make: ModuleType, number: Callable[[str], int]
) -> None:
    browser = browser_of(app, "teacher")
    user_id = number("teacher")
    with app.app_context():
        _course, section_id = make.make_course("Курс", for_whom="named", people=frozenset({user_id}))
        lesson_id = make.make_lesson(section_id, f"Урок {WORD}")
    index_now(app)
    assert found(browser) == {"total": 1, "training": 1}
    with app.app_context():
        accounts.change_user(user_id, UserDetails("teacher", "Бывший", PARENT), active=True)
    browser = browser_of(app, "teacher")
    assert found(browser) == {"total": 0}
    assert browser.get(f"/training/lessons/{lesson_id}").status_code in {403, 404}


def test_the_age_mark_is_obeyed(app: Flask, make: ModuleType) -> None:
    young = sign_in(app, "teacher", username="young", age_limit=12)
    with app.app_context():
        course_id, section_id = make.make_course(f"Курс {WORD}", age=16)
        make.make_lesson(section_id, f"Урок {WORD}")
    index_now(app)
    assert found(young) == {"total": 0}
    assert young.get(f"/training/{course_id}").status_code == 404


def test_what_is_put_away_is_found_by_nobody_and_comes_back(app: Flask, make: ModuleType) -> None:
    with app.app_context():
        course_id, section_id = make.make_course(f"Курс {WORD}")
        lesson_id = make.make_lesson(section_id, f"Урок {WORD}")
    librarian = browser_of(app, "librarian")
    for archived, expected in ((True, {"total": 1, "training": 1}), (False, {"total": 2, "training": 2})):
        with app.app_context():
            set_archived(Lesson, [lesson_id], archived=archived)
        index_now(app)
        assert found(librarian) == expected
    for archived, expected in ((True, {"total": 0}), (False, {"total": 2, "training": 2})):
        with app.app_context():
            set_archived(Course, [course_id], archived=archived)
        index_now(app)
        assert found(librarian) == expected
