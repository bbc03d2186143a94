"""``libhub serve``: several worker processes and one for the work behind the scenes.

The parent opens the socket and hands it to the workers, which is what lets Windows have several of them too.
It starts a worker anew that ended by itself; a child whose parent is gone ends, so that nothing holds the port.
"""

import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from typing import Any, Final

import psutil
from flask import Flask
from waitress import create_server
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask

from libhub.app import create_app
from libhub.config import Config, load_config
from libhub.db import db, now, writing
from libhub.errors import LibHubError
from libhub.i18n import gettext as _
from libhub.installation import indexer
from libhub.plugging import calls
from libhub.search import outbox
from libhub.search.documents import ItemRef
from libhub.search.index import IndexUnavailable

logger = logging.getLogger(__name__)

POLL_SECONDS: Final = 0.1
PERIODIC: Final = timedelta(hours=1)
LOG_LIMIT_BYTES: Final = 5_000_000
RESTART_SECONDS: Final = 0.5
STOP_SECONDS: Final = 5.0
BACKLOG: Final = 1024


def open_socket(host: str, port: int) -> socket.socket:
    """Listen on an address.

    :raises LibHubError: the port is taken, or the address is not this machine's.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.socket(family, socket.SOCK_STREAM)
        if os.name == "posix":  # on Windows the option would let two programs share a port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError as error:
        raise LibHubError(
            _(
                "Cannot listen on %(host)s:%(port)d (%(error)s). Perhaps the hub or another program is running "
                "there already; another port: --port %(other)d",
                host=host,
                port=port,
                error=error.strerror or error,
                other=port + 1 if port < 65535 else 8000,
            )
        ) from error
    return listening


def addresses(host: str, port: int) -> list[str]:
    """Return the addresses by which browsers reach the hub: this PC first, then the network's."""
    if host not in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        return [f"http://{f'[{host}]' if ':' in host else host}:{port}"]
    found = ["127.0.0.1"]
    for interface in psutil.net_if_addrs().values():
        found += [
            each.address
            for each in interface
            if each.family == socket.AF_INET and not each.address.startswith(("127.", "169.254."))
        ]
    return [f"http://{address}:{port}" for address in found]


def serve(config: Config, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Run the hub until it is told to stop (Ctrl+C, SIGTERM).

    :param ready: called once, when the first worker answers.
    """
    context = multiprocessing.get_context("spawn")
    started = context.Event()
    arguments = (str(config.instance), config.threads, listening, started)
    jobs: list[tuple[Callable[..., None], tuple[Any, ...]]] = [
        *[(_work, arguments)] * config.workers,
        (_work_behind, (str(config.instance),)),
    ]
    stop = threading.Event()
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda _number, _frame: stop.set())
    children = [_start(context, job) for job in jobs]
    announced = False
    try:
        while not stop.wait(0.05 if not announced else RESTART_SECONDS):
            if not announced and started.is_set():
                announced = True
                ready()
            for place, child in enumerate(children):
                if not child.is_alive():
                    logger.warning("process %s ended with %s and is started anew", child.pid, child.exitcode)
                    children[place] = _start(context, jobs[place])
    finally:
        _stop(children)


def _start(context: SpawnContext, job: tuple[Callable[..., None], tuple[Any, ...]]) -> SpawnProcess:
    process = context.Process(target=job[0], args=job[1], daemon=True)
    process.start()
    return process


def _stop(children: list[SpawnProcess]) -> None:
    for child in children:
        child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        child.join(max(0.0, deadline - time.monotonic()))
        if child.is_alive():
            child.kill()


def _begin_child(instance: str) -> Flask:
    """Do what every child begins with: obey SIGTERM, leave Ctrl+C to the parent, end when it is gone."""
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = psutil.Process(os.getppid())

    def watch() -> None:
        while parent.is_running() and parent.status() != psutil.STATUS_ZOMBIE:
            time.sleep(RESTART_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="parent-watch").start()
    return create_app(load_config(Path(instance)))


def _work(instance: str, threads: int, listening: socket.socket, started: Any) -> None:
    """Answer requests: one worker process."""
    app = _begin_child(instance)
    app.jinja_env.auto_reload = False
    server = create_server(
        app,
        sockets=[listening],
        threads=threads,
        max_request_body_size=app.config["MAX_CONTENT_LENGTH"],
        ident=None,
        clear_untrusted_proxy_headers=True,
        channel_timeout=60,
    )
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server.channel_class = _channel_class(app)
    started.set()
    server.run()


def _channel_class(app: Flask) -> type[HTTPChannel]:
    """Return a channel that refuses an upload as soon as its size is known, with the hub's own page."""

    class Refusal(ErrorTask):  # type: ignore[misc]
        """The answer to a request that waitress itself rejects."""

        def execute(self) -> None:
            """Write the page of this status."""
            code = self.request.error.code
            with app.test_request_context("/"):
                answer = app.handle_user_exception(_http_exception(code))
                response = app.make_response(answer)
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


def _http_exception(code: int) -> Exception:
    from werkzeug.exceptions import BadRequest, default_exceptions

    return default_exceptions.get(code, BadRequest)()


def _work_behind(instance: str) -> None:
    """Index what changed, and keep house once an hour: the one background process."""
    app = _begin_child(instance)
    with app.app_context():
        _reconcile()
    due = now()
    while True:
        try:
            with app.app_context():
                if outbox.last_position():
                    changed = indexer().drain()
                    if changed:
                        calls.call("item_changed", refs=changed)
                elif indexer().needs_rebuild():
                    indexer().drain()
                if now() >= due:
                    due = now() + PERIODIC
                    calls.call("periodic", now=now())
        except Exception:
            # A locked database, a full disk, a plugin: the next round may go well, and nothing is forgotten.
            logger.exception("the background process failed")
            time.sleep(1)
        time.sleep(POLL_SECONDS)


def _reconcile() -> None:
    """Queue what the index lacks or has too much, say after a plugin was copied in or removed by hand."""
    if indexer().needs_rebuild():
        return
    try:
        difference = indexer().compare()
    except IndexUnavailable:
        return  # the index is damaged; the first round rebuilds it
    astray = difference.missing | difference.surplus
    if astray:
        logger.warning("%d items of the index differ from the database and are indexed anew", len(astray))
        with writing():
            outbox.touch(ItemRef.parse(uid) for uid in sorted(astray))
    db.session.rollback()


def set_aside_log(config: Config) -> None:
    """Begin a new log when the old one is large; one old log is kept."""
    path = config.log_file
    if path.exists() and path.stat().st_size > LOG_LIMIT_BYTES:
        path.replace(path.with_suffix(".old.log"))
