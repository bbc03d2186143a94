"""A block that is rendered alone says what it says in its page."""

from jinja2 import DictLoader, Environment

from libhub.web.rendering.jinja_internals import render_blocks

TEMPLATES = {
    "layout": "{% set from_layout = 'layout' %}<html>{% block title %}{% endblock %}{% block content %}base{% endblock %}</html>",
    "macros": "{% macro told(text) %}[{{ text }} {{ who }}]{% endmacro %}",
    "parent": "{% extends 'layout' %}{% block content %}<{% block rows %}rows of {{ who }}{% endblock %}>{% endblock %}",
    "child": (
        "{% extends 'parent' %}{% import 'macros' as ui with context %}{% set name = 'x' %}"
        "{% macro own() %}own{% endmacro %}{% block title %}{{ ui.told('title') }}{% endblock %}"
        "{% block content %}{{ ui.told(name) }}{{ own() }}{{ super() }}{% endblock %}"
    ),
    "plain": "{% import 'macros' as ui with context %}{% block content %}{{ ui.told(1) }}{% endblock %} after",
}


def blocks_of(name: str, *wanted: str) -> dict[str, str]:
    template = Environment(loader=DictLoader(TEMPLATES), autoescape=True).get_template(name)
    return render_blocks(template, {"who": "us"}, list(wanted))


def test_what_the_top_imports_sets_and_declares_is_there() -> None:
    assert blocks_of("child", "title", "content") == {
        "title": "[title us]",
        "content": "[x us]own<rows of us>",
    }


def test_a_block_that_is_inherited_is_a_block_of_the_page() -> None:
    assert blocks_of("child", "rows", "none") == {"rows": "rows of us"}


def test_a_template_without_a_layout_has_blocks_as_well() -> None:
    assert blocks_of("plain", "content") == {"content": "[1 us]"}
