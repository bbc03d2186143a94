"""A reader that is overtaken by the writer, another process, reads again: a healthy index is never called damaged.

What is slow here is the step from a table of contents to the files that it names: there a commit or a rebuild may come in
between, and delete them.
"""

import errno
import itertools
import multiprocessing
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest
from flask import Flask

from libhub.base.file_lock import file_lock
from libhub.cli.doctor import _check_index
from libhub.installation import indexer
from libhub.search.asking.search import match
from libhub.search.current import get_index
from libhub.search.documents import ItemRef
from libhub.search.language import russian
from libhub.search.queries import Query, QueryWord
from libhub.search.store import index as index_module
from libhub.search.store import writer as writer_module
from libhub.search.store.index import IndexUnavailable, SearchIndex
from libhub.search.store.posting_lists import Postings
from libhub.search.store.writer import Writer
from libhub.testing import run_libhub, serving
from tests.core.search.conftest import EVERYBODY, document, write

EVERYTHING = {str(number) for number in range(40)}
"""What the index has, whoever writes it when."""
DELAY = 0.05


def keys(index: SearchIndex) -> set[str]:
    query = Query((QueryWord("кот", russian.lemmas("кот")),), EVERYBODY, limit=100)
    return {hit.ref.key for hit in match(index.reading(), query).hits}


def rebuild(index: SearchIndex) -> None:
    folder = index.new_folder()
    with closing(Writer(folder, new=True)) as writer:
        writer.write([document(key) for key in EVERYTHING], (), 0, fresh=True)
    index.put_in_force(folder)


def commit(index: SearchIndex) -> None:
    write(
        index, *(document(key) for key in EVERYTHING)
    )  # the only segment is written anew, and its files are deleted


def write_without_end(root: Path) -> None:
    """Be the process behind the scenes: commit, and rebuild now and then, until killed."""
    index = SearchIndex(root)
    for turn in itertools.count():
        with file_lock(index.lock_file):
            if turn % 8 == 7:
                rebuild(index)
            else:
                write(index, document(str(turn % 40)), position=turn)
        time.sleep(0.02)


def before_the_files(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], None]) -> None:
    """Let something happen whenever a reader knows the names of files and opens none of them yet."""
    for module in (index_module, writer_module):
        leaves = module.leaves

        def slow(reader: Any, leaves: Callable[[Any], list[Any]] = leaves) -> list[Any]:
            found = leaves(reader)
            happens()
            return found

        monkeypatch.setattr(module, "leaves", slow)


