"""Pages are remembered for who sees them, and never beyond a change of what they show."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import pytest
from flask import Flask
from flask.testing import FlaskClient

from libhub.accounts.permissions import LIBRARIAN, STUDENT
from libhub.base.db import db, writing
from libhub.plugging import settings
from libhub.search.models import Synonym
from libhub.testing import forget_remembered, make_app, release, serving, sign_in

VIEWS = """
from flask import Blueprint, flash, redirect, request, session, url_for
from libhub.api import current_viewer, db, now, public, remembered_page
from libhub.search.models import Synonym

blueprint = Blueprint("demo", __name__, url_prefix="/demo", template_folder="templates")
made = []

@blueprint.get("/")
@public
def index():
    return remembered_page("demo/page.html", contents, block="content")

@blueprint.get("/times")
@public
def times():
    session["times"] = session.get("times", 0) + 1
    return remembered_page("demo/times.html", contents)

@blueprint.route("/form", methods=["GET", "POST"])
@public
def form():
    return remembered_page("demo/form.html", contents)

@blueprint.get("/greet")
@public
def greet():
    flash("Привет!")
    return redirect(url_for("demo.index"))

def contents():
    made.append(request.full_path)
    return {"name": current_viewer().name, "asked": request.args.get("q", ""), "words": db.session.scalars(db.select(Synonym.words)).all()}
