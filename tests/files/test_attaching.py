"""Attaching files, and what can be done with them afterwards."""

import io
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from libhub.api import (
    Attachment,
    ItemRef,
    LibHubError,
    attach,
    attachments,
    check_upload,
    copy_files,
    detach,
    detach_all,
    move_files,
    open_file,
    rename_file,
    replace_file,
    undo_detach,
    writing,
)
from libhub.base.audit import AuditEntry
from libhub.base.db import db
from libhub.files.types import TYPES
from libhub.plugging import settings
from libhub.testing import counted_queries, form_of, press

AddFile = Callable[..., Attachment]
Put = Callable[..., ItemRef]


def names(ref: ItemRef, place: str | None = None) -> list[str]:
    return [each.name for each in attachments([ref], place)[ref]]


def blobs(instance: Path) -> list[Path]:
    return [path for path in (instance / "files").glob("??/*") if path.is_file()]


def test_what_is_attached_comes_back_byte_for_byte(app: Flask, add_file: AddFile) -> None:
    content = "Сказка о рыбаке".encode()
    added = add_file(content, "Сказка.txt")
    with app.app_context(), open_file(added.id) as stream:
        assert stream.read() == content
    assert (added.type, added.size, added.state) == ("txt", len(content), "waiting")


def test_the_same_content_is_kept_once(app: Flask, instance: Path, add_file: AddFile) -> None:
    first, second = add_file(b"one text", "a.txt"), add_file(b"one text", "b.txt", key="другая")
    assert first.sha256 == second.sha256
    assert len(blobs(instance)) == 1
    assert not list((instance / "files" / "receiving").iterdir())


def test_what_is_only_looked_into_is_not_kept(app: Flask, instance: Path) -> None:
    with app.app_context():
        check_upload("Сказка.txt", io.BytesIO("Сказка".encode()))
    assert not blobs(instance)
    assert not list((instance / "files" / "receiving").iterdir())


def test_a_copy_costs_no_bytes(app: Flask, instance: Path, add_file: AddFile, put: Put) -> None:
    add_file(b"step", "step.txt", place="step:1")
    target = put("копия")
    with app.app_context():
        (copy,) = copy_files(ItemRef("shelf", "thing", "вещь"), target)
    assert (copy.name, copy.place) == ("step.txt", "step:1")
    assert len(blobs(instance)) == 1


def test_order_places_names_and_contents_change(app: Flask, add_file: AddFile) -> None:
    one, two, three = (add_file(name.encode(), f"{name}.txt") for name in ("one", "two", "three"))
    with app.app_context():
        move_files(one.ref, [three.id, one.id])
        assert names(one.ref) == ["three.txt", "one.txt", "two.txt"]
        move_files(one.ref, [two.id], "cover")
        assert names(one.ref, "cover") == ["two.txt"]
        assert rename_file(one.id, "Первый").name == "Первый.txt"
        assert rename_file(one.id, "Первый.exe").name == "Первый.exe.txt"
        replaced = replace_file(one.id, "new.md", io.BytesIO(b"# new"))
        assert (replaced.id, replaced.name, replaced.place) == (one.id, "new.md", "")
        with pytest.raises(LibHubError):
            rename_file(one.id, "   ")


def test_a_removed_file_can_be_brought_back(app: Flask, add_file: AddFile) -> None:
    added = add_file(b"text", "a.txt")
    with app.app_context():
        detach(added.id)
        assert names(added.ref) == []
        with pytest.raises(LibHubError):
            open_file(added.id)
        undo_detach(added.id)
        assert names(added.ref) == ["a.txt"]
        with writing():
            detach_all([added.ref])
        assert names(added.ref) == []
        actions = db.session.scalars(
            select(AuditEntry.action)
            .where(AuditEntry.subject_type == "core_attachment")
            .order_by(AuditEntry.id)
        ).all()
    assert actions == ["create", "update", "update", "update"]


