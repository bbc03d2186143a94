"""What is used of waitress beyond what its documentation promises: its loop, and how it refuses a request.

Waitress's own ``run()`` ends only by an exception of the process; a worker ends when its parent says so, and answers
first what was begun. And it refuses what is too large with a page of its own in English, where people shall read ours.
"""

import os
import socket
from typing import Any

from flask import Flask
from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask
from werkzeug.exceptions import BadRequest, default_exceptions


class Server:
    """Answers the requests that come over a socket.

    :param connections: open ones at a time.
    :param idle_seconds: after which one that says nothing is closed.
    """

    def __init__(
        self, app: Flask, listening: socket.socket, *, threads: int, connections: int, idle_seconds: int
    ) -> None:
        self._channels: dict[int, Any] = {}
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
        self._server.channel_class = _channel_class(app)

    def wake(self) -> None:
        """End the wait of :meth:`answer_for`; from any thread."""
        self._server.pull_trigger()

    def answer_for(self, seconds: float) -> None:
        """Take and answer what comes, and return after something came or this time."""
        wasyncore.loop(timeout=seconds, use_poll=self._poll, map=self._channels, count=1)

    def finish(self, seconds: float) -> None:
        """Let what is being answered take this long, and send it."""
        self._server.task_dispatcher.shutdown(timeout=seconds)
        self.answer_for(0)


def _channel_class(app: Flask) -> type[HTTPChannel]:
    """Return a channel that refuses an upload as soon as its size is known, with the hub's own page."""

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

        error_task_class = Refusal

    return Channel