"""
PAGE = """{% extends "layout.html" %}{% import "macros.html" as ui with context %}
{% block title %}Проба {{ asked }}{% endblock %}
{% block content %}<p id="words">{{ name or "гость" }}: {{ words | join("; ") }}</p>{% endblock %}"""
FORM = """{% extends "layout.html" %}
{% block content %}<form method="post">{{ words | length }}<input name="csrf_token" value="{{ csrf_token() }}"></form>{% endblock %}"""

TIMES = """{% extends "layout.html" %}
{% block content %}<p>Было {{ session["times"] }}</p>{% endblock %}"""
FORM_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture
def demo(fake_plugin: Callable[..., Path], request: pytest.FixtureRequest) -> Flask:
    """The hub with a section that has a page worth remembering."""
    hooks = "from libhub.api import hookimpl\nfrom plugins.demo.views import blueprint\n@hookimpl\ndef register_blueprints():\n    return [blueprint]\n"
    templates = {
        f"templates/demo/{name}.html": text
        for name, text in {"page": PAGE, "form": FORM, "times": TIMES}.items()
    }
    fake_plugin("demo", {"hooks.py": hooks, "views.py": VIEWS, **templates})
    app: Flask = request.getfixturevalue("app")
    return app


def made() -> list[str]:
    from plugins.demo import views  # type: ignore[import-not-found]

    return list(views.made)


def content(browser: FlaskClient, path: str = "/demo/") -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    found = re.search(r'<p id="words">(.*?)</p>', answer.text)
    assert found
    return found[1]


def add(app: Flask, words: str) -> None:
    with app.app_context(), writing():
        db.session.add(Synonym(words=words))


def test_a_page_is_made_once_and_anew_after_a_change(demo: Flask) -> None:
    first, second = demo.test_client(), demo.test_client()
    whole = first.get("/demo/").text
    assert second.get("/demo/").text == whole, "one guest is like another"
    assert len(made()) == 1
    add(demo, "кот, котик")
    assert "кот, котик" in content(second)
    assert len(made()) == 2


def test_what_the_template_says_to_the_layout_is_kept_too(demo: Flask, client: FlaskClient) -> None:
    fresh, remembered = client.get("/demo/?q=1").text, client.get("/demo/?q=1").text
    assert fresh == remembered
    assert "<title>Проба 1" in remembered
    assert len(made()) == 1


def test_each_sees_their_own(demo: Flask) -> None:
    anna, boris = (sign_in(demo, STUDENT, username=name) for name in ("anna", "boris"))
    guest = demo.test_client()
    for _time in range(2):
        for browser, name in ((anna, "Student"), (boris, "Student"), (guest, "гость")):
            assert content(browser).startswith(name)
    assert len(made()) == 3, "one for each account, one for all guests"


@pytest.mark.parametrize("change", ["address", "language", "look", "name", "fragment"])
def test_another_address_language_look_or_setting_is_another_page(
    demo: Flask, client: FlaskClient, change: str
) -> None:
    before = client.get("/demo/").text
    headers = {"HX-Request": "true"} if change == "fragment" else {}
    path = "/demo/?q=2" if change == "address" else "/demo/"
    if change == "language":
        client.get("/language/en")
    elif change == "look":
        client.get("/look/change?vision=1")
    elif change == "name":
        with demo.app_context():
            settings.change_settings("core", {"library_name": "Наша школа"})
    after = client.get(path, headers=headers).text
    assert after != before
    forget_remembered(demo)
    assert client.get(path, headers=headers).text == after, "the same as made anew"


def test_addresses_that_nobody_follows_fill_no_memory(demo: Flask, client: FlaskClient) -> None:
    path = f"/demo/?q={'x' * 2_000}"
    assert client.get(path).text == client.get(path).text
    assert len(made()) == 2


def test_a_message_is_shown_once_and_to_one(demo: Flask) -> None:
    one, other = demo.test_client(), demo.test_client()
    one.get("/demo/")
    assert "Привет!" in one.get("/demo/greet", follow_redirects=True).text
    assert "Привет!" not in other.get("/demo/").text
    assert "Привет!" not in one.get("/demo/").text


def test_a_message_comes_with_the_fragment_that_takes_its_place(demo: Flask, client: FlaskClient) -> None:
    fragment = {"HX-Request": "true"}
    quiet = client.get("/demo/", headers=fragment).text
    client.get("/demo/greet")
    told = client.get("/demo/", headers=fragment).text
    assert 'role="status"' in told
    assert "Привет!" in told
    assert client.get("/demo/", headers=fragment).text == quiet, "it is told once"
    assert "Привет!" not in client.get("/demo/").text


def test_a_form_is_never_somebody_elses(demo: Flask) -> None:
    demo.config["WTF_CSRF_ENABLED"] = True
    one, other = demo.test_client(), demo.test_client()
    tokens = [FORM_TOKEN.findall(browser.get("/demo/form").text)[0] for browser in (one, other)]
    assert len(made()) == 1, "the second one comes from memory"
    answers = [
        browser.post("/demo/form", data={"csrf_token": token}).status_code
        for browser in (one, other)
        for token in tokens
    ]
    assert answers == [200, 400, 400, 200]


def test_what_a_block_takes_from_the_session_is_never_kept(demo: Flask) -> None:
    browser = demo.test_client()
    for number in (1, 2):
        assert f"Было {number}" in browser.get("/demo/times").text
    assert "Было 1" in demo.test_client().get("/demo/times").text


def test_rights_hold_at_the_next_request(app: Flask, client: FlaskClient) -> None:
    from libhub.api import set_archived
    from plugins.resources import rules
    from plugins.resources.models import Resource
    from plugins.resources.rules import ResourceData

    pupil, librarian = sign_in(app, STUDENT), sign_in(app, LIBRARIAN)
    with app.app_context():
        number = rules.save(
            ResourceData(title="Аардварк", url="https://example.org/aa", visibility="signed_in", age=12)
        )
    seen = {
        name: "Аардварк" in browser.get("/resources/").text
        for name, browser in (("guest", client), ("pupil", pupil), ("staff", librarian))
    }
    assert seen == {"guest": False, "pupil": True, "staff": True}
    with app.app_context():
        settings.change_settings("core", {"student_age": "6"})
    assert "Аардварк" not in pupil.get("/resources/").text
    assert "Аардварк" in librarian.get("/resources/").text
    with app.app_context():
        settings.change_settings("core", {"student_age": "12"})
        set_archived(Resource, [number], archived=True)
    for browser in (client, pupil, librarian):
        assert "Аардварк" not in browser.get("/resources/").text


def test_a_change_by_one_worker_is_seen_in_the_other(instance: Path, tmp_path: Path) -> None:
    from libhub.api import set_archived
    from plugins.resources import rules
    from plugins.resources.models import Resource
    from plugins.resources.rules import ResourceData

    place = tmp_path / "live"
    shutil.copytree(instance, place)

    def pages(url: str) -> set[bool]:
        found = set()
        for _time in range(16):
            with urlopen(f"{url}/resources/") as answer:
                found.add("Аардварк" in answer.read().decode())
        return found

    with serving(place, workers=2) as server:
        assert pages(server.url) == {False}
        app = make_app(place)
        with app.app_context():
            number = rules.save(ResourceData(age=0, title="Аардварк", url="https://example.org/aa"))
        assert pages(server.url) == {True}
        with app.app_context():
            set_archived(Resource, [number], archived=True)
        assert pages(server.url) == {False}
        release(app)
