"""News are written, found by those they are for, pinned, followed, and leave when their time is over."""

import io
import re
import struct
import zlib
from collections.abc import Callable
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from libhub.api import get_setting, save_row, today, touch_expired
from libhub.testing import change_many, index_now
from plugins.news.models import Post
from plugins.news.rules import PostData

Browsers = Callable[..., FlaskClient]
TYPED = {
    "title": "Литературный вечер",
    "text": "Начало **в пять**.\n\n![афиша](poster.png)",
    "visibility": "everyone",
    "age": "6",
}
ATOM = "{http://www.w3.org/2005/Atom}"


def picture() -> bytes:
    """Return a picture of one point (PNG)."""

    def part(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + part(b"IHDR", head)
        + part(b"IDAT", zlib.compress(bytes(4)))
        + part(b"IEND", b"")
    )


def found(browser: FlaskClient, query: str) -> list[str]:
    """Return the addresses of what search finds."""
    answer = browser.get("/search.json", query_string={"q": query, "section": "news"})
    return [hit["url"] for hit in answer.get_json()["results"]]


def titles(browser: FlaskClient) -> list[str]:
    """Return the titles in the feed."""
    feed = ElementTree.fromstring(browser.get("/news/feed.atom").data)
    return [str(entry.findtext(f"{ATOM}title")) for entry in feed.iter(f"{ATOM}entry")]


def test_a_post_is_written_shown_found_and_followed(app: Flask, as_viewer: Browsers) -> None:
    librarian, guest = as_viewer("librarian"), as_viewer("guest")
    edit = librarian.post("/news/add", data=TYPED).location
    address = edit.removesuffix("/edit")
    number = address.rpartition("/")[2]
    sent = {"files": (io.BytesIO(picture()), "poster.png"), "next": edit}
    librarian.post(f"/files/of/news/post/{number}", data=sent, content_type="multipart/form-data")
    index_now(app)
    shown = guest.get(address).text
    assert "<strong>в пять</strong>" in shown
    assert "poster.png" in shown
    for page in ("/", "/news/"):
        assert TYPED["title"] in guest.get(page).text
    assert found(guest, "литературные вечера") == [address]
    assert titles(guest) == [TYPED["title"]]
    librarian.post(edit, data={**TYPED, "text": "Начало в шесть."})
    assert "в шесть" in guest.get(address).text


def test_what_is_pinned_stands_first(app: Flask, as_viewer: Browsers) -> None:
    with app.app_context():
        save_row(Post, PostData(age=0, title="Важное", pinned=True))
        save_row(Post, PostData(age=0, title="Новое"))
    assert titles(as_viewer("guest")) == ["Важное", "Новое"]


@pytest.mark.parametrize(
    ("visibility", "age", "readers"),
    [
        ("everyone", 0, {"guest", "student", "teacher"}),
        ("signed_in", 0, {"student", "teacher"}),
        ("staff", 0, {"teacher"}),
        ("everyone", 18, {"teacher"}),
    ],
)
def test_a_post_is_for_those_it_is_for(
    app: Flask, as_viewer: Browsers, visibility: str, age: int, readers: set[str]
) -> None:
    with app.app_context():
        number = save_row(Post, PostData(title="Тайна", visibility=visibility, age=age))
    index_now(app)
    for role in ("guest", "student", "teacher"):
        browser, reads = as_viewer(role), role in readers
        assert (browser.get(f"/news/{number}").status_code == 200) is reads
        assert ("Тайна" in browser.get("/news/").text) is reads
        assert ("Тайна" in titles(browser)) is reads
        assert bool(found(browser, "тайна")) is reads


def test_a_post_leaves_after_its_last_day_and_comes_back(app: Flask, as_viewer: Browsers) -> None:
    guest, librarian = as_viewer("guest"), as_viewer("librarian")
    with app.app_context():
        data = PostData(age=0, title="Ярмарка", expires_on=today())
        number = save_row(Post, data)
    index_now(app)
    assert found(guest, "ярмарка")
    with app.app_context():
        post = app.extensions["sqlalchemy"].session.get(Post, number)
        save_row(Post, PostData(age=0, title="Ярмарка", expires_on=today() - timedelta(days=1)), number)
        assert touch_expired(Post) == 1
        assert touch_expired(Post) == 0
        assert post.over
    index_now(app)
    assert guest.get(f"/news/{number}").status_code == 404
    assert not found(guest, "ярмарка")
    assert "Ярмарка" in librarian.get("/news/manage?state=hidden").text
    with app.app_context():
        save_row(Post, data, number)
        assert touch_expired(Post) == 1
    index_now(app)
    assert found(guest, "ярмарка")


def test_the_archive_keeps_what_readers_do_not_find(app: Flask, as_viewer: Browsers) -> None:
    guest, librarian = as_viewer("guest"), as_viewer("librarian")
    with app.app_context():
        number = save_row(Post, PostData(age=0, title="Прошлое"))
    change_many(librarian, "/news/manage", [number], "archive")
    assert guest.get(f"/news/{number}").status_code == 404
    assert "Прошлое" in librarian.get("/news/manage?state=archived").text
    librarian.post(f"/news/{number}/restore")
    assert guest.get(f"/news/{number}").status_code == 200


def test_what_will_not_do_is_told_at_its_field(app: Flask, as_viewer: Browsers) -> None:
    answer = as_viewer("librarian").post("/news/add", data={**TYPED, "title": " "})
    assert answer.status_code == 422
    assert "Нужно название" in answer.text
    assert "в пять" in answer.text
    with app.app_context():
        assert get_setting("news", "on_the_card") == 3


def test_readers_do_not_write(as_viewer: Browsers) -> None:
    for role in ("guest", "student", "teacher"):
        assert as_viewer(role).post("/news/add", data=TYPED).status_code in {302, 403}
        assert as_viewer(role).get("/news/manage").status_code in {302, 403}
        assert TYPED["title"] not in as_viewer(role).get("/news/").text


def test_what_was_changed_is_told_and_comes_back(app: Flask, as_viewer: Browsers) -> None:
    librarian, teacher = as_viewer("librarian"), as_viewer("teacher")
    with app.app_context():
        number = save_row(Post, PostData(age=0, title="Вечер", text="Начало в пять."))
        save_row(Post, PostData(age=0, title="Вечер", text="Начало в шесть.", visibility="staff"), number)
        save_row(Post, PostData(age=0, title="Вечер сказок", text="Начало в шесть.", pinned=True), number)
    address = f"/news/{number}/history"
    assert address in librarian.get(f"/news/{number}/edit").text
    told = librarian.get(address).text
    assert "Все → Сотрудники" in told
    assert "нет → да" in told
    assert teacher.get(address).status_code == 403
    (seen,) = set(re.findall(r'name="seen" value="(\d+)"', told))
    second, first = dict.fromkeys(re.findall(rf'href="{address}/(\d+)"', told))
    librarian.post(f"{address}/{first}", data={"seen": seen, "field": "text"})
    assert "в пять" in as_viewer("guest").get(f"/news/{number}").text
    before = librarian.get(f"{address}/{second}").text
    assert "Вечер сказок" in before
    (seen,) = set(re.findall(r'name="seen" value="(\d+)"', before))
    librarian.post(f"{address}/{second}", data={"seen": seen})
    with app.app_context():
        post = app.extensions["sqlalchemy"].session.get(Post, number)
        assert (post.title, post.text, post.visibility, post.pinned) == (
            "Вечер",
            "Начало в шесть.",
            "staff",
            False,
        )
