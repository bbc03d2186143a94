"""The emblem of the school: a picture in the settings."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from libhub.accounts.permissions import LIBRARIAN


def drawn(kind: str = "PNG", size: tuple[int, int] = (900, 600)) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "#0b6e66").save(target, kind)
    return target.getvalue()


def send(client: FlaskClient, content: bytes, name: str = "герб.png", **more: str) -> str:
    form = {**more, "emblem": (io.BytesIO(content), name)}
    answer = client.post("/admin/settings", data=form, content_type="multipart/form-data")
    return answer.text if answer.status_code != 302 else ""


def test_the_emblem_stands_on_every_page_and_nothing_but_its_pixels_is_kept(
    app: Flask, client: FlaskClient, as_viewer: Callable[..., FlaskClient]
) -> None:
    librarian = as_viewer(LIBRARIAN)
    assert send(librarian, drawn(), library_name="Библиотека школы № 5") == ""
    address = re.search(r'src="(/pictures/\w+\.webp)"', client.get("/").text)
    assert address
    answer = client.get(address[1], buffered=True)
    assert answer.mimetype == "image/webp"
    assert "immutable" in answer.headers["Cache-Control"]
    assert Image.open(io.BytesIO(answer.data)).size == (320, 213)
    assert "Библиотека школы № 5" in client.get("/auth/sign-in").text
    # saving the form again, without a file, keeps it
    librarian.post("/admin/settings", data={"library_name": "Другая"}, content_type="multipart/form-data")
    assert address[1] in client.get("/").text
    librarian.post("/admin/settings", data={"emblem-remove": "1"}, content_type="multipart/form-data")
    assert "/pictures/" not in client.get("/").text


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"%PDF-1.4 something", "герб.png"),
        (b"<svg onload=alert(1)>", "герб.svg"),
        (drawn()[:200], "герб.png"),
        (b"", "герб.png"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(
    app: Flask, as_viewer: Callable[..., FlaskClient], content: bytes, name: str
) -> None:
    page = send(as_viewer(LIBRARIAN), content, name, library_name="Имя")
    assert re.search(r'name="emblem"[^>]*aria-describedby="emblem-about"[^>]*aria-invalid="true"', page)
    assert re.search(r'id="emblem-about">.*?<small class="error">[А-Я]', page, re.S)
    assert 'value="Имя"' in page  # what was typed stays
    assert not list(Path(app.instance_path).glob("pictures/*"))


@pytest.mark.parametrize("name", ["..%2Flibhub.db", "secret_key", "0123456789abcdef.webp", "a.webp"])
def test_no_other_file_comes_out(client: FlaskClient, name: str) -> None:
    assert client.get(f"/pictures/{name}").status_code == 404
