"""Operators in the search box, and what is none."""

import pytest

from libhub.search.asking.syntax import FilterNames, parse


@pytest.fixture
def names() -> FilterNames:
    made = FilterNames()
    made.add("for_whom", ("Кому полезно", "For whom", "для"), {"teachers": ("Учителя", "Teachers")})
    made.add(
        "section",
        ("Раздел",),
        {"crafts": ("Поделки и выкройки", "Crafts"), "events": ("События",), "links": ("Поделки в сети",)},
    )
    made.add_numbers("age", ("возраст",), (0, 6, 12))
    return made


@pytest.mark.parametrize(
    ("text", "facet", "values"),
    [
        ("для:учителя", "for_whom", {"teachers"}),
        ("ДЛЯ:учителей", "for_whom", {"teachers"}),
        ("for_whom:teachers", "for_whom", {"teachers"}),
        ("for:teachers", "for_whom", {"teachers"}),
        ("кому:учителям", "for_whom", {"teachers"}),
        ("раздел:событие", "section", {"events"}),
        ("раздел:события,crafts", "section", {"events", "crafts"}),
        ('раздел:"поделки и выкройки"', "section", {"crafts"}),
        ("раздел:выкройки", "section", {"crafts"}),
        ("возраст:6", "age", {"0", "6"}),
        ("возраст:7", "age", {"0", "6"}),
        ("возраст:6+", "age", {"6"}),
    ],
)
def test_filters_are_understood(names: FilterNames, text: str, facet: str, values: set[str]) -> None:
    asked = parse(f"сказки {text}", names)
    assert [(each.name, set(each.values)) for each in asked.filters] == [(facet, values)]
    assert asked.plain.split() == ["сказки"]
    assert asked.without(asked.filters[0]) == "сказки"


@pytest.mark.parametrize(
    "text",
    [
        "разде:события",
        "раздел:ерунда",
        "раздел:поделки",  # of two sections: which is meant?
        "раздел:",
        "раздел: события",
        "http://example.org",
        "12:30",
        "возраст:много",
        '"',
        '"сказки',
        'сказки"',
        '""',
        '" "',
        "-",
        "сказки - песни",
        "сказки — песни",
        "кто-нибудь",
        "-сказки",
        "минус -5",
        "--",
        "-- --",
    ],
)
def test_what_is_no_operator_is_ordinary_text(names: FilterNames, text: str) -> None:
    asked = parse(text, names)
    assert (asked.plain, asked.spans) == (text, ())


def test_phrases_and_words_to_leave_out(names: FilterNames) -> None:
    asked = parse('«война и мир» -кино толстой -"краткое содержание"', names)
    assert asked.phrases == ("война и мир",)
    assert asked.left_out == ("кино", "краткое содержание")
    assert asked.plain.split() == ["толстой"]


def test_there_is_an_end_to_operators(names: FilterNames) -> None:
    assert len(parse("слово " + "-лишнее " * 100, names).left_out) == 16
