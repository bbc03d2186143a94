"""Pages of the core and of every plugin: who may open them, and what they cost the database."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from libhub.accounts.permissions import ADMINISTRATOR, LIBRARIAN
from libhub.plugging.loading.registry import get_registry
from libhub.testing import counted_queries, forget_remembered, index_now, sign_in
from libhub.web import gate

MOST_QUERIES = 12
STRANGE_ARGUMENTS = [
    {"page": "99999999999999999999"},
    {"page": "-1"},
    {"page": "²"},
    {"page": "x"},
    {"_scheme": "evil", "_external": "1", "_anchor": "x", "_method": "POST", "endpoint": "x", "page": "2"},
    {"q": "%\x00'\"<script>", "letter": "<", "theme": "'", "age": "²", "grade": "99999999999999999999"},
    {"self": "x", "values": "y", "number": "z", "app": "q", "age": "99999999999999999999"},
]


def lists(app: Flask, plugin_id: str) -> list[Rule]:
    """Return the pages of a plugin that need no argument."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith(f"{plugin_id}.") and "GET" in (rule.methods or ()) and not rule.arguments
    ]


def test_every_route_declares_who_may_use_it(app: Flask) -> None:
    with app.app_context():
        known = {permission.name for permission in get_registry().permissions}
    for rule in app.url_map.iter_rules():
        access = gate.access_of(app, rule.endpoint)
        assert access in {gate.FOR_EVERYBODY, gate.FOR_ACCOUNTS, *known}, f"{rule.endpoint} declares {access}"


def test_pages_of_a_plugin_are_below_its_name(app: Flask, plugin_id: str) -> None:
    for rule in app.url_map.iter_rules():
        assert (rule.endpoint.startswith(f"{plugin_id}.")) == (rule.rule.startswith(f"/{plugin_id}/"))


def test_the_number_of_queries_does_not_grow_with_the_items(
    bare_app: Flask, plugin_id: str, factory: ModuleType
) -> None:
    browsers = {"guest": bare_app.test_client(), LIBRARIAN: sign_in(bare_app, LIBRARIAN)}
    pages = [(who, rule.rule) for rule in lists(bare_app, plugin_id) for who in browsers]

    def count(who: str, path: str) -> tuple[int, int]:
        browsers[who].get(path).close()  # warms up what is read once in the life of a process
        forget_remembered(bare_app)
        browsers[who].get(
            "/healthz"
        ).close()  # reads again what is the same for all pages: settings, the visitor
        with counted_queries(bare_app) as log, browsers[who].get(path) as answer:
            answer.get_data()  # what is streamed asks while it is read, and holds its request until it is closed
        assert answer.status_code < 500, path
        return answer.status_code, len(log)

    with bare_app.app_context():
        factory.make_items(1)
    index_now(bare_app)
    few = {page: count(*page) for page in pages}
    with bare_app.app_context():
        factory.make_items(30)
    index_now(bare_app)
    many = {page: count(*page) for page in pages}
    assert few == many
    assert {page: number for page, (_status, number) in many.items() if number > MOST_QUERIES} == {}
    assert any(status == 200 for status, _number in many.values())


def test_the_home_and_search_pages_ask_little(app: Flask) -> None:
    for path in ("/", "/search?q=сказки", "/search.json?q=сказки"):
        app.test_client().get(path)
        with counted_queries(app) as log:
            app.test_client().get(path)
        assert len(log) <= MOST_QUERIES, "\n".join(log.statements)


@pytest.mark.parametrize("arguments", STRANGE_ARGUMENTS, ids=lambda values: ",".join(values))
def test_no_list_breaks_on_strange_arguments(
    bare_app: Flask, plugin_id: str, factory: ModuleType, arguments: dict[str, str]
) -> None:
    with bare_app.app_context():
        factory.make_items(30)
    browser = sign_in(bare_app, ADMINISTRATOR)
    for rule in lists(bare_app, plugin_id):
        with browser.get(rule.rule, query_string=arguments) as answer:
            assert answer.status_code < 500, rule.rule
            if answer.mimetype == "text/html":  # what a file that is downloaded holds is no markup
                assert b"<script>" not in answer.data


def test_no_page_breaks_on_a_huge_number(app: Flask, as_viewer: Callable[..., FlaskClient]) -> None:
    browser = as_viewer(ADMINISTRATOR)
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and len(rule.arguments) == 1 and "<int:" in rule.rule:
            path = rule.rule.split("<", maxsplit=1)[0] + "9" * 30
            assert browser.get(path + rule.rule.rpartition(">")[2]).status_code == 404, rule.rule


def test_every_page_of_a_plugin_has_a_factory_to_fill_it(folder: Path, factory: ModuleType) -> None:
    assert callable(factory.make_items)
