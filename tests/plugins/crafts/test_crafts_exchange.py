"""An activity leaves as one file and comes back exactly; a hostile file changes nothing."""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from libhub.api import LibHubError, attachments, detach_all, open_file, writing
from libhub.base.db import db
from libhub.files.models import FileAttachment
from plugins.crafts import rules
from plugins.crafts.exchange import archives
from plugins.crafts.models import Activity

Made = Callable[..., int]


@pytest.fixture
def whole(app: Flask, librarian: FlaskClient, made: Made, factory: ModuleType) -> int:
    """An activity with a cover, a picture of a step, a sheet to print and a question."""
    question = {"kind": "short", "text": "Что?", "accepted": ["то"], "explanation": "Так."}
    number = made("Целое: «всё» / разное", questions=(question,), grade_from=2, safety="Две\nстроки")
    with app.app_context():
        step = rules.get(number).steps[1].key
    for place, name, content in (
        ("cover", "Обложка.jpg", factory.photo()),
        (f"step:{step}", "Шаг два.jpg", factory.photo(size=(90, 60))),
        ("template", "Лист.pdf", io.BytesIO(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")),
    ):
        sent = {"files": (content, name), "place": place}
        assert librarian.post(f"/files/of/crafts/activity/{number}", data=sent).status_code in {200, 302}
    return number


def exported(app: Flask, number: int) -> bytes:
    with app.app_context():
        body = io.BytesIO()
        archives.write(number, body)
        return body.getvalue()


def described(app: Flask, number: int) -> dict[str, Any]:
    """Return everything of an activity: its data and the bytes of its files by place and name."""
    with app.app_context():
        ref = Activity.ref_of(number)
        files = []
        for file in attachments([ref])[ref]:
            with open_file(file.id) as stream:
                files.append((file.place, file.name, hashlib.sha256(stream.read()).hexdigest()))
        return {"data": rules.data_of(rules.get(number)), "files": files}


def census(app: Flask) -> tuple[int, int]:
    with app.app_context():
        return tuple(
            db.session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Activity, FileAttachment)
        )  # type: ignore[return-value]


def shown(browser: FlaskClient, archive: bytes) -> TestResponse:
    """Return the page that says what the import of an archive would do."""
    sent = {"file": (io.BytesIO(archive), "занятие.zip")}
    return browser.post("/crafts/import", data=sent, follow_redirects=True)


def imported(browser: FlaskClient, archive: bytes) -> str:
    """Import an archive after a look at it, and return where one comes then."""
    yes = re.search(r'action="(/crafts/import/[0-9a-f]{32})"', shown(browser, archive).text)
    assert yes
    return str(browser.post(yes[1]).location)


def test_there_and_back_nothing_is_lost(app: Flask, whole: int, librarian: FlaskClient) -> None:
    before = described(app, whole)
    assert len(before["files"]) == 3
    answer = librarian.get(f"/crafts/{whole}/export")
    archive = answer.data
    answer.close()
    assert answer.mimetype == "application/zip"
    assert "attachment" in answer.headers["Content-Disposition"]
    with app.app_context(), writing():
        db.session.delete(rules.get(whole))
        detach_all([Activity.ref_of(whole)])
    back = imported(librarian, archive)
    number = int(back.split("/")[2])
    assert described(app, number) == before
    with app.app_context():
        assert rules.get(number).state == "draft"
    assert exported(app, number) == archive, "the same activity gives the same bytes"


def test_before_a_yes_nothing_changes_and_the_page_says_what_would(
    app: Flask, whole: int, librarian: FlaskClient
) -> None:
    archive = exported(app, whole)
    with app.app_context():
        rules.save(rules.replace(rules.data_of(rules.get(whole)), title="Иначе"), whole)
    before, counted = described(app, whole), census(app)
    page = shown(librarian, archive).text
    assert "Поделка «Целое: «всё» / разное»" in page
    assert "Шагов: 2, материалов и инструментов: 3, вопросов: 1, файлов: 3." in page
    assert "«Иначе» здесь уже есть" in page
    assert "останется опубликованным" in page
    assert (described(app, whole), census(app)) == (before, counted)
    with app.app_context(), writing():
        db.session.delete(rules.get(whole))
    page = shown(librarian, archive).text
    assert "станет черновиком" in page
    assert "здесь уже есть" not in page
    refusal = re.search(r'action="(/crafts/import/[0-9a-f]{32}/cancel)"', page)
    assert refusal
    assert librarian.post(refusal[1]).location == "/crafts/manage"
    answer = librarian.post(refusal[1].removesuffix("/cancel"))
    assert answer.status_code == 422, "the file is gone"
    with app.app_context():
        assert db.session.get(Activity, whole) is None


def test_what_was_changed_since_the_preview_is_not_overwritten(
    app: Flask, whole: int, librarian: FlaskClient
) -> None:
    sent = {"file": (io.BytesIO(exported(app, whole)), "занятие.zip")}
    here = librarian.post("/crafts/import", data=sent).location
    with app.app_context():
        rules.save(rules.replace(rules.data_of(rules.get(whole)), title="Иначе"), whole)
    before, counted = described(app, whole), census(app)
    librarian.post(here)
    assert (described(app, whole), census(app)) == (before, counted)
    assert "поэтому ничего не загружено" in librarian.get(here).text
    assert "«Иначе» здесь уже есть" in librarian.get(here).text
    assert librarian.post(here).location == f"/crafts/{whole}/edit"
    assert described(app, whole)["data"].title == "Целое: «всё» / разное"


def test_one_that_is_in_the_archive_stays_there(app: Flask, whole: int, librarian: FlaskClient) -> None:
    archive = exported(app, whole)
    librarian.post(f"/crafts/{whole}/archive")
    assert "останется в архиве" in shown(librarian, archive).text
    imported(librarian, archive)
    with app.app_context():
        assert rules.get(whole).standing == "archived"


def test_a_second_time_changes_instead_of_adding(app: Flask, whole: int, librarian: FlaskClient) -> None:
    archive = exported(app, whole)
    with app.app_context():
        rules.save(rules.replace(rules.data_of(rules.get(whole)), title="Иначе"), whole)
    before = census(app)
    with app.app_context():
        done = archives.read(io.BytesIO(archive))
    assert (done.one, done.changed, done.added) == (whole, 1, 0)
    assert census(app)[0] == before[0]
    assert described(app, whole)["data"].title == "Целое: «всё» / разное"
    assert len(described(app, whole)["files"]) == 3
    with app.app_context():
        assert rules.get(whole).state == "published"


def test_a_starter_activity_travels_with_its_drawings(app: Flask, number_of: Callable[[str], int]) -> None:
    number = number_of("snezhinka")
    before = described(app, number)
    with app.app_context():
        assert archives.read(io.BytesIO(exported(app, number))).one == number
    assert described(app, number) == before


def rewritten(archive: bytes, change: Callable[[dict[str, Any], dict[str, bytes]], None]) -> bytes:
    """Return the archive after somebody laid hands on it."""
    with zipfile.ZipFile(io.BytesIO(archive)) as source:
        members = {info.filename: source.read(info) for info in source.infolist()}
    manifest = json.loads(members.pop("manifest.json"))
    change(manifest, members)
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name, content)
        target.writestr("manifest.json", json.dumps(manifest))
    return body.getvalue()


