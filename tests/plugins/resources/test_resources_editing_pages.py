"""The librarian's pages, through HTTP."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from libhub.base.db import db
from libhub.kit.jobs.models import Job
from libhub.plugging.loading.registry import get_registry
from libhub.testing import change_many, index_now
from plugins.resources import link_reports, rules
from plugins.resources.models import Resource
from plugins.resources.pages import exchange
from plugins.resources.rules import ResourceData

AsViewer = Callable[..., FlaskClient]
TYPED = {
    "title": "Музей шахматной доски",
    "url": "https://chess.example.org/",
    "summary": "Кратко",
    "description": "Первая строка\r\nВторая <b>строка</b>",
    "kind": "culture",
    "for_whom": ["pupils", "parents"],
    "grade_from": "3",
    "grade_to": "7",
    "themes": "Шахматы, Игры",
    "age": "6",
    "access": "registration",
    "how_to_enter": "Спросить",
    "platforms": ["web"],
    "needs_internet": "y",
    "search_template": "https://chess.example.org/?q={q}",
    "search_encoding": "utf-8",
    "visibility": "everyone",
    "staff_notes": "Тайна",
    "unverified": ["age"],
    "checked_on": "2026-09-01",
}


@pytest.fixture
def librarian(as_viewer: AsViewer) -> FlaskClient:
    return as_viewer("librarian")


def number_of(app: Flask, title: str) -> int:
    with app.app_context():
        found = db.session.scalar(select(Resource.id).where(Resource.title == title))
        assert found is not None
        return found


def test_a_resource_is_added_found_and_edited(
    app: Flask, librarian: FlaskClient, client: FlaskClient
) -> None:
    answer = librarian.post("/resources/add", data=TYPED)
    number = number_of(app, TYPED["title"])  # type: ignore[arg-type]
    assert answer.location == f"/resources/{number}"
    with app.app_context():
        data = rules.data_of(rules.get(number))
    assert data.description == "Первая строка\nВторая <b>строка</b>"
    assert (set(data.themes), data.grade_from, data.unverified) == ({"Шахматы", "Игры"}, 3, ("age",))
    index_now(app)
    found = client.get("/search.json", query_string={"q": "шахматная доска"}).json
    assert found is not None
    assert found["results"][0]["url"] == f"/resources/{number}"
    form = librarian.get(f"/resources/{number}/edit").text
    assert 'value="Игры, Шахматы"' in form or 'value="Шахматы, Игры"' in form
    assert librarian.post(f"/resources/{number}/edit", data={**TYPED, "title": "Иначе"}).status_code == 302
    assert number_of(app, "Иначе") == number


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("title", " "),
        ("url", "javascript:alert(1)"),
        ("url", "https://a.org/" + "x" * 5_000),
        ("url", "https://nukadeti.ru"),
        ("search_template", "https://a.org/"),
        ("grade_to", "1"),
        ("checked_on", "вчера"),
        ("kind", "nonsense"),
        ("summary", "д" * 301),
    ],
)
def test_the_form_keeps_what_was_typed(app: Flask, librarian: FlaskClient, field: str, wrong: str) -> None:
    answer = librarian.post("/resources/add", data={**TYPED, field: wrong})
    assert answer.status_code == 422
    for kept in ("Первая строка", "Вторая &lt;b&gt;строка&lt;/b&gt;", "Тайна", "Спросить"):
        assert kept in answer.text
    for name in ("for_whom", "unverified"):
        for value in TYPED[name]:
            assert re.search(rf'<input checked[^>]*name="{name}"[^>]*value="{value}"', answer.text)
    if field != "kind":
        assert wrong in answer.text
    assert f'id="{field}-about"' in answer.text
    assert 'class="error"' in answer.text
    with app.app_context():
        assert db.session.scalar(select(Resource).where(Resource.staff_notes == "Тайна")) is None


def test_checked_today_by_one_button(app: Flask, librarian: FlaskClient) -> None:
    librarian.post("/resources/add", data={**TYPED, "checked_on": "", "today": "1"})
    number = number_of(app, TYPED["title"])  # type: ignore[arg-type]
    with app.app_context():
        assert rules.get(number).checked_on is not None
        rules.save(ResourceData(age=0, title="B", url="https://b.org", unverified=("age",)), number)
    librarian.post(f"/resources/{number}/checked")
    with app.app_context():
        data = rules.data_of(rules.get(number))
        assert (data.unverified, data.checked_on is None) == ((), False)


def test_archive_hides_and_restore_brings_back(
    app: Flask, librarian: FlaskClient, client: FlaskClient
) -> None:
    librarian.post("/resources/add", data=TYPED)
    number = number_of(app, TYPED["title"])  # type: ignore[arg-type]

    def found() -> bool:
        index_now(app)
        answer = client.get("/search.json", query_string={"q": "шахматная"}).json
        return answer is not None and answer["total"] == 1

    assert found()
    librarian.post(f"/resources/{number}/archive")
    assert not found()
    assert client.get(f"/resources/{number}").status_code == 404
    assert "Музей шахматной доски" in librarian.get("/resources/manage?state=archived").text
    assert "Музей шахматной доски" not in librarian.get("/resources/manage").text
    assert librarian.get(f"/resources/{number}/edit").status_code == 200
    librarian.post(f"/resources/{number}/restore")
    assert found()
    assert client.get(f"/resources/{number}").status_code == 200


EDITING = [
    ("GET", "/resources/add"),
    ("GET", "/resources/manage"),
    ("GET", "/resources/reports"),
    ("GET", "/resources/import"),
    ("GET", "/resources/export.csv"),
    ("GET", "/resources/export.xlsx"),
    ("GET", "/resources/1/edit"),
    ("POST", "/resources/1/archive"),
    ("POST", "/resources/1/restore"),
    ("POST", "/resources/1/checked"),
    ("POST", "/resources/1/check-link"),
    ("POST", "/resources/check-links"),
    ("POST", "/resources/manage/apply"),
    ("POST", "/resources/import"),
    ("POST", "/resources/import/" + "0" * 32),
]


@pytest.mark.parametrize(("method", "path"), EDITING)
def test_only_the_librarian_edits(client: FlaskClient, as_viewer: AsViewer, method: str, path: str) -> None:
    guest = client.open(path, method=method)
    assert guest.status_code == 302
    assert guest.location.startswith("/auth/sign-in")
    assert as_viewer("student").open(path, method=method).status_code == 403


def test_many_are_changed_at_once_after_a_preview(app: Flask, librarian: FlaskClient) -> None:
    with app.app_context():
        ids = [
            rules.save(ResourceData(age=0, title=f"Стопка {n}", url=f"https://s.org/{n}", themes=("старая",)))
            for n in range(3)
        ]

    def stored() -> list[ResourceData]:
        with app.app_context():
            return [rules.data_of(rules.get(number)) for number in ids]

    preview = librarian.get("/resources/manage/preview", query_string={"id": ids, "change": "kind=tales"})
    assert preview.status_code == 200
    assert all(f"Стопка {n}" in preview.text for n in range(3))
    assert {data.kind for data in stored()} == {"other"}
    for change, theme in (
        ("kind=tales", ""),
        ("age=12", ""),
        ("access=free", ""),
        ("visibility=staff", ""),
        ("add_theme", "новая"),
        ("remove_theme", "Старая"),
    ):
        change_many(librarian, "/resources/manage", ids, change, text=theme)
    for data in stored():
        assert (data.kind, data.age, data.access, data.visibility) == ("tales", 12, "free", "staff")
        assert data.themes == ("новая",)
    change_many(librarian, "/resources/manage", ids, "archive")
    assert librarian.get("/resources/manage?state=archived&q=стопка").text.count("Стопка") >= 3


@pytest.mark.parametrize("change", ["", "kind=nonsense", "age=7", "title=x", "add_theme", "drop table"])
def test_a_bulk_change_that_makes_no_sense_changes_nothing(
    app: Flask, librarian: FlaskClient, change: str
) -> None:
    with app.app_context():
        before = [rules.data_of(resource) for resource in db.session.scalars(select(Resource))]
    sent = {"id": ["1", "2", "x", "9" * 30], "change": change}
    assert librarian.get("/resources/manage/preview", query_string=sent).status_code == 302
    assert librarian.post("/resources/manage/apply", data=sent).status_code == 302
    with app.app_context():
        assert [rules.data_of(resource) for resource in db.session.scalars(select(Resource))] == before


def test_reports_are_listed_and_done(app: Flask, librarian: FlaskClient, client: FlaskClient) -> None:
    client.post("/resources/1/report", data={"note": "не открывается <script>"})
    listed = librarian.get("/resources/reports").text
    assert "не открывается &lt;script&gt;" in listed
    with app.app_context():
        (report,) = link_reports.open_reports()
    librarian.post(f"/resources/reports/{report.id}/done")
    assert "не открывается" not in librarian.get("/resources/reports").text


def upload(browser: FlaskClient, content: bytes, name: str = "t.csv") -> str:
    sent = {"file": (io.BytesIO(content), name)}
    return browser.post("/resources/import", data=sent, follow_redirects=True).text


def token_in(text: str) -> str:
    found = re.search(r"/resources/import/([0-9a-f]{32})\"", text)
    assert found is not None
    return found[1]


def test_an_upload_is_shown_first_and_imported_after_yes(
    app: Flask, instance: Path, librarian: FlaskClient
) -> None:
    table = "title;url\nЛедокол;https://ice.example.org\nПлохо;ftp://x\n".encode("cp1251")
    shown = upload(librarian, table)
    assert "<td>3</td>" in shown
    with app.app_context():
        assert rules.find_by_address("https://ice.example.org") is None
    token = token_in(shown)
    report = librarian.post(f"/resources/import/{token}").location
    assert librarian.get(report).status_code == 200
    number_of(app, "Ледокол")
    assert list((instance / "held").iterdir()) == []
    assert librarian.post(f"/resources/import/{token}").location == report, (
        "once, however often it is pressed"
    )
    token = token_in(upload(librarian, table.replace(b"ice", b"two")))
    librarian.post(f"/resources/import/{token}/cancel")
    assert list((instance / "held").iterdir()) == []


def test_a_large_file_is_looked_at_in_part_and_brought_in_behind_the_scenes(
    app: Flask, librarian: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "LOOKED_AT", 2)
    monkeypatch.setattr("libhub.kit.pages.importing.AT_ONCE_BYTES", 10)
    rows = (
        b"title,url\n"
        + b"".join(b"T%d,https://large.example.org/%d\n" % (n, n) for n in range(3))
        + b"T,here\n"
    )
    shown = upload(librarian, rows)
    assert "первые 2" in shown
    answer = librarian.post(f"/resources/import/{token_in(shown)}")
    assert re.fullmatch(r"/jobs/\d+", answer.location)
    told: list[tuple[int, int]] = []
    with app.app_context():
        assert not db.session.scalar(select(Resource.id).where(Resource.url.contains("large.example.org")))
        job = db.session.get_one(Job, int(answer.location.rpartition("/")[2]))
        work = SimpleNamespace(progress=lambda done, total: told.append((done, total)))
        result = get_registry().job_kinds[job.kind].run(work, **job.arguments)
        found = db.session.scalars(select(Resource.title).where(Resource.url.contains("large.example.org")))
        assert sorted(found) == ["T0", "T1", "T2"]
        assert told[-1][0] == 5
    assert result.url == "/resources/manage"
    with app.test_request_context("/", headers={"Accept-Language": "ru"}):
        assert "добавлено 3" in str(result.text)
        assert "5: " in str(result.text)
    again = librarian.post(f"/resources/import/{token_in(shown)}", follow_redirects=True)
    assert "Загрузка закончена" in again.text


def test_uploads_that_will_not_do_are_told_in_words(instance: Path, librarian: FlaskClient) -> None:
    assert librarian.post("/resources/import", data={}).status_code == 422
    for content in (b"", b"\x00\x01", b"name,place\nT,here\n"):
        answer = librarian.post("/resources/import", data={"file": (io.BytesIO(content), "t.csv")})
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
        assert list((instance / "held").iterdir()) == []
    assert librarian.post("/resources/import/..%2fsecret_key").status_code in (404, 422)


@pytest.mark.parametrize("path", ["/resources/export.csv", "/resources/export.xlsx"])
def test_an_export_comes_back_unchanged_through_the_page(librarian: FlaskClient, path: str) -> None:
    exported = librarian.get(path)
    assert "attachment" in exported.headers["Content-Disposition"]
    shown = upload(librarian, exported.data)
    numbers = [int(number) for number in re.findall(r"</th>\s*<td>(\d+)</td>", shown)]
    assert numbers[:2] == [0, 0]
    assert numbers[2] > 0
    assert numbers[3] == 0


def test_a_poster_for_everybody_who_may_see_the_resource(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        seen = rules.save(ResourceData(title="Плакат <1>", url="https://poster.example.org/", age=0))
        hidden = rules.save(ResourceData(age=0, title="Б", url="https://p2.example.org/", visibility="staff"))
        long = rules.save(ResourceData(age=0, title="В", url="https://p3.example.org/" + "я" * 1_900))
    poster = client.get(f"/resources/{seen}/poster").text
    assert "<svg" in poster
    assert "Плакат &lt;1&gt;" in poster
    assert "https://poster.example.org/" in poster
    assert " style=" not in poster
    assert client.get(f"/resources/{hidden}/poster").status_code == 404
    assert "<svg" not in client.get(f"/resources/{long}/poster").text.partition("<main")[2]
