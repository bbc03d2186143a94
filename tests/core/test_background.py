"""What a section does behind the scenes holds up nobody: not the indexing, not another section, not the end of the hub."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import psutil
import pytest
from flask import Flask

from libhub.base import db, moments
from libhub.base.db import writing
from libhub.caching import deferred_writes
from libhub.caching.deferred_writes import later_of
from libhub.installation import indexer, prepare
from libhub.plugging import state
from libhub.plugging.loading.registry import get_registry
from libhub.search.documents import ItemRef
from libhub.search.store.outbox import touch
from libhub.search.store.time_limit import Patience
from libhub.serving import background, housekeeping
from libhub.serving.housekeeping import Housekeeping
from libhub.serving.section_process import Call, Limits
from libhub.testing import LiveServer, keep_only, make_app, release, serving

Write = Callable[..., Path]
Hub = Callable[[], Flask]
HEAD = """
import os, re, sys, time
from pathlib import Path
from libhub.api import *
from libhub.api import hookimpl
from libhub.api import db
from sqlalchemy import text

HERE = Path(__file__).parent

def note(word):
    with (HERE / "said").open("a") as file:
        file.write(word + "\\n")
"""
PATIENT = Limits(told_seconds=60, seconds=60, lock_seconds=60)
SOON = 120.0
"""Generous: these processes let every other one of the computer go first."""


def section(body: str) -> dict[str, str]:
    """Return the files of a section of which the hooks can ``note()`` that they were called."""
    return {"hooks.py": HEAD + body}


def periodic(*lines: str) -> dict[str, str]:
    """Return a section whose ``periodic`` begins with a word and goes on with these lines."""
    return section("\n@hookimpl\ndef periodic(now):\n    note('begun')\n    " + "\n    ".join(lines) + "\n")


def said(folder: Path) -> list[str]:
    path = folder / "said"
    return path.read_text(encoding="utf-8").split() if path.exists() else []


def until(done: Callable[[], bool], seconds: float = SOON) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.05)


def told(app: Flask, plugin_id: str) -> str:
    """Return what the page of sections shows of one."""
    with app.app_context():
        row = state.states([plugin_id]).get(plugin_id)
        return (row.last_error or "") if row else ""


@pytest.fixture
def hub(instance: Path, fake_plugin: Write) -> Iterator[Hub]:
    """Return a function that builds the hub after the sections were written."""
    made: list[Flask] = []

    def start() -> Flask:
        made.append(make_app(instance))
        prepare(made[-1], lambda _done, _all: None)
        keep_only(made[-1], "demo", "asleep", "other")
        return made[-1]

    yield start
    for app in made:
        release(app)


def call(app: Flask, plugin_id: str, hook: str, limits: Limits, refs: list[ItemRef] | None = None) -> None:
    with app.app_context():
        Call(app.instance_path, plugin_id, hook, limits).finish(refs or [])


# -- one call --------------------------------------------------------------------------------------------


def test_a_call_does_what_the_hook_does(hub: Hub, fake_plugin: Write) -> None:
    folder = fake_plugin("demo", periodic("note(now.isoformat())"))
    app = hub()
    call(app, "demo", "periodic", PATIENT)
    begun, moment = said(folder)
    assert begun == "begun"
    assert abs(datetime.now(UTC) - datetime.fromisoformat(moment)) < timedelta(minutes=1)
    assert not told(app, "demo")


def test_item_changed_is_given_what_changed(hub: Hub, fake_plugin: Write) -> None:
    body = "\n@hookimpl\ndef item_changed(refs):\n    note(' '.join(ref.uid for ref in refs))\n"
    folder = fake_plugin("demo", section(body))
    refs = [ItemRef("resources", "resource", str(number)) for number in (1, 2)]
    call(hub(), "demo", "item_changed", PATIENT, refs)
    assert said(folder) == [ref.uid for ref in refs]


HARMS = {
    "raises": (["1 / 0"], "ZeroDivisionError"),
    "leaves by sys.exit": (["sys.exit(0)"], "SystemExit"),
    "raises what nobody catches": (["raise BaseException('x')"], "BaseException"),
    "ends its process": (["os._exit(0)"], "0"),
    "crashes": (["os.kill(os.getpid(), 11)"], "-11"),
    "sleeps": (["time.sleep(600)"], "TimeoutError"),
    "keeps the interpreter to itself": (["re.match('(a*)*b', 'a' * 40)"], "TimeoutError"),
    "sleeps while it writes": (["with writing():", "    time.sleep(600)"], "TimeoutError"),
    "sleeps after it wrote past writing()": (
        ["db.session.execute(text('UPDATE core_user SET name = name'))", "time.sleep(600)"],
        "TimeoutError",
    ),
}


@pytest.mark.parametrize("harm", sorted(HARMS))
@pytest.mark.skipif(sys.platform == "win32", reason="of its own signals")
def test_whatever_a_hook_does_is_told_by_name_and_comes_to_an_end(
    harm: str, hub: Hub, fake_plugin: Write
) -> None:
    lines, words = HARMS[harm]
    folder = fake_plugin("demo", periodic(*lines))
    app = hub()
    locks = "writ" in harm or "wrote" in harm
    started = time.monotonic()
    call(app, "demo", "periodic", Limits(60, 60, 1) if locks else Limits(2, 3, 60))
    assert time.monotonic() - started < 60
    assert said(folder) == ["begun"], "it was not even called: this proves nothing"
    assert told(app, "demo").startswith("periodic: ")
    assert words in told(app, "demo")
    with app.app_context(), writing():
        pass  # its lock went with it


def test_a_lock_that_is_given_back_in_time_is_nobodys_fault(hub: Hub, fake_plugin: Write) -> None:
    lines = ["for turn in range(5):", "    with writing():", "        time.sleep(0.5)"]
    folder = fake_plugin("demo", periodic(*lines, "note('done')"))
    app = hub()
    call(app, "demo", "periodic", Limits(60, 60, 2))
    assert said(folder) == ["begun", "done"]
    assert not told(app, "demo")


def test_one_that_takes_long_is_told_and_goes_on(hub: Hub, fake_plugin: Write) -> None:
    folder = fake_plugin("demo", periodic("time.sleep(3)", "note('done')"))
    app = hub()
    call(app, "demo", "periodic", Limits(told_seconds=1, seconds=60, lock_seconds=60))
    assert said(folder) == ["begun", "done"]
    assert "1" in told(app, "demo")


def test_what_keeps_the_hub_from_starting_is_not_the_sections_fault(
    hub: Hub, fake_plugin: Write, instance: Path
) -> None:
    folder = fake_plugin("demo", periodic("note('done')"))
    app = hub()
    (instance / "libhub.toml").write_text("port = 'no port'\n", encoding="utf-8")
    call(app, "demo", "periodic", PATIENT)
    assert said(folder) == []
    assert not told(app, "demo")


# -- many calls ------------------------------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour of half a second, and little patience."""
    monkeypatch.setattr(housekeeping, "PERIOD_SECONDS", 0.5)
    monkeypatch.setattr(housekeeping, "OVERTAKEN_SECONDS", 0.2)
    monkeypatch.setattr(housekeeping, "GATHER_SECONDS", 0.1)


