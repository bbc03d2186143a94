"""Pages to write and to list notes, a command that imports many, and what search knows of them."""

from collections.abc import Iterable, Mapping, Sequence

import click
from flask import Blueprint, request
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select

from libhub.api import (
    PUBLIC,
    Document,
    ItemRef,
    ItemType,
    Summary,
    Viewer,
    db,
    hookimpl,
    public,
    touch,
    writing,
)
from plugins.notes.models import Note

BATCH = 5
blueprint = Blueprint("notes", __name__, url_prefix="/notes")


def save(names: Iterable[str]) -> list[Note]:
    """Add these notes, or edit those that exist, in one transaction."""
    saved = []
    with writing():
        for name in names:
            note = db.session.get(Note, name)
            if note is None:
                note = Note(name=name, edit=0, copy=0)
                db.session.add(note)
            note.edit += 1
            note.copy = note.edit
            touch([ItemRef("notes", "note", name)])
            saved.append(note)
    return saved


@blueprint.get("/")
@public
def index() -> dict[str, object]:
    """Tell everything, and a token for writing."""
    notes = db.session.scalars(select(Note)).all()
    return {"token": generate_csrf(), "notes": {note.name: [note.edit, note.copy] for note in notes}}


@blueprint.post("/")
@public
def write() -> dict[str, str]:
    """Add or edit one note."""
    (note,) = save([request.form["name"]])
    return {"word": note.word}


@click.command("import")
@click.argument("names", nargs=-1)
def import_command(names: Sequence[str]) -> None:
    """Save many notes; the name of each is printed when it is safe."""
    for start in range(0, len(names), BATCH):
        for note in save(names[start : start + BATCH]):
            click.echo(note.name)


def keys() -> Iterable[str]:
    return db.session.scalars(select(Note.name)).all()


def _rows(some: Sequence[str]) -> Sequence[Note]:
    return db.session.scalars(select(Note).where(Note.name.in_(some))).all()


def documents(some: Sequence[str]) -> list[Document]:
    return [
        Document(ItemRef("notes", "note", note.name), note.name, note.word, frozenset({PUBLIC}), 0)
        for note in _rows(some)
    ]


def summaries(viewer: Viewer, some: Sequence[str]) -> Mapping[str, Summary]:
    return {note.name: Summary(note.word, "/notes/", 0) for note in _rows(some)}


@hookimpl
def register_blueprints() -> Sequence[Blueprint]:
    return [blueprint]


@hookimpl
def register_commands() -> Sequence[click.Command]:
    return [import_command]


@hookimpl
def register_item_types() -> Sequence[ItemType]:
    return [ItemType("notes", "note", "notes", keys, documents, summaries)]
