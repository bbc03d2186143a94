"""A hub as it runs in a school: two worker processes, one background process, real sockets."""

import json
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from libhub.api import set_archived
from libhub.testing import LiveServer, keep_only, make_app, release, run_libhub, serving
from plugins.resources import rules
from plugins.resources.models import Resource
from plugins.resources.rules import ResourceData

ROUNDS = 24
"""Fresh connections per question: that both of two workers answered is certain but for one in millions."""
FOUND_SECONDS = 15.0
PATHS = ("/", "/resources/", "/resources/1", "/search?q=", "/search.json?q=")


@pytest.fixture(scope="module")
def server(prepared_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """One running hub for all tests of this file."""
    instance = tmp_path_factory.mktemp("live") / "instance"
    shutil.copytree(prepared_instance, instance)
    app = make_app(instance)
    keep_only(app, "resources")
    release(app)
    with serving(instance, workers=2) as running:
        yield running


def get(server: LiveServer, path: str) -> tuple[int, str]:
    """Ask over a connection of its own, so that any worker may answer; 0 when it was cut."""
    try:
        with urlopen(f"{server.url}{path}", timeout=20) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except ConnectionError:
        return 0, ""


def many(server: LiveServer, path: str) -> set[tuple[int, str]]:
    return {get(server, path) for _time in range(ROUNDS)}


def total(server: LiveServer, words: str) -> int:
    status, text = get(server, f"/search.json?q={quote(words)}")
    return int(json.loads(text)["total"]) if status == 200 else -1


def wait_until(true: Callable[[], bool]) -> float:
    started = time.monotonic()
    while not true():
        assert time.monotonic() - started < FOUND_SECONDS, "it took too long"
        time.sleep(0.05)
    return time.monotonic() - started


def test_a_switch_is_obeyed_by_the_next_request_of_every_worker(server: LiveServer) -> None:
    before = {path: many(server, path) for path in PATHS}
    for path in ("/resources/", "/resources/1"):
        assert {status for status, _text in before[path]} == {200}

    done = run_libhub(server.instance, "plugins", "disable", "resources")
    assert done.returncode == 0, done.stderr
    for path in ("/resources/", "/resources/1", "/resources/static/x.css"):
        assert {status for status, _text in many(server, path)} == {404}
    for path in ("/", "/search?q="):
        assert not [text for _status, text in many(server, path) if "/resources/" in text]
    for _status, text in many(server, "/search.json?q="):
        found = json.loads(text)
        assert (found["total"], found["results"], found["facets"].get("section", {})) == (0, [], {})

    done = run_libhub(server.instance, "plugins", "enable", "resources")
    assert done.returncode == 0, done.stderr
    for path in PATHS:
        assert {status for status, _text in many(server, path)} == {200}
    for path in ("/resources/", "/search.json?q="):
        assert many(server, path) == before[path]


def test_saved_is_found_and_archived_is_gone_in_every_worker(server: LiveServer) -> None:
    app = make_app(server.instance)
    word = "Аэродинамика"
    with app.app_context():
        number = rules.save(ResourceData(age=0, title=word, url="https://example.org/a"))
    wait_until(lambda: total(server, word) == 1)
    wait_until(lambda: all(total(server, word) == 1 for _time in range(ROUNDS)))
    with app.app_context():
        set_archived(Resource, [number], archived=True)
    assert not [text for _status, text in many(server, f"/resources/{number}") if word in text]
    wait_until(lambda: all(total(server, word) == 0 for _time in range(ROUNDS)))
    release(app)


def test_a_damaged_index_heals_while_the_hub_runs(server: LiveServer) -> None:
    assert total(server, "сказки") > 0
    pointer = server.instance / "index" / "CURRENT"
    folder = server.instance / "index" / pointer.read_text(encoding="ascii").strip()
    for path in folder.iterdir():
        if path.is_file() and path.stat().st_size:
            path.write_bytes(b"")
    app = make_app(server.instance)
    with app.app_context():
        rules.save(ResourceData(age=0, title="Геометрия", url="https://example.org/g"))
    release(app)
    # A file that shrinks under a memory map ends the worker that reads it; the parent starts another.
    wait_until(lambda: all(total(server, "геометрия") == 1 for _time in range(ROUNDS)))
    assert total(server, "сказки") > 0
    log = (server.instance / "libhub.log").read_text(encoding="utf-8")
    assert "damaged" in log
    assert "rebuilt" in log


@pytest.mark.parametrize("announce", ["/auth/sign-in", "/nowhere"])
def test_two_gigabytes_are_refused_before_they_are_sent(server: LiveServer, announce: str) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        head = (
            f"POST {announce} HTTP/1.1\r\nHost: {host}\r\nContent-Type: multipart/form-data; boundary=x\r\n"
            f"Content-Length: {2 * 1024**3}\r\n\r\n"
        )
        started = time.monotonic()
        connection.sendall(head.encode() + b"--x\r\n")
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    assert time.monotonic() - started < 8
    first, _rest = answer.split(b"\r\n", 1)
    assert b"413" in first
    text = answer.decode()
    assert "<h1>" in text
    assert "100" in text, "the limit is named"
    assert "Content-Security-Policy" in text
    assert get(server, "/healthz")[0] == 200


@pytest.mark.parametrize(
    "request_head",
    [
        b"NONSENSE\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET /" + b"a" * 300_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: nonsense\r\n\r\n",
        b"GET /search?q=\xd1\xee\xfe\x01 HTTP/1.1\r\nHost: x\r\nHX-Request: true\r\n\r\n",
    ],
    ids=["no request", "negative length", "long address", "strange encoding", "raw bytes"],
)
def test_what_is_no_request_gets_an_answer_and_stops_nothing(server: LiveServer, request_head: bytes) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(request_head)
        connection.shutdown(socket.SHUT_WR)
        answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.")
    assert b" 500 " not in answer.split(b"\r\n", 1)[0]
    assert get(server, "/healthz")[0] == 200


def test_doctor_is_content_after_all_this(server: LiveServer) -> None:
    done = run_libhub(server.instance, "doctor")
    assert done.returncode == 0, done.stdout + done.stderr
