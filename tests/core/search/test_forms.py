"""Which forms meet in the index."""

import sys
import unicodedata

import pytest
from flask.testing import FlaskClient

from libhub.search.language import russian


def terms(text: str) -> list[set[str]]:
    return [set(russian.lemmas(word.form)) for word in russian.words(russian.clean(text))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("детей", "ребёнок"),
        ("шёл", "идти"),
        ("ёлка", "елка"),
        ("сказок", "сказка"),
        ("людьми", "человек"),
        ("лучше", "хороший"),
        ("гаджеты", "гаджетами"),
        # words that no dictionary has
        ("буктрейлеры", "буктрейлеров"),
        ("буктрейлер", "буктрейлерами"),
        ("лайкнул", "лайкнуть"),
        ("хакатонщики", "хакатонщиков"),
        ("5-й класс", "5 класс"),
        ("5й", "5"),
        ("1990-х", "1990"),
        ("за\u0301мок", "замок"),
        ("Čapek", "Capek"),
    ],
)
def test_forms_of_a_word_meet(one: str, other: str) -> None:
    pairs = list(zip(terms(one), terms(other), strict=True))
    assert pairs
    assert all(first & second for first, second in pairs)


@pytest.mark.parametrize(
    ("one", "other"), [("кот", "код"), ("буктрейлер", "букридер"), ("5й", "6й"), ("школа", "школить")]
)
def test_look_alikes_do_not(one: str, other: str) -> None:
    assert not terms(one)[0] & terms(other)[0]


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("кто-нибудь", ["кто", "нибудь"]),
        ("онлайн-курсы", ["онлайн", "курсы"]),
        ("Санкт-Петербург", ["санкт", "петербург"]),
        ("10-летний", ["10", "летний"]),
        ("5-я школа", ["5-я", "школа"]),
        ("9-11", ["9", "11"]),
        ("3D", ["3d"]),
    ],
)
def test_where_words_end(text: str, forms: list[str]) -> None:
    assert [word.form for word in russian.words(russian.clean(text))] == forms


def test_places_of_words_are_those_in_the_text() -> None:
    text = russian.clean("В 5-й раз: Ёж, İstanbul и за́мок")
    assert [russian.fold(text[word.start : word.end]) for word in russian.words(text)] == [
        word.form for word in russian.words(text)
    ]


NAMELESS = [
    char for char in map(chr, range(sys.maxunicode + 1)) if char.isalpha() and not unicodedata.name(char, "")
]


@pytest.mark.parametrize("char", [*NAMELESS[:1], *NAMELESS[-1:]])
def test_a_letter_without_a_name_is_a_letter_that_nobody_knows(client: FlaskClient, char: str) -> None:
    for word in (f"а{char}", f"{char}книга", char):
        assert russian.lemmas(word)
        assert word in russian.all_forms(word)
        assert not russian.is_known(word)
        assert not russian.is_word(word)
        assert not russian.is_function_word(word)
        for page in ("/search", "/search.json", "/search/suggest"):
            assert client.get(page, query_string={"q": f"сказки {word}"}).status_code == 200
