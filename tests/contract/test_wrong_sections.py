"""Whatever a section does wrong: the other pages are as without it, and what is wrong is told by its name."""

import logging
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from difflib import unified_diff
from pathlib import Path
from tempfile import mkdtemp

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import inspect

from libhub.accounts.permissions import ADMINISTRATOR
from libhub.base.audit import PROGRAM
from libhub.base.db import db
from libhub.cli.doctor import look_into_sections
from libhub.installation import indexer, prepare
from libhub.plugging import state
from libhub.plugging.health import Finding
from libhub.plugging.loading.registry import get_registry
from libhub.plugging.switching import switch
from libhub.serving.background import reconcile
from libhub.testing import PASSWORD, keep_only, make_app, release, run_libhub, sign_in
from tests.contract.wrong_sections import HEAD, TEMPLATES, WRONG, Wrong

Write = Callable[..., Path]
COMPILED = FileSystemBytecodeCache(mkdtemp())
"""The hub's own templates are the same in every case."""
PAGES = ("/", "/auth/sign-in", "/search?q=сказки", "/search?q=ъыъыъ", "/no/such/page", "/resources/")
CARE = ("/admin/plugins", "/admin/report", "/admin/users/")
_ADDED = re.compile(
    r'\s*<li>[^<]*<a href="/bad/".*?</li>|\s*<section class="card" aria-label="x">.*?</section>|(<b>|&lt;b&gt;)x(</b>|&lt;/b&gt;)'
    r"|(?<=<kbd>раздел:)[^<]+(?=</kbd>)",
    re.DOTALL,
)
_TOKEN = re.compile(r'name="(?:csrf_token|form_state)"[^>]*>')


@pytest.fixture(autouse=True)
def carried_logs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a character in the log is no text that pytest-xdist can carry from one process to another."""
    plain = logging.Formatter.format
    monkeypatch.setattr(
        logging.Formatter,
        "format",
        lambda self, record: plain(self, record).encode("utf-8", "backslashreplace").decode(),
    )


@pytest.fixture(scope="module")
def furnished(prepared_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance in which there is an administrator, and one section: the others would be asked the same."""
    folder = tmp_path_factory.mktemp("furnished") / "instance"
    shutil.copytree(prepared_instance, folder)
    app = make_app(folder)
    keep_only(app, "resources")
    sign_in(app, ADMINISTRATOR, username="boss")
    release(app)
    return folder


@pytest.fixture
def instance(furnished: Path, tmp_path: Path) -> Path:
    """A copy for one section."""
    folder = tmp_path / "instance"
    shutil.copytree(furnished, folder)
    return folder


@pytest.fixture(scope="module")
def without(furnished: Path) -> dict[str, tuple[int, str]]:
    """What the pages are without any wrong section."""
    app = make_app(furnished)
    seen = look(app)
    release(app)
    return seen


def look(app: Flask) -> dict[str, tuple[int, str]]:
    """Return what a guest sees: the status of every page, and its text without what a section may add."""
    guest = app.test_client()
    answers = {page: guest.get(page) for page in PAGES}
    return {
        page: (answer.status_code, _TOKEN.sub("", _ADDED.sub("", answer.text)))
        for page, answer in answers.items()
    }


def start(instance: Path) -> Flask:
    app = make_app(instance)
    app.jinja_env.bytecode_cache = COMPILED
    prepare(app, lambda _done, _all: None)
    return app


def enter(app: Flask) -> FlaskClient:
    """Sign the administrator in: who cannot be signed in is what some sections try."""
    browser = app.test_client()
    answer = browser.post("/auth/sign-in", data={"username": "boss", "password": PASSWORD})
    assert answer.status_code == 302, answer.text
    return browser


def about(app: Flask, page: str) -> str:
    """Return what the page of sections says about the section ``bad``, as a person reads it."""
    cards = [each for each in page.split('<li class="card">') if "<h2>bad</h2>" in each]
    assert len(cards) == 1
    return (
        re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), cards[0])
        .replace("&lt;", "<")
        .replace("&gt;", ">")
    )


def doctor(app: Flask) -> list[Finding]:
    """Return what ``libhub doctor`` says about the section ``bad``."""
    with app.app_context():
        return [
            each for each in look_into_sections(app) if each.label.split(":")[0] == "bad" and each.problem
        ]


@pytest.mark.filterwarnings("ignore:transaction already deassociated")  # one of them closes the connection
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_section_harms_nobody_and_is_told(
    name: str, instance: Path, fake_plugin: Write, without: dict[str, tuple[int, str]]
) -> None:
    wrong = WRONG[name]
    fake_plugin("bad", {"hooks.py": wrong.hooks(), **TEMPLATES, **wrong.files})
    app = start(instance)
    try:
        if "register_item_types" in wrong.code:
            with app.app_context():
                reconcile()
                indexer().drain()
        for page, (status, text) in look(app).items():
            assert status == without[page][0]
            if not (
                name.startswith(("summaries: ", "kind: right")) and "q=сказки" in page
            ):  # its own are found
                assert "".join(unified_diff(without[page][1].splitlines(), text.splitlines())) == "", page
        boss = enter(app)
        assert [boss.get(page).status_code for page in CARE] == [200] * len(CARE)
        with app.app_context():
            data = boss.get("/admin/users/1/data")
        assert data.status_code == (302 if name.startswith("personal: ") and wrong.right == "named" else 200)
        boss.get("/bad/page")
        tell(app, boss, wrong)
    finally:
        release(app)


