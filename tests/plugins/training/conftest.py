"""What the tests of training share."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask
from flask.testing import FlaskClient

from libhub.accounts import accounts
from libhub.accounts.permissions import LIBRARIAN, TEACHER
from libhub.accounts.viewer import Viewer
from libhub.testing import sign_in, viewer_with

Person = Callable[..., Viewer]


@pytest.fixture
def make() -> ModuleType:
    """The factory of courses and lessons."""
    spec = importlib.util.spec_from_file_location("factory_of_training", Path(__file__).parent / "factory.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def teacher(app: Flask) -> FlaskClient:
    """A teacher's browser."""
    return sign_in(app, TEACHER, username="teacher")


@pytest.fixture
def librarian(app: Flask) -> FlaskClient:
    """The librarian's browser."""
    return sign_in(app, LIBRARIAN, username="librarian")


@pytest.fixture
def viewer(app: Flask) -> Person:
    """Return a function: a user name (made with the role that it begins with) in, a viewer out."""

    def find(username: str | None) -> Viewer:
        if username:
            sign_in(app, username.partition("-")[0], username=username)
        return viewer_with(app, username)

    return find


@pytest.fixture
def number(app: Flask) -> Callable[[str], int]:
    """Return a function: a user name in, the number of the account out."""

    def find(username: str) -> int:
        with app.app_context():
            user = accounts.find_user(username)
            assert user
            return user.id

    return find