@pytest.fixture
def stopping() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


@pytest.mark.usefixtures("quick")
def test_one_that_sleeps_is_overtaken_and_never_begun_twice(
    hub: Hub, fake_plugin: Write, stopping: threading.Event
) -> None:
    slow = fake_plugin(
        "asleep", periodic("while not (HERE / 'wake').exists(): time.sleep(0.05)", "note('done')")
    )
    other = fake_plugin("other", periodic())
    keeper = Housekeeping(hub(), stopping, PATIENT)
    keeper.start()
    until(lambda: len(said(other)) >= 3)
    assert said(slow) == ["begun"]
    (slow / "wake").touch()
    until(lambda: said(slow)[:4] == ["begun", "done"] * 2)
    stopping.set()
    keeper.stop()


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("hours", [5, -5])
def test_the_clock_on_the_wall_does_not_matter(
    hours: int, hub: Hub, fake_plugin: Write, stopping: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = hub()
    times: list[float] = []
    monkeypatch.setattr(Housekeeping, "_core", lambda self: times.append(time.monotonic()))
    monkeypatch.setattr(Housekeeping, "_sections", lambda self: None)
    shift = timedelta(hours=hours)
    monkeypatch.setattr(moments, "clock", lambda: datetime.now(UTC) + shift)
    Housekeeping(app, stopping).start()
    until(lambda: len(times) >= 2)
    shift = timedelta()  # somebody set it right
    until(lambda: len(times) >= 6)
    assert all(later - sooner >= 0.45 for sooner, later in pairwise(times))


@pytest.mark.usefixtures("quick")
def test_a_chore_of_the_core_that_fails_keeps_no_other_from_being_done(
    hub: Hub, stopping: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def fails(_moment: datetime) -> None:
        done.append("failed")
        raise OSError("the disk is full")

    monkeypatch.setattr(housekeeping.housekeeping, "keep_house", fails)
    monkeypatch.setattr(housekeeping.pending_uploads, "forget_old", lambda _moment: done.append("held"))
    Housekeeping(hub(), stopping).start()
    until(lambda: done[:4] == ["failed", "held"] * 2)


@pytest.mark.usefixtures("quick")
def test_who_listens_slowly_is_told_everything_and_holds_nobody_up(
    hub: Hub, fake_plugin: Write, stopping: threading.Event
) -> None:
    body = (
        "\n@hookimpl\ndef item_changed(refs):\n    note(' '.join(ref.key for ref in refs))\n"
        "    while not (HERE / 'wake').exists(): time.sleep(0.05)\n"
    )
    folder = fake_plugin("demo", section(body))
    app = hub()
    keeper = Housekeeping(app, stopping, PATIENT)
    started = time.monotonic()
    with app.app_context():
        keeper.item_changed([ItemRef("demo", "thing", "1")])
        until(lambda: said(folder) == ["1"])
        for key in ("2", "3", "2"):
            keeper.item_changed([ItemRef("demo", "thing", key)])
    assert time.monotonic() - started < SOON
    assert said(folder) == ["1"]
    (folder / "wake").touch()
    until(lambda: said(folder) == ["1", "2", "3"])
    stopping.set()
    keeper.stop()


def test_a_failed_round_of_indexing_is_not_the_last(
    app: Flask, stopping: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "PAUSE_SECONDS", 0.05)
    changed: list[ItemRef] = []

    def tell(refs: list[ItemRef]) -> None:
        changed.extend(refs)
        raise OSError("once")

    with app.app_context():
        kinds = get_registry().item_types
    thread = threading.Thread(target=background.index, args=(app, stopping, tell, kinds))
    thread.start()
    for key in ("1", "2"):
        with app.app_context(), writing():
            touch([ItemRef("resources", "resource", key)])
        until(lambda key=key: changed[-1:] == [ItemRef("resources", "resource", key)])
    stopping.set()
    thread.join(SOON)
    assert not thread.is_alive()


THINGS = """
@hookimpl
def register_item_types():
    return [ItemType("demo", "thing", "Вещи", lambda: ["1", "2"], documents, lambda viewer, keys: {})]
"""


def test_a_section_that_does_not_answer_is_indexed_when_it_does(
    hub: Hub, fake_plugin: Write, stopping: threading.Event
) -> None:
    body = (
        "\ndef documents(keys):\n    note(' '.join(keys))\n"
        "    while not (HERE / 'wake').exists(): time.sleep(0.05)\n"
        "    return [Document(ItemRef('demo', 'thing', key), 'вещь', '', frozenset({PUBLIC}), 0) for key in keys]\n"
    )
    folder = fake_plugin("demo", section(body + THINGS))
    app = hub()
    demo = [ItemRef("demo", "thing", key) for key in ("1", "2")]
    other = ItemRef("resources", "resource", "1")
    changed: list[ItemRef] = []
    with app.app_context():
        kinds = Patience(app, 0.5).kinds(get_registry().item_types)
    thread = threading.Thread(target=background.index, args=(app, stopping, changed.extend, kinds))
    thread.start()
    for ref in demo:
        with app.app_context(), writing():
            touch([ref, other])
        until(lambda ref=ref: changed[-2:] == [ref, other])
        changed.clear()
    assert said(folder) == ["1"], "it is asked nothing more while it does not answer"
    assert "TakesTooLong" in told(app, "demo")
    (folder / "wake").touch()
    until(lambda: changed == demo)
    assert said(folder) == ["1", "1", "2"]
    stopping.set()
    thread.join(SOON)
    with app.app_context():
        assert not indexer().compare()


def test_a_section_that_leaves_while_it_is_asked_ends_nothing(
    hub: Hub, fake_plugin: Write, stopping: threading.Event
) -> None:
    fake_plugin("demo", section("\ndef documents(keys):\n    sys.exit(0)\n" + THINGS))
    app = hub()
    changed: list[ItemRef] = []
    with app.app_context():
        kinds = Patience(app).kinds(get_registry().item_types)
    thread = threading.Thread(target=background.index, args=(app, stopping, changed.extend, kinds))
    thread.start()
    for _turn in range(2):
        with app.app_context(), writing():
            touch([ItemRef("demo", "thing", "1")])
        until(lambda: changed == [ItemRef("demo", "thing", "1")])
        changed.clear()
    assert "it ended the program" in told(app, "demo")
    stopping.set()
    thread.join(SOON)


def test_a_section_that_cannot_store_its_counts_keeps_no_other_from_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deferred_writes, "WRITE_SECONDS", 0.01)
    monkeypatch.setattr(deferred_writes, "GATHER_SECONDS", 0.01)
    written: list[int] = []
    waiting = later_of(app)
    waiting.add(lambda: sys.exit(0))
    waiting.add(lambda: written.append(1))
    waiting.start(app)
    until(lambda: len(written) >= 2)
    waiting.stop()


def test_who_keeps_all_others_from_writing_is_told_by_name(
    instance: Path, fake_plugin: Write, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    body = """
from flask import Blueprint
blueprint = Blueprint("demo", __name__, url_prefix="/demo")
blueprint.get("/<float:seconds>")(public(lambda seconds: write(seconds)))

def write(seconds):
    with writing():
        time.sleep(seconds)
    return "written"

@hookimpl
def register_blueprints():
    return [blueprint]
"""
    monkeypatch.setattr(db, "LONG_SECONDS", 0.2)
    fake_plugin("demo", section(body))
    app = make_app(instance)
    prepare(app, lambda _done, _all: None)
    for seconds, words in ((0.01, ""), (0.4, "writing: TimeoutError")):
        assert app.test_client().get(f"/demo/{seconds}").text == "written"
        assert told(app, "demo").startswith(words)
        assert bool(told(app, "demo")) == bool(words)
    with app.app_context():
        with writing():
            time.sleep(0.4)
        assert "the database was locked" in caplog.text
    release(app)


# -- a hub that runs -------------------------------------------------------------------------------------


WORD = "синхрофазотрон"
FINDABLE = """
from flask import Blueprint
blueprint = Blueprint("asleep", __name__, url_prefix="/asleep")
blueprint.get("/touch")(public(lambda: change()))

def change():
    (HERE / "word").write_text("WORD", encoding="utf-8")
    with writing():
        touch([ItemRef("asleep", "thing", "1")])
    return "ok"

def word():
    return (HERE / "word").read_text(encoding="utf-8") if (HERE / "word").exists() else "пусто"

@hookimpl
def register_blueprints():
    return [blueprint]

@hookimpl
def register_item_types():
    documents = lambda keys: [Document(ItemRef("asleep", "thing", "1"), word(), "", frozenset({PUBLIC}), 0)]
    summaries = lambda viewer, keys: {"1": Summary(word(), "/asleep/touch", 0)}
    return [ItemType("asleep", "thing", "Вещи", lambda: ["1"], documents, summaries)]
""".replace("WORD", WORD)


def ask(server: LiveServer, path: str) -> str:
    with urlopen(f"{server.url}{path}", timeout=SOON) as answer:
        return str(answer.read().decode())


def descendants(server: LiveServer) -> list[psutil.Process]:
    return psutil.Process(server.process.pid).children(recursive=True)


def apart(server: LiveServer) -> list[psutil.Process]:
    """Return the processes in which sections work."""
    found = []
    for process in descendants(server):
        with suppress(psutil.NoSuchProcess):  # it ended just now
            if "libhub.serving.section_process" in " ".join(process.cmdline()):
                found.append(process)
    return found


def test_an_edit_is_found_while_the_hooks_of_sections_sleep(
    instance: Path, hub: Hub, fake_plugin: Write
) -> None:
    lines = FINDABLE + (
        "\n@hookimpl\ndef periodic():\n    note('periodic')\n    re.match('(a*)*b', 'a' * 60)\n"
        "\n@hookimpl\ndef item_changed(refs):\n    note('item_changed')\n    time.sleep(600)\n"
    )
    folder = fake_plugin("asleep", section(lines))
    other = fake_plugin("other", periodic("with writing():", "    note('done')"))
    hub()
    with serving(instance, workers=1) as server:
        until(lambda: "periodic" in said(folder) and "done" in said(other))
        ask(server, "/asleep/touch")
        until(lambda: "/asleep/touch" in ask(server, f"/search.json?q={quote(WORD)}"))
        until(lambda: "item_changed" in said(folder))
        until(lambda: len(apart(server)) == 2)
        processes = descendants(server)
        server.process.terminate()
        assert server.process.wait(SOON) == 0
        _gone, alive = psutil.wait_procs(processes, timeout=10)
        assert [each for each in alive if each.status() != psutil.STATUS_ZOMBIE] == []
    log = (instance / "libhub.log").read_text(encoding="utf-8")
    assert "killed" not in log
    assert "started anew" not in log


def test_what_sections_do_ends_with_a_hub_that_was_killed(
    instance: Path, hub: Hub, fake_plugin: Write
) -> None:
    folder = fake_plugin("asleep", periodic("time.sleep(600)"))
    hub()
    with serving(instance, workers=1) as server:
        until(lambda: said(folder) == ["begun"])
        processes = descendants(server)
        server.process.kill()
        server.process.wait(SOON)
        _gone, alive = psutil.wait_procs(processes, timeout=10)
        assert [each for each in alive if each.status() != psutil.STATUS_ZOMBIE] == []
