"""A course in one file: there and back unchanged, and nothing that a hostile archive can do."""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select

from libhub.api import Actor, LibHubError, attach, attachments, db, open_file, quizzes, set_archived
from plugins.training.courses import lessons, question_pool, rules
from plugins.training.courses.lessons import LessonData
from plugins.training.exchange import archive, exporting, importing
from plugins.training.models import Course, Lesson

AUTHOR = Actor(None, "Проверка")
QUESTIONS = [
    quizzes.Single(
        "=~#{}:\\ Кто?", "Так", "имя", (quizzes.Option("он", "нет"), quizzes.Option("она")), 1, False
    ),
    quizzes.Several("Что?", options=tuple(map(quizzes.Option, "абв")), right=frozenset({0, 2})),
    quizzes.Order("Как?", items=("раз", "два", "три")),
    quizzes.Match("Где?", pairs=(("кот", "дом"), ("волк", "лес")), extra=("море",)),
    quizzes.Short("Слово?", accepted=(quizzes.Option("ёлка"),)),
]


def photograph() -> bytes:
    body = io.BytesIO()
    Image.effect_noise((80, 60), 60).convert("RGB").save(body, "JPEG", quality=90)
    return body.getvalue()


@pytest.fixture
def course_id(app: Flask, make: ModuleType) -> int:
    """A course that has some of everything."""
    with app.app_context():
        number, section_id = make.make_course(
            "Курс «с собой»", summary="Про\nвсё", hours=7, in_order=True, age=6
        )
        first = lessons.add_lesson(
            section_id,
            LessonData(
                "Первый", "# Текст\n\n![Фото](фото.jpg)", "https://example.org/", 15, "score", False, 3, 2, 70
            ),
        )
        question_pool.add_questions(first, QUESTIONS)
        attach(Lesson.ref_of(first), "фото.jpg", io.BytesIO(photograph()))
        attach(Lesson.ref_of(first), "памятка.txt", io.BytesIO("Слово".encode()), place="приложение")
        other = rules.add_section(number, "Второй раздел")
        lessons.add_lesson(other, LessonData("Черновик", published=False, completion="none"))
        gone = lessons.add_lesson(other, LessonData("Убранный"))
        set_archived(Lesson, [gone], archived=True)
        return int(number)


