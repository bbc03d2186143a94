"""Suggestions: what begins like the typed text, and never more than this visitor may see."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from libhub.accounts.permissions import ADMINISTRATOR, PARENT, TEACHER
from libhub.base.db import db, writing
from libhub.base.moments import now
from libhub.plugging.switching import switch
from libhub.search.models import SearchCount
from libhub.search.store.beginnings import Beginnings
from libhub.testing import PROGRAM, counted_queries, index_now, keep_only

DOCUMENTS = """
from libhub.api import Document, Facet, ItemRef, ItemType, Summary, hookimpl

ITEMS = {  # title, label, age, themes
    "1": ("Каштанка. Рассказ о собаке", "public", 0, ["собаки"]),
    "2": ("Собака Баскервилей", "public", 12, ["детективы"]),
    "3": ("Собачье сердце", "public", 16, ["сатира"]),
    "4": ("Собрание педсовета", "staff", 0, ["планёрка"]),
    "5": ("Собор Парижской Богоматери", "public", 0, ["Франция"]),
    "6": ("Ёлка <b>и</b> собаки", "public", 0, ["ёлка"]),
    "7": ("Спрятанное", "public", 0, ["спрятанное"]),
}
HIDDEN = {"7"}  # hidden since it was indexed

def documents(keys):
    return [Document(ref=ItemRef("demo", "book", key), title=title, text="Текст о гончих и физруке", age=age,
                     audience=frozenset({label}), facets={"theme": themes, "shelf": ["upper"]})
            for key in keys for title, label, age, themes in [ITEMS[key]]]

def summaries(viewer, keys):
    return {key: Summary(ITEMS[key][0], f"/demo/{key}", ITEMS[key][2]) for key in keys if key not in HIDDEN}

@hookimpl
def register_item_types():
    return [ItemType(plugin="demo", kind="book", label="books", keys=lambda: list(ITEMS), documents=documents,
                     summaries=summaries, suggested=("theme",),
                     facets=[Facet("shelf", "Полка", {"upper": "Верхняя полка", "lower": "Верхотура"})])]
"""


@pytest.fixture
def hub(fake_plugin: Callable[..., Any], request: pytest.FixtureRequest) -> Flask:
    """A hub with a section of seven books."""
    fake_plugin("demo", {"hooks.py": DOCUMENTS})
    app: Flask = request.getfixturevalue("app")
    from libhub.installation import indexer

    with app.app_context():
        indexer().rebuild(lambda _done, _all: None)
    keep_only(app, "demo", "resources")
    return app


@pytest.fixture
def guest(hub: Flask) -> FlaskClient:
    """A guest's browser."""
    return hub.test_client()


def lines(browser: FlaskClient, typed: str) -> list[str]:
    """Return the suggestions as they can be read."""
    import re

    text = browser.get("/search/suggest", query_string={"q": typed}).text
    return [re.sub("<[^>]+>", "", part) for part in re.findall(r"<span>(.*?)</span>", text)]


def popular(browser: FlaskClient, typed: str) -> list[str]:
    """Return the suggested searches of others."""
    import re

    page = browser.get("/search/suggest", query_string={"q": typed}).text
    return re.findall(r"<span>([^<]*)</span> <small>часто ищут", page)


def searched(app: Flask, text: str, days: int, results: int = 3) -> None:
    with app.app_context(), writing():
        for ago in range(days):
            day = now().date() - timedelta(days=ago)
            db.session.add(SearchCount(day=day, text=text, asked=4, opened=1, results=results))


def test_every_typed_word_begins_a_word_of_the_title(guest: FlaskClient) -> None:
    assert lines(guest, "баск") == ["Собака Баскервилей"]
    assert lines(guest, "баск соб") == ["Собака Баскервилей"]
    assert lines(guest, "Каштан расс") == ["Каштанка. Рассказ о собаке"]
    assert lines(guest, "керв") == []
    assert lines(guest, "баск каштан") == []


def test_titles_that_begin_with_the_word_stand_first(guest: FlaskClient) -> None:
    assert lines(guest, "собак")[:1] == ["Собака Баскервилей"]


@pytest.mark.parametrize("typed", ["", " ", "с", "!", "\x00", "  -"])
def test_too_little_suggests_nothing(guest: FlaskClient, typed: str) -> None:
    answer = guest.get("/search/suggest", query_string={"q": typed})
    assert answer.status_code == 200
    assert "<li" not in answer.text


def test_where_no_title_fits_the_text_is_searched(guest: FlaskClient) -> None:
    assert lines(guest, "о гончей") == ["Каштанка. Рассказ о собаке", "Собака Баскервилей"]
    assert lines(guest, "гончей педсовета") == [], "nothing in scope has both"


@pytest.mark.parametrize("typed", ["бсакер", "басскерв", "баксер", "басерв", "баскурв"])
def test_one_wrong_letter_is_forgiven(guest: FlaskClient, typed: str) -> None:
    assert lines(guest, typed) == ["Собака Баскервилей"]


