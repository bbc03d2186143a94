"""The contract finds forms that stay where they are when they were accepted, and those that fail."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from libhub.testing.sent_forms import sent
from libhub.testing.walking import Address, Seen, browser_of, furnish, leads_to, see

HOOKS = "from libhub.api import hookimpl\nfrom plugins.demo.views import blueprint\n@hookimpl\ndef register_blueprints():\n    return [blueprint]\n"
VIEWS = """
from flask import Blueprint, redirect, request, url_for
from libhub.api import page, public, wants_fragment

blueprint = Blueprint("demo", __name__, url_prefix="/demo", template_folder="templates")

@blueprint.get("/")
@public
def index():
    return page("demo/page.html", block="content")

@blueprint.post("/stays")
@public
def stays():
    assert request.form["title"] == "Проба" and request.form["kind"] == "one" and request.form["day"]
    return page("demo/page.html")

@blueprint.post("/leads")
@public
def leads():
    if "fail" in request.form:
        raise RuntimeError
    return page("demo/page.html", block="content") if wants_fragment() else redirect(url_for("demo.index"))
"""
FORM = """<form method="post" action="/demo/{}" {}>{{{{ ui.csrf() }}}}<input name="title"><input name="day" type="date">
<select name="kind"><option value="">?</option><option value="one">1</option></select><button>Да</button>{}</form>"""
PAGE = (
    '{% extends "layout.html" %}{% block content %}{% import "macros.html" as ui with context %}'
    + FORM.format("stays", "", "")
    + FORM.format("leads", 'hx-post="/demo/leads"', '<button name="fail" value="1">Ой</button>')
    + "{% endblock %}"
)


@pytest.fixture
def demo(fake_plugin: Callable[..., Path], request: pytest.FixtureRequest) -> Flask:
    """The hub with a section that has both kinds."""
    fake_plugin("demo", {"hooks.py": HOOKS, "views.py": VIEWS, "templates/demo/page.html": PAGE})
    app: Flask = request.getfixturevalue("app")
    furnish(app, {})
    return app


def test_forms_are_filled_in_and_sent_by_each_button(demo: Flask) -> None:
    address = Address("demo", "/demo/", leads_to(demo, "/demo/"))
    seen = see(browser_of(demo, "librarian"), "librarian", address)
    assert isinstance(seen, Seen)
    got = {(each.path, each.button, each.as_fragment): each for each in sent(demo, [seen])}
    assert {key: each.status for key, each in got.items()} == {
        ("/demo/stays", "", False): 200,
        ("/demo/leads", "", False): 302,
        ("/demo/leads", "", True): 200,
        ("/demo/leads", "fail=1", False): 500,
        ("/demo/leads", "fail=1", True): 500,
    }
    assert [key for key, each in got.items() if each.stays] == [("/demo/stays", "", False)]
    assert got["/demo/stays", "", False].what == "demo.stays"
