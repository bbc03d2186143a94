"""The librarian's synonyms: in force on the next query, in every process, without indexing."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from libhub.accounts.permissions import ADMINISTRATOR, LIBRARIAN, TEACHER
from libhub.base.audit import AuditEntry, acting_as
from libhub.base.db import db
from libhub.base.errors import LibHubError
from libhub.search.asking import synonyms
from libhub.search.current import get_index
from libhub.search.queries import Scope
from libhub.testing import PROGRAM, counted_queries, forget_remembered, make_app, release
from tests.core.search.conftest import query_words

EVERYBODY = Scope(frozenset({"resources"}), frozenset({"public"}), frozenset({0}))

DOCUMENTS = """
from libhub.api import Document, ItemRef, ItemType, Summary, hookimpl

TITLES = {"1": "Физкультура в школе", "2": "Физическая культура", "3": "Физическая география", "4": "Физра"}
SECRET = {"4"}

def documents(keys):
    return [Document(ref=ItemRef("demo", "note", key), title=TITLES[key], text="", age=0,
                     audience=frozenset({"staff" if key in SECRET else "public"})) for key in keys]

def summaries(viewer, keys):
    return {key: Summary(TITLES[key], f"/demo/{key}", 0) for key in keys}

@hookimpl
def register_item_types():
    return [ItemType(plugin="demo", kind="note", label="notes", keys=lambda: list(TITLES), documents=documents,
                     summaries=summaries)]
"""


@pytest.fixture
def notes(fake_plugin: Callable[..., Any]) -> None:
    """A section of four notes, made before the application is."""
    fake_plugin("demo", {"hooks.py": DOCUMENTS})


@pytest.fixture
def hub(notes: None, app: Flask) -> Flask:
    """The application with the notes in the index."""
    from libhub.installation import indexer

    with app.app_context():
        indexer().rebuild(lambda _done, _all: None)
    return app


def titles(browser: FlaskClient, query: str) -> list[str]:
    found = browser.get("/search.json", query_string={"q": query, "section": "demo"}).json
    return [hit["title"] for hit in found["results"]]


def save(app: Flask, words: str) -> None:
    with app.app_context(), acting_as(PROGRAM):
        synonyms.save(words)


def test_a_word_finds_its_synonyms_from_the_next_query_on(hub: Flask) -> None:
    browser = hub.test_client()
    assert titles(browser, "физру") == []
    save(hub, "физра, физкультура")
    assert titles(browser, "физру") == ["Физкультура в школе"]
    assert titles(browser, "физкультурой") == ["Физкультура в школе"]
    with hub.app_context():
        synonyms.delete(synonyms.every()[0].id)
    assert titles(browser, "физру") == []


def test_another_process_uses_them_without_being_told(hub: Flask, instance: Any) -> None:
    other = make_app(instance)
    browser = other.test_client()
    assert titles(browser, "физра") == []
    save(hub, "физра, физкультура")
    assert titles(browser, "физра") == ["Физкультура в школе"]
    release(other)


def test_a_phrase_is_found_as_a_whole_and_finds_the_word(hub: Flask) -> None:
    save(hub, "физра = физическая культура")
    browser = hub.test_client()
    assert titles(browser, "физра") == ["Физическая культура"]
    save(hub, "зарядка; физкультура")
    assert titles(browser, "физической культуры") == ["Физическая культура"]
    assert titles(browser, "зарядка") == ["Физкультура в школе"]


def test_a_synonym_opens_nothing_to_those_who_may_not_see_it(
    hub: Flask, as_viewer: Callable[..., FlaskClient]
) -> None:
    save(hub, "физра, физкультура")
    assert titles(hub.test_client(), "физкультура") == ["Физкультура в школе"]
    assert set(titles(as_viewer(TEACHER), "физкультура")) == {"Физкультура в школе", "Физра"}


def test_what_was_typed_ranks_before_its_synonyms(hub: Flask, as_viewer: Callable[..., FlaskClient]) -> None:
    save(hub, "физра, физкультура")
    assert titles(as_viewer(TEACHER), "физра")[0] == "Физра"


def test_one_statement_for_a_query(hub: Flask) -> None:
    browser = hub.test_client()
    browser.get("/search.json?q=слово")
    forget_remembered(hub)
    with counted_queries(hub) as log:
        browser.get("/search.json?q=слово другое третье")
    assert sum("core_synonym" in statement for statement in log.statements) == 1


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("физра", "хотя бы два"),
        ("физра, , ", "хотя бы два"),
        ("сказка, сказок", "формы одного слова"),
        ("физра, !!!", "нет ни одного слова"),
        ("физра, на", "встречается везде"),
        ("физра, один два три четыре пять шесть", "слишком длинн"),
        ("занято, ещё одно", "в другой группе"),
        ("а" * 1001, "1000"),
    ],
)
def test_what_makes_no_group_is_refused_with_the_reason(app: Flask, typed: str, part: str) -> None:
    with app.test_request_context(), acting_as(PROGRAM):
        synonyms.save("занято, свободно")
        with pytest.raises(LibHubError, match=part):
            synonyms.save(typed)
        assert len(synonyms.every()) == 1


def test_the_librarian_edits_them_in_the_page(app: Flask, as_viewer: Callable[..., FlaskClient]) -> None:
    librarian = as_viewer(LIBRARIAN)
    assert "физра, </textarea>" in librarian.get("/admin/synonyms/add?words=физра").text
    refused = librarian.post("/admin/synonyms/add", data={"words": "физра"})
    assert refused.status_code == 422
    assert "физра</textarea>" in refused.text
    assert librarian.post("/admin/synonyms/add", data={"words": "физра, физкультура"}).status_code == 302
    assert "физра, физкультура" in librarian.get("/admin/synonyms").text
    with app.app_context():
        number = synonyms.every()[0].id
    librarian.post(f"/admin/synonyms/{number}", data={"words": "физра, физкультура, спорт"})
    librarian.post(f"/admin/synonyms/{number}/delete")
    with app.app_context():
        assert synonyms.every() == []
        log = db.session.scalars(
            select(AuditEntry.action).where(AuditEntry.subject_type == "core_synonym").order_by(AuditEntry.id)
        )
        assert list(log) == ["create", "update", "delete"]


@pytest.mark.parametrize("path", ["/admin/synonyms", "/admin/synonyms/add", "/admin/searches"])
def test_only_the_librarian_gets_in(as_viewer: Callable[..., FlaskClient], path: str) -> None:
    assert as_viewer(TEACHER).get(path).status_code == 403
    assert as_viewer("guest").get(path).status_code == 302
    assert as_viewer(ADMINISTRATOR).get(path).status_code == 200


def test_a_hub_with_no_visitor_uses_them_too(hub: Flask) -> None:
    save(hub, "физра, физкультура")
    with hub.app_context():
        words = query_words("физра", get_index(), EVERYBODY)
    assert "физкультура" in words[0].terms
