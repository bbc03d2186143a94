"""What every answer of the hub has in common: errors in words, headers, language, settings."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from libhub.accounts.permissions import LIBRARIAN, TEACHER
from libhub.base.db import db
from libhub.plugging.switching import switch
from libhub.testing import PROGRAM, cookie_name, make_app, release
from libhub.web.errors import SECURITY_HEADERS

Browser = Callable[..., FlaskClient]
FRAGMENT = {"HX-Request": "true"}


def test_every_answer_carries_the_headers(app: Flask, client: FlaskClient) -> None:
    paths = ("/", "/search", "/search.json", "/healthz", "/static/libhub.css", "/nowhere", "/admin/users/")
    for answer in (
        *(client.get(path, buffered=True) for path in paths),
        client.post("/"),
        client.post("/auth/sign-in"),
    ):
        for name, value in SECURITY_HEADERS.items():
            assert answer.headers[name] == value, answer.request.path
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'self'" in policy


def test_only_static_files_may_be_kept_by_a_browser(client: FlaskClient) -> None:
    for path in ("/", "/search", "/search.json", "/healthz", "/nowhere", "/admin/users/"):
        assert client.get(path).headers["Cache-Control"] == "no-store", path
    icon = re.search(r"/static/icon.svg\?v=\w+", client.get("/").text)
    assert icon
    assert "max-age=31536000" in client.get(icon[0], buffered=True).headers["Cache-Control"]
    assert client.get("/static/icon.svg", buffered=True).headers["Cache-Control"] == "no-cache"


def test_what_all_pages_need_is_kept_under_the_mark_of_its_content_only(client: FlaskClient) -> None:
    page = client.get("/").text
    for address in re.findall(r'(?:href|src)="(/assets/[^"]+)"', page):
        assert "immutable" in client.get(address).headers["Cache-Control"]
        stale = re.sub(r"/assets/\w+/", "/assets/0123/", address)
        assert client.get(stale).headers["Cache-Control"] == "no-cache"
        assert client.get(stale).data == client.get(address).data
    assert client.get("/assets/0123/libhub-pink.css").status_code == 404


def test_a_page_and_its_fragment_are_told_apart(client: FlaskClient) -> None:
    page, fragment = client.get("/search?q=сказки"), client.get("/search?q=сказки", headers=FRAGMENT)
    assert "<html" in page.text
    assert "<html" not in fragment.text
    for answer in (page, fragment):
        assert "HX-Request" in answer.headers["Vary"]
    restored = client.get("/search?q=сказки", headers={**FRAGMENT, "HX-History-Restore-Request": "true"})
    assert "<html" in restored.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/resources/999999", 404),
        ("POST", "/", 405),
        ("DELETE", "/search", 405),
        ("GET", "/auth/setup/x", 404),
        ("GET", "/" + "a" * 5000, 404),
        ("GET", "/static/../app.py", 404),
        ("GET", "/static/%2e%2e/app.py", 404),
    ],
)
def test_an_error_is_a_page_with_a_way_on(client: FlaskClient, method: str, path: str, status: int) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert "<h1>" in answer.text
    assert 'href="/"' in answer.text
    assert 'name="q"' in answer.text, "the search box stands on every page"


def test_a_closed_section_says_so(app: Flask, client: FlaskClient) -> None:
    missing = client.get("/resources/999999").text
    with app.app_context():
        switch("resources", enable=False, actor=PROGRAM)
    closed = client.get("/resources/999999")
    assert closed.status_code == 404
    assert closed.text != missing


def test_a_page_for_others_says_so(as_viewer: Browser) -> None:
    answer = as_viewer(TEACHER).get("/admin/users/")
    assert answer.status_code == 403
    assert 'href="/"' in answer.text


def test_without_a_session_a_fragment_sends_the_browser_to_sign_in(client: FlaskClient) -> None:
    answer = client.get("/admin/users/?q=a", headers=FRAGMENT)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/auth/sign-in?next=")


def test_an_error_without_a_database_is_still_words(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("DROP TABLE core_setting"))
    for path in ("/", "/nowhere", "/search.json"):
        answer = client.get(path)
        assert answer.status_code in {404, 500}
        assert "<h1>" in answer.text
        assert "sqlite" not in answer.text.lower()
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "core_setting" in (Path(app.instance_path) / "libhub.log").read_text(encoding="utf-8")


def test_too_large_a_form_is_refused_in_words(app: Flask, client: FlaskClient) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024
    answer = client.post("/auth/sign-in", data={"username": "x" * (1024 * 1024 + 1), "password": "x"})
    assert answer.status_code == 413
    assert "1 " in answer.text
    app.config["MAX_CONTENT_LENGTH"] = 100 * 1024 * 1024
    field = (
        b'--x\r\nContent-Disposition: form-data; name="username"\r\n\r\n'
        + b"x" * 3_000_000
        + b"\r\n--x--\r\n"
    )
    answer = client.post("/auth/sign-in", data=field, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413


def test_the_language_is_chosen_and_kept(client: FlaskClient) -> None:
    assert '<html lang="ru">' in client.get("/").text
    answer = client.get("/language/en?next=/search?q=x")
    assert answer.location == "/search?q=x"
    assert '<html lang="en">' in client.get("/").text
    assert client.get("/").text.count("Русский") == 1
    assert client.get("/language/de").status_code == 302
    assert '<html lang="en">' in client.get("/").text
    client.set_cookie(cookie_name(client, "locale"), "../../etc")
    assert '<html lang="ru">' in client.get("/").text


def test_the_default_language_is_the_instances(app: Flask, instance: Path) -> None:
    from libhub.app import create_app
    from libhub.config import Config

    english = create_app(Config(instance=instance, locale="en"))
    assert '<html lang="en">' in english.test_client().get("/").text
    release(english)


def test_settings_keep_what_was_typed_when_something_is_wrong(app: Flask, as_viewer: Browser) -> None:
    librarian, guest = as_viewer(LIBRARIAN), app.test_client()
    wrong = {"library_name": "Школа <i>№ 1</i>", "guest_age": "7", "student_age": "12"}
    answer = librarian.post("/admin/settings", data=wrong)
    assert answer.status_code == 422
    assert "Школа &lt;i&gt;№ 1&lt;/i&gt;" in answer.text
    assert 'class="error"' in answer.text
    assert "№ 1" not in guest.get("/").text
    assert librarian.post("/admin/settings", data={**wrong, "library_name": "x" * 1001}).status_code == 422
    assert librarian.post("/admin/settings", data={**wrong, "guest_age": "6"}).status_code == 302
    assert "Школа &lt;i&gt;№ 1&lt;/i&gt;" in guest.get("/").text


SETTINGS = """
from libhub.api import *
from libhub.api import hookimpl

