"""Files as browsers get them: headers, names, ranges, and to whom they are given."""

import io
from collections.abc import Callable
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from libhub.accounts.permissions import ADMINISTRATOR, GUEST, LIBRARIAN, PARENT, STUDENT, TEACHER
from libhub.accounts.viewer import PUBLIC, SIGNED_IN, STAFF_LABEL
from libhub.api import Attachment, ItemRef, attach, detach, open_file
from libhub.plugging.switching import switch
from libhub.testing import PROGRAM, sign_in, viewer_with
from tests.files import documents

AddFile = Callable[..., Attachment]


def get(browser: FlaskClient, url: str, **options: Any) -> TestResponse:
    """Ask for a file and read it to its end, so that it is closed."""
    return browser.get(url, buffered=True, **options)


def picture(kind: str = "JPEG", size: tuple[int, int] = (800, 600), **options: object) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "teal").save(target, kind, **options)
    return target.getvalue()


def pdf() -> bytes:
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def test_a_name_in_cyrillic_survives_the_download(client: FlaskClient, add_file: AddFile) -> None:
    added = add_file(pdf(), "Инструкция «как есть».pdf")
    answer = get(client, added.download_url)
    assert answer.status_code == 200
    assert f"filename*=UTF-8''{quote(added.name)}" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("content", "name", "inline"),
    [
        (pdf(), "a.pdf", True),
        (picture(), "a.jpg", True),
        (b"<!doctype html><script>alert(1)</script>", "a.html", False),
        (b"OggS\x00\x02" + b"\x00" * 60, "a.ogg", True),
        (b"plain", "a.txt", False),
    ],
    ids=["pdf", "jpeg", "html", "ogg", "txt"],
)
def test_only_what_is_safe_is_shown_as_it_is(
    client: FlaskClient, add_file: AddFile, content: bytes, name: str, inline: bool
) -> None:
    answer = get(client, add_file(content, name).raw_url)
    assert answer.headers["Content-Disposition"].startswith("inline" if inline else "attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert ("sandbox" in answer.headers["Content-Security-Policy"]) == (name != "a.pdf")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.mimetype not in {"text/html", "image/svg+xml"}


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (documents.ole("WordDocument"), "a.doc", "doc"),
        (documents.ole("Workbook"), "a.docx", "xls"),
        (b"\x00\x00\x00\x18ftypmp42", "a.avi", "mp4"),
        (b"ID3\x03" + b"\x00" * 20, "a.wav", "mp3"),
        (b"\xff\xfb\x90\x00" + b"\x00" * 20, "a", "mp3"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "a", "wav"),
        (b"\x1a\x45\xdf\xa3" + b"\x00" * 20, "a.mp4", "webm"),
        (picture("PNG"), "a.gif", "png"),
        (picture("GIF"), "a", "gif"),
        (picture("WEBP"), "a", "webp"),
        ("Привет".encode("utf-16"), "a.doc", "txt"),
        ("Привет".encode("cp1251"), "a", "txt"),
        (b"a;b\n", "a.CSV", "csv"),
        (b"<p>x</p>", "a.htm", "html"),
        (documents.pdf(["x"]), "a.html", "pdf"),
    ],
)
def test_the_content_says_what_a_file_is(add_file: AddFile, content: bytes, name: str, kind: str) -> None:
    assert add_file(content, name).type == kind


def test_parts_of_a_file_can_be_asked_for(client: FlaskClient, add_file: AddFile) -> None:
    added = add_file(b"OggS" + bytes(range(256)) * 8, "a.ogg")
    whole = get(client, added.raw_url)
    assert whole.headers["Accept-Ranges"] == "bytes"
    part = get(client, added.raw_url, headers={"Range": "bytes=100-199"})
    assert part.status_code == 206
    assert part.data == whole.data[100:200]
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(whole.data)}"
    assert get(client, added.raw_url, headers={"Range": "bytes=9999999-"}).status_code == 416
    again = get(client, added.raw_url, headers={"If-None-Match": whole.headers["ETag"]})
    assert again.status_code == 304


def test_of_a_photograph_only_the_picture_is_kept(client: FlaskClient, add_file: AddFile) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "СЕКРЕТ".encode().decode("latin-1")
    exif.get_ifd(0x8825)[1] = "N"
    added = add_file(picture(size=(800, 600), exif=exif), "фото.jpg")
    assert (added.width, added.height) == (600, 800)
    kept = Image.open(io.BytesIO(get(client, added.raw_url).data))
    assert kept.size == (600, 800)
    assert not kept.getexif()
    assert "exif" not in kept.info
    small = get(client, added.preview_url(100))
    assert small.mimetype == "image/webp"
    assert Image.open(io.BytesIO(small.data)).size == (160, 213)
    assert get(client, f"/files/{added.id}/preview/161").status_code == 404


