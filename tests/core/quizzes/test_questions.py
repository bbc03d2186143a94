"""Questions: what is refused, what is right, and what a form says."""

import json
from decimal import Decimal
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from libhub import quizzes
from libhub.quizzes import InvalidQuestion, Match, Number, Option, Order, Question, Several, Short, Single
from libhub.quizzes.checking import arrange, normal
from libhub.quizzes.editing import draft_of, question_of, read_draft

SINGLE = Single("Кто?", "Потому что", "имя", (Option("Он", "нет"), Option("Она", "да"), Option("Оно")), 1)
SEVERAL = Several("Что?", options=tuple(map(Option, "абвг")), right=frozenset({0, 2}))
ORDER = Order("Как?", items=("первое", "второе", "третье", "четвёртое"))
MATCH = Match("Где?", pairs=(("кот", "дом"), ("волк", "лес"), ("пёс", "дом")), extra=("море",))
SHORT = Short("Слово?", accepted=(Option("Ёлка", "верно"), Option("ель")))
NUMBER = Number("Сколько?", value=Decimal("3.5"), tolerance=Decimal("0.1"))
ALL: list[Question] = [SINGLE, SEVERAL, ORDER, MATCH, SHORT, NUMBER]
each_kind = pytest.mark.parametrize("question", ALL, ids=lambda question: question.kind)


@each_kind
def test_a_question_survives_json(question: Question) -> None:
    stored = json.loads(json.dumps(quizzes.to_dict(question)))
    assert quizzes.from_dict(stored) == question


@each_kind
def test_a_question_survives_its_editor(question: Question) -> None:
    draft = draft_of(question)
    assert question_of(draft, question.name) == question
    typed = MultiDict(
        [("kind", draft.kind), ("text", draft.text), ("explanation", draft.explanation)]
        + [("value", draft.value), ("tolerance", draft.tolerance), ("options", "shuffled")]
        + [("row", row.text) for row in draft.rows]
        + [("other", row.other) for row in draft.rows]
        + [("right", str(place)) for place, row in enumerate(draft.rows) if row.right]
    )
    assert question_of(read_draft(typed), question.name) == question


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        {},
        {"kind": "essay", "text": "а"},
        {"kind": ["single"], "text": "а"},
        {"kind": "single"},
        {"kind": "single", "text": 5},
        {"kind": "single", "text": " ", "options": ["а", "б"]},
        {"kind": "single", "text": "а", "options": ["а"]},
        {"kind": "single", "text": "а", "options": ["а", "а"]},
        {"kind": "single", "text": "а", "options": "аб"},
        {"kind": "single", "text": "а", "options": ["а", "б"], "right": 2},
        {"kind": "single", "text": "а", "options": ["а", "б"], "right": True},
        {"kind": "single", "text": "а", "options": ["а", "б"], "right": [0]},
        {"kind": "single", "text": "а", "options": ["а", {"text": "б", "script": "x"}]},
        {"kind": "single", "text": "а", "options": ["а", "б"], "shuffled": 1},
        {"kind": "single", "text": "а", "options": ["а", "б"], "items": []},
        {"kind": "single", "text": "а" * 5_000, "options": ["а", "б"]},
        {"kind": "several", "text": "а", "options": ["а", "б"], "right": []},
        {"kind": "several", "text": "а", "options": ["а", "б"], "right": [0, 5]},
        {"kind": "several", "text": "а", "options": [str(number) for number in range(21)], "right": [0]},
        {"kind": "order", "text": "а", "items": ["а", "а"]},
        {"kind": "match", "text": "а", "pairs": [["а", "б"]]},
        {"kind": "match", "text": "а", "pairs": [["а", "б"], ["в", "б"]]},
        {"kind": "match", "text": "а", "pairs": [["а", "б", "в"], ["г", "д", "е"]]},
        {"kind": "short", "text": "а", "accepted": []},
        {"kind": "number", "text": "а", "value": "много"},
        {"kind": "number", "text": "а", "value": 5},
        {"kind": "number", "text": "а", "value": "1e999999"},
        {"kind": "number", "text": "а", "value": "1", "tolerance": "-1"},
    ],
    ids=lambda wrong: json.dumps(wrong, ensure_ascii=False)[:60],
)
def test_what_is_no_question_is_refused_in_words(wrong: Any) -> None:
    with pytest.raises(InvalidQuestion) as refused:
        quizzes.from_dict(wrong)
    assert str(refused.value)


