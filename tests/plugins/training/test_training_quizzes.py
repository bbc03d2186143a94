"""Attempts at a quiz: pool, shuffle, pass mark, how often, and what a change of the pool does to them."""

import re
from collections.abc import Callable
from types import ModuleType

import pytest
from flask import Flask
from flask.testing import FlaskClient

from libhub.api import LibHubError, db, quizzes
from libhub.testing import press, viewer_with
from libhub.testing.page_forms import editor_of
from plugins.training.courses import lessons, question_pool
from plugins.training.learning import quiz_attempts, ways
from plugins.training.learning.models import Attempt

POOL = [
    quizzes.Single(f"Вопрос {number}", "Пояснение", options=(quizzes.Option("да"), quizzes.Option("нет")))
    for number in range(6)
]
Quiz = Callable[..., int]


@pytest.fixture
def quiz(app: Flask, make: ModuleType) -> Quiz:
    """Return a function that makes a lesson with a quiz of six questions."""

    def add(**settings: object) -> int:
        with app.app_context():
            _course, section_id = make.make_course("Курс с тестом")
            lesson_id: int = make.make_lesson(section_id, "Тест", completion="score", **settings)
            question_pool.add_questions(lesson_id, POOL)
            return lesson_id

    return add


def begin(browser: FlaskClient, lesson_id: int) -> str:
    answer = browser.post(f"/training/lessons/{lesson_id}/quiz")
    assert answer.status_code == 302
    return str(answer.location)


def fields(page: str) -> dict[str, str]:
    """Return the right answer of every question on the page, as its form sends it."""
    found = re.findall(r'name="(q\d+)" value="(\d)"[^>]*> <span>да</span>', page)
    return dict(found)


def test_a_quiz_is_passed_the_lesson_done_and_the_answers_told(
    app: Flask, quiz: Quiz, teacher: FlaskClient, number: Callable[[str], int]
) -> None:
    lesson_id = quiz(asked=4, pass_percent=75)
    path = begin(teacher, lesson_id)
    page = teacher.get(path).text
    right = fields(page)
    assert len(right) == 4
    assert "Пояснение" not in page
    wrong = {name: "1" if value == "0" else "0" for name, value in right.items()}
    assert teacher.post(path, data={**wrong, "finish": "1"}).status_code == 302
    result = teacher.get(f"{path}/result").text
    assert "Пока не сдано: 0" in result
    with app.app_context():
        user_id = number("teacher")
        assert not ways.way(lessons.get_lesson(lesson_id).section.course, viewer_with(app, "teacher")).done
    path = begin(teacher, lesson_id)
    right = fields(teacher.get(path).text)
    three = dict(list(right.items())[:3])
    teacher.post(path, data={**three, "finish": "1"})
    result = teacher.get(f"{path}/result").text
    assert "Сдано: 75" in result
    assert "Пояснение" in result
    with app.app_context():
        state = quiz_attempts.state_of(lessons.get_lesson(lesson_id), user_id)
        assert state
        assert (state.best, state.passed, len(state.attempts)) == (75, True, 2)
        assert ways.way(lessons.get_lesson(lesson_id).section.course, viewer_with(app, "teacher")).done == 1


def test_answers_are_kept_and_the_attempt_goes_on_with_the_same_questions(
    app: Flask, quiz: Quiz, teacher: FlaskClient
) -> None:
    lesson_id = quiz()
    path = begin(teacher, lesson_id)
    before = teacher.get(path).text
    name, value = next(iter(fields(before).items()))
    assert teacher.post(path, data={name: value}).status_code == 302
    with app.app_context():
        stored = lessons.get_lesson(lesson_id).questions
        question_pool.remove_question(lesson_id, stored[0].id)
    assert begin(teacher, lesson_id) == path
    after = teacher.get(path).text
    assert re.findall(r"Вопрос \d", after) == re.findall(r"Вопрос \d", before)
    assert re.search(rf'name="{name}" value="{value}" checked', after)


def test_attempts_can_be_few_and_answers_are_told_at_the_end(quiz: Quiz, teacher: FlaskClient) -> None:
    lesson_id = quiz(attempts=2)
    for left in (1, 0):
        path = begin(teacher, lesson_id)
        teacher.post(path, data={"finish": "1"})
        result = teacher.get(f"{path}/result").text
        assert ("Пояснение" in result) is (left == 0)
    answer = teacher.post(f"/training/lessons/{lesson_id}/quiz", follow_redirects=True)
    assert "Попыток не осталось" in answer.text


def test_finishing_twice_changes_nothing(
    app: Flask, quiz: Quiz, teacher: FlaskClient, number: Callable[[str], int]
) -> None:
    path = begin(teacher, quiz())
    teacher.post(path, data={"finish": "1"})
    right = {f"q{place}": "0" for place in range(6)}
    assert teacher.post(path, data={**right, "finish": "1"}).location.endswith("/result")
    with app.app_context():
        attempt = db.session.query(Attempt).one()
        assert (attempt.percent, attempt.user_id) == (0, number("teacher"))


def test_nobody_sees_the_attempt_of_another(quiz: Quiz, teacher: FlaskClient, librarian: FlaskClient) -> None:
    path = begin(teacher, quiz())
    for where in (path, f"{path}/result"):
        assert librarian.get(where).status_code == 404
    assert librarian.post(path, data={"finish": "1"}).status_code == 404


