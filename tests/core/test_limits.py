"""How often something may be tried: counted for all workers, told in words, forgotten after a while."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import func, select

from libhub.accounts import limits
from libhub.accounts.limits import Limit, TooManyAttempts
from libhub.accounts.models import LimitCount
from libhub.base.db import db, writing
from libhub.base.moments import now
from libhub.testing import make_app, release

STEADY = Limit("steady", 4, timedelta(minutes=1))
GROWING = Limit("growing", 3, timedelta(minutes=15), pause=timedelta(seconds=5))


@pytest.fixture
def clock(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[datetime]]:
    """The time of the limiter, to be set; inside the application."""
    at = [now()]
    monkeypatch.setattr(limits, "now", lambda: at[0])
    with app.app_context():
        yield at


def waits(limit: Limit, *keys: str | int) -> int:
    """Try once; return for how many seconds to wait, 0 where it was allowed."""
    try:
        limits.attempt(limit, *keys)
    except TooManyAttempts as refused:
        return refused.seconds
    return 0


def test_so_many_at_once_and_then_one_after_the_other(clock: list[datetime]) -> None:
    assert [waits(STEADY, "a") for _try in range(5)] == [0, 0, 0, 0, 15]
    assert waits(STEADY, "b") == 0, "another one is counted by itself"
    clock[0] += timedelta(seconds=14)
    assert waits(STEADY, "a") == 1
    clock[0] += timedelta(seconds=1)
    assert [waits(STEADY, "a") for _try in range(2)] == [0, 15]
    clock[0] += timedelta(minutes=2)
    assert [waits(STEADY, "a") for _try in range(5)] == [0, 0, 0, 0, 15]


def test_pauses_grow_and_end(clock: list[datetime]) -> None:
    assert [waits(GROWING, 7) for _try in range(4)] == [0, 0, 0, 5]
    pauses = []
    for _try in range(9):
        clock[0] += timedelta(seconds=waits(GROWING, 7))
        assert waits(GROWING, 7) == 0
        pauses.append(waits(GROWING, 7))
    assert pauses == [10, 20, 40, 80, 160, 320, 640, 900, 900]
    clock[0] += timedelta(minutes=31)
    assert [waits(GROWING, 7) for _try in range(4)] == [0, 0, 0, 5]


@given(some.lists(some.integers(0, 40), max_size=60))
def test_a_steady_limit_is_never_exceeded(pauses: list[int]) -> None:
    counted, at, allowed = LimitCount(key="", number=0), now(), []
    counted.next_at = counted.until = at
    for seconds in pauses:
        at += timedelta(seconds=seconds)
        if counted.next_at <= at:
            STEADY.count(counted, at)
            allowed.append(at)
    for moment in allowed:
        within = [each for each in allowed if moment <= each < moment + STEADY.window]
        assert len(within) < 2 * STEADY.most, "what is given back within a window may be used in it"
    step = STEADY.window / STEADY.most
    for first, each in enumerate(allowed):
        for last in range(first, len(allowed)):
            assert last - first + 1 <= STEADY.most + (allowed[last] - each) / step


@pytest.mark.parametrize("limit", [STEADY, GROWING])
def test_what_proved_right_was_none(clock: list[datetime], limit: Limit) -> None:
    for _try in range(20):
        assert waits(limit, "a") == 0
        limits.take_back((limit, ("a",)))
    assert db.session.scalar(select(func.count()).select_from(LimitCount)) == 0


def test_several_are_counted_together_or_not_at_all(clock: list[datetime]) -> None:
    for _try in range(GROWING.most):
        limits.attempt_all((STEADY, ("x",)), (GROWING, ("y",)))
    with pytest.raises(TooManyAttempts):
        limits.attempt_all((STEADY, ("x",)), (GROWING, ("y",)))
    assert waits(STEADY, "x") == 0
    assert waits(STEADY, "x") == 15


def test_clearing_takes_all_that_begins_so(clock: list[datetime]) -> None:
    for keys in ((5, "a"), (5, "b"), (51, "a")):
        for _try in range(4):
            waits(GROWING, *keys)
    limits.clear(GROWING, 5)
    assert [waits(GROWING, *keys) for keys in ((5, "a"), (5, "b"), (51, "a"))] == [0, 0, 5]


def test_what_does_not_count_any_more_is_deleted(clock: list[datetime]) -> None:
    waits(STEADY, "a")
    clock[0] += timedelta(hours=1)
    limits.forget_old()
    assert db.session.scalar(select(func.count()).select_from(LimitCount)) == 0


def test_a_try_is_counted_whatever_becomes_of_it(app: Flask) -> None:
    with app.app_context(), writing(), pytest.raises(RuntimeError):
        limits.attempt(STEADY, "a")


def test_it_is_said_in_words(app: Flask) -> None:
    with app.test_request_context():
        said = [str(TooManyAttempts(timedelta(seconds=each))) for each in (1, 3, 59, 60, 61, 900)]
    assert said == [
        f"Слишком много попыток. Подождите {wait}."
        for wait in ("1 секунду", "3 секунды", "59 секунд", "1 минуту", "2 минуты", "15 минут")
    ]


def test_parallel_tries_of_two_workers_are_counted_one_by_one(app: Flask, instance: Path) -> None:
    other = make_app(instance)
    allowed: list[int] = []

    def guess(worker: Flask) -> None:
        with worker.app_context():
            for _try in range(5):
                if waits(GROWING, "one") == 0:
                    allowed.append(1)

    threads = [threading.Thread(target=guess, args=((app, other)[n % 2],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(allowed) == GROWING.most
    release(other)
