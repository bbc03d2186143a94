"""A section comes, changes and goes while the hub serves: every process is another one then, and nobody's request was cut."""

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import psutil
import pytest

from libhub.testing import LiveServer, run_libhub
from tests.installing.brought import files_of, written

SOON = 60.0


def until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SOON
    while not done():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.1)


def pids(server: LiveServer) -> set[int]:
    found = set()
    for child in psutil.Process(server.process.pid).children():
        with suppress(psutil.NoSuchProcess):  # it ended just now
            if child.status() != psutil.STATUS_ZOMBIE and "resource_tracker" not in " ".join(child.cmdline()):
                found.add(child.pid)
    return found


def answer(server: LiveServer, path: str) -> tuple[int, str]:
    try:
        with urlopen(f"{server.url}{path}", timeout=SOON) as found:
            return found.status, found.read().decode()
    except HTTPError as error:
        return error.code, ""


@contextmanager
def visitors(server: LiveServer) -> Iterator[list[str]]:
    """Let people ask without a pause: some over one connection as long as it is held, some over a new one each time."""
    failures: list[str] = []
    asked = [0, 0]
    over = threading.Event()
    host, port = server.url.removeprefix("http://").split(":")

    def ask(*, hold: bool) -> None:
        connection = http.client.HTTPConnection(host, int(port), timeout=SOON)
        while not over.is_set():
            try:
                connection.request("GET", "/healthz")
                found = connection.getresponse()
                found.read()
                if found.status != 200:
                    failures.append(f"{found.status}")
            except OSError as error:
                failures.append(repr(error))
                connection.close()
            except http.client.HTTPException as error:
                failures.append(repr(error))
                connection.close()
            asked[hold] += 1
            if not hold:
                connection.close()
            time.sleep(0.01)
        connection.close()

    threads = [threading.Thread(target=ask, kwargs={"hold": number % 2 == 0}) for number in range(4)]
    for thread in threads:
        thread.start()
    try:
        yield failures
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert min(asked) > 50


@pytest.mark.slow
def test_nobody_is_cut_off_while_sections_come_change_and_go(two_workers: LiveServer, tmp_path: Path) -> None:
    until(lambda: len(pids(two_workers)) == 3)
    first = pids(two_workers)
    assert answer(two_workers, "/news/")[0] == 404
    with visitors(two_workers) as failures:
        source = written(tmp_path / "1.zip", files_of())
        done = run_libhub(two_workers.instance, "plugins", "install", str(source), "--yes")
        assert done.returncode == 0, done.stderr
        until(lambda: len(pids(two_workers)) == 3 and not pids(two_workers) & first)
        assert all(answer(two_workers, "/news/") == (200, "news 1.0") for _time in range(10))

        slow: list[tuple[int, str]] = []
        waiting = threading.Thread(target=lambda: slow.append(answer(two_workers, "/news/slow")))
        second = pids(two_workers)
        source = written(tmp_path / "2.zip", files_of(version="2.0", migrations=2))
        waiting.start()
        until((two_workers.instance / "begun").exists)
        done = run_libhub(two_workers.instance, "plugins", "update", str(source), "--yes")
        assert done.returncode == 0, done.stderr
        until(lambda: len(pids(two_workers) - second) == 3 and len(pids(two_workers) & second) == 1)
        assert not slow, "it is still being answered"
        (two_workers.instance / "go").touch()
        waiting.join()
        assert slow == [(200, "news 1.0")], "whoever asked before was answered by the one that was asked"
        assert all(answer(two_workers, "/news/") == (200, "news 2.0") for _time in range(10))

        until(lambda: len(pids(two_workers)) == 3)
        third = pids(two_workers)
        done = run_libhub(two_workers.instance, "plugins", "remove", "news", "--yes")
        assert done.returncode == 0, done.stderr
        assert answer(two_workers, "/news/")[0] == 404
        until(lambda: len(pids(two_workers)) == 3 and not pids(two_workers) & third)
        assert answer(two_workers, "/news/")[0] == 404
    assert failures == []
    log = (two_workers.instance / "libhub.log").read_text(encoding="utf-8")
    assert "ERROR" not in log
    assert "killed" not in log
