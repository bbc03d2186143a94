"""A person's way through a course: what is open, done, next, finished."""

import re
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from libhub.api import Viewer, db, set_archived
from libhub.kit.validation import Invalid
from libhub.testing import counted_queries, forget_remembered, sign_in
from plugins.training.courses import lessons, rules
from plugins.training.courses.rules import CourseData
from plugins.training.learning import certificates, course_list, notes, progress, ways
from plugins.training.learning.models import Certificate
from plugins.training.learning.ways import Way
from plugins.training.models import Lesson
from plugins.training.pages.learning import PAGE_SIZE


@pytest.fixture
def teacher_viewer(app: Flask, viewer: Any) -> Viewer:
    found: Viewer = viewer("teacher")
    return found


def way_of(course_id: int, viewer: Viewer) -> Way:
    return ways.way(rules.get_course(course_id), viewer)


def finish(lesson_id: int, viewer: Viewer, done: bool = True) -> None:
    assert viewer.user_id
    progress.complete(lessons.get_lesson(lesson_id), viewer.user_id, done=done)


def test_a_course_is_done_lesson_by_lesson_and_certified(
    app: Flask, make: ModuleType, teacher_viewer: Viewer
) -> None:
    with app.app_context():
        course_id, section_id = make.make_course("Поиск", hours=3)
        first, second = make.make_lesson(section_id, "А"), make.make_lesson(section_id, "Б")
        make.make_lesson(section_id, "Лишнее", completion="none")
        way = way_of(course_id, teacher_viewer)
        assert (way.total, way.done, way.started) == (2, 0, False)
        assert way.next
        assert way.next.id == first
        progress.visit(lessons.get_lesson(second), teacher_viewer.user_id or 0)
        way = way_of(course_id, teacher_viewer)
        assert way.started
        assert way.next
        assert way.next.id == second, "the place is kept"
        finish(second, teacher_viewer)
        way = way_of(course_id, teacher_viewer)
        assert (way.percent, way.completed_at, way.certificate) == (50, None, "")
        finish(first, teacher_viewer)
        way = way_of(course_id, teacher_viewer)
        assert (way.percent, way.next) == (100, None)
        assert way.completed_at
        found = certificates.find(way.certificate)
        assert found
        assert (found.course_title, found.hours, found.person_name) == ("Поиск", 3, "Teacher")


def test_a_finished_course_stays_finished_and_has_one_certificate(
    app: Flask, make: ModuleType, teacher_viewer: Viewer
) -> None:
    with app.app_context():
        course_id, section_id = make.make_course()
        first = make.make_lesson(section_id)
        finish(first, teacher_viewer)
        number = way_of(course_id, teacher_viewer).certificate
        later = make.make_lesson(section_id, "Новый")
        way = way_of(course_id, teacher_viewer)
        assert (way.done, way.total) == (1, 2)
        assert way.completed_at
        finish(first, teacher_viewer, done=False)
        finish(first, teacher_viewer)
        finish(later, teacher_viewer)
        assert way_of(course_id, teacher_viewer).certificate == number
        assert db.session.query(Certificate).count() == 1


def test_a_course_without_certificate_gives_none(
    app: Flask, make: ModuleType, teacher_viewer: Viewer
) -> None:
    with app.app_context():
        course_id, section_id = make.make_course(certificate=False)
        finish(make.make_lesson(section_id), teacher_viewer)
        way = way_of(course_id, teacher_viewer)
        assert way.completed_at
        assert way.certificate == ""


def test_opening_is_enough_where_the_lesson_says_so(
    app: Flask, make: ModuleType, teacher_viewer: Viewer
) -> None:
    with app.app_context():
        course_id, section_id = make.make_course()
        lesson_id = make.make_lesson(section_id, completion="view")
        other = make.make_lesson(section_id, completion="hand")
        for each in (lesson_id, other):
            progress.visit(lessons.get_lesson(each), teacher_viewer.user_id or 0)
        assert [step.done for step in way_of(course_id, teacher_viewer).steps] == [True, False]


def test_a_lesson_that_is_done_with_its_section(app: Flask, make: ModuleType, teacher_viewer: Viewer) -> None:
    with app.app_context():
        course_id, section_id = make.make_course()
        other_section = rules.add_section(course_id, "Другой раздел")
        make.make_lesson(other_section, "Чужой")
        first, second = make.make_lesson(section_id, "А"), make.make_lesson(section_id, "Б")
        make.make_lesson(section_id, "Итог", completion="section")

        def states() -> list[bool]:
            return [step.done for step in way_of(course_id, teacher_viewer).steps]

        finish(first, teacher_viewer)
        assert states() == [True, False, False, False]
        finish(second, teacher_viewer)
        assert states() == [True, True, True, False]
        finish(first, teacher_viewer, done=False)
        assert states() == [False, True, False, False]


