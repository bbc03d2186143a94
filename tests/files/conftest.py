"""A hub with the trial section whose things have files, and a librarian who changes them."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from libhub.accounts.permissions import LIBRARIAN
from libhub.api import Attachment, ItemRef, attach
from libhub.testing import make_app, release, sign_in

SHELF = Path(__file__).parent.parent / "trial_plugins" / "shelf"


@pytest.fixture
def app(instance: Path, fake_plugin: Callable[..., Path]) -> Iterator[Flask]:
    """A hub with the section ``shelf``."""
    fake_plugin("shelf", {str(path.relative_to(SHELF)): path.read_text("utf-8") for path in texts(SHELF)})
    made = make_app(instance)
    yield made
    release(made)


def texts(folder: Path) -> list[Path]:
    """Return the files of a section."""
    return [path for path in folder.rglob("*") if path.suffix in {".py", ".toml", ".html"}]


@pytest.fixture
def librarian(app: Flask) -> FlaskClient:
    """Somebody who may change the files of everything."""
    return sign_in(app, LIBRARIAN)


@pytest.fixture
def put(app: Flask) -> Callable[..., ItemRef]:
    """Return a function that adds a thing of the section."""

    def add(key: str, **values: Any) -> ItemRef:
        from plugins.shelf import hooks

        with app.app_context():
            return hooks.put(key, **values)

    return add


@pytest.fixture
def add_file(app: Flask, put: Callable[..., ItemRef]) -> Callable[..., Attachment]:
    """Return a function that attaches bytes to a thing, which is made if need be."""

    def add(content: bytes, name: str = "файл.txt", *, key: str = "вещь", **options: Any) -> Attachment:
        place = options.pop("place", "")
        ref = put(key, **options)
        with app.app_context():
            return attach(ref, name, io.BytesIO(content), place=place)

    return add
