"""A process that answers requests: waitress over the socket that the parent opened."""

import logging
import os
import socket
import threading
from pathlib import Path
from typing import Any, Final

from flask import Flask
from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask
from werkzeug.exceptions import BadRequest, default_exceptions

from libhub.app import create_app
from libhub.base.db import db
from libhub.caching.deferred_writes import later_of
from libhub.config import load_config
from libhub.search.current import get_index
from libhub.search.language import russian
from libhub.search.queries import Scope
from libhub.search.store.index import IndexUnavailable
from libhub.serving.processes import Control

CONNECTIONS: Final = 1000
"""Open connections of one worker; a browser holds about six."""
IDLE_SECONDS: Final = 60
FINISH_SECONDS: Final = 3
"""How long requests that are being answered may take when the hub stops."""


def run(control: Control, instance: str, threads: int, listening: socket.socket) -> None:
    """Answer requests until told to stop."""
    app = create_app(load_config(Path(instance)))
    app.jinja_env.auto_reload = False
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    channels: dict[int, Any] = {}
    server = create_server(
        app,
        map=channels,
        sockets=[listening],
        threads=threads,
        connection_limit=CONNECTIONS,
        channel_timeout=IDLE_SECONDS,
        max_request_body_size=app.config["MAX_CONTENT_LENGTH"],
        clear_untrusted_proxy_headers=True,
        ident=None,
    )
    server.channel_class = _channel_class(app)
    control.at_stop(server.pull_trigger)
    control.ready()
    later = later_of(app)
    later.start(app)
    threading.Thread(target=_warm_up, args=(app,), daemon=True, name="warming up").start()
    poll = os.name == "posix"  # select() cannot watch more than 1024 files there
    while not control.stopping.is_set():
        wasyncore.loop(timeout=1, use_poll=poll, map=channels, count=1)
    server.task_dispatcher.shutdown(timeout=FINISH_SECONDS)
    wasyncore.loop(timeout=0, use_poll=poll, map=channels, count=1)  # send what was answered last
    later.stop()
    with app.app_context():
        db.engine.dispose()


def _warm_up(app: Flask) -> None:
    """Read what the first search and the first suggestion would wait for: the dictionary and the titles."""
    russian.lemmas("библиотека")
    with app.app_context():
        try:
            nobody = Scope(frozenset(), frozenset(), frozenset())
            get_index().reading().ask(lambda snapshot: snapshot.titles(["а"], nobody, 1, typos=False))
        except IndexUnavailable:
            return  # it is being rebuilt; whoever types first reads them


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
