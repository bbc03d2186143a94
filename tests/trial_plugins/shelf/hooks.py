"""Pages with the files of things, and what search and files know of them. The things are kept in one small file."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from flask import Blueprint, Response, abort

from libhub.api import (
    Document,
    ItemRef,
    ItemType,
    Summary,
    Viewer,
    attachments,
    current_viewer,
    hookimpl,
    instance_path,
    page,
    public,
    touch,
    writing,
)

blueprint = Blueprint("shelf", __name__, url_prefix="/shelf", template_folder="templates")


def ref(key: str) -> ItemRef:
    return ItemRef("shelf", "thing", key)


@dataclass(frozen=True)
class Thing:
    """A thing with an audience label, an age mark and an owner; a draft is shown to nobody."""

    key: str
    label: str = "public"
    age: int = 0
    draft: bool = False
    owner: str = ""


def things() -> dict[str, Thing]:
    """Read everything."""
    path = instance_path("shelf.json")
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return {each["key"]: Thing(**each) for each in kept}


def put(key: str, **values: object) -> ItemRef:
    """Add a thing, or change it."""
    known = things()
    known[key] = replace(known.get(key, Thing(key)), **values)
    kept = json.dumps([asdict(thing) for thing in known.values()])
    instance_path("shelf.json").write_text(kept, encoding="utf-8")
    with writing():
        touch([ref(key)])
    return ref(key)


@blueprint.get("/<key>")
@public
def show(key: str) -> Response:
    viewer = current_viewer()
    mine = editable(viewer, [key])
    if key not in summaries(viewer, [key]) and not mine:
        abort(404)
    return page(
        "shelf/show.html",
        thing=things()[key],
        ref=ref(key),
        attachments=attachments([ref(key)])[ref(key)],
        editable=bool(mine),
    )


def keys() -> Iterable[str]:
    return things().keys()


def _rows(some: Sequence[str]) -> Sequence[Thing]:
    return [thing for key, thing in things().items() if key in some]


def _audience(thing: Thing) -> frozenset[str]:
    return frozenset() if thing.draft else frozenset({thing.label})


def documents(some: Sequence[str]) -> list[Document]:
    return [Document(ref(thing.key), thing.key, "", _audience(thing), thing.age) for thing in _rows(some)]


def summaries(viewer: Viewer, some: Sequence[str]) -> Mapping[str, Summary]:
    return {
        thing.key: Summary(thing.key, f"/shelf/{thing.key}", thing.age)
        for thing in _rows(some)
        if viewer.may_see(_audience(thing), thing.age)
    }


def editable(viewer: Viewer, some: Sequence[str]) -> frozenset[str]:
    if viewer.role in ("librarian", "administrator"):
        return frozenset(thing.key for thing in _rows(some))
    return frozenset(thing.key for thing in _rows(some) if thing.owner and thing.owner == viewer.username)


@hookimpl
def register_blueprints() -> Sequence[Blueprint]:
    return [blueprint]


@hookimpl
def register_item_types() -> Sequence[ItemType]:
    return [ItemType("shelf", "thing", "вещи", keys, documents, summaries, editable=editable)]