def _swap_bytes(_manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    members["files/0"] = members["files/0"][:-1] + b"\0"


def _grow(_manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    members["files/0"] += b"\0" * 10_000_000


def _climb(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    members["../../evil.py"] = members.pop("files/0")
    manifest["files"][0]["stored"] = "../../evil.py"


def _add(_manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    members["files/99"] = b"more"


def _lose(_manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    del members["files/1"]


def _many(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    for number in range(10, 300):
        members[f"files/{number}"] = b""
        entry = {"stored": f"files/{number}", "name": "a", "place": "", "size": 0, "sha256": ""}
        manifest["files"].append(entry)


def _set(*path: Any, value: Any) -> Callable[[dict[str, Any], dict[str, bytes]], None]:
    def change(manifest: dict[str, Any], _members: dict[str, bytes]) -> None:
        at: Any = manifest
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        _swap_bytes,
        _grow,
        _climb,
        _add,
        _lose,
        _many,
        _set("format", value="other"),
        _set("version", value=2),
        _set("version", value="1"),
        _set("files", 0, "size", value=-1),
        _set("files", 0, "size", value=10**12),
        _set("files", 0, "sha256", value="0" * 64),
        _set("files", 0, "place", value="step:unknown"),
        _set("files", 0, "place", value="c" * 500),
        _set("activity", value=[]),
        _set("activity", "title", value=" "),
        _set("activity", "title", value=7),
        _set("activity", "minutes", value="twenty"),
        _set("activity", "strange", value="x"),
        _set("activity", "drawings", value="../../../etc"),
        _set("activity", "drawings", value="unknown"),
        _set("activity", "uid", value="<script>"),
        _set("activity", "steps", 0, "text", value=""),
        _set("activity", "steps", 0, "picture", value="1.svg"),
        _set("activity", "materials", 0, "name", value="д" * 500),
        _set("activity", "materials", 0, "amount", value=-3),
        _set("activity", "questions", 0, "kind", value="riddle"),
        _set("activity", "steps", value=[{"text": "шаг"}] * 200),
    ],
)
def test_a_changed_archive_is_refused_as_a_whole(
    app: Flask, whole: int, librarian: FlaskClient, change: Callable[..., None]
) -> None:
    archive = rewritten(exported(app, whole), change)
    before, described_before = census(app), described(app, whole)
    answer = librarian.post("/crafts/import", data={"file": (io.BytesIO(archive), "a.zip")})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert census(app) == before
    assert described(app, whole) == described_before


@pytest.mark.parametrize(
    "content",
    [b"", b"not a zip", b"PK\x03\x04" + b"\0" * 100, b"PK\x05\x06" + b"\0" * 18],
    ids=["empty", "text", "cut", "nothing inside"],
)
def test_what_is_no_archive_is_told_in_words(librarian: FlaskClient, content: bytes) -> None:
    answer = librarian.post("/crafts/import", data={"file": (io.BytesIO(content), "a.zip")})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert librarian.post("/crafts/import", data={}).status_code == 422


def test_a_small_archive_that_unpacks_to_a_huge_one_is_not_unpacked(app: Flask, whole: int) -> None:
    def bomb(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
        members["files/0"] = b"\0" * 60_000_000

    archive = rewritten(exported(app, whole), bomb)
    assert len(archive) < 1_000_000
    with app.app_context(), pytest.raises(LibHubError):
        archives.read(io.BytesIO(archive))
    deep = io.BytesIO()
    with zipfile.ZipFile(deep, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("manifest.json", "[" * 1_000_000)
    with app.app_context(), pytest.raises(LibHubError):
        archives.read(deep)
