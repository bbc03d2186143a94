"""Numbers that are counted in memory and written a little later are neither lost nor written twice."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError, OperationalError

from libhub.caching import deferred_writes
from libhub.caching.deferred_writes import later_of
from libhub.caching.gathering import Tally
from libhub.plugging import state
from libhub.plugging.loading.registry import get_registry
from libhub.testing import LiveServer, make_app, release

Counts = dict[str, int]


class Stored:
    """Where a tally is stored, unless it refuses."""

    def __init__(self) -> None:
        self.counts: Counts = {}
        self.times = 0
        self.refuses = False

    def __call__(self, counts: Mapping[str, int]) -> None:
        if self.refuses:
            raise OperationalError("UPDATE", {}, Exception("database is locked"))
        self.times += 1
        for key, number in counts.items():
            self.counts[key] = self.counts.get(key, 0) + number


def test_without_a_worker_each_is_stored_at_once(app: Flask) -> None:
    stored = Stored()
    with app.app_context():
        Tally(stored).add("a")
        assert stored.counts == {"a": 1}


def test_in_a_worker_they_are_stored_together_and_at_the_latest_when_it_stops(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deferred_writes, "WRITE_SECONDS", 3600.0)
    stored, writer = Stored(), later_of(app)
    tally = Tally(stored)
    writer.start(app)
    with app.app_context():
        for key in "abba":
            tally.add(key)
    assert stored.counts == {}
    writer.stop()
    assert (stored.counts, stored.times) == ({"a": 2, "b": 2}, 1)


def test_what_cannot_be_written_waits(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deferred_writes, "WRITE_SECONDS", 3600.0)
    stored, writer = Stored(), later_of(app)
    tally = Tally(stored)
    writer.start(app)
    with app.app_context():
        tally.add("a")
        stored.refuses = True
        with pytest.raises(OperationalError):
            tally.write()
        tally.add("a")
        stored.refuses = False
    writer.stop()
    assert stored.counts == {"a": 2}


def test_openings_are_counted_by_a_hub_that_runs(two_workers: LiveServer) -> None:
    import sqlite3
    from urllib.request import urlopen

    for _time in range(5):
        with urlopen(f"{two_workers.url}/crafts/1") as answer:
            assert answer.status == 200
    two_workers.stop()
    connection = sqlite3.connect(two_workers.instance / "libhub.db")
    rows = connection.execute("SELECT what, number FROM crafts_count WHERE activity_id = 1").fetchall()
    connection.close()
    assert rows == [("opened", 5)]


def test_what_can_never_be_written_is_lost_alone(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row to which one of the numbers belongs is gone: the others are stored, and nothing is tried for ever."""
    monkeypatch.setattr(deferred_writes, "WRITE_SECONDS", 3600.0)
    stored, writer = Stored(), later_of(app)

    def store(counts: Mapping[str, int]) -> None:
        if "gone" in counts:
            raise IntegrityError("INSERT", {}, Exception("FOREIGN KEY constraint failed"))
        stored(counts)

    tally = Tally(store)
    writer.start(app)
    with app.app_context():
        for key in ("a", "gone", "b", "a"):
            tally.add(key)
        with pytest.raises(IntegrityError):
            tally.write()
        assert stored.counts == {"a": 2, "b": 1}
        tally.write()
    writer.stop()
    assert stored.counts == {"a": 2, "b": 1}


FAILING = """
from libhub.api import Tally
def store(counts):
    raise {error}
tally = Tally(store)
"""


def troubles(app: Flask) -> list[str]:
    with app.app_context():
        return [str(each) for each in state.troubles(state.states(["bad"]).get("bad"))]


@pytest.mark.parametrize("error", ["ValueError('nowhere')", "SystemExit('nowhere')"])
def test_a_section_that_cannot_write_later_is_told_and_the_others_write(
    instance: Path, fake_plugin: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, error: str
) -> None:
    monkeypatch.setattr(deferred_writes, "WRITE_SECONDS", 0.01)
    monkeypatch.setattr(deferred_writes, "GATHER_SECONDS", 0.01)
    fake_plugin("bad", {"hooks.py": FAILING.replace("{error}", error)})
    app = make_app(instance)
    stored, writer = Stored(), later_of(app)
    tally = Tally(stored)
    try:
        writer.start(app)
        with app.app_context():
            hooks: Any = get_registry().plugins["bad"].hooks
            hooks.tally.add("x")
        deadline = time.monotonic() + 10
        while not (told := troubles(app)) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(told) == 1
        assert "nowhere" in told[0]
        with app.app_context():
            tally.add("a")
        writer.stop()
        assert stored.counts == {"a": 1}
    finally:
        release(app)