def test_no_typo_is_guessed_where_something_fits(guest: FlaskClient) -> None:
    assert lines(guest, "собор") == ["Собор Парижской Богоматери"]


def test_yo_is_e_and_markup_is_text(guest: FlaskClient) -> None:
    answer = guest.get("/search/suggest?q=елк").text
    assert "Ёлка &lt;b&gt;и&lt;/b&gt; собаки" in answer
    assert "<b>" not in answer


def test_items_are_links_and_themes_are_searches(guest: FlaskClient) -> None:
    assert 'href="/demo/2"' in guest.get("/search/suggest?q=баск").text
    assert (
        'href="/search?q=%D0%A4%D1%80%D0%B0%D0%BD%D1%86%D0%B8%D1%8F"'
        in guest.get("/search/suggest?q=фра").text
    )


def test_values_of_facets_are_filters_where_they_find_something(guest: FlaskClient) -> None:
    answer = guest.get("/search/suggest?q=верх").text
    assert "Верхняя полка" in answer
    assert "shelf=upper" in answer
    assert "Верхотура" not in answer, "nothing stands there"


def test_nobody_is_told_of_what_they_may_not_see(
    guest: FlaskClient, hub: Flask, as_viewer: Callable[..., FlaskClient]
) -> None:
    for typed in ("собр", "собран", "педсов", "план", "планер", "педсвет", "плпнерка"):
        for browser in (guest, as_viewer(PARENT)):
            told = " ".join(lines(browser, typed)).lower()
            assert not any(word in told for word in ("собрание", "педсовет", "планёрка")), typed
    assert lines(as_viewer(TEACHER), "педсов") == ["Собрание педсовета"]
    assert lines(as_viewer(TEACHER), "план") == ["планёрка"]


def test_age_marks_hold(guest: FlaskClient, as_viewer: Callable[..., FlaskClient]) -> None:
    for typed in ("сердц", "сатир", "сердсе"):
        assert lines(guest, typed) == [], typed
    assert lines(as_viewer(PARENT), "сердц") == ["Собачье сердце"]


def test_what_was_hidden_since_it_was_indexed_is_not_suggested(guest: FlaskClient) -> None:
    assert "Спрятанное" not in lines(guest, "спрят")


def test_a_section_that_is_off_is_not_suggested(guest: FlaskClient, hub: Flask) -> None:
    with hub.app_context():
        switch("demo", enable=False, actor=PROGRAM)
    for typed in ("баск", "фран", "верх"):
        assert lines(guest, typed) == []


def test_popular_searches_need_three_days_and_results(guest: FlaskClient, hub: Flask) -> None:
    searched(hub, "гончие рассказ", 3)
    searched(hub, "гончие и физрук", 2)
    searched(hub, "гончих нет", 5, results=0)
    assert popular(guest, "гонч") == ["гончие рассказ"]
    assert popular(guest, "гончие рассказ") == [], "what was typed already"


def test_a_popular_search_is_repeated_only_where_all_of_it_is_found(
    hub: Flask, guest: FlaskClient, as_viewer: Callable[..., FlaskClient]
) -> None:
    searched(hub, "физрук педсовет", 4)
    searched(hub, "физрук сатира", 4)
    assert popular(guest, "физр") == []
    assert popular(as_viewer(TEACHER), "физр") == ["физрук педсовет"]


def test_the_cost_in_statements_does_not_grow(guest: FlaskClient, hub: Flask) -> None:
    searched(hub, "собаки и гончие", 3)
    lines(guest, "баск")
    with counted_queries(hub) as one:
        lines(guest, "баск")
    with counted_queries(hub) as many:
        assert len(lines(guest, "соба")) > 2
    assert len(many) == len(one) + 1, "the synonyms for the popular search"


def test_a_new_title_is_suggested_as_soon_as_it_is_found(hub: Flask, guest: FlaskClient) -> None:
    assert lines(guest, "небывал") == []
    from libhub.api import set_archived
    from plugins.resources import rules
    from plugins.resources.models import Resource
    from plugins.resources.rules import ResourceData

    with hub.app_context():
        number = rules.save(ResourceData(age=0, title="Небывальщина", url="https://example.org/n"))
    index_now(hub)
    assert lines(guest, "небывал") == ["Небывальщина"]
    with hub.app_context():
        set_archived(Resource, [number], archived=True)
    index_now(hub)
    assert lines(guest, "небывал") == []


def test_an_administrator_sees_all(hub: Flask, as_viewer: Callable[..., FlaskClient]) -> None:
    assert set(lines(as_viewer(ADMINISTRATOR), "соб")) >= {"Собачье сердце", "Собака Баскервилей"}


def test_beginnings_of_no_text_at_all() -> None:
    assert Beginnings([]).find(["а"], limit=5) == []
    assert Beginnings(["", "!"]).find(["а"], limit=5, typos=True) == []
