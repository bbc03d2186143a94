"""Fixtures for the tests of the hub and of plugins.

Use them in a ``conftest.py``: ``pytest_plugins = ["libhub.testing"]``.
"""

import logging
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any
from urllib.request import urlopen

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

import plugins
from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.permissions import GUEST
from libhub.accounts.viewer import Viewer
from libhub.app import create_app
from libhub.base.audit import PROGRAM, acting_as
from libhub.base.db import db
from libhub.caching import remembering
from libhub.config import Config, get_config
from libhub.installation import indexer, prepare
from libhub.plugging import state
from libhub.plugging.switching import switch
from libhub.web.visitor import viewer_of

__all__ = [
    "PASSWORD",
    "PROGRAM",
    "LiveServer",
    "QueryLog",
    "app",
    "as_viewer",
    "client",
    "counted_queries",
    "fake_plugin",
    "forget_remembered",
    "free_port",
    "index_now",
    "instance",
    "keep_only",
    "make_app",
    "no_network",
    "prepared_instance",
    "release",
    "run_libhub",
    "serving",
    "sign_in",
    "two_workers",
    "viewer_with",
]

PASSWORD = "правильный пароль"  # noqa: S105 - of accounts that exist only in tests
START_SECONDS = 30.0


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test that connects to anything but this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else "local"
        if self.family in (socket.AF_INET, socket.AF_INET6) and host not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def prepared_instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance with schema, starter content and index, made once; tests get copies of it."""
    folder = tmp_path_factory.mktemp("prepared")
    app = create_app(Config(instance=folder))
    prepare(app, lambda _done, _all: None)
    release(app)
    return folder


@pytest.fixture
def instance(prepared_instance: Path, tmp_path: Path) -> Path:
    """An instance folder of the test's own, set up and with the starter content."""
    folder = tmp_path / "instance"
    shutil.copytree(prepared_instance, folder)
    return folder


@pytest.fixture
def app(instance: Path) -> Iterator[Flask]:
    """The application of ``instance``."""
    made = make_app(instance)
    yield made
    release(made)


def make_app(instance: Path) -> Flask:
    """Build the application of an instance as the tests want it: errors are not swallowed."""
    made = create_app(Config(instance=instance))
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    return made


def release(app: Flask) -> None:
    """Close what an application holds open: connections to the database, and its log."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
        target = str(get_config().log_file)
    for handler in list(logging.getLogger().handlers):
        if getattr(handler, "baseFilename", None) == target:
            logging.getLogger().removeHandler(handler)
            handler.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A guest's browser."""
    return app.test_client()


@pytest.fixture
def as_viewer(app: Flask) -> Callable[..., FlaskClient]:
    """Return a function: a role (and maybe an age limit) in, a browser signed in with that role out."""

    return partial(sign_in, app)


def sign_in(app: Flask, role: str, *, username: str = "", age_limit: int | None = None) -> FlaskClient:
    """Return a browser signed in with an account of this role, made if there is none; a guest's for guest."""
    browser = app.test_client()
    if role != GUEST:
        name = username or f"{role}-{age_limit}"
        with app.app_context(), acting_as(PROGRAM):
            if accounts.find_user(name) is None:
                accounts.add_user(UserDetails(name, role.title(), role, age_limit), PASSWORD)
        answer = browser.post("/auth/sign-in", data={"username": name, "password": PASSWORD})
        assert answer.status_code == 302, answer.text
    return browser


def viewer_with(app: Flask, username: str | None) -> Viewer:
    """Return a viewer as the rules see one: an account, or a guest for ``None``."""
    with app.test_request_context():
        return viewer_of(accounts.find_user(username) if username else None)


def keep_only(app: Flask, *plugin_ids: str) -> None:
    """Switch all other sections off: what they contain is no matter of the test."""
    with app.app_context():
        for plugin_id in reversed(state.enabled_plugins()):
            if plugin_id not in plugin_ids and plugin_id in state.enabled_plugins():
                switch(plugin_id, enable=False, actor=PROGRAM)


