"""Fixtures of the workshop's tests: browsers, and activities of the test's own."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from libhub.base.db import db
from plugins.crafts import rules
from plugins.crafts.models import Activity

AsViewer = Callable[..., FlaskClient]


@pytest.fixture
def factory() -> ModuleType:
    """``factory.py`` of this folder."""
    spec = importlib.util.spec_from_file_location("factory_of_crafts", Path(__file__).parent / "factory.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def librarian(as_viewer: AsViewer) -> FlaskClient:
    """The librarian's browser."""
    return as_viewer("librarian")


@pytest.fixture
def pupil(as_viewer: AsViewer) -> FlaskClient:
    """A pupil's browser."""
    return as_viewer("student", username="masha")


@pytest.fixture
def number_of(app: Flask) -> Callable[[str], int]:
    """Return a function: the uid of an activity in, its number out."""

    def find(uid: str) -> int:
        with app.app_context():
            found = db.session.scalar(select(Activity.id).where(Activity.uid == uid))
            assert found is not None
            return int(found)

    return find


@pytest.fixture
def made(app: Flask, factory: ModuleType) -> Callable[..., int]:
    """Return a function that makes an activity and returns its number."""

    def make(title: str = "Проба", *, state: str = "published", **changes: object) -> int:
        with app.app_context():
            return rules.save(factory.sample(title, **changes), state=state)

    return make
