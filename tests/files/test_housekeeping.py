"""Housekeeping, and what ``libhub doctor`` says of files."""

import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from libhub.api import Attachment, attachments, copy_files, detach, undo_detach
from libhub.base.db import db
from libhub.base.moments import now
from libhub.files import housekeeping
from libhub.files.models import FileAttachment, StoredFile
from libhub.files.reading.queue import read_next
from libhub.plugging import settings
from libhub.testing import run_libhub

AddFile = Callable[..., Attachment]


def keep_house_after(app: Flask, days: int) -> None:
    with app.app_context():
        housekeeping.keep_house(now() + timedelta(days=days))


def lies_there(instance: Path, file: Attachment) -> bool:
    return (instance / "files" / file.sha256[:2] / file.sha256[2:]).exists()


def test_a_removed_file_is_kept_for_thirty_days(app: Flask, instance: Path, add_file: AddFile) -> None:
    removed, stays = add_file(b"removed", "a.txt"), add_file(b"stays", "b.txt")
    with app.app_context():
        read_next()
        detach(removed.id)
    keep_house_after(app, 0)
    keep_house_after(app, 29)
    assert lies_there(instance, removed)
    with app.app_context():
        assert db.session.get(FileAttachment, removed.id)
    keep_house_after(app, 31)
    assert not lies_there(instance, removed)
    assert lies_there(instance, stays)
    assert not list((instance / "files").glob(f"{removed.sha256[:2]}/*"))
    with app.app_context():
        assert db.session.get(StoredFile, removed.sha256) is None
        assert [each.name for each in attachments([stays.ref])[stays.ref]] == ["b.txt"]


@pytest.mark.parametrize("again", ["undo", "copy", "attach"])
def test_what_is_wanted_again_stays(
    app: Flask, instance: Path, add_file: AddFile, put: Callable[..., object], again: str
) -> None:
    file = add_file(b"wanted", "a.txt")
    other = put("другая")
    with app.app_context():
        copy_files(file.ref, other)  # type: ignore[arg-type]
        for ref in (file.ref, other):
            for each in attachments([ref])[ref]:  # type: ignore[list-item]
                detach(each.id)
    keep_house_after(app, 0)
    keep_house_after(app, 20)
    if again == "attach":
        add_file(b"wanted", "b.txt")
    else:
        with app.app_context():
            undo_detach(file.id)
            if again == "copy":
                copy_files(file.ref, other)  # type: ignore[arg-type]
                detach(file.id)
    keep_house_after(app, 31)
    keep_house_after(app, 62)
    assert lies_there(instance, file)


def test_a_content_without_a_row_is_found_and_deleted_after_thirty_days(
    app: Flask, instance: Path, add_file: AddFile
) -> None:
    add_file(b"known", "a.txt")
    stray = instance / "files" / "ab" / ("c" * 62)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"after a power cut")
    half = instance / "files" / "receiving" / "half"
    half.write_bytes(b"half of one")
    with app.app_context():
        assert "ничьих, удаляются через 30 дней: 1" in housekeeping.in_short()
        assert housekeeping.problem() is None
    keep_house_after(app, 0)
    assert stray.exists()
    assert half.exists()
    old = time.time() - 31 * 24 * 3600
    os.utime(stray, (old, old))
    os.utime(half, (old, old))
    keep_house_after(app, 0)
    assert not stray.exists()
    assert not half.exists()


def test_missing_and_damaged_contents_are_named(app: Flask, instance: Path, add_file: AddFile) -> None:
    gone, cut, _well = (add_file(name.encode() * 9, f"{name}.txt") for name in ("gone", "cut", "well"))
    (instance / "files" / gone.sha256[:2] / gone.sha256[2:]).unlink()
    os.truncate(instance / "files" / cut.sha256[:2] / cut.sha256[2:], 1)
    with app.app_context():
        problem = housekeeping.problem()
    assert problem
    assert "пропали: gone.txt" in problem
    assert "испорчены: cut.txt" in problem
    assert "well.txt" not in problem
    done = run_libhub(instance, "doctor")
    assert done.returncode == 1
    assert "✗ Файлы (всего 3; ничьих, удаляются через 30 дней: 0): пропали: gone.txt" in done.stdout


def test_the_plugins_page_tells_how_much_room_files_take(
    app: Flask, librarian: FlaskClient, add_file: AddFile
) -> None:
    add_file(b"x" * 700_000, "a.txt")
    add_file(b"x" * 700_000, "b.txt")
    assert "2 файла, 684\u00a0КБ" in librarian.get("/admin/plugins").text
    assert librarian.get("/admin/plugins/shelf/settings").status_code == 200
    with app.app_context():
        settings.change_settings("shelf", {"files_quota_mb": 5})
    assert "2 файла, 684\u00a0КБ из 5\u00a0МБ" in librarian.get("/admin/plugins").text
