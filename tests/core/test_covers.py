"""Drawn covers: the same every time, safe in a page, small, and where a picture is missing."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape
from sqlalchemy import update

import plugins
from libhub import covers
from libhub.accounts.permissions import LIBRARIAN
from libhub.base.db import db, writing
from libhub.base.errors import LibHubError
from libhub.plugging.loading.manifest import read_manifest
from libhub.web.rendering.drawings import cover_url, drawing_url
from plugins.resources.models import Resource

Browser = Callable[..., FlaskClient]
SHIPPED = {
    folder.name: read_manifest(folder).covers
    for folder in sorted(path.parent for path in Path(plugins.__path__[0]).glob("*/plugin.toml"))
}
SECTIONS = {**SHIPPED, "of_a_school": ()}
LARGEST = 3072
SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {f"{SVG}{name}" for name in ("svg", "g", "path", "rect", "circle", "ellipse")}
ATTRIBUTES = {
    "viewBox",
    "width",
    "height",
    "fill",
    "d",
    "x",
    "y",
    "rx",
    "ry",
    "cx",
    "cy",
    "r",
    "opacity",
    "transform",
    "stroke",
    "stroke-width",
    "stroke-linecap",
    "stroke-dasharray",
}
VALUE = re.compile(r"[#\w\s.,()-]*")
KEYS = st.one_of(st.text(max_size=60), st.integers(0, 10**20).map(str))
MARKS = st.text("0123456789abcdef", min_size=covers.MARK_LENGTH, max_size=covers.MARK_LENGTH)


def drawn(section: str, key: str) -> str:
    """Return the cover of a thing."""
    made = covers.draw(section, covers.mark_of(section, key), SECTIONS[section])
    assert made is not None
    return made


@given(st.sampled_from(sorted(SECTIONS)), KEYS)
def test_a_cover_depends_on_section_and_key_alone(section: str, key: str) -> None:
    mark = covers.mark_of(section, key)
    assert mark == covers.mark_of(section, key)
    first = drawn(section, key)
    covers._draw.cache_clear()
    assert drawn(section, key) == first


@given(st.sampled_from(sorted(SECTIONS)), MARKS)
def test_every_mark_is_a_small_picture_and_nothing_else(section: str, mark: str) -> None:
    made = covers.draw(section, mark, SECTIONS[section])
    assert made is not None
    assert len(made.encode()) < LARGEST
    root = ElementTree.fromstring(made)
    assert (root.tag, root.get("viewBox")) == (f"{SVG}svg", "0 0 320 200")
    for element in root.iter():
        assert element.tag in ELEMENTS
        assert not (element.text or "").strip(), "a cover has no words"
        assert set(element.attrib) <= ATTRIBUTES
        for name, value in element.attrib.items():
            assert VALUE.fullmatch(value), f"{name}={value!r}"


@given(st.text(max_size=50), st.text(max_size=20))
def test_what_is_no_section_or_mark_is_not_drawn(section: str, mark: str) -> None:
    fine = re.fullmatch("[a-z][a-z0-9_]{0,39}", section) and re.fullmatch("[0-9a-f]{10}", mark)
    assert (covers.draw(section, mark) is not None) == bool(fine)


@pytest.mark.parametrize("section", SECTIONS)
def test_neighbours_in_a_list_look_different(section: str) -> None:
    marks = [covers.mark_of(section, str(number)) for number in range(1, 200)]
    kinds = len(SECTIONS[section] or covers.USUAL)
    scenes = [int(mark[0], 16) % kinds for mark in marks]
    assert all(len(set(scenes[at : at + kinds])) == kinds for at in range(len(scenes) - kinds))
    assert len({covers.draw(section, mark, SECTIONS[section]) for mark in marks}) > len(marks) * 0.9


def test_every_section_has_covers_of_its_own() -> None:
    assert all(12 % len(scenes) == 0 for scenes in (*SHIPPED.values(), covers.USUAL))
    for section in SHIPPED:
        assert drawn(section, "1") != drawn("of_a_school", "1")


def test_every_scene_can_be_drawn() -> None:
    pictures = {name: covers.draw("of_a_school", "0000000000", [name]) for name in covers.SCENES}
    assert len(set(pictures.values())) == len(covers.SCENES)


def test_a_scene_that_is_unknown_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "resources"
    shutil.copytree(Path(plugins.__path__[0]) / "resources", folder)
    manifest = folder / "plugin.toml"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"shelf"', '"dragon"'), encoding="utf-8")
    with pytest.raises(LibHubError, match=r"covers\.0"):
        read_manifest(folder)


# -- the address -----------------------------------------------------------------------------------------------


def test_a_cover_stands_in_the_page_itself(app: Flask) -> None:
    with app.test_request_context():
        address = cover_url("resources", 7)
        assert address == cover_url("resources", "7")
        assert cover_url("crafts", 7) != address
        shipped = drawing_url("resources.static", "covers/culture.svg")
    for each in (address, shipped):
        kind, _comma, content = each.partition(",")
        assert kind == "data:image/svg+xml"
        assert re.fullmatch(r"[A-Za-z0-9%/:;=,'()@!$*+?&~._-]+", content)
        assert ElementTree.fromstring(unquote(content)).get("viewBox") == "0 0 320 200"
    assert ElementTree.fromstring(unquote(address.partition(",")[2])).attrib == (
        ElementTree.fromstring(drawn("resources", "7")).attrib
    )


# -- the pages --------------------------------------------------------------------------------------------------


def images(page: str) -> list[str]:
    """Return the pictures of the content of a page."""
    return re.findall(r"<img[^>]*>", page.partition("<main")[2])


def test_a_thing_without_a_picture_has_a_drawn_one(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), writing():
        db.session.execute(update(Resource).values(cover=""))
    shown = images(client.get("/resources/").text)
    assert len(shown) == 10
    assert all('src="data:image/svg' in each for each in shown)
    assert all('width="320" height="200"' in each and 'alt=""' in each for each in shown)
    assert "loading" not in shown[0], "the first is seen at once"
    assert 'loading="lazy"' in shown[-1]
    (only,) = images(client.get("/resources/1").text)
    with app.test_request_context():
        assert f'src="{escape(cover_url("resources", 1))}"' in only


def test_events_and_courses_have_covers(app: Flask, client: FlaskClient, as_viewer: Browser) -> None:
    assert 'src="data:image/svg' in images(client.get("/events/1").text)[0]
    librarian = as_viewer(LIBRARIAN)
    assert 'src="data:image/svg' in images(librarian.get("/training/").text)[0]
    assert 'src="data:image/svg' in images(librarian.get("/training/1").text)[0]


def test_no_page_shows_a_letter_for_a_picture(app: Flask, client: FlaskClient) -> None:
    for path in ("/", "/resources/", "/crafts/"):
        page = client.get(path).text
        assert 'class="cover letter"' not in page
        for each in images(page):
            assert re.search(r'width="\d+" height="\d+"', each), each
