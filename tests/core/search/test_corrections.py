"""What is understood of wrongly typed words, and what nobody is told."""

from collections.abc import Callable

import pytest

from libhub.search.store.index import SearchIndex
from tests.core.search.conftest import EVERYBODY, STAFF, Typing

TEXTS = (
    "Народные сказки и песни для детей",
    "Александр Пушкин, Фёдор Достоевский, Антон Чехов, Лев Толстой",
    "Щи и борщ: рецепты. Подъезд, площадь, тетрадь, счастье, жизнь",
    "Harry Potter and the goblet of fire",
    "Гарри Поттер и кубок огня в Санкт-Петербурге",
    "Хочу всё знать о динозаврах, животных, юности; персонаж, хлеб, объём",
)


@pytest.fixture
def corrector(index_of: Callable[..., SearchIndex]) -> Typing:
    return Typing(index_of(*TEXTS), EVERYBODY)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("crfprb", "сказки"),
        ("CRFPRB", "СКАЗКИ"),
        ("yfhjlyst crfprb b gtcyb", "народные сказки и песни"),
        ("Гарри Gjnnth", "Гарри Поттер"),
        ("рфккн", "harry"),
        ("Рфккн Potter", "Harry Potter"),
        ("[jxe pyfnm", "хочу знать"),
        ("gthcjyf;", "персонаж"),
        ("[kt,", "хлеб"),
        ("Cfyrn-Gtnth,ehu", "Санкт-Петербург"),
        ("ntktcrjg", "телескоп"),  # in no document, but a word
        ("нщгегиу", "youtube"),  # in no document and no dictionary, but looks like it
    ],
)
def test_the_other_layout_is_understood(corrector: Typing, typed: str, meant: str) -> None:
    assert corrector.correct(typed).text == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("skazki", "сказки"),
        ("Pushkin", "Пушкин"),
        ("Dostoevskij", "Достоевский"),
        ("Dostoyevsky", "Достоевский"),
        ("Dostoevskii", "Достоевский"),
        ("Chekhov", "Чехов"),
        ("Čehov", "Чехов"),
        ("Tchekhov", "Чехов"),
        ("Tolstoy", "Толстой"),
        ("tolstoi", "толстой"),
        ("shchi", "щи"),
        ("shhi", "щи"),
        ("podʺezd", "подъезд"),
        ("podyezd", "подъезд"),
        ("ploshchad", "площадь"),
        ("schast'ye", "счастье"),
        ("obieem", "объем"),
        ("Sankt-Peterburg", "Санкт-Петербург"),
    ],
)
def test_romanised_words_are_understood(corrector: Typing, typed: str, meant: str) -> None:
    assert corrector.correct(typed).text == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("скаска", "сказка"),
        ("сказик", "сказки"),
        ("скзки", "сказки"),
        ("скказки", "сказки"),
        ("пушкен", "пушкин"),
        ("тетрать", "тетрадь"),
        ("дастоевский", "достоевский"),
        ("дтноозавры", "дтноозавры"),
        ("динозафры", "динозавры"),
        ("gobelt", "goblet"),
        ("cказки", "сказки"),  # the first letter is a Latin one
    ],
)
def test_one_slip_is_put_right(corrector: Typing, typed: str, meant: str) -> None:
    assert corrector.correct(typed).text == meant


@pytest.mark.parametrize(
    "typed",
    [
        "сказки",
        "сказкам",
        "ели",
        "goblet",
        "кот и пёс",
        "лев",
        "2024",
        "",
        "— !",
        "майнкрафт",
        "wi-fi",
        "scratch",
    ],
)
def test_what_is_found_or_known_stays(corrector: Typing, typed: str) -> None:
    assert corrector.correct(typed).text == typed


def test_a_known_word_is_replaced_only_when_nothing_is_found_otherwise(corrector: Typing) -> None:
    assert corrector.correct("сказы").text == "сказы"
    assert corrector.correct("скачки", known_words_too=True).text == "сказки"
    assert corrector.correct("скачки верблюдов", known_words_too=True).text == "скачки верблюдов"


def test_typed_text_that_a_document_has_wins(index_of: Callable[..., SearchIndex]) -> None:
    index = index_of("Ключ: crfprb", "Сказки", "скаска")
    corrector = Typing(index, EVERYBODY)
    assert corrector.correct("crfprb").text == "crfprb"
    assert corrector.correct("скаска").text == "скаска"


def test_a_rare_unknown_word_gets_a_proposal(index_of: Callable[..., SearchIndex]) -> None:
    corrector = Typing(
        index_of("одна скаска", *[f"сказка номер {number}" for number in range(30)]), EVERYBODY
    )
    correction = corrector.correct("скаска")
    assert correction.text == "скаска"
    assert correction.suggestion == "сказка"


@pytest.mark.parametrize("typed", ["килиманжарка", "rbkbvfy;fhrf", "kilimanzharka", "килимнажарка"])
def test_words_of_hidden_documents_are_not_told(index_of: Callable[..., SearchIndex], typed: str) -> None:
    without = Typing(index_of("Сказки"), EVERYBODY)
    expected = [without.correct(typed, known_words_too=known) for known in (False, True)]
    index = index_of("Сказки", hidden=("Килиманжарка",))
    assert Typing(index, STAFF).correct(typed).text == "килиманжарка"
    hidden = Typing(index, EVERYBODY)
    assert [hidden.correct(typed, known_words_too=known) for known in (False, True)] == expected
    assert hidden.near("килимнажарка") == []


def test_those_who_may_see_it_are_told(index_of: Callable[..., SearchIndex]) -> None:
    index = index_of("Сказки", hidden=("Килиманжарка",))
    assert Typing(index, STAFF).correct("килимнажарка").text == "килиманжарка"
    assert Typing(index, EVERYBODY).correct("килимнажарка").text == "килимнажарка"


def test_words_with_synonyms_are_meant(corrector: Typing) -> None:
    assert corrector.correct("скаска", meant={"скаска"}).text == "скаска"


def test_places_of_operators_stay(corrector: Typing) -> None:
    assert corrector.correct("скаска crfprb", kept=[(0, 6)]).text == "скаска сказки"
