"""The pages of the administrator: only where ``libhub.toml`` allows them, only for the administrator, only after a yes."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from libhub.app import create_app
from libhub.config import Config
from libhub.testing import release, sign_in
from tests.installing.brought import files_of, zipped


def hub(instance: Path) -> Flask:
    made = create_app(Config(instance=instance, install_in_pages=True))
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    return made


@pytest.fixture
def allowing(instance: Path) -> Iterator[Flask]:
    """A hub whose settings allow it."""
    made = hub(instance)
    yield made
    release(made)


@pytest.fixture
def administrator(allowing: Flask) -> FlaskClient:
    return sign_in(allowing, "administrator")


def shown(browser: FlaskClient, content: bytes) -> str:
    answer = browser.post(
        "/admin/plugins/install", data={"file": (io.BytesIO(content), "news.zip")}, follow_redirects=True
    )
    assert answer.status_code == 200, answer.text
    return answer.text


def said_yes(browser: FlaskClient, page: str, **values: str) -> "object":
    (address,) = re.findall(r'action="(/admin/plugins/install/[0-9a-f]+)"', page)
    (sha256,) = re.findall(r'name="sha256" value="([0-9a-f]{64})"', page)
    return browser.post(address, data={"sha256": sha256, **values}, follow_redirects=True)


ADDRESSES = ("/admin/plugins/install", "/admin/plugins/events/remove", "/admin/plugins/events/data.zip")


def test_closed_unless_the_settings_allow_it(app: Flask) -> None:
    browser = sign_in(app, "administrator")
    for address in ADDRESSES:
        assert browser.get(address).status_code == 404
    sent = {"file": (io.BytesIO(zipped(files_of())), "news.zip")}
    assert browser.post(ADDRESSES[0], data=sent).status_code == 404
    assert "/admin/plugins/install" not in browser.get("/admin/plugins").text


def test_only_for_the_administrator(allowing: Flask, as_viewer: Callable[..., FlaskClient]) -> None:
    for role in ("guest", "student", "teacher", "librarian"):
        browser = sign_in(allowing, role)
        for address in ADDRESSES:
            assert browser.get(address).status_code in {302, 401, 403}, (role, address)
        assert "/admin/plugins/install" not in browser.get("/admin/plugins").text


def test_shown_first_and_nothing_without_a_yes(administrator: FlaskClient, instance: Path) -> None:
    assert "/admin/plugins/install" in administrator.get("/admin/plugins").text
    page = shown(administrator, zipped(files_of()))
    for told in ("Новости школы", "1.0", "news/hooks.py"):
        assert told in page
    said_yes(administrator, page, no="1")
    assert not (instance / "plugins" / "news").exists()
    assert not list((instance / "held").iterdir())


@pytest.mark.parametrize(
    "content", [b"hello", zipped(files_of("events"), "events/"), zipped(files_of(), "../news/")]
)
def test_what_will_not_do_is_told_in_words(
    administrator: FlaskClient, instance: Path, content: bytes
) -> None:
    answer = administrator.post(
        "/admin/plugins/install", data={"file": (io.BytesIO(content), "news.zip")}, follow_redirects=True
    )
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert administrator.post("/admin/plugins/install", data={}).status_code == 422
    assert not list((instance / "held").iterdir())


def test_another_file_than_was_shown_is_refused(administrator: FlaskClient, instance: Path) -> None:
    page = shown(administrator, zipped(files_of()))
    (held,) = (instance / "held").iterdir()
    held.write_bytes(zipped(files_of(version="6.66")))
    answer = said_yes(administrator, page)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert not (instance / "plugins" / "news").exists()


def test_installed_and_removed(administrator: FlaskClient, instance: Path, allowing: Flask) -> None:
    answer = said_yes(administrator, shown(administrator, zipped(files_of())))
    assert "news" in answer.text  # type: ignore[attr-defined]
    assert (instance / "plugins" / "news" / "hooks.py").is_file()
    assert (instance / "renewal").is_file()
    # the next process would run it; here one that cannot is enough
    (instance / "plugins" / "news" / "hooks.py").write_text("raise RuntimeError", encoding="utf-8")
    renewed = hub(instance)
    try:
        browser = sign_in(renewed, "administrator")
        page = shown(browser, zipped(files_of(version="2.0")))
        assert "1.0 → 2.0" in page
        assert "/admin/plugins/news/remove" in browser.get("/admin/plugins").text
        assert "/admin/plugins/events/remove" not in browser.get("/admin/plugins").text
        assert browser.get("/admin/plugins/events/remove").status_code == 404
        with browser.get("/admin/plugins/news/data.zip") as sent:
            data = sent.data
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert archive.namelist() == ["news_post1.json", "news_post1.csv"]
        assert browser.get("/admin/plugins/news/remove").status_code == 200
        browser.post("/admin/plugins/news/remove", data={"data": "delete"})
        assert not (instance / "plugins" / "news").exists()
        assert "1.0" in browser.get("/admin/audit/?q=news").text
    finally:
        release(renewed)
