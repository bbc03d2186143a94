"""Instances and applications for tests.

Use the fixtures in a ``conftest.py``: ``pytest_plugins = ["libhub.testing"]``.
"""

import logging
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from libhub.app import create_app
from libhub.base.audit import PROGRAM
from libhub.base.db import db
from libhub.config import Config, get_config
from libhub.installation import indexer, prepare
from libhub.plugging import state
from libhub.plugging.switching import switch


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
    app = create_app(config_of(folder))
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


def config_of(instance: Path) -> Config:
    """Return the settings of an instance of a test: the usual ones, with the section that is looked at, if any."""
    return Config(instance=instance, threads=64, more_plugins=os.environ.get("LIBHUB_MORE_PLUGINS", ""))


def make_app(instance: Path) -> Flask:
    """Build the application of an instance as the tests want it: errors are not swallowed.

    It has many threads: a test need not close what was streamed to it, which would count as a page that never ends.
    """
    made = create_app(config_of(instance))
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