def tell(app: Flask, boss: FlaskClient, wrong: Wrong) -> None:
    """Hold what is told about the section against what is right."""
    findings = doctor(app)
    answer = boss.get("/admin/plugins")
    assert answer.status_code == 200
    told = about(app, answer.text)
    with app.app_context():
        error = get_registry().plugins["bad"].error
    if wrong.right == "refused":
        return refuse(app, boss, wrong)
    if wrong.right == "broken":
        assert error
        assert wrong.word in error
        assert error in told
        assert [finding.problem for finding in findings] == [error]
        put_away(app, boss)
        return None
    assert error is None
    red = [str(finding) for finding in findings if not finding.warning]
    if wrong.right == "named":
        assert wrong.word in told
        assert any(wrong.word.partition(": ")[2] in each for each in red), red
    else:
        assert not red
        assert "<details" not in told
    if wrong.right == "warned":
        assert wrong.word in told
        assert any(finding.warning and wrong.word in str(finding) for finding in findings)
    if wrong.right == "escaped":
        assert "&lt;b&gt;x&lt;/b&gt;" in boss.get("/search?q=ъыъыъ").text
    if wrong.right == "right":
        assert not findings
    return None


def refuse(app: Flask, boss: FlaskClient, wrong: Wrong) -> None:
    with app.app_context():
        switch("bad", enable=False, actor=PROGRAM)
    answer = boss.post("/admin/plugins/bad/on", follow_redirects=True)
    assert answer.status_code == 200
    assert wrong.word in answer.text
    assert boss.get("/bad/").status_code == 404
    with app.app_context():
        assert "bad" not in state.enabled_plugins()


def put_away(app: Flask, boss: FlaskClient) -> None:
    """Switch a broken section off: nothing speaks of it any more, and it does not come back by itself."""
    assert "/admin/plugins/bad/off" in boss.get("/admin/plugins").text
    assert boss.get("/admin/plugins/bad/off").status_code == 200
    assert boss.post("/admin/plugins/bad/off", follow_redirects=True).status_code == 200
    assert not doctor(app)
    with app.app_context():
        assert not state.states(["bad"])["bad"].enabled
        tables = inspect(db.engine).get_table_names()
    assert not [table for table in tables if table.startswith("bad_")]
    assert "core_setting" in tables
    answer = boss.post("/admin/plugins/bad/on", follow_redirects=True)
    assert answer.status_code == 200
    with app.app_context():
        assert not state.states(["bad"])["bad"].enabled


TABLES = "migration: the second one raises"


def test_what_was_broken_at_start_is_tried_again(instance: Path, fake_plugin: Write) -> None:
    wrong = WRONG[TABLES]
    fake_plugin("bad", {"hooks.py": wrong.hooks(), **wrong.files})
    release(start(instance))
    app = make_app(instance)  # a worker: it does not prepare, and knows nevertheless
    with app.app_context():
        assert get_registry().plugins["bad"].error
        assert "bad" not in state.enabled_plugins()
    assert app.test_client().get("/bad/").status_code == 404
    release(app)
    second = instance / "plugins" / "bad" / "migrations" / "bad_0002.py"
    second.write_text(second.read_text(encoding="utf-8").replace("1 / 0", "pass"), encoding="utf-8")
    app = start(instance)
    with app.app_context():
        assert get_registry().plugins["bad"].error is None
        assert "bad_thing" in inspect(db.engine).get_table_names()
    assert app.test_client().get("/bad/").status_code == 200
    release(app)


def test_what_needs_a_section_that_is_left_out_is_left_out_with_it(
    instance: Path, fake_plugin: Write
) -> None:
    fake_plugin("bad", {"hooks.py": WRONG["starter raises"].hooks()})
    fake_plugin(
        "worse",
        {"hooks.py": "from libhub.api import hookimpl\n@hookimpl\ndef nav_items():\n    return []"},
        requires=("bad",),
    )
    app = start(instance)
    with app.app_context():
        assert "bad" in (get_registry().plugins["worse"].error or "")
    assert app.test_client().get("/").status_code == 200
    release(app)


def test_tables_of_a_newer_version_are_the_sections_matter(instance: Path, fake_plugin: Write) -> None:
    wrong = WRONG[TABLES]
    files = {name: text.replace("1 / 0", "pass") for name, text in wrong.files.items()}
    fake_plugin("bad", {"hooks.py": HEAD, **files})
    release(start(instance))
    (instance / "plugins" / "bad" / "migrations" / "bad_0002.py").unlink()
    shutil.rmtree(instance / "plugins" / "bad" / "migrations" / "__pycache__", ignore_errors=True)
    app = start(instance)
    with app.app_context():
        assert "bad_0002" in (get_registry().plugins["bad"].error or "")
        assert "bad_thing" in inspect(db.engine).get_table_names()
    assert app.test_client().get("/").status_code == 200
    release(app)


@pytest.fixture
def outside(instance: Path, fake_plugin: Write) -> Iterator[Path]:
    """An instance with a section whose migration fails, for the command line."""
    wrong = WRONG["migration: raises half-way"]
    fake_plugin("bad", {"hooks.py": wrong.hooks(), **wrong.files})
    yield instance
    sys.modules.pop("plugins.bad.hooks", None)


def test_the_command_line_names_it_and_puts_it_away(outside: Path) -> None:
    ready = run_libhub(outside, "setup", "--yes")
    assert ready.returncode == 0
    assert "bad" in ready.stderr
    assert "ZeroDivisionError" in ready.stderr
    ill = run_libhub(outside, "doctor")
    assert ill.returncode == 1
    assert "✗ bad: " in ill.stdout
    assert run_libhub(outside, "plugins", "enable", "bad").returncode == 1
    assert run_libhub(outside, "plugins", "disable", "bad").returncode == 0
    assert run_libhub(outside, "doctor").returncode == 0
    assert "ZeroDivisionError" not in run_libhub(outside, "upgrade").stderr
