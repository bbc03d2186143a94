"""What is declared beside a field holds: whatever is given, and in the language of whoever reads of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

import flask_babel
import pytest
from flask import Flask

from libhub.base.errors import LibHubError
from libhub.kit.validation import (
    AgeMark,
    Data,
    Grade,
    Invalid,
    Listed,
    Must,
    OneLine,
    OneOf,
    SomeOf,
    Text,
    Within,
    grades_in_order,
)

KINDS = {"book": "Книга", "map": "Карта"}


@dataclass(frozen=True)
class NoteData(Data):
    called = {"title": "Заголовок"}

    title: Annotated[str, OneLine(5, 1, "Нужен заголовок.")]
    text: Annotated[str, Text(10)] = ""
    kind: Annotated[str, OneOf(KINDS)] = "book"
    cover: Annotated[str, OneOf(("a.svg",), or_empty=True)] = ""
    kinds: Annotated[tuple[str, ...], SomeOf(KINDS)] = ()
    names: Annotated[tuple[str, ...], Listed()] = ()
    even: Annotated[int | None, Within(0, 10), Must(lambda number: number % 2 == 0, "Нужно чётное.")] = None
    share: Annotated[float, Within(0, 1)] = 0.0
    numbers: frozenset[int] = frozenset()
    done: bool = False
    age: AgeMark = 0
    grade_from: Grade = None
    grade_to: Grade = None

    def conflicts(self) -> Mapping[str, str]:
        return grades_in_order(self.grade_from, self.grade_to)


@dataclass
class Row:
    """What a model of a table is here: an object with the same names."""

    title: str = "ряд"
    text: str = ""
    more: list[str] = field(default_factory=list)


def problems(**values: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        NoteData(**{"title": "а", **values}).checked()
    assert isinstance(refused.value, LibHubError)
    return refused.value.problems


def test_texts_are_made_fit_to_be_stored(app: Flask) -> None:
    with app.test_request_context():
        clean = NoteData(
            " а\x00\r\n б\ud800 ", " а\r\nб \x1b", names=(" а\tб ", "", "а  б", "\x00")
        ).checked()
    assert (clean.title, clean.text, clean.names) == ("а б", "а\nб", ("а б",))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"title": "  "}, {"title": "Нужен заголовок."}),
        ({"text": "а" * 11}, {"text": "Не больше 10 знаков."}),
        ({"kind": "x"}, {"kind": "Значение «x» не подходит. Допустимые: book, map."}),
        ({"cover": "b.svg"}, {"cover": "Значение «b.svg» не подходит. Допустимые: a.svg."}),
        ({"kinds": ("map", "x", "y")}, {"kinds": "Значение «y» не подходит. Допустимые: book, map."}),
        ({"even": 11}, {"even": "Нужно число от 0 до 10."}),
        ({"even": 3}, {"even": "Нужно чётное."}),
        ({"share": float("nan")}, {"share": "Нужно число от 0 до 1."}),
        ({"age": 7}, {"age": "Значение «7» не подходит. Допустимые: 0, 6, 12, 16, 18."}),
        ({"grade_from": 12}, {"grade_from": "Класс — это число от 1 до 11."}),
        ({"grade_from": 5, "grade_to": 4}, {"grade_to": "Последний класс меньше первого."}),
        ({"title": None}, {"title": "Здесь нужен текст."}),
        ({"even": "2"}, {"even": "Нужно целое число."}),
        ({"share": "1"}, {"share": "Здесь нужно число."}),
        ({"kinds": ["map"]}, {"kinds": "Такое значение не подходит."}),
        ({"numbers": frozenset({2**40})}, {"numbers": "Такое значение не подходит."}),
        ({"age": 10**5000}, {"age": "Такое значение не подходит."}),
        ({"done": 1}, {"done": "Такое значение не подходит."}),
    ],
)
def test_what_will_not_do_is_told_at_its_field(
    app: Flask, values: dict[str, Any], expected: dict[str, str]
) -> None:
    with app.test_request_context(headers={"Accept-Language": "ru"}):
        assert problems(**values) == expected


def test_everything_that_will_not_do_is_told_at_once_in_the_order_of_the_fields(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(Invalid) as refused:
        NoteData("", kind="x", grade_from=5, grade_to=4).checked(text="Так нельзя.", cover="")
    assert list(refused.value.problems) == ["title", "text", "kind", "grade_to"]
    assert str(refused.value).startswith("Заголовок: Нужен заголовок. Так нельзя. Значение «x»")


def test_rules_of_several_fields_wait_until_each_has_its_type(app: Flask) -> None:
    with app.test_request_context():
        assert list(problems(grade_from="5", grade_to=4)) == ["grade_from"]


def test_a_sentence_is_in_the_language_of_whoever_reads_it(app: Flask) -> None:
    with app.test_request_context():
        for language, sentence in (("en", "At most 10 characters."), ("ru", "Не больше 10 знаков.")):
            with flask_babel.force_locale(language):
                assert problems(text="а" * 11) == {"text": sentence}


def test_the_same_sentence_is_said_once() -> None:
    assert str(Invalid({"a": "Плохо.", "b": "Плохо.", "": "Совсем."})) == "Плохо. Совсем."


def test_data_come_from_a_row_and_go_into_one() -> None:
    @dataclass(frozen=True)
    class Short(Data):
        title: str
        text: str
        more: tuple[str, ...] = ()

    row = Row(more=["а"])
    assert Short.of(row, more=tuple(row.more)) == Short("ряд", "", ("а",))
    Short("новый", "текст", ("б",)).into(row, "more")
    assert row == Row("новый", "текст", ["а"])