def test_a_picture_comes_in_the_width_that_is_shown(client: FlaskClient, add_file: AddFile) -> None:
    for size, widths in (
        ((500, 300), [160, 320, 500]),
        ((160, 90), [160]),
        ((2000, 100), [160, 320, 640, 1280]),
    ):
        added = add_file(picture(size=size), f"{size[0]}.jpg")
        offered = [each.split(" ") for each in added.preview_set.split(", ")]
        assert [told for _url, told in offered] == [f"{width}w" for width in widths]
        for url, told in offered:
            assert Image.open(io.BytesIO(get(client, url).data)).width == int(told[:-1])
    assert add_file(b"words", "a.txt").preview_set == ""


def test_what_another_hub_exported_keeps_its_bytes_unless_it_tells_more_than_the_picture(
    app: Flask, add_file: AddFile, put: Callable[..., ItemRef]
) -> None:
    ours = picture(quality=55)
    exif = Image.Exif()
    exif[0x010F] = "camera"
    ref = put("вещь")
    with app.app_context():
        kept = attach(ref, "a.jpg", io.BytesIO(ours), exact=True)
        told = attach(ref, "b.jpg", io.BytesIO(picture(quality=55, exif=exif)), exact=True)
        with open_file(kept.id) as stream:
            assert stream.read() == ours
        with open_file(told.id) as stream:
            assert b"camera" not in stream.read()


def test_a_content_that_is_gone_is_told_in_words(app: Flask, client: FlaskClient, add_file: AddFile) -> None:
    from libhub.files.attachments import content_path

    added = add_file(pdf(), "a.pdf")
    with app.app_context():
        content_path(added).unlink()
    answer = get(client, added.raw_url)
    assert answer.status_code == 404
    assert "Загрузите его ещё раз" in answer.text


ROLES = (GUEST, STUDENT, PARENT, TEACHER, LIBRARIAN, ADMINISTRATOR)


@pytest.mark.parametrize(("role", "age_limit"), [(GUEST, None), *product(ROLES[1:], (6, 16))])
def test_a_file_is_as_visible_as_its_item(
    app: Flask, add_file: AddFile, role: str, age_limit: int | None
) -> None:
    added = {
        (label, age, draft): add_file(
            picture(size=(40, 30)), f"{label}-{age}-{draft}.jpg", key=f"{label}-{age}-{draft}",
            label=label, age=age, draft=draft,
        )
        for label, age, draft in product((PUBLIC, SIGNED_IN, STAFF_LABEL), (0, 12, 18), (False, True))
    }  # fmt: skip
    browser = sign_in(app, role, age_limit=age_limit)
    viewer = viewer_with(app, None if role == GUEST else f"{role}-{age_limit}")
    edits = role in (LIBRARIAN, ADMINISTRATOR)
    for (label, age, draft), file in added.items():
        sees = edits or (viewer.may_see(frozenset({label}), age) and not draft)
        for url in (file.raw_url, file.download_url, file.preview_url(160)):
            assert get(browser, url).status_code == (200 if sees else 404), (url, label, age, draft)
    for action in ("rename", "replace", "move", "retry", "remove", "undo"):
        answer = browser.post(f"/files/{file.id}/{action}", data={"name": "x"})
        assert answer.status_code == (302 if edits else 404), action


def test_an_owner_sees_and_changes_the_files_of_a_draft(app: Flask, add_file: AddFile) -> None:
    owner, other = sign_in(app, STUDENT, username="anna"), sign_in(app, STUDENT, username="boris")
    added = add_file(pdf(), "a.pdf", draft=True, owner="anna")
    assert (get(owner, added.raw_url).status_code, get(other, added.raw_url).status_code) == (200, 404)
    assert get(owner, "/files/of/shelf/thing/вещь").status_code == 200
    assert get(other, "/files/of/shelf/thing/вещь").status_code == 404


def test_rights_are_asked_anew_each_time(
    app: Flask, client: FlaskClient, add_file: AddFile, put: Callable[..., object]
) -> None:
    added = add_file(pdf(), "a.pdf")
    tag = get(client, added.raw_url).headers["ETag"]
    put("вещь", label=STAFF_LABEL)
    assert get(client, added.raw_url, headers={"If-None-Match": tag}).status_code == 404
    put("вещь", label=PUBLIC)
    with app.app_context():
        detach(added.id)
    assert get(client, added.raw_url).status_code == 404


def test_the_files_of_a_section_that_is_off_are_closed_with_it(
    app: Flask, librarian: FlaskClient, add_file: AddFile
) -> None:
    added = add_file(picture(), "a.jpg")
    with app.app_context():
        switch("shelf", enable=False, actor=PROGRAM)
    for url in (added.raw_url, added.preview_url(160), "/files/of/shelf/thing/вещь"):
        answer = get(librarian, url)
        assert answer.status_code == 404
        assert "Раздел закрыт" in answer.text
    assert librarian.post(f"/files/{added.id}/remove").status_code == 404
