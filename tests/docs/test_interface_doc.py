"""docs/interface.md says what the code says, and its examples run."""

from pathlib import Path

import pytest
from flask import Flask

from libhub import api
from tools import interface

PARTS = [subject.example for subject in interface.SUBJECTS]


def test_it_says_what_the_code_says() -> None:
    told = interface.DOCUMENT.read_text(encoding="utf-8")
    assert told == interface.written(), "python -m tools.interface writes it anew"


def test_every_name_has_one_subject() -> None:
    names = [name for subject in interface.SUBJECTS for name in subject.names.split()]
    assert sorted(names) == sorted(api.__all__)


@pytest.mark.parametrize("example", sorted({part for part in PARTS if ":" not in part}))
def test_an_example_runs(app: Flask, example: str) -> None:
    path = interface.EXAMPLES / example
    with app.test_request_context("/"):
        exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), {"__name__": "example"})


def test_the_other_examples_are_of_a_section_that_is_checked() -> None:
    assert {Path(part.partition(":")[0]).parts[0] for part in PARTS if ":" in part} == {"news"}
    assert (interface.ROOT / "tests" / "authoring" / "test_news_example.py").is_file()


def test_what_templates_have_is_told(app: Flask) -> None:
    styles = "".join(path.read_text("utf-8") for path in (interface.ROOT / "libhub/static/css").glob("*.css"))
    for name in interface.CLASSES:
        assert f".{name}" in styles
    for name in interface.FILTERS:
        assert name in app.jinja_env.filters
    with app.test_request_context("/"):
        values = dict(app.jinja_env.globals)
        app.update_template_context(values)
    assert set(interface.GLOBALS) <= set(values)
    own = {name for name, each in app.jinja_env.filters.items() if each.__module__.startswith("libhub")}
    assert own <= set(interface.FILTERS) | {"datetimeformat"}
    functions = {
        name
        for name, each in app.jinja_env.globals.items()
        if getattr(each, "__module__", "").startswith("libhub.web.rendering")
    }
    assert functions - set(interface.GLOBALS) <= interface.ONLY_FOR_THE_LAYOUT
