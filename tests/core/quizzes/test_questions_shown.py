"""The macros that show questions: labelled, usable without scripts, and silent until the answer is given."""

from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask, render_template_string

from libhub import quizzes
from libhub.quizzes import Match, Option, Order, Question, Several, Short, Single
from libhub.quizzes.editing import draft_of

EVIL = "<script>alert(1)</script>"
SINGLE = Single(f"Кто {EVIL}?", "Потому что", options=(Option("Он", "нет"), Option("Она")), right=1)
ALL: list[Question] = [
    SINGLE,
    Several("Что?", "Так", options=tuple(map(Option, "абв")), right=frozenset({0, 2})),
    Order("Как?", "Так", items=("первое", "второе")),
    Match("Где?", "Так", pairs=(("кот", "дом"), ("волк", "лес"))),
    Short("Слово?", "Так", accepted=(Option("ёлка"),)),
]
each_kind = pytest.mark.parametrize("question", ALL, ids=lambda question: question.kind)


class Fields(HTMLParser):
    """The fields of a form, and those of them that stand outside a label."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.bare: list[str] = []
        self.labels = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.labels += tag == "label"
        if tag in {"input", "select"}:
            self.names.append(dict(attrs).get("name") or "")
            if not self.labels:
                self.bare.append(self.names[-1])

    def handle_endtag(self, tag: str) -> None:
        self.labels -= tag == "label"


def shown(app: Flask, call: str, **values: Any) -> str:
    with app.test_request_context():
        return render_template_string('{% import "quizzes.html" as quizzes with context %}' + call, **values)


@each_kind
def test_a_question_is_a_labelled_form_without_the_answer(app: Flask, question: Question) -> None:
    html = shown(app, "{{ quizzes.question(q) }}", q=quizzes.as_form(question, name="q7", seed=1))
    fields = Fields()
    fields.feed(html)
    assert fields.names
    assert not fields.bare
    assert all(name.startswith("q7") for name in fields.names)
    assert "<legend>" in html
    assert EVIL not in html
    assert question.explanation not in html


@each_kind
def test_a_checked_question_explains(app: Flask, question: Question) -> None:
    html = shown(app, "{{ quizzes.checked(q) }}", q=quizzes.as_checked(question, seed=1, answer=()))
    assert question.explanation in html
    assert "неверно" in html
    assert EVIL not in html
    html = shown(
        app, "{{ quizzes.checked(q) }}", q=quizzes.as_checked(question, seed=1, answer=(), tell=False)
    )
    assert question.explanation not in html


@each_kind
def test_the_editor_has_everything_that_was_typed(app: Flask, question: Question) -> None:
    html = shown(app, "{{ quizzes.editor(d, k) }}", d=draft_of(question), k=quizzes.LABELS)
    assert question.explanation in html
    assert html.count('name="row"') >= 4
    assert EVIL not in html
