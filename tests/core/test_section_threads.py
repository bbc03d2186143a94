"""A section of which the pages block takes its share of the threads, and never the last ones."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from flask import Flask

from libhub.installation import prepare
from libhub.plugging import state
from libhub.testing import make_app, release, serving, sign_in
from libhub.web.sections import section_threads
from libhub.web.sections.section_threads import SectionIsBusy, Share

Write = Callable[..., Path]
SOON = 60.0
SECTION = """
import threading, time
from pathlib import Path
from flask import Blueprint, Response, stream_with_context
from libhub.api import *
from libhub.api import hookimpl

HERE = Path(__file__).parent
blueprint = Blueprint("ID", __name__, url_prefix="/ID", static_folder="static", static_url_path="/static")
came = threading.Semaphore(0)
go = threading.Event()

@blueprint.get("/")
@public
def index():
    return "the page of ID"

@blueprint.get("/file")
@public
def wait_for_file():
    while not (HERE / "go").exists():
        time.sleep(0.05)
    return "through"

@blueprint.get("/event")
@public
def wait_for_event():
    came.release()
    go.wait(60)
    return "through"

@blueprint.get("/crash")
@public
def crash():
    raise ValueError("wrong")

@blueprint.get("/stream")
@public
def stream():
    def parts():
        yield "one "
        go.wait(60)
        yield "two"
    return Response(parts())

@blueprint.get("/stream/context")
@public
def stream_in_context():
    return Response(stream_with_context(iter(["one ", "two"])))

@blueprint.get("/stream/crash")
@public
def stream_that_fails():
    def parts():
        yield "one "
        raise ValueError("wrong")
    return Response(parts())

@hookimpl
def register_blueprints():
    return [blueprint]
