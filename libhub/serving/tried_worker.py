"""A worker of ``libhub serve --reload``: where the hub cannot be loaded it answers every request with the reason.

It imports nothing of the hub but what answers, so that it stands while the rest is being edited.
"""

import importlib
import socket
import traceback
from typing import Final

from flask import Flask, Response

from libhub.serving.children import Control
from libhub.serving.waitress_internals import Server

BODY_BYTES: Final = 1_000_000


def run(control: Control, instance: str, threads: int, listening: socket.socket) -> None:
    """Answer requests until told to stop."""
    try:
        worker = importlib.import_module("libhub.serving.worker")
        worker.run(control, instance, threads, listening)
    except Exception:
        if control.is_ready:
            raise
        traceback.print_exc()
        _tell(control, listening, traceback.format_exc())


def _tell(control: Control, listening: socket.socket, reason: str) -> None:
    app = Flask("tried", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES
    app.register_error_handler(Exception, lambda _error: Response(reason, 500, mimetype="text/plain"))
    server = Server(app, listening, threads=1, connections=100, idle_seconds=10)
    control.at_stop(server.wake)
    control.ready()
    while not control.stopping.is_set():
        server.answer_for(1)
    server.finish(1)
