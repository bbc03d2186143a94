"""The hook ``calendar_entries``: what a section puts into the calendar of another one."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from libhub.installation import prepare
from libhub.plugging import state
from libhub.plugging.switching import switch
from libhub.testing import PROGRAM, make_app, release

TRIAL = """
from datetime import date, datetime, UTC, timedelta
from libhub.api import CalendarEntry, hookimpl

ASKED = []

@hookimpl
def calendar_entries(viewer, start, end):
    ASKED.append((viewer.role, start, end))
    yield CalendarEntry("Срок сдачи <1>", "/trial/1", start, start, kind="срок")
    yield CalendarEntry("Занятие", "/trial/2", start, start, datetime(start.year, start.month, start.day, 5, tzinfo=UTC), None, "занятие")
    yield CalendarEntry("Давно", "/trial/3", start - timedelta(days=9), start - timedelta(days=8))
    if viewer.staff:
        yield CalendarEntry("Педсовет", "/trial/4", end, end)
"""
BROKEN = """
from libhub.api import hookimpl

@hookimpl
def calendar_entries():
    raise RuntimeError("сломано")
"""
Write = Callable[..., Path]


@pytest.fixture
def hub(instance: Path, fake_plugin: Write) -> Iterator[Flask]:
    """A hub with a section that has dates, and one that fails when it is asked for them."""
    fake_plugin("trial", {"hooks.py": TRIAL})
    fake_plugin("wreck", {"hooks.py": BROKEN})
    app = make_app(instance)
    prepare(app, lambda _done, _all: None)
    with app.app_context():
        for plugin in ("trial", "wreck"):
            switch(plugin, enable=True, actor=PROGRAM)
    yield app
    release(app)


def test_calendar_entries_are_shown_by_the_calendar(hub: Flask) -> None:
    text = hub.test_client().get("/events/agenda?date=2026-12-01").text
    assert "Срок сдачи &lt;1&gt;" in text
    assert 'href="/trial/2"' in text
    assert "12:00" in text, "five o'clock in UTC is noon at the school"
    assert "Педсовет" not in text, "the section decides what a guest may see"
    assert "Давно" not in text, "beyond the days that were asked for"
    with hub.app_context():
        failure = state.states(["wreck"])["wreck"].last_error
        assert failure is not None
        assert "calendar_entries" in failure
        switch("trial", enable=False, actor=PROGRAM)
    assert "Срок сдачи" not in hub.test_client().get("/events/agenda?date=2026-12-01").text


def test_a_calendar_that_is_narrowed_down_shows_only_its_own(hub: Flask) -> None:
    assert "Срок сдачи" not in hub.test_client().get("/events/agenda?date=2026-12-01&grade=5").text