@pytest.mark.parametrize(
    ("question", "answer", "right", "share"),
    [
        (SINGLE, (1,), True, 1),
        (SINGLE, (0,), False, 0),
        (SINGLE, (), False, 0),
        (SINGLE, "Она", False, 0),
        (SEVERAL, (0, 2), True, 1),
        (SEVERAL, (0,), False, 0.5),
        (SEVERAL, (0, 1), False, 0),
        (SEVERAL, (0, 1, 2), False, 0.5),
        (SEVERAL, (0, 1, 2, 3), False, 0),
        (SEVERAL, (0, 99), False, 0.5),
        (ORDER, (0, 1, 2, 3), True, 1),
        (ORDER, (1, 0, 2, 3), False, 0.5),
        (ORDER, (0, None, None, None), False, 0.25),
        (ORDER, (), False, 0),
        (MATCH, (0, 1, 0), True, 1),
        (MATCH, (1, 1, 0), False, 2 / 3),
        (SHORT, "  «ёлка». ", True, 1),
        (SHORT, "ЕЛКА", True, 1),
        (SHORT, "ель", True, 1),
        (SHORT, "", False, 0),
        (SHORT, "сосна", False, 0),
        (NUMBER, "3,5", True, 1),
        (NUMBER, "3.60", True, 1),
        (NUMBER, "3,61", False, 0),
        (NUMBER, "три", False, 0),
        (NUMBER, (), False, 0),
    ],
)
def test_an_answer_is_worth_what_it_is(
    question: Question, answer: quizzes.Answer, right: bool, share: float
) -> None:
    result = quizzes.check(question, answer)
    assert (result.right, result.share) == (right, pytest.approx(share))


def test_remarks_are_those_of_the_chosen_answers() -> None:
    assert quizzes.check(SINGLE, (0,)).said == ("нет",)
    assert quizzes.check(SHORT, "елка").said == ("верно",)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("А. С. Пушкин", "а.с. пушкин", True),
        ("Нью-Йорк", "нью–йорк", True),
        ("-5", "5", False),
        ("C++", "C", False),
        ("да - нет", "да нет", True),
        ("!!!", "!!!", True),
        ("!!!", "???", False),
    ],
)
def test_what_makes_no_difference_in_a_typed_answer(one: str, other: str, same: bool) -> None:
    assert (normal(one) == normal(other)) is same


@each_kind
def test_the_order_depends_on_the_seed_only(question: Question) -> None:
    assert arrange(question, 7) == arrange(question, 7)
    if question.kind not in {"short", "number"}:
        assert len({arrange(question, seed) for seed in range(30)}) > 1


def test_the_right_order_is_never_shown() -> None:
    two = Order("?", items=("а", "б"))
    assert all(arrange(two, seed).options == (1, 0) for seed in range(20))


def test_answers_that_are_not_shuffled_stay() -> None:
    fixed = Single("?", options=SINGLE.options, shuffled=False)
    assert all(arrange(fixed, seed).options == (0, 1, 2) for seed in range(20))


@pytest.mark.parametrize("seed", range(5))
def test_a_form_says_what_was_chosen(seed: int) -> None:
    answers: list[tuple[Question, quizzes.Answer]] = [
        (SINGLE, (1,)),
        (SEVERAL, (0, 2)),
        (ORDER, (2, 0, 3, 1)),
        (MATCH, (0, 1, 2)),
        (SHORT, "ель"),
    ]
    for question, answer in answers:
        shown = quizzes.as_form(question, name="q", seed=seed, answer=answer)
        form: MultiDict[str, str] = MultiDict()
        for line in shown.lines:
            if line.value and line.chosen:
                form.add(line.name, line.value)
            elif line.given:
                form.add(line.name, line.given)
        if shown.typed:
            form.add("q", shown.typed)
        assert quizzes.read_answer(question, form, name="q", seed=seed) == answer


@each_kind
@pytest.mark.parametrize("value", ["-1", "99", "²", "x", "", "1" * 50])
def test_what_is_no_answer_counts_as_none(question: Question, value: str) -> None:
    form = MultiDict([("q", value), *((f"q.{number}", value) for number in range(9))])
    answer = quizzes.read_answer(question, form, name="q", seed=1)
    if question.kind not in {"short", "number"}:
        assert not quizzes.answered(question, answer)
    assert not quizzes.check(question, answer).right


def test_nothing_is_told_before_it_is_asked_for() -> None:
    for question in ALL:
        form = quizzes.as_form(question, name="q", seed=1)
        assert form.result is None
        assert all(line.right is None and not line.wanted and not line.feedback for line in form.lines)
        silent = quizzes.as_checked(question, seed=1, answer=(), tell=False)
        assert not silent.explanation
        assert not silent.solution
        assert not any(line.wanted for line in silent.lines)
        if question.kind in {"single", "several"}:
            assert all(line.right is None for line in silent.lines)


def test_a_checked_answer_tells_the_right_one() -> None:
    lines = quizzes.as_checked(SINGLE, seed=1, answer=(0,)).lines
    assert {line.text for line in lines if line.right} == {"Она"}
    assert [line.feedback for line in lines if line.chosen] == ["нет"]
    assert {line.wanted for line in quizzes.as_checked(MATCH, seed=1, answer=()).lines} == {"дом", "лес"}
    assert quizzes.as_checked(NUMBER, seed=1, answer="4").solution == ("3,5",)
