"""A section that shows to strangers what is of a pupil fails the contract, whatever the exit; one that knows whose it is passes."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.permissions import PARENT, STUDENT
from libhub.base.audit import PROGRAM, acting_as
from libhub.installation import prepare
from libhub.plugging.loading.registry import get_registry
from libhub.serving.background import reconcile
from libhub.testing import PASSWORD, index_now, keep_only, make_app, release
from libhub.testing.strangers import leaks
from libhub.testing.walking import PEOPLE, PUPILS_CLASS, Address, make_parent

Write = Callable[..., Path]
HEAD = """
import json
from flask import Blueprint, Response, url_for
from libhub.api import *
from libhub.api import hookimpl

blueprint = Blueprint("bad", __name__, url_prefix="/bad", template_folder="templates")

def every():
    return json.loads(instance_path("kept.json").read_text(encoding="utf-8"))

def lines(*numbers):
    return [text for number, text in every().items() if not numbers or int(number) in numbers]

@hookimpl
def register_blueprints():
    return [blueprint]

@hookimpl
def personal_data(user_id):
    return {"lines": lines(user_id)}

@hookimpl
def erase_personal_data(user_id):
    left = {number: text for number, text in every().items() if int(number) != user_id}
    instance_path("kept.json").write_text(json.dumps(left), encoding="utf-8")

"""
PAGE = """
@blueprint.get("/{name}")
@{gate}
def page_{name}():
    viewer = current_viewer()
    return Response({body}, content_type="{kind}; charset=utf-8")
"""
HOOKS = """
@hookimpl
def home_cards(viewer):
    return [HomeCard("Дети", "bad/card.html", {"lines": lines()})] if viewer.signed_in else []

@hookimpl
def child_lines(viewer, child_id):
    return [ChildLine("Записи", text, "/bad/") for text in lines()]

@hookimpl
def calendar_entries(viewer, start, end):
    return [CalendarEntry(text, "/bad/", today(), today()) for text in lines()]

def documents(keys):
    return [
        Document(ItemRef("bad", "line", number), text, "", frozenset({SIGNED_IN}), 0)
        for number, text in every().items()
        if number in keys
    ]

def summaries(viewer, keys):
    return {number: Summary(text, "/bad/", 0) for number, text in every().items() if number in keys}

@hookimpl
def register_item_types():
    return [ItemType("bad", "line", "lines", lambda: list(every()), documents, summaries)]
"""
OWN = """
@hookimpl
def child_lines(viewer, child_id):
    return [ChildLine("Записи", text, "/bad/own") for text in lines(child_id)]
""" + PAGE.format(
    name="own",
    gate="signed_in",
    body="' '.join(lines(-1, viewer.user_id, *viewer.children))",
    kind="text/plain",
)
TOLD = "Маша Котова: путешествие Незнайки"
ANYBODY = ("another parent", "a first-former", "a teacher of another class")
EXITS = {
    "everybody": ("public", "' '.join(lines())", "text/html", (*ANYBODY, "guest")),
    "parents": (
        "signed_in",
        "' '.join(lines()) if viewer.children else ''",
        "text/html",
        ("another parent",),
    ),
    "staff": (
        "signed_in",
        "' '.join(lines()) if viewer.staff else ''",
        "text/html",
        ("a teacher of another class",),
    ),
    "feed": ("public", "'SUMMARY:' + ' '.join(lines())", "text/calendar", (*ANYBODY, "guest")),
    "json": ("public", "json.dumps(lines())", "application/json", (*ANYBODY, "guest")),
}
"""Pages of a section that leaks: who gets past, what the page says, as what, and which strangers see it."""
HOOKED = {
    "/": ANYBODY,
    "/me/children/": ("another parent",),
    "/events/today": (*ANYBODY, "guest"),
    "/search?q=Котова": ANYBODY,
    "/search.json?q=Котова": ANYBODY,
    "/search/suggest?q=Котова": ANYBODY,
}
"""Pages of others at which the hooks of that section leak, and to whom."""


@pytest.fixture(scope="module")
def family(prepared_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance with the pupil and the parent, and the calendar, which shows what other sections put into it."""
    folder = tmp_path_factory.mktemp("family") / "instance"
    shutil.copytree(prepared_instance, folder)
    app = make_app(folder)
    keep_only(app, "events")
    with app.test_request_context(), acting_as(PROGRAM):
        people = {
            role: accounts.add_user(
                UserDetails(login, name, role, school_class=PUPILS_CLASS if role == STUDENT else ""), PASSWORD
            ).id
            for role, (login, name) in PEOPLE.items()
        }
        make_parent(people[PARENT], people[STUDENT])
        (folder / "kept.json").write_text(json.dumps({people[STUDENT]: TOLD}), encoding="utf-8")
    release(app)
    return folder


@pytest.fixture
def instance(family: Path, tmp_path: Path) -> Path:
    """A copy for one section."""
    return Path(shutil.copytree(family, tmp_path / "instance"))


def leaks_of(instance: Path, fake_plugin: Write, code: str) -> set[tuple[str, str]]:
    """Return to whom a hub with such a section shows something of the pupil, and where."""
    card = "{% for line in lines %}{{ line }}{% endfor %}"
    fake_plugin("bad", {"hooks.py": HEAD + code, "templates/bad/card.html": card})
    app = make_app(instance)
    prepare(app, lambda _done, _all: None)
    with app.app_context():
        assert get_registry().plugins["bad"].error is None
        reconcile()
    index_now(app)
    release(app)
    paths = [*(f"/bad/{name}" for name in (*EXITS, "own")), "/", "/me/children/", "/events/today"]
    found = leaks(instance, [Address("bad", path, None) for path in paths])
    assert all({"незн", "путе"} <= set(leak.words) for leak in found), found
    return {(leak.path, leak.who) for leak in found}


def test_every_leak_is_found(instance: Path, fake_plugin: Write) -> None:
    pages = "".join(
        PAGE.format(name=name, gate=gate, body=body, kind=kind)
        for name, (gate, body, kind, _who) in EXITS.items()
    )
    expected = {f"/bad/{name}": whom for name, (_gate, _body, _kind, whom) in EXITS.items()} | HOOKED
    found = leaks_of(instance, fake_plugin, pages + HOOKS)
    assert found >= {(path, who) for path, whom in expected.items() for who in whom}
    assert {who for path, who in found if path in ("/bad/parents", "/me/children/")} == {"another parent"}


def test_what_is_shown_to_the_family_is_no_leak(instance: Path, fake_plugin: Write) -> None:
    assert leaks_of(instance, fake_plugin, OWN) == set()
