"""The one way to write, and databases that this version must not touch."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.models import User
from libhub.accounts.permissions import TEACHER
from libhub.base.db import db, writing
from libhub.base.errors import LibHubError
from libhub.installation import prepare
from libhub.plugging.loading import migrations
from libhub.plugging.loading.registry import get_registry
from libhub.plugging.models import SettingValue
from libhub.search.documents import ItemRef
from libhub.search.models import SearchOutbox
from libhub.search.store.outbox import touch
from libhub.testing import PASSWORD

REF = ItemRef("resources", "resource", "1")


def setting(value: object) -> SettingValue:
    return SettingValue(plugin_id="core", name="counter", value=value)


def test_a_block_is_committed_at_its_end(app: Flask) -> None:
    with app.app_context(), writing():
        db.session.add(setting(1))
    with app.app_context():
        assert db.session.get_one(SettingValue, ("core", "counter")).value == 1


def test_blocks_nest_and_the_outermost_commits(app: Flask) -> None:
    with app.app_context():
        with writing():
            with writing():
                db.session.add(setting(1))
                touch([REF])
            with db.engine.connect() as other:
                assert other.execute(select(SettingValue.value)).all() == []
        with db.engine.connect() as other:
            assert other.execute(select(SettingValue.value)).scalar() == 1


@pytest.mark.parametrize("inner", [False, True])
def test_an_error_rolls_back_everything_with_its_outbox_rows(app: Flask, inner: bool) -> None:
    with app.app_context():
        before = db.session.scalars(select(SearchOutbox.id)).all()
        with pytest.raises(ZeroDivisionError), writing():  # noqa: PT012
            db.session.add(setting(1))
            touch([REF])
            if inner:
                with writing():
                    raise ZeroDivisionError
            raise ZeroDivisionError
        assert db.session.get(SettingValue, ("core", "counter")) is None
        assert db.session.scalars(select(SearchOutbox.id)).all() == before
        with writing():
            db.session.add(setting(2))
        assert db.session.get_one(SettingValue, ("core", "counter")).value == 2


def test_a_change_outside_a_block_is_an_error_of_the_programmer(app: Flask) -> None:
    with app.app_context():
        db.session.add(setting(1))
        with pytest.raises(RuntimeError, match="writing"), writing():
            pass
        db.session.rollback()


def test_writers_in_many_threads_lose_nothing(app: Flask) -> None:
    """Every one reads, decides and writes: without the lock before the reading some would be lost."""
    with app.app_context(), writing():
        db.session.add(setting(0))
    threads, times = 6, 15
    errors: list[Exception] = []

    def count() -> None:
        try:
            for _time in range(times):
                with app.app_context(), writing():
                    row = db.session.get_one(SettingValue, ("core", "counter"))
                    row.value = row.value + 1
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            errors.append(error)
        finally:
            with app.app_context():
                db.session.remove()

    workers = [threading.Thread(target=count) for _number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not errors
    with app.app_context():
        assert db.session.get_one(SettingValue, ("core", "counter")).value == threads * times


def test_a_reader_is_not_held_up_by_a_writer(app: Flask) -> None:
    with app.app_context(), writing():
        db.session.add(setting(1))
        db.session.flush()
        seen: list[int] = []

        def read() -> None:
            seen.append(app.test_client().get("/").status_code)

        reader = threading.Thread(target=read)
        reader.start()
        reader.join(5)
        assert seen == [200]


def test_a_row_read_before_the_block_is_read_anew_inside(app: Flask) -> None:
    with app.app_context():
        user = accounts.add_user(UserDetails("anna", "Анна", TEACHER), PASSWORD)
        assert user.name == "Анна"
        with db.engine.begin() as other:
            other.execute(text("UPDATE core_user SET name = 'Анна Ивановна'"))
        with writing():
            assert db.session.get_one(User, user.id).name == "Анна Ивановна"


def test_foreign_keys_are_obeyed_and_small_letters_are_russian(app: Flask) -> None:
    with app.app_context():
        assert db.session.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert db.session.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert db.session.execute(text("SELECT lower('ЁЖ')")).scalar() == "ёж"


@pytest.mark.parametrize("branch", ["core", "resources"])
def test_a_database_of_a_newer_version_is_refused_untouched(app: Flask, branch: str) -> None:
    path = Path(app.instance_path) / "libhub.db"
    with app.app_context():
        with db.engine.begin() as connection:
            connection.execute(text(f"UPDATE alembic_version_{branch} SET version_num = 'from_the_future'"))
        if branch == "core":
            with pytest.raises(LibHubError) as error:
                prepare(app, lambda _done, _all: None)
            told = str(error.value)
        else:  # of one section: it alone is left out
            prepare(app, lambda _done, _all: None)
            told = get_registry().plugins[branch].error or ""
        assert branch in told
        assert "from_the_future" in told
        with db.engine.connect() as connection:
            number = connection.execute(text(f"SELECT version_num FROM alembic_version_{branch}")).scalar()
    assert number == "from_the_future"
    assert path.stat().st_size > 0


def test_an_up_to_date_database_is_left_alone(app: Flask) -> None:
    with app.app_context():
        assert migrations.pending(get_registry(), db.engine) == []
    done = prepare(app, lambda _done, _all: None)
    assert (done.upgraded, done.filled) == ([], [])


def test_a_transaction_that_nobody_leaves_is_swept_away_without_an_application(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("libhub.base.db.LONG_SECONDS", -1.0)

    def begin() -> Iterator[None]:
        with writing():
            yield

    with app.app_context():
        left = begin()
        next(left)
        session = db.session()
    left.close()
    assert "writing" not in session.info