"""


def section(plugin_id: str) -> dict[str, str]:
    return {"hooks.py": SECTION.replace("ID", plugin_id), "static/word.txt": "static"}


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(section_threads, "PATIENCE_SECONDS", 0.3)


@pytest.fixture
def app(instance: Path, fake_plugin: Write) -> Iterator[Flask]:
    """A hub with the sections ``blocking`` and ``other``, whose processes have four threads."""
    fake_plugin("blocking", section("blocking"))
    fake_plugin("other", section("other"))
    made = make_app(instance)
    section_threads.SHARE.install(made, Share(2))
    prepare(made, lambda _done, _all: None)
    yield made
    release(made)


def get(app: Flask, path: str) -> tuple[int, str, str]:
    with app.test_client().get(path) as answer:
        return answer.status_code, answer.text, answer.headers.get("Retry-After", "")


def hooks_of(plugin_id: str) -> object:
    from importlib import import_module

    return import_module(f"plugins.{plugin_id}.hooks")


# -- the count -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("threads", "most"), [(1, 1), (2, 1), (3, 1), (4, 2), (8, 6)])
def test_all_threads_but_two_are_for_one_section(threads: int, most: int) -> None:
    app = Flask("probe")
    section_threads.init_app(app, threads)
    assert section_threads.SHARE.of(app).most == most


@pytest.mark.usefixtures("impatient")
def test_sections_are_counted_apart_and_the_message_names_what_is_inside() -> None:
    shares = Share(2)
    shares.take("a", "a.index")
    shares.take("b", "b.index")
    shares.take("a", "a.index")
    with pytest.raises(SectionIsBusy, match=r"^a\.index × 2$"):
        shares.take("a", "a.other")


@pytest.mark.usefixtures("impatient")
def test_nobody_waits_for_what_has_been_blocked_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    shares, waited = Share(1), []
    shares.take("a", "a.index")
    monkeypatch.setattr(shares._changed, "wait", lambda seconds: waited.append(time.sleep(seconds)))
    for times in (1, 1, 1):
        with pytest.raises(SectionIsBusy):
            shares.take("a", "a.other")
        assert len(waited) == times


def test_giving_back_twice_is_giving_back_once() -> None:
    shares = Share(2)
    first, _second = shares.take("a", "a.index"), shares.take("a", "a.index")
    first.give_back()
    first.give_back()
    shares.take("a", "a.index")
    assert len(shares._inside["a"]) == 2


def test_a_crowd_is_no_blockade() -> None:
    """More than may be inside, each through in a moment: everybody gets in, never too many at once."""
    shares, lock = Share(2), threading.Lock()
    inside, most = 0, 0

    def visit(_number: int) -> None:
        nonlocal inside, most
        place = shares.take("a", "a.index")
        with lock:
            inside += 1
            most = max(most, inside)
        time.sleep(0.005)
        with lock:
            inside -= 1
        place.give_back()

    with ThreadPoolExecutor(12) as crowd:
        list(crowd.map(visit, range(300)))
    assert most == 2
    assert not shares._inside["a"]


# -- in an application -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("impatient")
def test_a_section_that_blocks_is_refused_and_the_others_answer(app: Flask) -> None:
    hooks = hooks_of("blocking")
    with ThreadPoolExecutor(2) as crowd:
        waiting: list[Future[tuple[int, str, str]]] = [
            crowd.submit(get, app, "/blocking/event") for _number in range(2)
        ]
        for _each in waiting:
            assert hooks.came.acquire(timeout=SOON)
        time.sleep(0.4)
        status, text, retry = get(app, "/blocking/")
        assert (status, retry) == (503, "10")
        assert "Раздел занят" in text
        assert get(app, "/")[0] == 200
        assert get(app, "/other/")[:2] == (200, "the page of other")
        assert get(app, "/blocking/static/word.txt")[:2] == (200, "static")
        assert get(app, "/blocking/none")[0] == 404
        hooks.go.set()
        assert [each.result(SOON)[:2] for each in waiting] == [(200, "through")] * 2
    assert get(app, "/blocking/")[:2] == (200, "the page of blocking")
    with app.app_context():
        told = state.states(["blocking", "other"])
        assert "blocking.wait_for_event × 2" in str(told["blocking"].last_error)
        assert not told["other"].last_error
    page = sign_in(app, "administrator").get("/admin/plugins").text
    assert "blocking.wait_for_event × 2" in page


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/blocking/", "the page of blocking"),
        ("/blocking/crash", None),
        ("/blocking/nowhere", None),
        ("/blocking/stream", "one two"),
        ("/blocking/stream/context", "one two"),
    ],
)
def test_every_answer_gives_its_place_back(path: str, text: str | None, app: Flask) -> None:
    hooks_of("blocking").go.set()
    for _number in range(5):
        status, answer, _retry = get(app, path)
        assert status != 503
        assert text is None or answer == text
    assert not section_threads.SHARE.of(app)._inside.get("blocking")


@pytest.mark.usefixtures("impatient")
def test_what_is_streamed_is_inside_until_its_end(app: Flask) -> None:
    inside = section_threads.SHARE.of(app)._inside
    left = app.test_client().get("/blocking/stream")
    read = app.test_client().get("/blocking/stream")
    time.sleep(0.4)
    assert len(inside["blocking"]) == 2
    assert get(app, "/blocking/")[0] == 503
    left.close()  # whoever asked went away
    assert get(app, "/blocking/")[0] == 200
    hooks_of("blocking").go.set()
    assert read.text == "one two"
    assert not inside["blocking"]
    failing = app.test_client().get("/blocking/stream/crash")
    assert len(inside["blocking"]) == 1
    with pytest.raises(ValueError, match="wrong"):
        _text = failing.text
    assert not inside["blocking"]


# -- a hub that runs -------------------------------------------------------------------------------------


def test_a_hub_of_which_one_section_blocks_goes_on(instance: Path, fake_plugin: Write) -> None:
    """One process with four threads; ten requests for a page that does not come back."""
    folder = fake_plugin("blocking", section("blocking"))
    fake_plugin("other", section("other"))
    made = make_app(instance)
    prepare(made, lambda _done, _all: None)
    with serving(instance, workers=1) as server, ThreadPoolExecutor(10) as crowd:

        def ask(path: str) -> httpx.Response:
            return httpx.get(f"{server.url}{path}", timeout=SOON, trust_env=False)

        waiting = [crowd.submit(ask, "/blocking/file") for _number in range(10)]
        assert ask("/").status_code == 200
        assert ask("/other/").text == "the page of other"
        started = time.monotonic()
        while sum(each.done() for each in waiting) < 8:
            assert time.monotonic() - started < SOON
            time.sleep(0.05)
        refused = [each.result() for each in waiting if each.done()]
        assert {each.status_code for each in refused} == {503}
        assert all(each.headers["Retry-After"] == "10" for each in refused)
        assert [ask("/other/").status_code for _number in range(8)] == [200] * 8
        assert ask("/blocking/").status_code == 503
        (folder / "go").touch()
        assert sorted(each.result(SOON).status_code for each in waiting) == [200] * 2 + [503] * 8
        assert ask("/blocking/").text == "the page of blocking"
    with made.app_context():
        told = str(state.states(["blocking"])["blocking"].last_error)
    assert "blocking.wait_for_file × 2" in told
    release(made)
