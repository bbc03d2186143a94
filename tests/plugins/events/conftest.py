"""What the tests of the calendar share."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from libhub.accounts.permissions import LIBRARIAN, STUDENT, TEACHER
from libhub.api import ItemRef, touch
from libhub.base.db import db, writing
from libhub.testing import sign_in
from plugins.events.models import Event, MemorableDate, Period


@pytest.fixture(scope="session")
def factory() -> ModuleType:
    """The module that makes things of the calendar, for the contract suite and for these tests."""
    path = Path(__file__).with_name("factory.py")
    spec = importlib.util.spec_from_file_location("factory_of_events_tests", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def quiet(app: Flask) -> Flask:
    """A calendar with nothing in it but categories and places: the starter's events are in nobody's way."""
    with app.app_context(), writing():
        for number in db.session.scalars(db.select(Event.id)):
            touch([ItemRef("events", "event", str(number))])
        for table in (Event, Period, MemorableDate):
            db.session.execute(delete(table))
    return app


@pytest.fixture
def librarian(quiet: Flask) -> FlaskClient:
    """The librarian's browser."""
    return sign_in(quiet, LIBRARIAN, username="lib")


@pytest.fixture
def teacher(quiet: Flask) -> FlaskClient:
    """A teacher's browser."""
    return sign_in(quiet, TEACHER, username="teacher")


@pytest.fixture
def pupil(quiet: Flask) -> FlaskClient:
    """A pupil's browser."""
    return sign_in(quiet, STUDENT, username="pupil")


@pytest.fixture
def typed() -> Callable[..., dict[str, Any]]:
    """Return a function: what the librarian's form sends, with changes."""

    def form(**changes: Any) -> dict[str, Any]:
        usual: dict[str, Any] = {
            "title": "Встреча с писателем",
            "description": "Первая строка\r\nВторая",
            "category_id": "",
            "first_day": "2026-12-01",
            "start_time": "15:00",
            "last_day": "",
            "end_time": "16:30",
            "how": "",
            "interval": "1",
            "until": "",
            "excluded": "",
            "added": "",
            "place_id": "",
            "place_text": "",
            "occupies": "y",
            "organiser": "Библиотека",
            "for_whom": "pupils",
            "grade_from": "5",
            "grade_to": "7",
            "age": "6",
            "visibility": "everyone",
            "places": "",
            "close_hours": "0",
            "state": "published",
        }
        return {name: value for name, value in {**usual, **changes}.items() if value is not None}

    return form