@hookimpl
def register_settings():
    return [
        Setting("number", "Число", 5, type="integer", least=1, most=10),
        Setting("flag", "Флажок", True, type="boolean"),
        Setting("word", "Слово", "да"),
    ]
"""


def test_settings_of_a_plugin_have_types(instance: Path, fake_plugin: Callable[..., Path]) -> None:
    from libhub.installation import prepare
    from libhub.plugging.settings import get_setting
    from libhub.testing import sign_in

    fake_plugin("demo", {"hooks.py": SETTINGS})
    app = make_app(instance)
    prepare(app, lambda _done, _all: None)
    librarian = sign_in(app, LIBRARIAN)
    page = "/admin/plugins/demo/settings"

    def values() -> list[object]:
        with app.app_context():
            return [get_setting("demo", name) for name in ("number", "flag", "word")]

    assert librarian.get(page).status_code == 200
    assert values() == [5, True, "да"]
    for wrong in ("", "много", "0", "11", "5.5", "9" * 5000):
        answer = librarian.post(page, data={"number": wrong, "word": "нет"})
        assert answer.status_code == 422, wrong
        assert 'value="нет"' in answer.text
    assert values() == [5, True, "да"]
    assert librarian.post(page, data={"number": "7", "word": " нет "}).status_code == 302
    assert values() == [7, False, "нет"]
    assert librarian.get("/admin/plugins/nosuch/settings").status_code == 404
    release(app)


def test_health_is_for_machines(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert answer.mimetype == "application/json"
    assert json.loads(answer.data)["status"] == "ok"


def test_an_empty_secret_key_is_replaced(instance: Path) -> None:
    """A crash at the very first start must not leave a hub whose sessions anybody can forge."""
    (instance / "secret_key").write_text("", encoding="ascii")
    app = make_app(instance)
    assert len(str(app.secret_key)) > 40
    release(app)