def carried(course_id: int) -> bytes:
    body = io.BytesIO()
    exporting.write_archive(course_id, body)
    return body.getvalue()


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def packed(files: Mapping[str, bytes], manifest: Any = None) -> bytes:
    """Return an archive with these files; the manifest fits them unless another one is given."""
    listed = {
        name: {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in files.items()
    }
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as target:
        told = {"format": "libhub-course", "version": 1, "members": listed} if manifest is None else manifest
        target.writestr("manifest.json", told if isinstance(told, str) else json.dumps(told))
        for name, content in files.items():
            target.writestr(name, content)
    return body.getvalue()


def test_there_and_back_unchanged(app: Flask, course_id: int) -> None:
    with app.app_context():
        content = carried(course_id)
        new_id = importing.read_archive(io.BytesIO(content)).one
        assert new_id
        assert carried(new_id) == content, "the same bytes"
        course = rules.get_course(new_id)
        assert not course.published
        assert [section.title for section in course.sections] == ["Уроки", "Второй раздел"]
        first = course.sections[0].lessons[0]
        assert [question for _row, question in question_pool.pool(first.id)] == QUESTIONS
        files = attachments([Lesson.ref_of(first.id)])[Lesson.ref_of(first.id)]
        assert {each.name: each.place for each in files} == {"фото.jpg": "", "памятка.txt": "приложение"}
        with open_file(next(each.id for each in files if each.name == "памятка.txt")) as stream:
            assert stream.read() == "Слово".encode()
        assert [lesson.title for lesson in course.sections[1].lessons] == ["Черновик"]


def test_through_the_pages(app: Flask, course_id: int, librarian: FlaskClient, teacher: FlaskClient) -> None:
    with librarian.get(f"/training/{course_id}/export.zip") as answer:
        content = answer.data
        assert answer.mimetype == "application/zip"
    assert teacher.get(f"/training/{course_id}/export.zip").status_code == 403
    sent = {"file": (io.BytesIO(content), "course.zip")}
    preview = librarian.post("/training/import", data=sent, follow_redirects=True)
    assert preview.status_code == 200
    for told in ("Курс «с собой»", "Уроки: Первый", "Второй раздел: Черновик", "фото.jpg, памятка.txt"):
        assert told in preview.text
    with app.app_context():
        assert db.session.scalars(select(Course.id).where(Course.title == "Курс «с собой»")).all() == [
            course_id
        ], "nothing before a yes"
    (path,) = re.findall(r'action="(/training/import/[0-9a-f]+)"', preview.text)
    answer = librarian.post(path)
    new_id = int(answer.location.split("/")[2])
    assert new_id != course_id
    assert librarian.get(f"/training/{new_id}/edit").status_code == 200
    assert teacher.get(f"/training/{new_id}").status_code == 404


def _changed(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    files = members(content)
    del files["manifest.json"]
    change(files)
    return packed(files)


def _described(**values: Any) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        course = json.loads(files["course.json"])
        course.update(values)
        files["course.json"] = json.dumps(course).encode()

    return change


HOSTILE: dict[str, Callable[[bytes], bytes]] = {
    "no archive": lambda _content: b"hello",
    "empty": lambda _content: b"",
    "unfinished": lambda content: content[: len(content) // 2],
    "another archive": lambda _content: packed({}, manifest="{}"),
    "no manifest": lambda content: _zip({"course.json": members(content)["course.json"]}),
    "path traversal": lambda content: _changed(content, lambda files: files.update({"../../evil.py": b"x"})),
    "absolute path": lambda content: _changed(content, lambda files: files.update({"/etc/passwd": b"x"})),
    "windows path": lambda content: _changed(content, lambda files: files.update({"files\\..\\x.exe": b"x"})),
    "unlisted file": lambda content: _extra(content),
    "wrong hash": lambda content: packed(
        {"course.json": b"{}"},
        {
            "format": "libhub-course",
            "version": 1,
            "members": {"course.json": {"size": 2, "sha256": "0" * 64}},
        },
    ),
    "lying size": lambda content: packed(
        {"course.json": b"{}" * 50},
        {
            "format": "libhub-course",
            "version": 1,
            "members": {"course.json": {"size": 2, "sha256": "0" * 64}},
        },
    ),
    "another version": lambda content: packed({}, {"format": "libhub-course", "version": 2, "members": {}}),
    "unknown field": lambda content: _changed(content, _described(evil=1)),
    "wrong type": lambda content: _changed(content, _described(hours="seven")),
    "bad audience": lambda content: _changed(content, _described(audience="pupils")),
    "no section": lambda content: _changed(content, _described(sections=[])),
    "missing text": lambda content: _changed(
        content,
        _described(sections=[{"title": "а", "lessons": [{"title": "б", "text": "lessons/09-09.md"}]}]),
    ),
    "text outside": lambda content: _changed(
        content,
        _described(sections=[{"title": "а", "lessons": [{"title": "б", "text": "../../../etc/passwd"}]}]),
    ),
    "no text": lambda content: _changed(
        content, lambda files: files.update({"lessons/01-01.md": b"\xff\xfe\x00"})
    ),
    "bad questions": lambda content: _changed(
        content, lambda files: files.update({"lessons/01-01.gift": b"x {"})
    ),
    "program": lambda content: _changed(
        content, lambda files: files.update({"files/01-01/02.txt": b"MZ\x90\x00" * 64})
    ),
}


def _zip(files: Mapping[str, bytes]) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as target:
        for name, content in files.items():
            target.writestr(name, content)
    return body.getvalue()


def _extra(content: bytes) -> bytes:
    body = io.BytesIO(content)
    with zipfile.ZipFile(body, "a") as target:
        target.writestr("lessons/07-07.md", b"x")
    return body.getvalue()


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_archive_is_refused_and_nothing_of_it_taken(
    app: Flask, course_id: int, tmp_path: Path, name: str
) -> None:
    with app.app_context():
        content = HOSTILE[name](carried(course_id))
        before = db.session.scalar(select(func.count(Course.id)))
        for dry_run in (True, False):
            with pytest.raises(LibHubError) as refused:
                importing.read_archive(io.BytesIO(content), dry_run=dry_run)
            assert str(refused.value)
        assert db.session.scalar(select(func.count(Course.id))) == before
    assert not list(tmp_path.rglob("evil*"))


def test_two_gigabytes_of_nothing_are_refused_before_they_are_unpacked(app: Flask) -> None:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("manifest.json", "{}")
        target.writestr("files/01-01/01.txt", b"\0" * 3_000_001)
    content = body.getvalue()
    real, told = (3_000_001).to_bytes(4, "little"), (2 * 1024**3).to_bytes(4, "little")
    assert len(content) < 100_000
    assert content.count(real) == 2
    with app.app_context(), pytest.raises(LibHubError) as refused:
        archive.Archive(io.BytesIO(content.replace(real, told)))
    assert "больше 1024\u00a0МБ" in str(refused.value)


def test_an_archive_that_lies_about_its_size_is_read_no_further_than_it_said(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "CHUNK", 1000)
    manifest = {
        "format": "libhub-course",
        "version": 1,
        "members": {"course.json": {"size": 10, "sha256": "0" * 64}},
    }
    source = archive.Archive(io.BytesIO(packed({"course.json": b"x" * 10**6}, manifest)))
    seen: list[int] = []
    read = zipfile.ZipExtFile.read

    def counted(self: zipfile.ZipExtFile, number: int = -1) -> bytes:
        chunk = read(self, number)
        seen.append(len(chunk))
        return chunk

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
    with app.app_context(), pytest.raises(archive.HostileArchive):
        source.check()
    assert sum(seen) <= 1000


def test_a_file_that_cannot_be_kept_takes_the_course_back(
    app: Flask, course_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        content = carried(course_id)
        before = db.session.scalar(select(func.count(Course.id)))

        def full(*_args: object, **_more: object) -> None:
            raise LibHubError("the disk is full")

        monkeypatch.setattr(importing, "attach", full)
        with pytest.raises(LibHubError):
            importing.read_archive(io.BytesIO(content))
        assert db.session.scalar(select(func.count(Course.id))) == before


def test_the_starter_courses_carry_over_unchanged(app: Flask) -> None:
    with app.app_context():
        courses = db.session.scalars(select(Course).order_by(Course.id)).all()
        assert len(courses) == 4
        lessons_in_all = sum(len(section.lessons) for course in courses for section in course.sections)
        assert 10 <= lessons_in_all <= 15
        assert all(course.published for course in courses)
        for course in courses:
            content = carried(course.id)
            assert carried(importing.read_archive(io.BytesIO(content)).one or 0) == content
            assert any(lesson.questions for section in course.sections for lesson in section.lessons)
