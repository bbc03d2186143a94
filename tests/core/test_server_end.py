"""How a worker ends: nobody's request is cut, neither one that is being answered nor one that is about to be sent."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
from flask import Flask

from libhub.serving.waitress_internals import Server

SOON = 30.0
REQUEST = b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken


@pytest.fixture
def server(listening: socket.socket) -> Server:
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 1 << 20

    def slow() -> str:
        time.sleep(0.3)
        return "whole"

    app.add_url_rule("/slow", "slow", slow)
    return Server(app, listening, threads=2, connections=10, idle_seconds=60)


def connect(server: Server, listening: socket.socket) -> socket.socket:
    """Return a connection that the server has taken."""
    browser = socket.create_connection(listening.getsockname(), timeout=SOON)
    server.answer_for(SOON)
    return browser


def answer(browser: socket.socket) -> bytes:
    got = b""
    while piece := browser.recv(65_536):
        got += piece
    return got


def finish(server: Server) -> threading.Thread:
    thread = threading.Thread(target=server.finish, args=(SOON,))
    thread.start()
    return thread


def test_a_request_that_is_being_answered_is_answered_whole(server: Server, listening: socket.socket) -> None:
    with connect(server, listening) as browser:
        browser.sendall(REQUEST)
        server.answer_for(SOON)
        ending = finish(server)
        assert answer(browser).endswith(b"whole")
    ending.join(SOON)
    assert not ending.is_alive()


def test_a_request_over_a_connection_that_was_taken_is_answered(
    server: Server, listening: socket.socket
) -> None:
    with connect(server, listening) as browser:
        ending = finish(server)
        browser.sendall(REQUEST)
        assert answer(browser).endswith(b"whole")
    ending.join(SOON)
    assert not ending.is_alive()


def test_a_connection_over_which_nothing_comes_holds_nobody_up(
    server: Server, listening: socket.socket
) -> None:
    with connect(server, listening) as browser:
        ending = finish(server)
        assert answer(browser) == b""
        ending.join(SOON / 2)
        assert not ending.is_alive()
