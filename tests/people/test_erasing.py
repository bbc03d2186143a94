"""«Delete for good» truly does: nothing of a person is left in any file of the instance."""

import importlib.util
import io
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import JSON, Column, DateTime, Integer, MetaData, Table, create_engine, select, text

from libhub.accounts import accounts, classes, limits, relations
from libhub.accounts.accounts import UserDetails
from libhub.accounts.limits import GUESSES
from libhub.accounts.models import User
from libhub.accounts.permissions import ADMINISTRATOR, PARENT, STUDENT
from libhub.api import ItemRef, attach, notify, receive
from libhub.base.audit import PROGRAM, Actor, AuditEntry, acting_as
from libhub.base.db import db, writing
from libhub.base.moments import now, today
from libhub.config import get_config
from libhub.files import personal_data as files
from libhub.files.current_store import get_store
from libhub.files.reading import queue
from libhub.installation import indexer, prepare
from libhub.kit.importing import Report
from libhub.kit.jobs import starting
from libhub.kit.pending_imports import PendingImport
from libhub.notices.models import Notice
from libhub.people.personal_data import consents, erased, erasing
from libhub.people.personal_data.consents import NewConsent
from libhub.plugging.loading.registry import get_registry
from libhub.plugging.switching import switch
from libhub.submissions import drafts, pending_uploads
from libhub.testing import PASSWORD, index_now, make_app, release
from libhub.testing.leftovers import leftovers
from plugins.training.learning.models import TaskAnswer

Browser = Callable[..., FlaskClient]
NAME, OLD_NAME, LOGIN = "Зульфия Кракозябрина", "Зульфия Прежняя-Фамилия", "zukrakozyabrina"
IDENTITY = ("Зульфия", "Кракозябрина", "Прежняя", LOGIN, "группазаек", "номер0815")
WRITTEN = ("словаизчерновика", "словаизвещения", "отправилфайл", "содержимоефайла", "таблицаимпорта")
SECTIONS = ("crafts", "events", "resources", "training")


def factory_of(section: str) -> ModuleType:
    path = Path(__file__).parents[1] / "plugins" / section / "factory.py"
    spec = importlib.util.spec_from_file_location(f"personal_factory_of_{section}", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def add(login: str, name: str, role: str = STUDENT, **more: object) -> int:
    details = UserDetails(login, name, role, **more)  # type: ignore[arg-type]
    return int(accounts.add_user(details, PASSWORD).id)


def words() -> list[str]:
    return [*IDENTITY, *WRITTEN, *(word for each in SECTIONS for word in factory_of(each).PERSONAL_WORDS)]


def fill() -> int:
    """Let a person be known to everything that the hub and its sections have."""
    number = add(LOGIN, OLD_NAME, school_class="4Щ", class_group="группазаек", school_number="номер0815")
    details = UserDetails(
        LOGIN, NAME, STUDENT, school_class="5Щ", class_group="группазаек", school_number="номер0815"
    )
    accounts.change_user(number, details, active=True)
    parent = add("mama", "Мама Другова", PARENT)
    with acting_as(Actor(number, NAME)):
        for section in SECTIONS:
            factory_of(section).make_personal_data(number)
    with acting_as(Actor(number, NAME)):
        _files(number)
    _core(number, parent)
    return number


def _files(number: int) -> None:
    with writing():
        answer = db.session.scalar(select(TaskAnswer).where(TaskAnswer.user_id == number))
        assert answer is not None
        ref = answer.ref
    with receive("отправилфайл.txt", io.BytesIO("содержимоефайла от меня".encode())) as received, writing():
        attach(ref, received)
    while queue.read_next():
        pass


def _core(number: int, parent: int) -> None:
    notify([number], "словаизвещения", "/events/")
    notify([parent], f"{NAME} ждёт вас", "/events/")
    drafts.keep(
        "d" * 32, number, "/crafts/add", "/crafts/add", {"title": ["словаизчерновика"]}, returned=True
    )
    token = pending_uploads.hold_upload(io.BytesIO("словаизчерновика".encode()))
    kept = [json.dumps(["file", token, "отправилфайл.txt"])]
    drafts.keep("e" * 32, number, "/crafts/add", "/crafts/add", {"title": ["словаизчерновика"]}, files=kept)
    drafts.keep("f" * 32, parent, f"/admin/users/{number}", f"/admin/users/{number}", {"username": [LOGIN]})
    kind = sorted(get_registry().job_kinds)[0]
    starting.start_job(kind, {"who": NAME, "login": LOGIN}, started_by=number)
    starting.start_job(kind, {"who": NAME}, started_by=parent)
    relations.use_code(parent, relations.new_codes([number])[number])
    relations.new_codes([number])
    limits.attempt(GUESSES, number, "address 10.0.0.7")
    consents.record([number], NewConsent("works", today(), today() + timedelta(days=300), "Мама Другова"))
    _imports()


def _imports() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/sharedStrings.xml", f"<si>Кракозябрина</si><si>Зульфия</si>{'таблицаимпорта ' * 50}"
        )
    packed.seek(0)
    token = pending_uploads.hold_upload(packed)
    PendingImport(token, "events", f"{NAME}.xlsx", {}, Report()).keep()
    cp1251 = f"{NAME};таблицаимпорта".encode("cp1251")
    pending_uploads.hold_upload(io.BytesIO(cp1251))
    pending_uploads.hold_upload(io.BytesIO("Кракозябрина\nЗульфия\nтаблицаимпорта".encode("utf-16")))


