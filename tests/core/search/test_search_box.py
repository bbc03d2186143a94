"""Operators and corrections from the box to the results, over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from libhub.installation import indexer

HOOKS = """
from libhub.api import Document, Facet, ItemRef, ItemType, Summary, hookimpl

TEXTS = {
    "1": "Война и мир, роман",
    "2": "Мир после того, как кончилась война",
    "3": "Мировая война и мировая революция",
    "4": "Ели растут в лесу",
    "5": "Мы ели кашу",
    "6": "Кашу мы ели, а потом ели и ель нашли: ель за елью, ели без ели",
    "7": "Килиманжарка для служебного пользования револ",
    "8": "Войной на мир",
}
STAFF = {"7"}
GENRES = {"novel": "Романы", "other": "Прочее"}

def documents(keys):
    return [Document(ref=ItemRef("demo", "note", key), title="", text=TEXTS[key], age=0,
                     facets={"genre": ["novel" if key == "1" else "other"]},
                     audience=frozenset({"staff" if key in STAFF else "public"})) for key in keys]

def summaries(viewer, keys):
    return {key: Summary(key, f"/demo/{key}", 0) for key in keys}

@hookimpl
def register_item_types():
    return [ItemType(plugin="demo", kind="note", label="Заметки", keys=lambda: list(TEXTS),
                     documents=documents, summaries=summaries,
                     facets=[Facet("genre", "Жанр", GENRES, ("жанры",))])]
"""


@pytest.fixture
def notes(fake_plugin: Callable[..., Any]) -> None:
    fake_plugin("demo", {"hooks.py": HOOKS})


@pytest.fixture
def browser(notes: None, app: Flask) -> FlaskClient:
    with app.app_context():
        indexer().rebuild(lambda _done, _all: None)
    return app.test_client()


def ask(browser: FlaskClient, query: str, **more: str) -> dict[str, Any]:
    answer = browser.get("/search.json", query_string={"q": query, "section": "demo", **more})
    assert answer.status_code == 200
    assert answer.json is not None
    return dict(answer.json)


def found(browser: FlaskClient, query: str, **more: str) -> list[str]:
    return [hit["title"] for hit in ask(browser, query, **more)["results"]]


def test_a_phrase_is_words_in_this_order_in_any_form(browser: FlaskClient) -> None:
    assert set(found(browser, '"война и мир"')) == {"1"}
    assert set(found(browser, '"мировой войны"')) == {"3"}
    assert set(found(browser, '"мир война"')) == set()
    assert set(found(browser, '"война" мир')) >= {"1", "2", "8"}


def test_a_phrase_may_have_small_words_and_signs_in_it(browser: FlaskClient) -> None:
    assert found(browser, '"растут в лесах"') == ["4"]
    assert found(browser, '"ели кашу"') == ["5"]
    assert found(browser, '"растут лес"') == []
    assert found(browser, '"войны и миру роману"') == ["1"]  # over a comma


def test_counts_are_those_of_the_phrase(browser: FlaskClient) -> None:
    answer = ask(browser, '"война и мир"')
    assert answer["total"] == 1
    assert answer["facets"]["genre"] == {"novel": 1}


def test_a_dash_leaves_out(browser: FlaskClient) -> None:
    assert "1" not in found(browser, "война -роман")
    assert set(found(browser, "война -романы")) == set(found(browser, "война")) - {"1"}
    assert "1" not in found(browser, 'война -"война и мир"')
    assert "2" in found(browser, 'война -"война и мир"')


def test_filters_narrow(browser: FlaskClient) -> None:
    assert found(browser, "война жанр:романы") == ["1"]
    assert found(browser, "genre:novel") == ["1"]
    assert found(browser, "жанры:роман") == ["1"]
    assert found(browser, "война genre:novel", genre="other") == []
    assert len(found(browser, "kind:note")) == 7
    assert len(found(browser, "вид:заметка раздел:demo")) == 7
    assert found(browser, "вид:ресурсы") == []


def test_mistyped_operators_are_words(browser: FlaskClient) -> None:
    for query in ('"война', "война - роман", "-война", "жанр:ерунда война", "жнар:романы война", "война:"):
        assert "1" in found(browser, query), query


def test_the_form_as_typed_is_first(browser: FlaskClient) -> None:
    assert set(found(browser, "ели")) == {"4", "5", "6"}
    assert found(browser, "войной")[0] == "8"


def test_a_correction_is_said(browser: FlaskClient) -> None:
    for typed, meant in (("djqyf", "война"), ("voyna", "война"), ("вайна", "война")):
        answer = ask(browser, typed)
        assert answer["query"] == typed
        assert answer["shown_for"] == meant
        assert {hit["title"] for hit in answer["results"]} >= {"1", "2", "3"}
        assert "<mark>" in answer["results"][0]["snippet"]


def test_the_page_says_it_and_offers_the_text_as_typed(browser: FlaskClient) -> None:
    text = browser.get("/search", query_string={"q": "вайна"}).text
    assert "Показано для" in text
    assert "exact=1" in text
    exact = browser.get("/search", query_string={"q": "вайна", "exact": "1"}).text
    assert "Показано для" not in exact
    assert ask(browser, "вайна", exact="1")["total"] == 0
    assert ask(browser, "вайна", exact="1")["shown_for"] == "вайна"


def test_right_words_and_quoted_ones_are_not_corrected(browser: FlaskClient) -> None:
    assert ask(browser, "война")["shown_for"] == "война"
    answer = ask(browser, '"вайна"')
    assert (answer["shown_for"], answer["total"]) == ('"вайна"', 0)


def test_operators_survive_a_correction(browser: FlaskClient) -> None:
    answer = ask(browser, "вайна -роман жанр:прочее")
    assert answer["shown_for"] == "война -роман жанр:прочее"
    assert {hit["title"] for hit in answer["results"]} == {"2", "3", "8"}


def test_a_word_of_hidden_items_is_told_to_staff_only(
    browser: FlaskClient, as_viewer: Callable[..., FlaskClient]
) -> None:
    for typed in ("килимнажарка", "kilimanzharka"):
        answer = ask(browser, typed)
        assert answer["total"] == 0
        assert answer["suggestion"] is None
        assert "килиманжарка" not in answer["shown_for"]
    assert ask(as_viewer("teacher"), "килимнажарка")["shown_for"] == "килиманжарка"


def test_a_beginning_finds_words_although_a_hidden_item_has_it_as_a_word(browser: FlaskClient) -> None:
    assert found(browser, "револ") == ["3"]


def test_the_page_explains_how_to_search(browser: FlaskClient) -> None:
    text = browser.get("/search").text
    assert "Как искать" in text
    assert "возраст:12" in text


def test_a_typed_filter_can_be_taken_back(browser: FlaskClient) -> None:
    text = browser.get("/search", query_string={"q": "война жанр:романы"}).text
    assert "Искать везде" in text
