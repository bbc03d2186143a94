"""What is used of waitress beyond what its documentation promises: its loop, and how it refuses a request.

Waitress's own ``run()`` ends only by an exception of the process; a worker ends when its parent says so, and answers
first what was begun. One that leaves takes no new connection and closes those that are open after their next answer. And it refuses what is too large with a page of its own in English, where people shall read ours.
"""

import os
import socket
import threading
import time
from typing import Any, Final

from flask import Flask
from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask, WSGITask
from werkzeug.exceptions import BadRequest, default_exceptions

_GLANCE: Final = 0.05
LEAVING_IDLE_SECONDS: Final = 5.0
"""A server that leaves waits so long for the next request over a connection."""
ENDING_IDLE_SECONDS: Final = 0.5
"""A server that ends waits so long for the request of a connection that it has taken already."""


class Server:
    """Answers the requests that come over a socket.

    :param connections: open ones at a time.
    :param idle_seconds: after which one that says nothing is closed.
    """

    def __init__(
        self, app: Flask, listening: socket.socket, *, threads: int, connections: int, idle_seconds: int
    ) -> None:
        self._channels: dict[int, Any] = {}
        self._idle_seconds = idle_seconds
        self._leaving = threading.Event()
        self._poll = os.name == "posix"  # select() cannot watch more than 1024 files there
        self._server = create_server(
            app,
            map=self._channels,
            sockets=[listening],
            threads=threads,
            connection_limit=connections,
            channel_timeout=idle_seconds,
            max_request_body_size=app.config["MAX_CONTENT_LENGTH"],
            clear_untrusted_proxy_headers=True,
            ident=None,
        )
        self._server.channel_class = _channel_class(app, self._leaving)

    def wake(self) -> None:
        """End the wait of :meth:`answer_for`; from any thread."""
        self._server.pull_trigger()

    def answer_for(self, seconds: float) -> None:
        """Take and answer what comes, and return after something came or this time."""
        wasyncore.loop(timeout=seconds, use_poll=self._poll, map=self._channels, count=1)

    def has_left(self, idle_seconds: float = LEAVING_IDLE_SECONDS) -> bool:
        """Leave: take no new connection, and say whether all that were open are closed.

        A connection is closed after its next answer, or when nothing came over it for ``idle_seconds``.
        """
        if not self._leaving.is_set():
            self._leaving.set()
            self._server.del_channel()
        for channel in list(self._server.active_channels.values()):
            patience = idle_seconds if channel.request is None else self._idle_seconds
            if (
                not channel.requests
                and not channel.total_outbufs_len
                and channel.last_activity < time.time() - patience
            ):
                channel.will_close = True
        return not self._server.active_channels

    def finish(self, seconds: float) -> None:
        """Let what is being asked and answered take this long, and send it; nobody's request is cut sooner."""
        deadline = time.monotonic() + seconds
        self.answer_for(0)  # what came while nobody looked is read before a connection is taken for idle
        while not self.has_left(ENDING_IDLE_SECONDS) and time.monotonic() < deadline:
            self.answer_for(_GLANCE)
        self._server.task_dispatcher.shutdown(timeout=max(0.0, deadline - time.monotonic()))
        self.answer_for(0)
        self._server.close()


def _channel_class(app: Flask, leaving: threading.Event) -> type[HTTPChannel]:
    """Return a channel that refuses an upload as soon as its size is known, with the hub's own page.

    While the server is ``leaving``, an answer says that the connection is closed after it.
    """

    class Answer(WSGITask):  # type: ignore[misc]
        """The answer to a request."""

        def build_response_header(self) -> bytes:
            """Return its head."""
            if leaving.is_set():
                self.set_close_on_finish()
            head: bytes = super().build_response_header()
            return head

    class Refusal(ErrorTask):  # type: ignore[misc]
        """The answer to a request that waitress itself rejects."""

        def execute(self) -> None:
            """Write the page of this status."""
            code = self.request.error.code
            with app.test_request_context("/"):
                answer = app.handle_user_exception(default_exceptions.get(code, BadRequest)())
                response = app.process_response(app.make_response(answer))
                body = response.get_data()
            self.status = response.status
            self.set_close_on_finish()
            self.response_headers += [
                (name, value) for name, value in response.headers.items() if name != "Content-Length"
            ]
            self.content_length = len(body)
            self.write(body)

    class Channel(HTTPChannel):  # type: ignore[misc]
        """The channel of this application."""

        task_class = Answer
        error_task_class = Refusal

    return Channel
