"""What people type on the first day, and the card of the starter content that has to answer it."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from libhub.base.db import db
from libhub.testing import make_app
from plugins.resources import vocabulary
from plugins.resources.hooks import STARTER
from plugins.resources.rules import ResourceData

LITRES = "ЛитРес: Школа"
LINKS = "Виртуальный читальный зал НСО"
NEB = "Национальная электронная библиотека (НЭБ)"
NEDB = "Национальная электронная детская библиотека (НЭДБ)"
TALES = "Сказки для малышей"
CULTURE = "Культура.РФ"
ACADEMIC = "Академик: словари и энциклопедии"
INVENTIONS = "Изобретайка"
CRAFTS = "Поделки из бумаги своими руками"
COURSES = "Курсы Института Пушкина"

FIRST = {
    "сказки для малышей": TALES,
    "словари": ACADEMIC,
    "поделки из бумаги": CRAFTS,
    "электронные книги на планшет": LITRES,
    "курсы для логопедов": COURSES,
    # pupils
    "аудиосказки": TALES,
    "сказки послушать": TALES,
    "значение слова": ACADEMIC,
    "толковый словарь": ACADEMIC,
    "энциклопедия": ACADEMIC,
    "изобретатели": INVENTIONS,
    "история изобретений": INVENTIONS,
    "самоделки из подручных материалов": INVENTIONS,
    "бумажные поделки": CRAFTS,
    "поделки": CRAFTS,
    "литрес": LITRES,
    "ЛитРес Школа": LITRES,
    "книги на телефон": LITRES,
    "приложение школа": LITRES,
    "список литературы на лето": LITRES,
    "детские журналы": NEDB,
    "нэдб": NEDB,
    # teachers
    "диафильмы": NEDB,
    "ноты": NEB,
    "старые карты": NEB,
    "диссертации": NEB,
    "рукописи": NEB,
    "фильмы для урока": CULTURE,
    "лекции по искусству": CULTURE,
    "русский язык как иностранный": COURSES,
    "повышение квалификации учителей": COURSES,
    "институт пушкина": COURSES,
    # parents
    "сказка перед сном": TALES,
    "что посмотреть с детьми": CULTURE,
    "музеи": CULTURE,
    "народные традиции": CULTURE,
    # librarians
    "ссылки на бесплатные библиотеки": LINKS,
    "виртуальный читальный зал": LINKS,
    "газеты прошлых лет": NEDB,
    "электронная библиотека": NEB,
    "электронная детская библиотека": NEDB,
    "НЭБ": NEB,
    # addresses, as somebody remembers them
    "nukadeti.ru": TALES,
    "rusneb": NEB,
    "do-by-hands": CRAFTS,
    # a word that is not finished yet
    "диафил": NEDB,
    "энцикл": ACADEMIC,
}
AMONG_FIRST_THREE = {
    "читать онлайн бесплатно": {TALES, NEDB},
    "книги": {LITRES, NEDB},
    "доклад по истории": {INVENTIONS, NEB},
    "поделки": {CRAFTS, INVENTIONS},
}


@pytest.fixture(scope="module")
def guest(prepared_instance: Path) -> Iterator[FlaskClient]:
    """A guest's browser, one for all queries: searching changes nothing."""
    app: Flask = make_app(prepared_instance)
    yield app.test_client()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def titles(guest: FlaskClient, query: str) -> list[str]:
    answer = guest.get("/search.json", query_string={"q": query, "section": "resources"})
    assert answer.json is not None
    return [result["title"] for result in answer.json["results"]]


@pytest.mark.parametrize(("query", "title"), FIRST.items())
def test_the_right_card_comes_first(guest: FlaskClient, query: str, title: str) -> None:
    assert titles(guest, query)[:1] == [title]


@pytest.mark.parametrize(("query", "expected"), AMONG_FIRST_THREE.items())
def test_equally_right_cards_come_among_the_first_three(
    guest: FlaskClient, query: str, expected: set[str]
) -> None:
    assert expected <= set(titles(guest, query)[:3])


def cards() -> list[ResourceData]:
    entries = tomllib.loads(STARTER.read_text(encoding="utf-8"))["resource"]
    return [
        ResourceData(
            **{key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
        )
        for entry in entries
    ]


def test_all_ten_resources_are_there_and_their_data_pass_the_checks() -> None:
    checked = [card.checked() for card in cards()]
    assert {card.title for card in checked} == {
        LITRES,
        LINKS,
        NEB,
        NEDB,
        TALES,
        CULTURE,
        ACADEMIC,
        INVENTIONS,
        CRAFTS,
        COURSES,
    }


@pytest.mark.parametrize("card", cards(), ids=lambda card: card.title)
def test_a_card_is_full_and_says_what_nobody_checked(card: ResourceData) -> None:
    assert 20 <= len(card.summary) <= 160
    assert card.description.count(".") >= 3
    assert card.how_to_enter
    assert card.staff_notes
    assert card.themes
    assert card.for_whom
    assert (STARTER.parent.parent / "static" / "covers" / card.cover).is_file()
    assert set(card.unverified) <= set(ResourceData.__dataclass_fields__)
    assert "age" in card.unverified, "nobody has looked at the sites, so no age mark is certain"
    assert card.checked_on is None
    assert card.kind in vocabulary.KINDS
    assert card.kind != "other"


def test_only_attested_search_addresses_count_as_checked() -> None:
    with_search = {
        card.title: "search_template" not in card.unverified for card in cards() if card.search_template
    }
    assert with_search == {NEB: True, NEDB: False, CULTURE: False, ACADEMIC: True}


def test_themes_are_few_and_shared() -> None:
    themes = [theme for card in cards() for theme in card.themes]
    assert len(set(themes)) <= 10
    assert len(themes) > len(set(themes))