@pytest.fixture
def no_damage(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail where damage was reported, also if it was forgotten again."""
    reports: list[Any] = []
    monkeypatch.setattr(SearchIndex, "report_damage", lambda _self, *what: reports.append(what))
    yield
    assert reports == []


class Overtaking:
    """Something that happens so many times in the middle of reading, and does not overtake itself."""

    def __init__(self, happens: Callable[[], None], times: int) -> None:
        self._happens, self.left = happens, times
        self._busy = False

    def __call__(self) -> None:
        if self.left and not self._busy:
            self.left -= 1
            self._busy = True
            self._happens()
            self._busy = False


@pytest.mark.usefixtures("no_damage")
@pytest.mark.parametrize("times", [1, 2, 7])
@pytest.mark.parametrize("happens", [commit, rebuild])
@pytest.mark.parametrize("held", [False, True], ids=["a new process", "one that has a state"])
def test_a_reader_reads_again_what_it_was_overtaken_in(
    index: SearchIndex,
    monkeypatch: pytest.MonkeyPatch,
    happens: Callable[[SearchIndex], None],
    times: int,
    *,
    held: bool,
) -> None:
    reader, others = SearchIndex(index.root), SearchIndex(index.root)
    if held:
        assert keys(reader) == EVERYTHING
        happens(others)
    overtaking = Overtaking(lambda: happens(others), times)
    before_the_files(monkeypatch, overtaking)
    assert keys(reader) == EVERYTHING
    if held and times > index_module._ATTEMPTS:
        assert overtaking.left, "who has a state does not wait for ever: it goes on with that"
    else:
        assert not overtaking.left
    while overtaking.left:
        keys(reader)
    assert reader.reading().generation == others.reading().generation
    assert reader.reading().folder == index.current_folder()


@pytest.mark.usefixtures("no_damage")
@pytest.mark.parametrize("happens", ["commit", "rebuild"])
def test_who_compares_the_index_with_the_database_reads_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch, happens: str
) -> None:
    """So do the start of the process behind the scenes, which holds no lock, and ``libhub doctor``."""
    with app.app_context():

        def change() -> None:
            if happens == "rebuild":
                indexer().rebuild(lambda _done, _all: None)
                return
            folder = get_index().current_folder() or Path()
            with closing(Writer(folder)) as writer:
                refs = [ItemRef.parse(uid) for uid in writer.contents()[0]]
                writer.write(indexer()._documents(refs)[0].values(), (), writer.position())

        overtaking = Overtaking(change, 2)
        before_the_files(monkeypatch, overtaking)
        assert not indexer().compare()
        assert not overtaking.left


@pytest.mark.usefixtures("no_damage")
def test_the_folder_in_force_is_always_named_while_it_is_replaced(index: SearchIndex) -> None:
    """Between what ``CURRENT`` says and the look at the folder there may be another one, and that one be deleted."""
    looked: list[bool] = []
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            looked.append(index.is_damaged() or index.current_folder() is None)

    with ThreadPoolExecutor(2) as pool:
        for _thread in range(2):
            pool.submit(look)
        for _time in range(60):
            rebuild(index)
        stop.set()
    assert len(looked) > 100
    assert not any(looked)


def test_the_damage_of_a_folder_that_was_replaced_is_no_damage(index: SearchIndex) -> None:
    """A reader may say so a moment too late."""
    former = index.current_folder() or Path()
    rebuild(index)
    index.report_damage(former, ValueError("broken"))
    assert not index.is_damaged()
    index.report_damage(index.current_folder() or Path(), ValueError("broken"))
    assert index.is_damaged()


@pytest.mark.parametrize(
    "error", [OSError(errno.EMFILE, "Too many open files"), OSError(errno.ENOMEM, "No memory"), MemoryError()]
)
def test_what_the_process_lacks_is_no_damage_of_the_index(
    index: SearchIndex, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def refuse(*_arguments: Any) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(Postings, "__init__", refuse)
        with pytest.raises(IndexUnavailable):
            index.reading()
    assert not index.is_damaged()
    assert keys(index) == EVERYTHING


@pytest.mark.usefixtures("no_damage")
def test_a_writer_that_is_killed_again_and_again_leaves_no_damage_to_readers(
    index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process writes without a pause and is killed in the middle; readers are slow where they are overtaken."""
    before_the_files(monkeypatch, lambda: time.sleep(DELAY))
    stop = threading.Event()
    answers: Counter[bool] = Counter()
    addresses = {f"shelf/book/{key}" for key in EVERYTHING}

    def look(*, anew: bool) -> None:
        reader = index
        while not stop.is_set():
            if anew:
                reader = SearchIndex(index.root)
            answers[keys(reader) == EVERYTHING] += 1
            assert reader.read(lambda folder: Writer(folder).contents())[0] == addresses

    spawning = multiprocessing.get_context("spawn")
    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(look, anew=anew) for anew in (True, True, False, False)]
        try:
            for _time in range(2):
                folder = index.current_folder()
                process = spawning.Process(target=write_without_end, args=(index.root,))
                process.start()
                deadline = time.monotonic() + 60
                while index.current_folder() == folder and time.monotonic() < deadline:
                    time.sleep(0.01)
                assert index.current_folder() != folder, "nothing was written"
                time.sleep(0.3)
                process.kill()
                process.join()
        finally:
            stop.set()
        for each in readers:
            each.result()
    assert answers[True] > 10
    assert not answers[False]


SLOW = f"""
import time
from libhub.search.store import index, writer
for module in (index, writer):
    def slow(reader, leaves=module.leaves):
        found = leaves(reader)
        time.sleep({DELAY})
        return found
    module.leaves = slow
"""


def test_a_running_hub_answers_while_another_process_rebuilds_its_index(
    instance: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(SLOW, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{Path(__file__).parents[3]}")
    answers: Counter[int] = Counter()
    stop = threading.Event()

    def ask(url: str) -> None:
        with httpx.Client(base_url=url, timeout=30, trust_env=False) as browser:
            for turn in itertools.count():
                if stop.is_set():
                    return
                for page in (
                    "/healthz",
                    f"/search?q=сказки {turn}",
                    f"/search/suggest?q=ска{turn % 3 * 'з'}",
                ):
                    answers[browser.get(page).status_code] += 1

    with serving(instance) as server, ThreadPoolExecutor(2) as pool:
        asking = [pool.submit(ask, server.url) for _person in range(2)]
        try:
            for command in ("reindex", "doctor"):
                done = run_libhub(instance, command)
                assert done.returncode == 0, done.stdout + done.stderr
        finally:
            stop.set()
        for each in asking:
            each.result()
    assert set(answers) == {200}
    log = (instance / "libhub.log").read_text(encoding="utf-8")
    assert log.count("was rebuilt") == 2, "when it was made, and now"
    assert "damaged" not in log


def test_doctor_waits_for_another_process_that_mends_the_index(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        index = get_index()
        index.report_damage(index.current_folder() or Path(), ValueError("broken"))
        held, mend = threading.Event(), threading.Event()

        def other() -> None:
            with app.app_context(), indexer()._locked(10):
                held.set()
                mend.wait(30)
                indexer()._rebuild(lambda _done, _all: None)

        with ThreadPoolExecutor(1) as pool:
            mending = pool.submit(other)
            assert held.wait(10)
            with monkeypatch.context() as patch:
                patch.setattr(import_module("libhub.cli.doctor"), "WRITING_SECONDS", 0)
                assert "другой процесс" in str(_check_index(app))
            mend.set()
            assert _check_index(app) is None
            mending.result()
        index.report_damage(index.current_folder() or Path(), ValueError("broken"))
        assert "libhub reindex" in str(_check_index(app)), "nobody is about to mend it"
