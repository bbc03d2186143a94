"""What a new school finds in the workshop: enough of everything, complete, with drawings and true sizes."""

import re
import tomllib
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from libhub.base.db import db
from plugins.crafts import activity_quizzes, pictures, rules
from plugins.crafts.exchange import starter
from plugins.crafts.models import Activity

DRAWINGS = sorted(pictures.FOLDER.rglob("*.svg"))
TEMPLATES = [path for path in DRAWINGS if path.name.startswith("template")]
SVG = "{http://www.w3.org/2000/svg}"
FORBIDDEN = re.compile(r"<script|<foreignObject|<image|\bhref(?!=.#)|\bon\w+=|javascript:|@import", re.I)
THINGS_AT_HAND = {"kormushka", "raketa", "karandashnitsa", "katapulta"}


def entries() -> list[dict[str, object]]:
    return [tomllib.loads(path.read_text("utf-8")) for path in sorted(starter.STARTER.glob("*.toml"))]


def test_there_is_enough_of_everything(app: Flask) -> None:
    with app.app_context():
        stored = {row.uid: row.kind for row in db.session.scalars(select(Activity))}
    assert set(stored) == {entry["uid"] for entry in entries()}
    counted = Counter(kind for uid, kind in stored.items() if uid not in THINGS_AT_HAND)
    assert counted == {"craft": 12, "experiment": 3, "quiz": 2, "inventor": 3}
    assert set(stored) >= THINGS_AT_HAND
    assert len(TEMPLATES) >= 4


def test_every_activity_is_complete(app: Flask) -> None:
    with app.app_context():
        for activity in db.session.scalars(select(Activity)):
            data = rules.data_of(activity)
            assert activity.state == "published"
            assert not pictures.strange(data)
            assert pictures.COVER + ".svg" in pictures.drawings(data.drawings)
            assert data.summary
            assert data.author
            assert data.licence
            assert data.grade_from
            if data.kind == "quiz":
                assert len(activity_quizzes.questions(data.questions)) == 8
                assert all(question["explanation"] for question in data.questions)
            else:
                assert len(data.steps) >= 3
            if data.kind in {"craft", "experiment"}:
                assert data.materials
                assert data.steps[0].picture


def test_no_drawing_is_left_over(app: Flask) -> None:
    with app.app_context():
        used = {
            (activity.drawings, step.picture)
            for activity in db.session.scalars(select(Activity))
            for step in activity.steps
        }
    unused = [
        path for path in DRAWINGS if path.name[0].isdigit() and (path.parent.name, path.name) not in used
    ]
    assert not unused


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_drawings_are_plain_svg_of_one_size(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not FORBIDDEN.search(text)
    root = ET.fromstring(text)
    assert root.tag == f"{SVG}svg"
    if path.name == "cover.svg":
        assert (root.get("width"), root.get("height")) == ("320", "200")
    assert len(text) < 60_000


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.parent.name)
def test_sheets_are_in_true_millimetres_with_a_mark(path: Path) -> None:
    root = ET.fromstring(path.read_text("utf-8"))
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("190mm", "270mm", "0 0 190 270")
    assert any(text.text == "50 мм" for text in root.iter(f"{SVG}text"))
    assert any((line.get("d") or "").startswith("M10 258h50") for line in root.iter(f"{SVG}path"))


def test_loading_once_more_adds_nothing(app: Flask) -> None:
    with app.app_context():
        before = db.session.scalars(select(Activity.id)).all()
        starter.load_starter(starter.STARTER)
        assert db.session.scalars(select(Activity.id)).all() == before


def test_every_page_of_every_activity_opens(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        found = [
            (activity.id, len(activity.steps), bool(activity.questions))
            for activity in db.session.scalars(select(Activity))
        ]
    for number, steps, questions in found:
        pages = ["", "/done", "/shopping", "/print", "/works", *(f"/steps/{n}" for n in range(1, steps + 1))]
        for page in [*pages, *(["/quiz"] if questions else [])]:
            assert client.get(f"/crafts/{number}{page}").status_code == 200, f"{number}{page}"
        assert client.get(f"/crafts/{number}/steps/{steps + 1}").status_code == 404
