"""A section that was written against the first interface works unchanged: names, what they take, what records hold.

``interface_1_0.json`` was written down from version 1.0 and nothing in it is ever changed: ``libhub.api``, the hooks, and
what a section's templates use. Parameters are name, kind, and whether there is a default; of macros without the kind.
"""

import dataclasses
import inspect
import json
from collections.abc import Callable
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, get_template_attribute
from jinja2 import nodes

from libhub import api, quizzes, testing
from libhub.app import template_folder
from libhub.plugging import hookspecs
from libhub.web.rendering.assets import icon_names

PROMISED = json.loads(Path(__file__).with_name("interface_1_0.json").read_text(encoding="utf-8"))
Parameters = list[tuple[str, str, bool]]


def breaks(promised: Parameters, present: Callable[..., Any]) -> str:
    """Return which call that was right is wrong now; empty for none."""
    now = inspect.signature(present).parameters
    takes_any = {parameter.kind.name for parameter in now.values()} & {"VAR_KEYWORD"}
    positional = [name for name, each in now.items() if each.kind.name.startswith("POSITIONAL")]
    for place, (name, kind, _default) in enumerate(promised):
        if kind.startswith("VAR_"):
            continue
        if name not in now and not takes_any:
            return f"{name} is gone"
        if kind == "POSITIONAL_OR_KEYWORD" and positional[place : place + 1] != [name]:
            return f"{name} has another place"
    known = {name: default for name, _kind, default in promised}
    for name, parameter in now.items():
        needed = parameter.default is parameter.empty and not parameter.kind.name.startswith("VAR_")
        if needed and known.get(name, True):
            return f"{name} must be given now"
    return ""


@pytest.mark.parametrize("name", sorted(PROMISED["api"]))
def test_a_name_of_the_interface_takes_what_it_took(name: str) -> None:
    present = getattr(api, name)
    promised = PROMISED["api"][name]
    if promised is not None:
        assert not breaks(promised, present)


@pytest.mark.parametrize("name", sorted(PROMISED["records"]))
def test_a_record_has_the_fields_that_it_had(name: str) -> None:
    fields = [field.name for field in dataclasses.fields(getattr(api, name))]
    assert fields[: len(PROMISED["records"][name])] == PROMISED["records"][name]


@pytest.mark.parametrize("name", sorted(PROMISED["hooks"]))
def test_a_hook_gives_what_it_gave(name: str) -> None:
    """An implementation may name each argument that it could name before."""
    given = set(inspect.signature(getattr(hookspecs, name)).parameters)
    assert {parameter for parameter, _kind, _default in PROMISED["hooks"][name]} <= given


def test_what_tests_use_is_there() -> None:
    assert set(PROMISED["testing"]) <= set(testing.__all__)


@pytest.mark.parametrize("name", sorted(PROMISED["attributes"]))
def test_an_object_has_what_it_had(name: str) -> None:
    present = getattr(api, name)
    here = {*dir(present), *getattr(present, "__dataclass_fields__", ()), *present.__annotations__}
    assert set(PROMISED["attributes"][name]) <= here


@pytest.mark.parametrize("name", sorted(PROMISED["quizzes"]))
def test_what_sections_with_questions_call_takes_what_it_took(name: str) -> None:
    present = attrgetter(name)(quizzes)
    promised = PROMISED["quizzes"][name]
    if promised is not None:
        assert not breaks(promised, present)


# -- what the templates of a section use -----------------------------------------------------------------


def parsed(app: Flask, name: str) -> nodes.Template:
    return app.jinja_env.parse((template_folder() / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(PROMISED["macros"]))
def test_a_macro_takes_what_it_took(app: Flask, name: str) -> None:
    file, _colon, macro = name.partition(": ")
    present = {each.name: each for each in parsed(app, file).find_all(nodes.Macro)}[macro]
    names = [each.name for each in present.args]
    assert names[: len(PROMISED["macros"][name])] == [argument for argument, _ in PROMISED["macros"][name]]
    needed = names[: len(names) - len(present.defaults)]
    assert set(needed) <= {argument for argument, default in PROMISED["macros"][name] if not default}


def test_templates_find_the_names_that_they_found(app: Flask) -> None:
    names = PROMISED["names"]
    environment = app.jinja_env
    assert set(names["filters"]) <= environment.filters.keys()
    assert set(names["globals"]) <= environment.globals.keys()
    assert set(names["blocks"]) <= {each.name for each in parsed(app, "layout.html").find_all(nodes.Block)}
    with app.test_request_context():
        values: dict[str, Any] = {}
        app.update_template_context(values)
        assert set(names["values"]) <= values.keys()
    assert set(names["icons"]) <= set(icon_names())


@pytest.mark.parametrize("name", sorted(PROMISED["addresses"]))
def test_an_address_is_made_of_what_it_was_made(app: Flask, name: str) -> None:
    assert set(PROMISED["addresses"][name]) in [rule.arguments for rule in app.url_map.iter_rules(name)]


def test_a_list_is_narrowed_down_as_it_was(app: Flask) -> None:
    """A section gave the chosen grade, and what its visitors chose besides; it called nothing inside."""
    with app.test_request_context():
        narrowing = get_template_attribute("macros.html", "narrowing")
        facets = [("topic", "Тема", {"a": "Первая", "b": "Вторая"})]
        counts = {"topic": {"a": 2, "b": 3}}
        shown = narrowing("/news/", facets, {"topic": {"a"}}, counts, 5, {"topic": "a"}, {"letter": "Б"})
        assert '<option value="5" selected>' in shown
        assert '<input type="hidden" name="letter" value="Б">' in shown
        assert '<a href="/news/">' in shown
        none_chosen = narrowing("/news/", facets, {}, counts, None, {})
        assert 'name="grade"' in none_chosen
        assert "selected" not in none_chosen
        assert '<a href="/news/">' not in none_chosen


def test_a_broken_promise_is_found() -> None:
    promised: Parameters = [("url", "POSITIONAL_OR_KEYWORD", False), ("size", "KEYWORD_ONLY", True)]
    assert not breaks(promised, lambda url, *, size=1, more=2: None)
    assert breaks(promised, lambda address, *, size=1: None) == "url is gone"
    assert breaks(promised, lambda more, url, *, size=1: None) == "url has another place"
    assert breaks(promised, lambda url, *, size=1, more: None) == "more must be given now"
    assert breaks(promised, lambda url: None) == "size is gone"