def settle(app: Flask) -> None:
    """Do at once what the process behind the scenes does within seconds."""
    index_now(app)
    with app.app_context():
        assert erasing.wipe(indexer())
        db.session.remove()
        assert not erasing.needs_wiping()
        db.session.remove()


@pytest.mark.parametrize("off", [(), SECTIONS], ids=["on", "off"])
def test_nothing_is_left(app: Flask, as_viewer: Browser, off: tuple[str, ...]) -> None:
    boss = as_viewer(ADMINISTRATOR, username="boss")
    with app.app_context():
        stored = set(get_store().contents())
        number = fill()
        instance = get_config().instance
        held = pending_uploads.hold_upload(io.BytesIO(b"nothing of anybody"))
        for section in reversed(off):
            switch(section, enable=False, actor=PROGRAM)
        db.session.remove()
    index_now(app)
    boss.get(f"/admin/users/{number}/data")
    before = leftovers(instance, words())
    assert {word for word in words() if not any(line.endswith(word) for line in before)} == set()
    answer = boss.post(f"/admin/users/{number}/erase", follow_redirects=True)
    assert "удалены" in answer.text
    settle(app)
    assert leftovers(instance, words()) == []
    with app.app_context():
        assert set(get_store().contents()) == stored, "a file of the person is left"
        assert pending_uploads.held_upload(held) is not None, "what is nobody's went, too"
        assert db.session.get(User, number) is None
        assert "Мама Другова" not in json.dumps(_entries_of("core_consent"), ensure_ascii=False)
        told = list(db.session.scalars(select(Notice.text)))
        assert "… ждёт вас" in told, "what others were told stays, without the name"


def _entries_of(table: str) -> list[object]:
    query = select(AuditEntry).where(AuditEntry.subject_type == table)
    return [[each.subject_title, each.before, each.after] for each in db.session.scalars(query)]


def test_the_log_keeps_what_happened_and_when(app: Flask, as_viewer: Browser) -> None:
    boss = as_viewer(ADMINISTRATOR, username="boss")
    with app.app_context():
        number = fill()
        query = select(AuditEntry.id, AuditEntry.at, AuditEntry.action, AuditEntry.subject_type)
        before = db.session.execute(query.order_by(AuditEntry.id)).all()
        others = [
            each.id
            for each in db.session.scalars(select(AuditEntry).where(AuditEntry.actor_name == "LibHub"))
        ]
    boss.post(f"/admin/users/{number}/erase")
    with app.app_context():
        after = db.session.execute(query.order_by(AuditEntry.id)).all()
        assert after[: len(before)] == before
        about = _entries_of("core_user")
        assert ["", {}, {}] in about
        assert others
        for entry in db.session.scalars(select(AuditEntry).where(AuditEntry.subject_type == "crafts_work")):
            assert not entry.subject_title
            assert not entry.after
        kept = db.session.scalars(
            select(AuditEntry).where(AuditEntry.subject_type == "resources_resource")
        ).all()
        assert all(each.subject_title and each.after for each in kept), "what was made for others is told"
        assert all(each.actor_id is None for each in kept if each.actor_name == "")
    log = boss.get("/admin/audit/").text
    assert "удалённый человек" in log
    assert boss.get("/admin/audit/?action=delete").status_code == 200
    assert "Вернуть" not in boss.get("/admin/audit/?subject=events_booking").text


def test_a_number_that_somebody_else_got_is_another_person(app: Flask) -> None:
    """SQLite gives the number of the last account again."""
    with app.app_context():
        first = add("pervaya", "Первая Ученица")
        erasing.erase_person(first, PROGRAM)
        second = add("vtoraya", "Вторая Ученица")
        assert second == first
        assert erasing.replay().again == 0
        assert accounts.get_user(second).name == "Вторая Ученица"
        assert "vtoraya" in json.dumps(_entries_of("core_user"))