def test_lessons_in_order_open_one_after_another(
    app: Flask, make: ModuleType, teacher_viewer: Viewer
) -> None:
    with app.app_context():
        course_id, section_id = make.make_course(in_order=True)
        first = make.make_lesson(section_id, "А")
        make.make_lesson(section_id, "Необязательный", completion="none")
        make.make_lesson(section_id, "Б")
        make.make_lesson(section_id, "В")
        closed = [step.closed for step in way_of(course_id, teacher_viewer).steps]
        assert closed == [False, True, True, True]
        finish(first, teacher_viewer)
        closed = [step.closed for step in way_of(course_id, teacher_viewer).steps]
        assert closed == [False, False, False, True]


def test_a_course_waits_for_another(app: Flask, make: ModuleType, teacher_viewer: Viewer) -> None:
    with app.app_context():
        base, base_section = make.make_course("Основы")
        lesson_id = make.make_lesson(base_section)
        course_id, section_id = make.make_course("Дальше", requires=frozenset({base}))
        make.make_lesson(section_id)
        way = way_of(course_id, teacher_viewer)
        assert way.waits_for == ("Основы",)
        assert all(step.closed for step in way.steps)
        assert way.next is None
        finish(lesson_id, teacher_viewer)
        way = way_of(course_id, teacher_viewer)
        assert way.waits_for == ()
        assert not any(step.closed for step in way.steps)
        with pytest.raises(Invalid):
            rules.save_course(CourseData("Основы", requires=frozenset({course_id})), base)


def test_what_is_taken_away_does_not_count(app: Flask, make: ModuleType, teacher_viewer: Viewer) -> None:
    with app.app_context():
        course_id, section_id = make.make_course()
        first, second = make.make_lesson(section_id, "А"), make.make_lesson(section_id, "Б")
        finish(first, teacher_viewer)
        set_archived(Lesson, [second], archived=True)
        way = way_of(course_id, teacher_viewer)
        assert (way.done, way.total) == (1, 1)
        set_archived(Lesson, [first], archived=True)
        set_archived(Lesson, [second], archived=False)
        assert way_of(course_id, teacher_viewer).done == 0
        set_archived(Lesson, [first], archived=False)
        assert way_of(course_id, teacher_viewer).done == 1, "nothing was lost"


def test_the_list_of_courses_begins_with_what_is_due(
    app: Flask, make: ModuleType, teacher_viewer: Viewer
) -> None:
    with app.app_context():
        _done, section_id = make.make_course("А пройденный")
        finish(make.make_lesson(section_id), teacher_viewer)
        make.make_course("Б новый")
        _begun, section_id = make.make_course("В начатый")
        progress.visit(lessons.get_lesson(make.make_lesson(section_id)), teacher_viewer.user_id or 0)
        titles = [card.course.title for card in course_list.my_courses(teacher_viewer)]
        own = [title for title in titles if title[1] == " "]
        assert own == ["В начатый", "Б новый", "А пройденный"]
        assert titles[-1] == "А пройденный"


def test_a_note_is_kept_changed_and_gone(app: Flask, make: ModuleType, teacher_viewer: Viewer) -> None:
    with app.app_context():
        _course, section_id = make.make_course()
        lesson_id, user = make.make_lesson(section_id), teacher_viewer.user_id or 0
        for text, kept in (("  одно ", "одно"), ("другое", "другое"), (" ", "")):
            notes.keep_note(user, lesson_id, text)
            assert notes.note_of(user, lesson_id) == kept


@pytest.mark.parametrize("page", ["course", "lesson", "edit"])
def test_the_number_of_queries_does_not_grow_with_the_lessons(
    app: Flask, make: ModuleType, teacher: FlaskClient, librarian: FlaskClient, page: str
) -> None:
    with app.app_context():
        course_id, section_id = make.make_course("Длинный")
        lesson_id = make.make_lesson(section_id)
    path = {
        "course": f"/training/{course_id}",
        "lesson": f"/training/lessons/{lesson_id}",
        "edit": f"/training/{course_id}/edit",
    }[page]
    browser = librarian if page == "edit" else teacher
    numbers = []
    for _size in range(2):
        browser.get(path)
        forget_remembered(app)
        browser.get("/healthz")
        with counted_queries(app) as log:
            assert browser.get(path).status_code == 200
        numbers.append(len(log))
        with app.app_context():
            for place in range(20):
                make.make_lesson(section_id, f"Урок {place}")
    assert numbers[0] == numbers[1] <= 12


def test_many_courses_have_pages(app: Flask, make: ModuleType) -> None:
    with app.app_context():
        make.make_items(PAGE_SIZE + 1)
    browser = sign_in(app, "teacher")

    def titles(number: int) -> list[str]:
        return re.findall(r'<h2><a href="/training/(\d+)">', browser.get(f"/training/?page={number}").text)

    first, second = titles(1), titles(2)
    assert len(first) == PAGE_SIZE
    assert second
    assert not set(first) & set(second)
    assert titles(99) == second, "there is no page behind the last one"
    assert 'href="/training/?page=2"' in browser.get("/training/").text