def test_a_percentage_is_never_rounded_up_to_a_pass(
    app: Flask, quiz: Quiz, number: Callable[[str], int], teacher: FlaskClient
) -> None:
    lesson_id = quiz(pass_percent=67, shuffled=False)
    with app.app_context():
        attempt = quiz_attempts.begin(lessons.get_lesson(lesson_id), number("teacher"))
        finished = quiz_attempts.finish(attempt.id, [(0,)] * 4 + [(1,)] * 2)
        assert (finished.percent, finished.passed) == (66, False)


def test_the_pool_is_drawn_from_and_shuffled(
    app: Flask, quiz: Quiz, number: Callable[[str], int], teacher: FlaskClient
) -> None:
    lesson_id = quiz(asked=3)
    seen = set()
    with app.app_context():
        for _try in range(12):
            attempt = quiz_attempts.begin(lessons.get_lesson(lesson_id), number("teacher"))
            seen.add(tuple(question.text for question in quiz_attempts.questions_of(attempt)))
            quiz_attempts.finish(attempt.id, [()] * 3)
    assert len(seen) > 3
    assert all(len(set(texts)) == 3 for texts in seen)


def test_a_quiz_that_vanished_is_told(
    app: Flask, quiz: Quiz, number: Callable[[str], int], teacher: FlaskClient
) -> None:
    lesson_id = quiz()
    with app.app_context():
        for stored in list(lessons.get_lesson(lesson_id).questions):
            question_pool.remove_question(lesson_id, stored.id)
        with pytest.raises(LibHubError):
            quiz_attempts.begin(lessons.get_lesson(lesson_id), number("teacher"))


# -- the librarian's pages of the pool ----------------------------------------------------------------


def test_questions_come_in_by_file_and_go_out_unchanged(
    app: Flask, quiz: Quiz, librarian: FlaskClient
) -> None:
    lesson_id = quiz()
    path = f"/training/lessons/{lesson_id}/questions"
    exported = librarian.get(f"{path}.gift").text
    with app.app_context():
        for stored in list(lessons.get_lesson(lesson_id).questions):
            question_pool.remove_question(lesson_id, stored.id)
    answer = librarian.post(f"{path}/import", data={"text": exported, "format": "gift"})
    assert answer.status_code == 302
    assert librarian.get(f"{path}.gift").text == exported
    with app.app_context():
        assert [question for _row, question in question_pool.pool(lesson_id)] == POOL


def test_what_was_understood_otherwise_is_told_on_the_next_page(quiz: Quiz, librarian: FlaskClient) -> None:
    path = f"/training/lessons/{quiz()}/questions"
    text = "\n\n".join("Сколько {=а ~%50%б ~в}" for _each in range(9))
    answer = librarian.post(f"{path}/import", data={"text": text})
    assert answer.location == path, "loading the page again adds nothing"
    told = librarian.get(path).text
    assert "строка 1: " in told
    assert "и ещё 4" in told


def test_a_file_with_errors_adds_nothing_and_keeps_the_text(
    app: Flask, quiz: Quiz, librarian: FlaskClient
) -> None:
    lesson_id = quiz()
    text = "Хороший {=а ~б}\n\nПлохой {=а"
    answer = librarian.post(f"/training/lessons/{lesson_id}/questions/import", data={"text": text})
    assert answer.status_code == 422
    assert "строка 3: Ответы не закрыты скобкой" in answer.text
    assert "Плохой {=а" in answer.text
    with app.app_context():
        assert len(question_pool.pool(lesson_id)) == 6


def test_a_question_is_written_changed_moved_and_removed(
    app: Flask, quiz: Quiz, librarian: FlaskClient
) -> None:
    lesson_id = quiz()
    path = f"/training/lessons/{lesson_id}/questions"
    typed = {"kind": "match", "text": "Пары", "row": ["кот", "волк"], "other": ["дом", "лес"]}
    assert librarian.post(f"{path}/add", data=typed).location == path
    bad = librarian.post(f"{path}/add", data={**typed, "other": ["дом", ""]})
    assert bad.status_code == 422
    assert "волк" in bad.text
    with app.app_context():
        row, question = question_pool.pool(lesson_id)[-1]
        assert isinstance(question, quizzes.Match)
        question_id = row.id
    assert "кот" in librarian.get(f"{path}/{question_id}").text
    own = f"{path}/{question_id}"
    early, other = editor_of(librarian, own), editor_of(librarian, own)
    assert early.send(librarian, **{**typed, "other": ["дом", ""]}).status_code == 422
    assert early.send(librarian, **{**typed, "text": "Иначе"}).status_code == 302
    late = other.send(librarian, **{**typed, "text": "По-моему"})
    assert late.status_code == 409
    for text in ("Сохранено сейчас", "Иначе", "По-моему"):
        assert text in late.text
    with app.app_context():
        assert question_pool.pool(lesson_id)[-1][1].text == "Иначе"
    press(librarian, path, f"{path}/{question_id}/up")
    with app.app_context():
        assert [question.text for _row, question in question_pool.pool(lesson_id)][-2] == "Иначе"
    press(librarian, path, f"{path}/{question_id}/remove")
    with app.app_context():
        assert len(question_pool.pool(lesson_id)) == 6
    assert librarian.get(f"{path}/{question_id}").status_code == 404
