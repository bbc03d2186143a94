"""A process that answers requests: waitress over the socket that the parent opened."""

import logging
import socket
import threading
from pathlib import Path
from typing import Final

from flask import Flask

from libhub.app import create_app
from libhub.base.db import db
from libhub.caching.deferred_writes import later_of
from libhub.config import load_config
from libhub.search.current import get_index
from libhub.search.language import russian
from libhub.search.queries import Scope
from libhub.search.store.index import IndexUnavailable
from libhub.serving.children import Control
from libhub.serving.waitress_internals import Server

CONNECTIONS: Final = 1000
"""Open connections of one worker; a browser holds about six."""
IDLE_SECONDS: Final = 60
FINISH_SECONDS: Final = 3
"""How long requests that are being answered may take when the hub stops."""


def run(control: Control, instance: str, threads: int, listening: socket.socket) -> None:
    """Answer requests until told to stop."""
    app = create_app(load_config(Path(instance)))
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = Server(app, listening, threads=threads, connections=CONNECTIONS, idle_seconds=IDLE_SECONDS)
    control.at_stop(server.wake)
    control.ready()
    later = later_of(app)
    later.start(app)
    threading.Thread(target=_warm_up, args=(app,), daemon=True, name="warming up").start()
    while not control.stopping.is_set() and not (control.leaving.is_set() and server.has_left()):
        server.answer_for(1)
    server.finish(FINISH_SECONDS)
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