def index_now(app: Flask) -> None:
    """Do at once what the background process does within a second."""
    with app.app_context():
        indexer().drain()


@dataclass
class QueryLog:
    """The SQL statements of a block."""

    statements: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.statements)


def forget_remembered(app: Flask) -> None:
    """Let this process remember nothing, as if it had just started."""
    app.extensions[remembering.EXTENSION] = remembering.Memory()


@contextmanager
def counted_queries(app: Flask) -> Iterator[QueryLog]:
    """Collect the statements that the block sends to the database (transaction control left out).

    Those of other threads, which write what nobody waits for, are none of the block's.
    """
    log, here = QueryLog(), threading.get_ident()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if threading.get_ident() == here and not statement.startswith(("BEGIN", "PRAGMA")):
            log.statements.append(statement)

    with app.app_context():
        engine: Engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield log
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def fake_plugin(instance: Path) -> Iterator[Callable[..., Path]]:
    """Return a function that writes a plugin into the instance; call it before asking for ``app``.

    ``fake_plugin("demo", {"hooks.py": "…"})``: a manifest is written unless ``plugin.toml`` is given.
    """
    written: list[str] = []
    roots = list(plugins.__path__)

    def write(plugin_id: str, files: dict[str, str], *, requires: tuple[str, ...] = ()) -> Path:
        folder = instance / "plugins" / plugin_id
        manifest = (
            f'id = "{plugin_id}"\nversion = "1"\napi = "1"\nrequires = {list(requires)!r}\n'
            f'[name]\nru = "{plugin_id}"\nen = "{plugin_id}"\n[description]\nru = "проба"\nen = "a trial"\n'
        )
        for name, content in {"plugin.toml": manifest, "__init__.py": "", "hooks.py": "", **files}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        written.append(plugin_id)
        return folder

    yield write
    plugins.__path__[:] = roots
    shipped = {path.parent.name for root in roots for path in Path(root).glob("*/plugin.toml")}
    for plugin_id in set(written) - shipped:
        name = f"plugins.{plugin_id}"
        for module in [each for each in sys.modules if each == name or each.startswith(f"{name}.")]:
            del sys.modules[module]
        for table in [each for each in db.metadata.tables if each.startswith(f"{plugin_id}_")]:
            db.metadata.remove(db.metadata.tables[table])


@dataclass
class LiveServer:
    """A hub that runs in processes of its own, as in a school."""

    url: str
    process: "subprocess.Popen[str]"
    instance: Path

    def stop(self) -> None:
        """Stop it as Ctrl+C or a service manager does."""
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise


def free_port() -> int:
    """Return a port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run_libhub(instance: Path, *arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    """Run the command line on an instance and return what it did."""
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "libhub", *arguments],
        env={**os.environ, "LIBHUB_INSTANCE": str(instance)},
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )


@contextmanager
def serving(instance: Path, *, workers: int = 2, port: int = 0) -> Iterator[LiveServer]:
    """Run ``libhub serve``, on a free port unless one is given; the block starts when it answers."""
    port = port or free_port()
    with TemporaryFile("w+", encoding="utf-8") as said:  # not a pipe: nobody reads it while the hub runs
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "libhub", "serve", "--port", str(port), "--workers", str(workers)],
            env={**os.environ, "LIBHUB_INSTANCE": str(instance)},
            stdout=subprocess.DEVNULL,
            stderr=said,
            text=True,
        )
        server = LiveServer(f"http://127.0.0.1:{port}", process, instance)
        try:
            _wait_until_ready(server, said)
            yield server
        finally:
            if process.poll() is None:
                server.stop()


def _wait_until_ready(server: LiveServer, said: IO[str]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            said.seek(0)
            raise AssertionError(f"the hub ended while starting: {said.read()}")
        try:
            with urlopen(f"{server.url}/healthz", timeout=2) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the hub did not start in time")


@pytest.fixture
def two_workers(instance: Path) -> Iterator[LiveServer]:
    """A running hub with two worker processes."""
    with serving(instance, workers=2) as server:
        yield server
