"""Where nothing is found every cause has its next step, with the number of results that it leads to."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from libhub.accounts.permissions import LIBRARIAN, TEACHER
from libhub.plugging import settings
from libhub.plugging.loading.registry import get_registry
from libhub.search.asking.advice import advise
from libhub.search.asking.search import SearchRequest
from libhub.search.current import get_index
from libhub.testing import keep_only, viewer_with

DOCUMENTS = """
from libhub.api import Document, Facet, ItemRef, ItemType, Summary, hookimpl

ITEMS = {"1": ("Былины о богатырях", "public", "upper"), "2": ("Богатыри и ведьмы", "public", "lower"),
         "3": ("Ведьмы педсовета", "staff", "upper")}

def documents(keys):
    return [Document(ref=ItemRef("demo", "book", key), title=ITEMS[key][0], text="", age=0,
                     audience=frozenset({ITEMS[key][1]}), facets={"shelf": [ITEMS[key][2]]}) for key in keys]

def summaries(viewer, keys):
    return {key: Summary(ITEMS[key][0], f"/demo/{key}", 0) for key in keys}

@hookimpl
def register_item_types():
    return [ItemType(plugin="demo", kind="book", label="books", keys=lambda: list(ITEMS), documents=documents,
                     summaries=summaries, facets=[Facet("shelf", "Полка", {"upper": "верхняя", "lower": "нижняя"})])]
"""


@pytest.fixture
def hub(fake_plugin: Callable[..., Any], request: pytest.FixtureRequest) -> Flask:
    """A hub with a section of three books."""
    fake_plugin("demo", {"hooks.py": DOCUMENTS})
    app: Flask = request.getfixturevalue("app")
    from libhub.installation import indexer

    with app.app_context():
        indexer().rebuild(lambda _done, _all: None)
    keep_only(app, "demo")
    return app


def steps(browser: FlaskClient, **asked: str) -> dict[str, int]:
    """Return what the page offers to search for instead, with the numbers that it promises."""
    page = unescape(browser.get("/search", query_string=asked).text)
    offered = re.findall(r'<li>[^<]*<a href="(/search\?[^"]*)">([^<]*)</a> — \D*(\d+)', page)
    for url, text, number in offered:
        found = browser.get(url.replace("/search?", "/search.json?")).json
        assert found["total"] == int(number), f"{text}: the number is not what the link gives"
    return {text: int(number) for _url, text, number in offered}


def test_fewer_words_are_offered_with_their_numbers(hub: Flask) -> None:
    # the only book of the lower shelf that the first word finds has the word that is to be left out
    offered = steps(hub.test_client(), q="богатыри -ведьмы", shelf="lower")
    assert offered == {"богатыри": 1, "-ведьмы": 1, "без «Полка: нижняя»": 1}


def test_a_filter_can_be_dropped(hub: Flask) -> None:
    assert steps(hub.test_client(), q="былины", shelf="lower") == {"без «Полка: нижняя»": 1}


def test_of_two_filters_each_and_both_are_tried(hub: Flask) -> None:
    offered = steps(hub.test_client(), q="былины", shelf="lower", section="resources")
    assert offered == {"без всех фильтров": 1}
    offered = steps(hub.test_client(), q="былины", shelf="lower", section="demo")
    assert offered == {"без «Полка: нижняя»": 1, "без всех фильтров": 1}


def test_the_numbers_are_those_of_this_viewer(hub: Flask, as_viewer: Callable[..., FlaskClient]) -> None:
    asked = {"q": "педсовет", "shelf": "lower"}
    assert steps(hub.test_client(), **asked) == {}
    assert steps(as_viewer(TEACHER), **asked) == {"без «Полка: нижняя»": 1}


@pytest.mark.parametrize("text", ["щщщщ", "щщщщ ъъъъ", "щъ " * 400, "щ" * 10_000, "!!!"])
def test_where_nothing_helps_nothing_is_promised(hub: Flask, text: str) -> None:
    answer = hub.test_client().get("/search", query_string={"q": text})
    assert answer.status_code == 200
    assert " — найден" not in answer.text
    assert "спросите библиотекаря" in answer.text


def test_variants_without_quotes_and_without_a_word(hub: Flask) -> None:
    with hub.app_context():
        found = advise(
            get_index(),
            get_registry().item_types,
            viewer_with(hub, None),
            ("demo",),
            SearchRequest('"богатыри" и небывальщина'),
        )
    texts = [variant.request.text for variant in found.fewer_words]
    assert texts[0] == "богатыри и небывальщина"
    assert "богатыри" in texts
    assert all(variant.total == 2 for variant in found.fewer_words)


def test_the_librarian_says_how_to_be_asked(hub: Flask) -> None:
    with hub.app_context():
        settings.change_settings(settings.CORE, {"ask_librarian": "кабинет 12, <до> 17:00"})
    assert (
        "спросите библиотекаря: кабинет 12, &lt;до&gt; 17:00" in hub.test_client().get("/search?q=щщщщ").text
    )


def test_the_directory_offers_a_new_resource_for_what_was_searched(
    app: Flask, as_viewer: Callable[..., FlaskClient]
) -> None:
    from libhub.search.query_counts import counter_of

    librarian = as_viewer(LIBRARIAN)
    librarian.get("/search?q=щщщщ")
    with app.app_context():
        counter_of(app).write()
    page = librarian.get("/admin/searches").text
    link = re.search(r'href="(/resources/add\?title=[^"]+)"', page)
    assert link
    assert 'value="щщщщ"' in librarian.get(link[1]).text
