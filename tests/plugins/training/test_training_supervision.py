"""Tasks, the librarian's board, reminders, and the record of what people learned."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from types import ModuleType

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from libhub.api import LibHubError, attach, attachments, db, now, today
from libhub.notices.models import Notice
from libhub.plugging import calls
from libhub.testing import form_of, index_now, sign_in, viewer_with
from plugins.training import personal_data
from plugins.training.courses import lessons, rules
from plugins.training.learning import (
    assignment,
    outside_learning,
    progress,
    reminders,
    supervision,
    tasks,
    ways,
)
from plugins.training.learning.models import ExternalLearning, TaskAnswer
from plugins.training.learning.outside_learning import ExternalData

Number = Callable[[str], int]


MESSAGE = "Приходите в пятницу"
"""What the librarian writes to people, in whatever language."""


def notices(user_id: int) -> list[str]:
    rows = db.session.scalars(select(Notice).where(Notice.user_id == user_id).order_by(Notice.id)).all()
    assert {row.text for row in rows if row.message is None} <= {MESSAGE}, "in one language only"
    return [row.text for row in rows]


def sheet(content: bytes) -> list[tuple[object, ...]]:
    return list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))  # type: ignore[union-attr]


# -- tasks --------------------------------------------------------------------------------------------


@pytest.fixture
def task(app: Flask, make: ModuleType) -> int:
    """A lesson with a task."""
    with app.app_context():
        _course, section_id = make.make_course("Курс")
        made: int = make.make_lesson(section_id, "Задание", task=True, completion="answer")
        return made


def test_an_answer_is_sent_given_back_and_accepted(
    app: Flask, task: int, teacher: FlaskClient, librarian: FlaskClient, number: Number
) -> None:
    path = f"/training/lessons/{task}/answer"
    assert teacher.post(path, data={"text": " ", "send": "1"}).status_code == 422
    assert teacher.post(path, data={"text": "Набросок"}).status_code == 302
    assert "Teacher" not in librarian.get("/training/answers").text, "a draft is nobody's business"
    teacher.post(path, data={"text": "Мой план", "send": "1"})
    page = librarian.get("/training/answers").text
    assert "Мой план" in page
    with app.app_context():
        answer = tasks.find_answer(task, number("teacher"))
        assert answer
        answer_id = answer.id
    bare = librarian.post(f"/training/answers/{answer_id}", data={"remark": " "})
    assert bare.status_code == 422
    librarian.post(f"/training/answers/{answer_id}", data={"remark": "Нет места по главам"})
    page = teacher.get(f"/training/lessons/{task}").text
    assert "Нет места по главам" in page
    teacher.post(path, data={"text": "План с местом", "send": "1"})
    librarian.post(f"/training/answers/{answer_id}", data={"accept": "1", "remark": ""})
    with app.app_context():
        way = ways.way(lessons.get_lesson(task).section.course, viewer_with(app, "teacher"))
        assert way.completed_at
        assert ["возвращён" in text or "принят" in text for text in notices(number("teacher"))] == [
            True,
            True,
        ]
    assert teacher.post(path, data={"text": "Позже"}).status_code == 422
    twice = librarian.post(f"/training/answers/{answer_id}", data={"accept": "1"})
    assert twice.status_code == 422


def test_files_of_an_answer_are_seen_by_its_author_and_the_librarian(
    app: Flask, task: int, teacher: FlaskClient, librarian: FlaskClient, number: Number
) -> None:
    teacher.post(f"/training/lessons/{task}/answer", data={"text": "План"})
    with app.app_context():
        answer = tasks.find_answer(task, number("teacher"))
        assert answer
        ref = TaskAnswer.ref_of(answer.id)
    sent = {"files": (io.BytesIO(b"plan"), "план.txt"), "next": "/"}
    assert teacher.post(f"/files/of/training/answer/{ref.key}", data=sent).status_code == 302
    other = sign_in(app, "teacher", username="other")
    sent = {"files": (io.BytesIO(b"evil"), "чужой.txt"), "next": "/"}
    assert other.post(f"/files/of/training/answer/{ref.key}", data=sent).status_code == 404
    with app.app_context():
        (file,) = attachments([ref])[ref]
    for browser, allowed in ((teacher, True), (librarian, True), (other, False), (app.test_client(), False)):
        with browser.get(file.raw_url) as answered:
            assert (answered.status_code == 200) is allowed
    assert teacher.post(f"/training/lessons/{task}/answer", data={"text": "", "send": "1"}).status_code == 302


def test_search_knows_nothing_of_answers_and_of_learning_elsewhere(
    app: Flask, task: int, teacher: FlaskClient, librarian: FlaskClient
) -> None:
    teacher.post(f"/training/lessons/{task}/answer", data={"text": "Щукозаводск", "send": "1"})
    teacher.post("/training/record/add", data={**TYPED, "title": "Щукозаводск"})
    index_now(app)
    for browser in (teacher, librarian):
        answer = browser.get("/search.json", query_string={"q": "Щукозаводск", "exact": "1"}).json
        assert answer
        assert answer["total"] == 0


# -- the board ----------------------------------------------------------------------------------------


def test_courses_are_given_seen_and_taken_back(
    app: Flask, make: ModuleType, teacher: FlaskClient, librarian: FlaskClient, number: Number
) -> None:
    with app.app_context():
        course_id, section_id = make.make_course("Назначенный")
        lesson_id = make.make_lesson(section_id)
    user_id = number("teacher")
    due = now().date() + timedelta(days=30)
    typed = {"course": str(course_id), "people": [str(user_id)], "due_on": due.isoformat()}
    assert librarian.post("/training/board/assign", data=typed).status_code == 302
    with app.app_context():
        assert "Назначенный" in notices(user_id)[-1]
        (row,) = supervision.rows(course_id)
        assert (row.state, row.due_on, row.total) == ("idle", due, 1)
    teacher.get(f"/training/lessons/{lesson_id}")
    page = librarian.get(f"/training/board?course={course_id}&state=going").text
    assert "Teacher" in page
    teacher.post(f"/training/lessons/{lesson_id}/done", data={"done": "1"})
    table = sheet(librarian.get(f"/training/board.xlsx?course={course_id}").data)
    assert table[1][:5] == ("Teacher", "Назначенный", "пройден", 1, 1)
    librarian.post(f"/training/board/{course_id}/{user_id}/withdraw")
    with app.app_context():
        (row,) = supervision.rows(course_id)
        assert not row.assigned
        assert row.state == "finished"


def test_a_role_is_everybody_who_has_it_and_nobody_is_given_what_they_cannot_open(
    app: Flask, make: ModuleType, teacher: FlaskClient, librarian: FlaskClient
) -> None:
    sign_in(app, "teacher", username="second")
    with app.app_context():
        course_id, _section = make.make_course("Учителям", for_whom="teachers")
        assert assignment.assign(course_id, (), {"teacher"}, None) == 2
        with pytest.raises(LibHubError, match="Librarian"):
            assignment.assign(course_id, (), {"teacher", "librarian"}, None)
        with pytest.raises(LibHubError):
            assignment.assign(course_id, (), (), None)
        rules.set_published([course_id], published=False)
        with pytest.raises(LibHubError):
            assignment.assign(course_id, (), {"teacher"}, None)


def test_a_message_goes_to_those_in_the_list(
    app: Flask, make: ModuleType, teacher: FlaskClient, librarian: FlaskClient, number: Number
) -> None:
    with app.app_context():
        course_id, _section = make.make_course("Курс")
        assignment.assign(course_id, {number("teacher")}, (), None)
    board = f"/training/board?course={course_id}&state=idle"
    data = {**form_of(librarian.get(board).text, "/training/board/tell"), "message": MESSAGE}
    assert librarian.post("/training/board/tell", data=data).status_code == 302
    with app.app_context():
        assert notices(number("teacher"))[-1] == MESSAGE
        assignment.assign(course_id, {number("librarian")}, (), None)
    late = librarian.post("/training/board/tell", data={**data, "message": "Ещё раз"})
    assert late.status_code == 422
    assert "Ещё раз" in late.text
    with app.app_context():
        assert notices(number("teacher"))[-1] == MESSAGE, "somebody is in the list who was not seen"
    for wrong in ({"message": " "}, {"state": "finished"}, {"course": ""}):
        assert librarian.post("/training/board/tell", data={**data, **wrong}).status_code == 422


def test_reminders_come_before_on_and_after_the_day_once_each(
    app: Flask, make: ModuleType, teacher: FlaskClient, number: Number
) -> None:
    user_id = number("teacher")
    with app.app_context():
        course_id, section_id = make.make_course("Со сроком")
        lesson_id = make.make_lesson(section_id)
        due = date(2026, 12, 10)
        assignment.assign(course_id, {user_id}, (), due)
        told = len(notices(user_id))
        for days, expected in ((-4, 0), (-3, 1), (-2, 1), (-1, 1), (0, 2), (0, 2), (1, 3), (30, 3)):
            reminders.remind(due + timedelta(days=days))
            assert len(notices(user_id)) - told == expected, days
        progress.complete(lessons.get_lesson(lesson_id), user_id)
        assignment.assign(course_id, {user_id}, (), due)
        told = len(notices(user_id))
        reminders.remind(due)
        assert len(notices(user_id)) == told, "who has finished is left alone"


def test_the_report_counts(app: Flask, make: ModuleType, teacher: FlaskClient, number: Number) -> None:
    with app.app_context():
        _course, section_id = make.make_course("Курс")
        progress.complete(lessons.get_lesson(make.make_lesson(section_id)), number("teacher"))
        day = timedelta(days=1)
        told = dict(calls.call("statistics", start=now() - day, end=now() + day))["training"]
        assert told == {"Пройдено уроков": 1, "Пройдено курсов": 1, "Попыток в тестах": 0}
        before = dict(calls.call("statistics", start=now() - 2 * day, end=now() - day))["training"]
        assert set(before.values()) == {0}


# -- the record ---------------------------------------------------------------------------------------

TYPED = {
    "title": "=Методика()",
    "organisation": "Институт Пушкина",
    "hours": "36",
    "started_on": "2025-10-01",
    "completed_on": "2025-11-20",
    "document": "удостоверение 18",
    "expires_on": "2026-12-20",
}


def test_learning_elsewhere_is_written_down_with_a_scan(
    app: Flask, teacher: FlaskClient, librarian: FlaskClient, number: Number, make: ModuleType
) -> None:
    answer = teacher.post("/training/record/add", data=TYPED)
    external_id = int(answer.location.rsplit("/", 1)[1])
    sent = {"files": (io.BytesIO(b"scan"), "скан.txt"), "next": "/"}
    assert teacher.post(f"/files/of/training/external/{external_id}", data=sent).status_code == 302
    page = teacher.get("/training/record").text
    for told in ("=Методика()", "36 академических часов", "скан.txt"):
        assert told in page
    with app.app_context():
        _course, section_id = make.make_course("Поиск", hours=3)
        progress.complete(lessons.get_lesson(make.make_lesson(section_id)), number("teacher"))
        ref = ExternalLearning.ref_of(external_id)
        (file,) = attachments([ref])[ref]
    other = sign_in(app, "teacher", username="other")
    for browser, allowed in ((teacher, True), (librarian, True), (other, False)):
        with browser.get(file.raw_url) as answered:
            assert (answered.status_code == 200) is allowed
    answer = teacher.get("/training/record.xlsx")
    with app.app_context():
        assert answer.headers["Content-Disposition"] == f"attachment; filename=training-{today()}.xlsx"
    rows = sheet(answer.data)
    assert [row[1:4] for row in rows[1:]] == [("=Методика()", "Институт Пушкина", 36), ("Поиск", "LibHub", 3)]
    assert len(sheet(librarian.get("/training/board/record.xlsx").data)) == 3
    assert "39" in teacher.get("/training/record/print").text
    assert librarian.get(f"/training/record/print?person={number('teacher')}").status_code == 200
    assert other.get(f"/training/record/print?person={number('teacher')}").status_code == 403
    assert other.get(f"/training/record/{external_id}").status_code == 404
    assert other.post(f"/training/record/{external_id}/remove").status_code == 404
    assert teacher.post(f"/training/record/{external_id}/remove").status_code == 302
    assert "=Методика()" not in teacher.get("/training/record").text
    with app.app_context():
        assert attachments([ref])[ref] == []


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("title", " "),
        ("hours", "-1"),
        ("completed_on", ""),
        ("completed_on", "2999-01-01"),
        ("started_on", "2025-12-01"),
        ("expires_on", "2020-01-01"),
        ("organisation", "д" * 201),
    ],
)
def test_the_form_keeps_what_was_typed(teacher: FlaskClient, field: str, wrong: str) -> None:
    answer = teacher.post("/training/record/add", data={**TYPED, field: wrong})
    assert answer.status_code == 422
    assert "удостоверение 18" in answer.text
    assert 'class="error"' in answer.text


def test_a_document_that_expires_is_told_of_once(app: Flask, teacher: FlaskClient, number: Number) -> None:
    user_id = number("teacher")
    with app.app_context():
        data = ExternalData("Курс", date(2024, 1, 10), expires_on=date(2027, 1, 10))
        external_id = outside_learning.save(data, user_id)
        for day, expected in ((date(2026, 11, 1), 0), (date(2026, 11, 15), 1), (date(2026, 12, 1), 1)):
            outside_learning.remind(day)
            assert len(notices(user_id)) == expected
        later = ExternalData("Курс", date(2024, 1, 10), expires_on=date(2027, 1, 20))
        outside_learning.save(later, user_id, external_id)
        outside_learning.remind(date(2026, 12, 1))
        assert len(notices(user_id)) == 2, "a new date, a new reminder"


def test_files_go_with_the_personal_data(
    app: Flask, task: int, teacher: FlaskClient, librarian: FlaskClient, number: Number
) -> None:
    teacher.post(f"/training/lessons/{task}/answer", data={"text": "План"})
    teacher.post("/training/record/add", data=TYPED)
    with app.app_context():
        answer = tasks.find_answer(task, number("teacher"))
        (record,) = outside_learning.of_person(number("teacher"))
        assert answer
        refs = [TaskAnswer.ref_of(answer.id), ExternalLearning.ref_of(record.id)]
        for ref in refs:
            attach(ref, "файл.txt", io.BytesIO(b"text"))
        assert [len(some) for some in attachments(refs).values()] == [1, 1]
        personal_data.erase_personal_data(number("teacher"))
        assert [len(some) for some in attachments(refs).values()] == [0, 0]
