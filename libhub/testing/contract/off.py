"""A section that is switched off leaves no trace; switched on again, all of it is back."""

import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from libhub.accounts.permissions import GUEST, LIBRARIAN
from libhub.base.db import db
from libhub.cli import main
from libhub.plugging import calls
from libhub.plugging.loading.registry import get_registry
from libhub.plugging.switching import switch
from libhub.search.current import get_index
from libhub.search.models import SearchOutbox
from libhub.testing import PROGRAM, index_now

CORE_PAGES = ("/", "/search?q=", "/admin/settings", "/admin/users/", "/nowhere")


def paths_of(app: Flask, plugin_id: str) -> list[str]:
    """Return an address for every page that the plugin shows, and for each of its static files."""
    paths = []
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith(f"{plugin_id}.") or "GET" not in (rule.methods or ()):
            continue
        values: dict[str, Any] = dict.fromkeys(rule.arguments, 1)  # a number is a text, too
        paths.append(adapter.build(rule.endpoint, values))
    folder = app.blueprints[plugin_id].static_folder
    files = [path for path in Path(folder or "/nowhere").rglob("*") if path.is_file()]
    return paths + [f"/{plugin_id}/static/{path.relative_to(folder or '').as_posix()}" for path in files]


def reader_of(factory: ModuleType) -> str:
    """Return the role that sees what the factory makes; a plugin that has nothing for guests names it."""
    return str(getattr(factory, "READER", GUEST))


def without_tokens(page: str) -> str:
    """Return a page without what its forms have anew every second."""
    return re.sub(r'name="(?:csrf_token|form_state)" value="[^"]*"|data-(?:left|longest)="\d+"', "", page)


def status(browser: FlaskClient, path: str) -> int:
    with browser.get(path) as answer:  # closes the file that a static answer streams
        return answer.status_code


def turn(app: Flask, plugin_id: str, *, enable: bool) -> None:
    with app.app_context():
        assert switch(plugin_id, enable=enable, actor=PROGRAM).plugins


def state_of_search(app: Flask) -> tuple[Any, ...]:
    with app.app_context():
        return (
            get_index().current_folder(),
            sorted(path.name for path in (get_index().current_folder() or Path()).iterdir()),
            db.session.scalar(select(func.count()).select_from(SearchOutbox)),
        )


@pytest.fixture
def filled(app: Flask, factory: ModuleType) -> Flask:
    with app.app_context():
        factory.make_items(3)
    index_now(app)
    return app


def test_off_leaves_no_trace_and_on_brings_all_back(
    filled: Flask, plugin_id: str, factory: ModuleType, as_viewer: Callable[..., FlaskClient]
) -> None:
    app, guest, librarian = filled, filled.test_client(), as_viewer(LIBRARIAN)
    reader = as_viewer(reader_of(factory))
    paths = paths_of(app, plugin_id)
    before_pages = {path: status(librarian, path) for path in paths}
    before_search = reader.get("/search.json?q=").get_json()
    before_home = without_tokens(reader.get("/").text)
    before_index = state_of_search(app)
    assert 200 in before_pages.values()
    own = reader.get("/search.json", query_string={"q": "", "section": plugin_id}).get_json()
    assert {hit["plugin"] for hit in own["results"]} == {plugin_id}
    sections = before_search["facets"]["section"]
    assert sections[plugin_id] >= 3
    assert sum(sections.values()) == before_search["total"]

    turn(app, plugin_id, enable=False)
    for browser in (guest, reader, librarian):
        for path in paths:
            assert status(browser, path) == 404, path
        found = browser.get("/search.json?q=").get_json()
        assert all(hit["plugin"] != plugin_id for hit in found["results"])
        assert plugin_id not in found["facets"].get("section", {})
        assert found["total"] == sum(found["facets"].get("section", {}).values())
        forced = browser.get("/search.json", query_string={"q": "", "section": plugin_id}).get_json()
        assert forced["total"] == 0
        for page in CORE_PAGES:
            assert f"/{plugin_id}/" not in browser.get(page).text, page
    with app.test_request_context():
        for hook in ("nav_items", "home_cards"):
            viewer = calls.call(hook, viewer=None)
            assert plugin_id not in dict(viewer)

    turn(app, plugin_id, enable=True)
    assert {path: status(librarian, path) for path in paths} == before_pages
    assert reader.get("/search.json?q=").get_json() == before_search
    assert without_tokens(reader.get("/").text) == before_home
    assert state_of_search(app) == before_index


def test_what_changes_while_it_is_off_is_found_afterwards(
    filled: Flask, plugin_id: str, factory: ModuleType, as_viewer: Callable[..., FlaskClient]
) -> None:
    reader = as_viewer(reader_of(factory))
    total = reader.get("/search.json?q=").get_json()["total"]
    turn(filled, plugin_id, enable=False)
    with filled.app_context():
        factory.make_items(2)
    index_now(filled)
    turn(filled, plugin_id, enable=True)
    assert reader.get("/search.json?q=").get_json()["total"] == total + 2


def test_commands_of_a_section_that_is_off_refuse(
    filled: Flask,
    plugin_id: str,
    instance: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with filled.app_context():
        commands = get_registry().plugins[plugin_id].commands
    if not commands:
        pytest.skip("this plugin has no commands")
    turn(filled, plugin_id, enable=False)
    monkeypatch.setenv("LIBHUB_INSTANCE", str(instance))
    with pytest.raises(SystemExit) as ended:
        main([plugin_id, commands[0].name or "", "x"])
    assert ended.value.code == 1
    assert plugin_id in capsys.readouterr().err
