"""Quizzes: checked on the server, kept for those who signed in, edited by the librarian."""

import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from libhub.api import quizzes
from libhub.base.db import db
from libhub.testing import form_of, press
from libhub.testing.page_forms import editor_of
from plugins.crafts import rules
from plugins.crafts.models import ActivityAttempt

Made = Callable[..., int]
QUESTIONS = (
    {
        "kind": "single",
        "text": "Дважды два?",
        "options": ["три", "четыре"],
        "right": 1,
        "explanation": "Сочтите.",
    },
    {"kind": "several", "text": "Чётные?", "options": ["два", "три", "шесть"], "right": [0, 2]},
    {"kind": "order", "text": "По порядку", "items": ["раз", "два", "три"]},
    {"kind": "match", "text": "Пары", "pairs": [["кот", "мяу"], ["пёс", "гав"]]},
    {"kind": "short", "text": "Столица?", "accepted": ["Москва"]},
)
RIGHT = ((1,), (0, 2), (0, 1, 2), (0, 1), "москва")


def right_form(page: str) -> dict[str, object]:
    """Fill in the form as somebody who knows everything: the texts say what is what, not the numbers."""
    form: dict[str, object] = {"seed": re.search(r'name="seed" value="(\d+)"', page)[1]}  # type: ignore[index]
    seed = int(str(form["seed"]))
    for number, (stored, answer) in enumerate(zip(QUESTIONS, RIGHT, strict=True)):
        question = quizzes.from_dict(stored)
        blank = quizzes.as_form(question, name=f"q{number}", seed=seed + number)
        given = quizzes.as_form(question, name=f"q{number}", seed=seed + number, answer=answer)
        if isinstance(answer, str):
            form[blank.name] = answer
        elif question.kind in {"single", "several"}:
            form[blank.name] = [line.value for line in given.lines if line.chosen]
        else:
            form |= {line.name: line.given for line in given.lines}
    return form


def test_answers_are_checked_and_explained(app: Flask, client: FlaskClient, made: Made) -> None:
    number = made("Всё подряд", kind="quiz", questions=QUESTIONS, steps=())
    page = client.get(f"/crafts/{number}/quiz").text
    assert page.count('class="question"') == len(QUESTIONS)
    assert "Сочтите." not in page
    all_right = client.post(f"/crafts/{number}/quiz", data=right_form(page)).text
    assert "Верно: 5 из 5" in all_right
    assert "Сочтите." in all_right
    assert "Верно: 0 из 5" in client.post(f"/crafts/{number}/quiz", data={}).text
    with app.app_context():
        assert db.session.scalars(select(ActivityAttempt)).all() == [], "a guest leaves nothing"


def test_results_are_kept_for_those_who_signed_in(
    app: Flask, pupil: FlaskClient, client: FlaskClient, made: Made
) -> None:
    number = made("С памятью", kind="quiz", questions=QUESTIONS, steps=())
    pupil.post(f"/crafts/{number}/quiz", data=right_form(pupil.get(f"/crafts/{number}/quiz").text))
    assert "Ваш последний результат: 5 из 5" in pupil.get(f"/crafts/{number}/quiz").text
    assert "последний результат" not in client.get(f"/crafts/{number}/quiz").text


def test_strange_answers_are_no_error(client: FlaskClient, made: Made) -> None:
    number = made("Странное", kind="quiz", questions=QUESTIONS, steps=())
    for form in (
        {"seed": "²", "q0": "1" * 50, "q2.0": "-1", "q3.0": "99", "q4": "<script>" * 500},
        {"seed": "9" * 100, "q0": ["0", "1"], "q1": "x"},
    ):
        answer = client.post(f"/crafts/{number}/quiz", data=form)
        assert answer.status_code == 200
        assert "<script>" not in answer.text.partition("<main")[2]
    plain = made("Без вопросов")
    assert client.get(f"/crafts/{plain}/quiz").status_code == 404
    assert client.post(f"/crafts/{plain}/quiz").status_code == 404


def test_questions_are_added_changed_moved_and_removed(
    app: Flask, librarian: FlaskClient, client: FlaskClient, made: Made
) -> None:
    number = made("Правим", kind="quiz", questions=QUESTIONS[:1])
    add = f"/crafts/{number}/questions/add"
    assert 'name="kind" value="short"' in librarian.get(f"{add}?kind=short").text
    typed = {"kind": "short", "text": "Новый?", "row": ["да", ""], "other": ["", ""], "explanation": "Так."}
    assert librarian.post(add, data=typed).status_code == 302
    refused = librarian.post(add, data={**typed, "text": "Без ответа", "row": ["", ""]})
    assert refused.status_code == 422
    assert "Без ответа" in refused.text
    first = f"/crafts/{number}/questions/0"
    changed = {"kind": "single", "text": "Трижды три?", "row": ["девять", "шесть"], "right": "0"}
    early, other = editor_of(librarian, first), editor_of(librarian, first)
    assert early.send(librarian, **{**changed, "row": ["девять", ""]}).status_code == 422
    assert early.send(librarian, **changed).status_code == 302
    late = other.send(librarian, **{**changed, "text": "По-моему?"})
    assert late.status_code == 409
    for text in ("Сохранено сейчас", "Трижды три?", "По-моему?"):
        assert text in late.text
    listed = f"/crafts/{number}/questions"
    old = form_of(librarian.get(listed).text, f"{first}/remove")
    press(librarian, listed, f"{first}/down")
    librarian.post(f"{first}/remove", data=old)
    with app.app_context():
        assert [each["text"] for each in rules.get(number).questions] == ["Новый?", "Трижды три?"]
    press(librarian, listed, f"{first}/remove")
    librarian.post(f"/crafts/{number}/questions/7/remove")
    librarian.post(f"{first}/sideways")
    with app.app_context():
        assert [each["text"] for each in rules.get(number).questions] == ["Трижды три?"]
    assert librarian.get(f"/crafts/{number}/questions/5").status_code == 404
    assert client.get(f"/crafts/{number}/questions").status_code == 302
