"""Imports: matched by address, reported by line, whole batches only."""

import io
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from libhub.api import set_archived
from libhub.base.audit import AuditEntry
from libhub.base.db import db
from libhub.kit.importing import Report
from libhub.kit.tables import csv_files, workbooks
from libhub.testing import index_now
from plugins.resources import rules
from plugins.resources.exchange import importing
from plugins.resources.exchange.columns import LAYOUT
from plugins.resources.models import Resource
from plugins.resources.rules import ResourceData


def bring(path: Path, content: str, *, dry_run: bool = False, batch: int = 1_000) -> Report:
    path.write_text(content, encoding="utf-8")
    return importing.import_table(importing.read(path), dry_run=dry_run, batch=batch, pause=0)


def number_of_resources() -> int:
    return db.session.scalar(select(func.count(Resource.id))) or 0


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.unchanged, len(report.problems)


@pytest.fixture(autouse=True)
def in_app(app: Flask) -> object:
    with app.app_context():
        yield


@pytest.mark.parametrize("xlsx", [False, True])
def test_an_export_imports_again_without_a_change(tmp_path: Path, xlsx: bool) -> None:
    rules.save(
        ResourceData(
            age=0,
            title='=Название; «с „кавычками“», "и" запятой',
            url="https://example.org/a;b,c?d",
            description="одна\r\nдве\n\n@три",
            themes=("б", "а, в"),
            unverified=("age", "access"),
            for_whom=("teachers", "pupils"),
        )
    )
    rules.save(ResourceData(age=0, title="Один адрес", url="https://spa.example.org/#/books"))
    rules.save(ResourceData(age=0, title="Другой раздел", url="https://spa.example.org/#/films"))
    path = tmp_path / "export"
    if xlsx:
        with path.open("wb") as file:
            workbooks.write(importing.exported(), LAYOUT, file, "ru")
    else:
        path.write_text("".join(csv_files.write(importing.exported(), LAYOUT)), encoding="utf-8", newline="")
    audited = db.session.scalar(select(func.count(AuditEntry.id)))
    report = importing.import_table(importing.read(path))
    assert counts(report) == (0, 0, number_of_resources(), 0), report.problems
    assert db.session.scalar(select(func.count(AuditEntry.id))) == audited


def test_only_the_columns_of_the_table_change(tmp_path: Path) -> None:
    number = rules.save(
        ResourceData(title="Old", url="https://a.example.org/", description="kept", age=6, themes=("t",))
    )
    report = bring(tmp_path / "t", "title,url\nNew,http://www.a.example.org\n")
    assert counts(report) == (0, 1, 0, 0)
    changed = rules.data_of(rules.get(number))
    assert (changed.title, changed.url) == ("New", "http://www.a.example.org")
    assert (changed.description, changed.age, changed.themes) == ("kept", 6, ("t",))


def test_bad_lines_are_named_and_stop_nothing(tmp_path: Path) -> None:
    content = (
        "title,url,age,kind\n"
        "Good,https://good.example.org,6,tales\n"
        "No address,ftp://a,6,tales\n"
        "Far too long,https://a.org/" + "x" * 5_000 + ",6,tales\n"
        "Strange age,https://b.example.org,7,tales\n"
        "Strange kind,https://c.example.org,6,nonsense\n"
        ",https://d.example.org,6,tales\n"
        "Twice,https://good.example.org/,6,tales\n"
        "Also good,https://e.example.org,,\n"
    )
    report = bring(tmp_path / "t", content)
    assert counts(report) == (2, 0, 0, 6)
    assert [problem.where for problem in report.problems] == [3, 4, 5, 6, 7, 8]
    assert all(problem.text for problem in report.problems)
    assert max(len(problem.text) for problem in report.problems) < 500


def test_a_dry_run_says_the_same_and_changes_nothing(tmp_path: Path) -> None:
    content = (
        "title,url\nA,https://a.example.org\nB,nothing\nC,https://a.example.org\nD,https://d.example.org\n"
    )
    before = number_of_resources()
    dry = bring(tmp_path / "t", content, dry_run=True, batch=2)
    assert number_of_resources() == before
    assert counts(dry) == counts(bring(tmp_path / "t", content, batch=2)) == (2, 0, 0, 2)
    assert number_of_resources() == before + 2


def test_a_stop_in_the_middle_leaves_whole_batches_and_can_be_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = "title,url,themes\n" + "".join(f"T{n},https://t.example.org/{n},a; b\n" for n in range(25))
    before = number_of_resources()
    apply, calls = rules.apply, []

    def power_cut(resource: Resource, data: ResourceData) -> None:
        calls.append(data)
        if len(calls) == 17:
            raise KeyboardInterrupt
        apply(resource, data)

    with monkeypatch.context() as patched:
        patched.setattr(rules, "apply", power_cut)
        with pytest.raises(KeyboardInterrupt):
            bring(tmp_path / "t", content, batch=10)
    assert number_of_resources() == before + 10
    assert all(
        len(resource.tags) == 2
        for resource in db.session.scalars(select(Resource).where(Resource.url.contains("t.example.org")))
    )
    assert counts(bring(tmp_path / "t", content, batch=10)) == (15, 0, 10, 0)


def test_what_is_imported_is_found_and_audited(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    bring(tmp_path / "t", "title,url,age\nВыхухоль и её родня,https://desman.example.org,6+\n")
    index_now(app)
    found = client.get("/search.json", query_string={"q": "выхухоли"}).json
    assert found is not None
    assert [result["title"] for result in found["results"]] == ["Выхухоль и её родня"]
    entry = db.session.scalar(select(AuditEntry).where(AuditEntry.subject_title == "Выхухоль и её родня"))
    assert entry is not None
    assert entry.action == "create"


def test_the_archive_is_not_changed_behind_the_librarians_back(tmp_path: Path) -> None:
    number = rules.save(ResourceData(age=0, title="Old", url="https://a.example.org"))
    set_archived(Resource, [number], archived=True)
    report = bring(tmp_path / "t", "title,url\nNew,https://a.example.org\n")
    assert counts(report) == (0, 0, 0, 1)
    assert rules.get(number).title == "Old"


def test_bookmarks_do_not_overwrite_cards(tmp_path: Path) -> None:
    number = rules.save(
        ResourceData(age=0, title="Written with care", url="https://a.example.org", themes=("t",))
    )
    content = (
        "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n<DT><H3>Folder</H3>\n<DL><p>\n"
        '<DT><A HREF="https://a.example.org/">a</A>\n<DT><A HREF="https://new.example.org/">b</A>\n</DL></DL>'
    )
    assert counts(bring(tmp_path / "t", content)) == (1, 0, 1, 0)
    assert rules.get(number).title == "Written with care"
    assert rules.get(number).tagged("theme") == ["t"]


def test_an_export_says_everything_but_the_archive(tmp_path: Path) -> None:
    number = rules.save(ResourceData(age=0, title="Gone", url="https://gone.example.org"))
    set_archived(Resource, [number], archived=True)
    body = io.BytesIO()
    workbooks.write(importing.exported(), LAYOUT, body)
    assert len(list(importing.exported())) == number_of_resources() - 1


def test_an_empty_cell_is_no_age_mark_of_what_is_new_and_leaves_that_of_what_is_known(tmp_path: Path) -> None:
    rules.save(ResourceData(title="Known", url="https://known.example.org", age=12))
    bring(tmp_path / "t", "title,url,age\nKnown,https://known.example.org,\nNew,https://new.example.org,\n")
    marks = {row.title: row.age for row in db.session.scalars(select(Resource))}
    assert marks["Known"] == 12
    assert marks["New"] is None