def test_many_items_are_asked_in_one_query(app: Flask, add_file: AddFile) -> None:
    refs = [add_file(f"text {number}".encode(), key=f"n{number}").ref for number in range(20)]
    with counted_queries(app) as log, app.app_context():
        assert all(len(some) == 1 for some in attachments(refs).values())
    assert len(log) == 1


def test_what_fails_leaves_nothing_behind(app: Flask, instance: Path, put: Put) -> None:
    ref = put("вещь")
    with app.app_context():

        def attach_and_fail() -> None:
            with writing():
                attach(ref, "a.txt", io.BytesIO(b"text"))
                raise RuntimeError

        with pytest.raises(RuntimeError):
            attach_and_fail()
        assert names(ref) == []
    assert not list((instance / "files" / "receiving").iterdir())


def test_by_default_every_type_but_drawings_and_archives_is_allowed(app: Flask) -> None:
    from libhub.files.limits import upload_limits

    with app.app_context():
        assert upload_limits().types == set(TYPES) - {"svg", "zip"}
        settings.change_settings(settings.CORE, {"file_types": ".PDF; jpg", "file_mb": 3})
        assert upload_limits().types == {"pdf", "jpeg"}
        assert upload_limits().most_bytes == 3 * 1024 * 1024


def test_a_full_section_refuses_and_says_how_much_is_left(app: Flask, put: Put) -> None:
    ref = put("вещь")
    with app.app_context():
        settings.change_settings("shelf", {"files_quota_mb": 1})
        attach(ref, "a.txt", io.BytesIO(b"a" * 700_000))
        with pytest.raises(LibHubError, match="1"):
            attach(ref, "b.txt", io.BytesIO(b"b" * 700_000))
        attach(ref, "again.txt", io.BytesIO(b"a" * 700_000))
        assert len(names(ref)) == 2


def test_the_pages_do_the_same(app: Flask, librarian: FlaskClient, put: Put) -> None:
    ref = put("вещь")
    page = f"/files/of/shelf/thing/{quote('вещь')}"
    assert librarian.get(page).status_code == 200
    files = [
        (io.BytesIO(b"one"), "Один.txt"),
        (io.BytesIO(b""), "пусто.txt"),
        (io.BytesIO(b"two"), "Два.txt"),
    ]
    answer = librarian.post(page, data={"files": files}, follow_redirects=True)
    assert "Файл «Один.txt» добавлен" in answer.text
    assert "пусто.txt: " in answer.text
    with app.app_context():
        one, two = attachments([ref])[ref]

    def move(number: int, way: str) -> None:
        press(librarian, page, f"/files/{number}/move", **{way: "1"})

    old = form_of(librarian.get(page).text, f"/files/{two.id}/move")
    move(two.id, "up")
    librarian.post(f"/files/{one.id}/move", data={**old, "up": "1"})  # of an order that is no more
    move(two.id, "down")
    move(two.id, "down")
    with app.app_context():
        assert names(ref) == ["Один.txt", "Два.txt"]
    move(two.id, "up")
    librarian.post(f"/files/{one.id}/rename", data={"name": "Первый"})
    librarian.post(f"/files/{two.id}/replace", data={"file": (io.BytesIO(b"# x"), "x.md")})
    with app.app_context():
        assert names(ref) == ["x.md", "Первый.txt"]
    shown = librarian.post(
        f"/files/{one.id}/remove", data={"next": f"/shelf/{quote('вещь')}"}, follow_redirects=True
    )
    assert "Вернуть" in shown.text
    librarian.post(f"/files/{one.id}/undo")
    with app.app_context():
        assert names(ref) == ["x.md", "Первый.txt"]
        assert db.session.scalar(
            select(func.count()).select_from(AuditEntry).where(AuditEntry.actor_id.is_not(None))
        )


def test_a_script_gets_the_list_and_the_words(librarian: FlaskClient, put: Put) -> None:
    put("вещь")
    answer = librarian.post(
        "/files/of/shelf/thing/вещь",
        data={"files": (io.BytesIO(b"MZ\x00\x01"), "x.exe")},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 422
    assert "<html" not in answer.text
    assert "x.exe: " in answer.text
