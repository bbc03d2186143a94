"""What is remembered holds until a table that it came from is written, by whatever way and in whatever process."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, text, update

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.models import User, UserSession
from libhub.base import dependencies, moments
from libhub.base.db import db, writing
from libhub.base.moments import now, today
from libhub.caching import remembering, table_tokens
from libhub.caching.remembering import Memory, memory_of, remember
from libhub.caching.table_tokens import everything_changed
from libhub.notices.models import Notice
from libhub.plugging import settings, state
from libhub.plugging.models import SettingValue
from libhub.plugging.switching import switch
from libhub.search.models import Synonym
from libhub.testing import PASSWORD, PROGRAM, counted_queries, make_app, release


class Counted:
    """Something to remember that counts how often it was worked out."""

    def __init__(self, make: Callable[[], object]) -> None:
        self.make, self.times = make, 0

    def __call__(self) -> object:
        self.times += 1
        return self.make()

    def asked(self) -> object:
        return remember(("test", id(self)), self)


def words() -> Counted:
    return Counted(lambda: sorted(db.session.scalars(select(Synonym.words))))


@pytest.fixture
def other_app(app: Flask, instance: Path) -> Iterator[Flask]:
    """The same hub in what would be another process."""
    made = make_app(instance)
    yield made
    release(made)


def _orm() -> None:
    db.session.add(Synonym(words="кот, котик"))


def _bulk() -> None:
    db.session.execute(insert(Synonym).values(words="кот, котик"))


def _table() -> None:
    db.session.connection().execute(Synonym.__table__.insert().values(words="кот, котик"))


def _text() -> None:
    db.session.execute(text("INSERT INTO core_synonym (words) VALUES ('кот, котик')"))


@pytest.mark.parametrize("write", [_orm, _bulk, _table, _text])
def test_every_way_of_writing_is_noticed(app: Flask, write: Callable[[], None]) -> None:
    with app.app_context():
        kept = words()
        before = kept.asked()
        assert kept.asked() is before
        assert kept.times == 1
        with writing():
            write()
        assert "кот, котик" in kept.asked()  # type: ignore[operator]
        for change in (update(Synonym).values(words="пёс, собака"), delete(Synonym)):
            with writing():
                db.session.execute(change)
            assert kept.asked() == sorted(db.session.scalars(select(Synonym.words)))
        assert kept.asked() == []
        assert kept.times == 4


def test_writing_elsewhere_leaves_it(app: Flask) -> None:
    with app.app_context():
        kept = words()
        kept.asked()
        with writing():
            db.session.add(SettingValue(plugin_id="core", name="library_name", value="Школа"))
        kept.asked()
        assert kept.times == 1


def test_what_is_not_committed_is_neither_kept_nor_shown(app: Flask) -> None:
    with app.app_context():
        kept = words()
        before = kept.asked()
        with pytest.raises(ZeroDivisionError), writing():  # noqa: PT012
            db.session.add(Synonym(words="кот, котик"))
            db.session.flush()
            assert "кот, котик" in kept.asked()  # type: ignore[operator]
            raise ZeroDivisionError
        assert kept.asked() == before
        fresh = words()
        with pytest.raises(ZeroDivisionError), writing():  # noqa: PT012
            db.session.add(Synonym(words="кот, котик"))
            db.session.flush()
            fresh.asked()
            raise ZeroDivisionError
        assert fresh.asked() == before


def test_rows_that_go_with_others_are_noticed(app: Flask) -> None:
    with app.app_context():
        user = accounts.add_user(UserDetails("anna", "Анна", "teacher"), PASSWORD)
        with writing():
            db.session.add(Notice(user_id=user.id, text="Привет"))
        kept = Counted(lambda: list(db.session.scalars(select(Notice.text).where(Notice.user_id == user.id))))
        assert kept.asked() == ["Привет"]
        with writing():
            db.session.execute(delete(User).where(User.id == user.id))
        assert kept.asked() == []


def test_another_process_is_obeyed_at_once(app: Flask, other_app: Flask) -> None:
    with app.app_context():
        before = state.enabled_plugins()
        assert before
        assert settings.get_setting("core", "library_name") == ""
    for place, plugin_id in enumerate(reversed(before)):
        with other_app.app_context():
            switch(plugin_id, enable=False, actor=PROGRAM)
            settings.change_settings("core", {"library_name": f"Школа {place}"})
        with app.app_context():
            assert plugin_id not in state.enabled_plugins()
            assert settings.get_setting("core", "library_name") == f"Школа {place}"


def test_a_request_asks_once_whether_anything_changed(app: Flask) -> None:
    with app.test_request_context():
        state.enabled_plugins()
        settings.get_setting("core", "library_name")
    with app.test_request_context(), counted_queries(app) as log:
        for _time in range(3):
            state.enabled_plugins()
            settings.get_setting("core", "library_name")
    assert len(log) == 1, log.statements


def test_what_another_value_was_made_of_counts_too(app: Flask) -> None:
    with app.app_context():
        inner = words()
        outer = Counted(lambda: list(inner.asked()))  # type: ignore[call-overload]
        inner.asked()
        outer.asked()
        with writing():
            _bulk()
        assert "кот, котик" in outer.asked()  # type: ignore[operator]


def test_the_clock_is_noted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [datetime(2026, 11, 24, 5, 0, 10, tzinfo=UTC)]
    monkeypatch.setattr(moments, "clock", lambda: moment[0])
    monkeypatch.setattr(moments.time, "time", lambda: moment[0].timestamp())
    with app.app_context():
        hour, day = Counted(now), Counted(today)
        assert hour.asked() == moment[0]
        assert str(day.asked()) == "2026-11-24"
        first = moment[0]
        moment[0] = moment[0].replace(second=50)
        assert hour.asked() == first, "the times of things here are of whole minutes"
        moment[0] = moment[0].replace(minute=1)
        assert hour.asked() == moment[0]
        assert str(day.asked()) == "2026-11-24"
        assert day.times == 1
        moment[0] = moment[0].replace(hour=17, minute=5)  # midnight has passed in Novosibirsk
        assert str(day.asked()) == "2026-11-25"


def test_a_value_that_writes_or_fails_in_part_is_not_kept(app: Flask) -> None:
    def write() -> str:
        with writing():
            _bulk()
        return "made"

    def fail_in_part() -> str:
        dependencies.do_not_keep()
        return "made"

    with app.app_context():
        for make in (write, fail_in_part):
            kept = Counted(make)
            outer = Counted(kept.asked)
            for time in (1, 2):
                assert outer.asked() == "made"
                assert kept.times == time


def test_another_schema_lets_nothing_hold(app: Flask, other_app: Flask) -> None:
    with app.app_context():
        kept = Counted(lambda: 1)
        kept.asked()
    with other_app.app_context():
        everything_changed(db.engine)
    with app.app_context():
        kept.asked()
        assert kept.times == 2


def test_no_old_token_comes_back(app: Flask) -> None:
    seen = set()
    with app.app_context():
        for _time in range(5):
            with writing():
                _bulk()
            seen.add(
                db.session.execute(
                    text("SELECT token FROM core_table_token WHERE name = 'core_synonym'")
                ).scalar()
            )
    assert len(seen) == 5


def test_memory_is_bounded_and_keeps_what_is_used(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Memory(most_bytes=10 * (1_000 + remembering.LIGHT))
    monkeypatch.setattr(remembering, "Memory", lambda: memory)
    remembering.forget_everything(app)
    with app.app_context():
        used = Counted(lambda: "used")
        for number in range(100):
            remember(("some", number), lambda: "x", lambda _value: 1_000)
            used.asked()
        assert used.times == 1
        assert 5 <= len(memory) <= 11
        remember("too large", lambda: "x", lambda _value: 100_000)
        assert len(memory) == 0
    assert memory_of(app) is memory


def test_statements_name_their_tables(app: Flask) -> None:
    with app.app_context():
        query = select(User.name).join(UserSession).where(User.id.in_(select(Notice.user_id)))
        assert table_tokens.tables_in(str(query)) == {"core_user", "core_user_session", "core_notice"}
