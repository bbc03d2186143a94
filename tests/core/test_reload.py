"""``libhub serve --reload`` and ``--safe``, each as somebody at a terminal and a browser sees it."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import psutil
import pytest
from sqlalchemy import select

from libhub.accounts.accounts import find_user
from libhub.accounts.permissions import ADMINISTRATOR
from libhub.app import create_app
from libhub.base.db import db
from libhub.config import Config, load_config
from libhub.installation import indexer
from libhub.plugging.loading.registry import get_registry
from libhub.plugging.models import PluginState
from libhub.testing import LiveServer, make_app, release, run_libhub, serving, sign_in

ROOT = Path(__file__).parents[2]
SOON = 60.0
Write = Callable[..., Path]

HOOKS = """
from libhub.api import gettext as _
from libhub.api import hookimpl, page, public
from flask import Blueprint

blueprint = Blueprint("demo", __name__, url_prefix="/demo", template_folder="templates")


@blueprint.get("/")
@public
def index():
    return page("demo/index.html", word=WORD)


@blueprint.get("/broken")
@public
def broken():
    return str(1 / 0)


@hookimpl
def register_blueprints():
    return [blueprint]
"""
PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Told"\nmsgstr "TOLD"\n'
FILES = {
    "hooks.py": HOOKS + "WORD = 'first'\n",
    "templates/demo/index.html": '{% extends "layout.html" %}{% block content %}<p>[{{ word }}|{{ _("Told") }}]</p>{% endblock %}',
    "translations/ru/LC_MESSAGES/messages.po": PO.replace("TOLD", "сказано"),
}


def until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SOON
    while not done():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.1)


def ask(server: LiveServer, path: str = "/demo/") -> str:
    """Return a page, also one that tells of an error; a connection that is refused is a failure."""
    try:
        with urlopen(f"{server.url}{path}", timeout=SOON) as answer:
            return str(answer.read().decode())
    except HTTPError as error:
        return str(error.read().decode())


def workers(server: LiveServer) -> set[int]:
    """Return the processes of the hub, without the helper of the standard library."""
    found = psutil.Process(server.process.pid).children()
    return {child.pid for child in found if "resource_tracker" not in " ".join(child.cmdline())}


@pytest.fixture
def demo(fake_plugin: Write) -> Path:
    return fake_plugin("demo", FILES)


@pytest.fixture
def edited(instance: Path, demo: Path) -> Iterator[LiveServer]:
    with serving(instance, workers=1, options=["--reload"]) as server:
        until(lambda: len(workers(server)) >= 2)
        yield server


def test_what_an_author_edits_is_in_force_at_once(edited: LiveServer, demo: Path) -> None:
    assert "[first|сказано]" in ask(edited)
    before = workers(edited)
    template = demo / "templates/demo/index.html"
    template.write_text(FILES["templates/demo/index.html"].replace("[", "[new "), encoding="utf-8")
    assert "[new first|" in ask(edited)
    assert workers(edited) == before, "a template needs no new process"

    (demo / "hooks.py").write_text(HOOKS + "WORD = 'second one'\n", encoding="utf-8")
    until(lambda: "[new second one|сказано]" in ask(edited))
    assert not workers(edited) & before

    (demo / "translations/ru/LC_MESSAGES/messages.po").write_text(
        PO.replace("TOLD", "Молвлено"), encoding="utf-8"
    )
    until(lambda: "|Молвлено]" in ask(edited))

    (demo / "migrations").mkdir()
    (demo / "migrations/demo_0001_things.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n\n"
        "revision, down_revision, branch_labels, depends_on = 'demo_0001', None, None, None\n\n\n"
        "def upgrade():\n    op.create_table('demo_thing', sa.Column('id', sa.Integer, primary_key=True))\n",
        encoding="utf-8",
    )
    (demo / "hooks.py").write_text(
        HOOKS.replace("word=WORD", "word=db.session.scalar(text('SELECT count(*) FROM demo_thing'))")
        + "from sqlalchemy import text\nfrom libhub.api import db\n",
        encoding="utf-8",
    )
    until(lambda: "[new 0|" in ask(edited))


def test_a_broken_section_harms_nobody_and_comes_back(edited: LiveServer, demo: Path) -> None:
    (demo / "hooks.py").write_text(HOOKS + "WORD = ((\n", encoding="utf-8")
    until(lambda: "[first|" not in ask(edited))
    assert "/resources/" in ask(edited, "/")
    assert "SyntaxError" in edited.console.read_text(encoding="utf-8")
    (demo / "hooks.py").write_text(HOOKS + "WORD = 'mended'\n", encoding="utf-8")
    until(lambda: "[mended|" in ask(edited))


def test_errors_are_shown_whole_and_the_mode_is_told_in_red(edited: LiveServer) -> None:
    assert "ZeroDivisionError" in ask(edited, "/demo/broken")
    console = edited.console.read_text(encoding="utf-8")
    assert "ZeroDivisionError" in console
    assert "--reload" in console
    for path in ("/", "/demo/", "/demo/broken", "/no/such/page"):
        assert 'class="flash error"' in ask(edited, path)
        assert "--reload" in ask(edited, path)


def test_by_default_nobody_sees_what_failed_and_nothing_is_watched(instance: Path, demo: Path) -> None:
    with serving(instance, workers=1) as server:
        answer = ask(server, "/demo/broken")
        assert "ZeroDivisionError" not in answer
        assert "--reload" not in answer
        assert "[first|" in ask(server)
        template = demo / "templates/demo/index.html"
        template.write_text(FILES["templates/demo/index.html"].replace("[", "[new "), encoding="utf-8")
        (demo / "hooks.py").write_text(HOOKS + "WORD = 'second one'\n", encoding="utf-8")
        time.sleep(3)
        assert "[first|" in ask(server)
        assert "ZeroDivisionError" not in server.console.read_text(encoding="utf-8")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the program that may be spoilt."""
    for name in ("libhub", "plugins", "templates"):
        shutil.copytree(
            ROOT / name, tmp_path / "checkout" / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    return tmp_path / "checkout"


def test_a_hub_that_cannot_be_loaded_says_why_and_comes_back(instance: Path, checkout: Path) -> None:
    path = checkout / "libhub" / "app.py"
    sound = path.read_text(encoding="utf-8")
    with serving(instance, workers=1, options=["--reload"], checkout=checkout) as server:
        assert "/resources/" in ask(server, "/")
        path.write_text(sound + "\nraise LookupError('half written')\n", encoding="utf-8")
        until(lambda: "half written" in ask(server, "/some/page"))
        path.write_text(sound, encoding="utf-8")
        until(lambda: "/resources/" in ask(server, "/"))


@pytest.mark.parametrize("name", ["safe", "reload"])
def test_what_is_for_one_start_cannot_stay_on(name: str, instance: Path) -> None:
    (instance / "libhub.toml").write_text(f"{name} = true\n", encoding="utf-8")
    done = run_libhub(instance, "doctor")
    assert done.returncode == 1
    assert f"libhub serve --{name}" in done.stderr
    (instance / "libhub.toml").unlink()
    assert not getattr(load_config(instance), name)


def test_a_safe_start_loads_no_section_and_changes_none(instance: Path, fake_plugin: Write) -> None:
    fake_plugin("demo", {"hooks.py": "import os\nos._exit(7)\n"})
    assert run_libhub(instance, "doctor").returncode == 7, "it spoils nothing: this proves nothing"
    with serving(instance, workers=1, options=["--safe"]) as server:
        home = ask(server, "/")
        assert "/resources/" not in home
        assert 'class="flash error"' in home
        until(lambda: len(workers(server)) >= 2)
        time.sleep(1)  # what the process behind the scenes would do wrong, it would do at its start
    shutil.rmtree(instance / "plugins" / "demo")
    app = make_app(instance)
    with app.app_context():
        off = select(PluginState.plugin_id).where(PluginState.enabled.is_(False))
        assert db.session.scalars(off).all() == []
        assert not indexer().compare(), "the index lost what no section answered for"
    with serving(instance, workers=1) as server:
        assert "/resources/" in ask(server, "/")
    release(app)


def test_the_librarian_sees_what_is_not_loaded_and_can_switch_it_off(instance: Path) -> None:
    app = create_app(Config(instance=instance, safe=True))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    browser = sign_in(app, ADMINISTRATOR)
    listed = browser.get("/admin/plugins").text
    with app.app_context():
        installed = len(get_registry().plugins)
    assert listed.count("не загружен: безопасный запуск") == installed >= 4
    assert "сломан" not in listed
    browser.post("/admin/plugins/resources/off")
    with app.app_context():
        off = db.session.scalars(select(PluginState.plugin_id).where(PluginState.enabled.is_(False))).all()
        assert "resources" in off
        user = find_user("administrator-None")
        assert user is not None
        number = user.id
    assert "безопасный запуск" in browser.post(f"/admin/users/{number}/erase", follow_redirects=True).text
    release(app)