def test_an_older_copy_of_the_database_is_cleaned_at_the_start(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        number = fill()
        instance = get_config().instance
        db.session.remove()
        with sqlite3.connect(tmp_path / "copy.db") as copy:
            db.session.connection().connection.driver_connection.backup(copy)  # type: ignore[union-attr]
        db.session.remove()
        erasing.erase_person(number, PROGRAM)
        erased_at = next(iter(erased.in_database())).at
    settle(app)
    release(app)
    for path in instance.glob("libhub.db*"):
        path.unlink()
    shutil.copy(tmp_path / "copy.db", instance / "libhub.db")
    restored = make_app(instance)
    try:
        with restored.app_context():
            assert len(erasing.come_back()) == 1
            db.session.remove()
        done = prepare(restored, lambda _done, _all: None)
        assert (done.erased.again, done.erased.problems) == (1, [])
        settle(restored)
        assert leftovers(instance, words()) == []
        with restored.app_context():
            assert {each.at for each in erased.in_database()} == {erased_at}
            assert prepare(restored, lambda _done, _all: None).erased.again == 0
    finally:
        release(restored)


def test_a_crash_after_the_transaction_is_made_good(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        stored = set(get_store().contents())
        number = fill()
        instance = get_config().instance
        with monkeypatch.context() as patch:
            patch.setattr(erasing, "finish", lambda: None)
            erasing.erase_person(number, PROGRAM)
        assert erased.in_file() == set()
        assert set(get_store().contents()) != stored
        erasing.replay()
        assert erased.in_file() == erased.in_database() != set()
        assert set(get_store().contents()) == stored
        db.session.remove()
    settle(app)
    assert leftovers(instance, words()) == []


def test_who_was_erased_before_there_was_a_register_leaves_the_log(app: Flask) -> None:
    with app.app_context():
        number = add(LOGIN, NAME)
        with acting_as(Actor(number, NAME)):
            factory_of("resources").make_items(1)
        accounts.erase(number)
        with writing():
            db.session.add(erased.ErasedPerson(user_id=number, at=now()))
        db.session.remove()
        erasing.replay()
        instance = get_config().instance
        db.session.remove()
    settle(app)
    assert leftovers(instance, [LOGIN, *NAME.split()]) == []


def test_a_content_that_somebody_uploads_again_stays(app: Flask) -> None:
    with app.app_context():
        add("boris", "Борис Другой")
        ref = ItemRef("resources", "resource", "1")
        with receive("книга.txt", io.BytesIO(b"one text of two people")) as received, writing():
            sha256 = attach(ref, received).sha256
        files.delete_contents([sha256])
        assert get_store().path(sha256).is_file()


def test_a_class_stays_when_its_teacher_goes(app: Flask) -> None:
    with app.app_context():
        teacher = add("uchitel", "Учитель Уходящий", "teacher")
        pupil = add("pupil", "Ученик Остающийся", school_class="3Б")
        number = accounts.get_user(pupil).class_id
        assert number is not None
        with writing():
            classes.get_class(number).teacher_id = teacher
        erasing.erase_person(teacher, PROGRAM)
        assert classes.get_class(number).teacher_id is None
        said = _entries_of("core_class")
        assert ["3Б", {"teacher_id": None}, {"teacher_id": None}] in said
        assert "Ученик Остающийся" in json.dumps(_entries_of("core_user"), ensure_ascii=False)


def test_a_parent_is_erased_from_the_consents_of_the_children(app: Flask) -> None:
    with app.app_context():
        child, parent = add("rebyonok", "Ребёнок Один"), add("mama", "Марианна Единственная", PARENT)
        relations.use_code(parent, relations.new_codes([child])[child])
        consents.record([child], NewConsent("photos", date(2026, 9, 1), giver="Марианна Единственная"))
        erasing.erase_person(parent, PROGRAM)
        assert [each.kind for each in consents.of_person(child)] == ["photos"]
        instance = get_config().instance
        db.session.remove()
    settle(app)
    assert leftovers(instance, ["Марианна", "Единственная"]) == []


def test_who_reads_an_older_state_is_waited_for(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """What somebody still reads cannot be overwritten: it is done when nobody does any more."""
    monkeypatch.setattr(erasing, "_WAITED_MS", 100)
    with app.app_context():
        number = add(LOGIN, NAME)
        instance = get_config().instance
        db.session.remove()
        reader = sqlite3.connect(instance / "libhub.db")
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM core_user").fetchone() == (1,)
        erasing.erase_person(number, PROGRAM)
        assert not erasing.wipe(indexer())
        assert erasing.needs_wiping()
        reader.close()
        assert erasing.wipe(indexer())
        assert not erasing.needs_wiping()
        db.session.remove()
    assert leftovers(instance, [LOGIN, *NAME.split()]) == []


def test_the_upgrade_takes_over_who_was_deleted_before(tmp_path: Path) -> None:
    """What the log knows of deleted accounts becomes the first lines of the register."""
    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    with engine.begin() as connection:
        AuditEntry.__table__.create(connection)
        register = Table(
            "core_erased",
            MetaData(),
            Column("id", Integer, primary_key=True),
            Column("user_id", Integer),
            Column("at", DateTime),
            Column("files", JSON),
            Column("held", JSON),
            Column("wiped_at", DateTime),
        )
        register.create(connection)
        at = "2026-05-01 10:00:00.000000"
        for action, key in (("create", "7"), ("delete", "7"), ("create", "8")):
            connection.execute(
                text(
                    "INSERT INTO core_audit (at, actor_name, action, subject_type, subject_key, subject_title) "
                    "VALUES (:at, 'x', :action, 'core_user', :key, 'somebody')"
                ),
                {"at": at, "action": action, "key": key},
            )
        import_module("libhub.migrations.versions.core_0016_erased_and_consents")._take_over(
            connection, register
        )
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT user_id, at, wiped_at FROM core_erased")).all()
    assert [tuple(row) for row in rows] == [(7, at, None)]
