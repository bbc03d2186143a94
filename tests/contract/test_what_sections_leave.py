"""The contract finds what a section leaves of somebody who was erased, wherever it keeps it."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from libhub.base.db import db
from libhub.installation import prepare
from libhub.testing import make_app, release
from libhub.testing.contract.personal_data import left_of_an_erased_person

HEAD = """
from libhub.api import PUBLIC, Document, ItemRef, ItemType, Summary, db, hookimpl, instance_path, notify, touch, writing
from libhub.accounts.models import User
from libhub.base.audit import AuditEntry
from libhub.plugging.models import SettingValue

ERASES = {erases}

def find(user_id):
    return db.session.get(User, user_id)

@hookimpl
def personal_data(user_id):
    return {{}}
"""
FILE = """
def keep(user_id):
    instance_path("keeper.txt").write_text(find(user_id).name, encoding="utf-16")

@hookimpl
def erase_personal_data(user_id):
    if ERASES:
        instance_path("keeper.txt").unlink()
"""
ROW = """
def keep(user_id):
    with writing():
        db.session.add(SettingValue(plugin_id="keeper", name="last", value={"who": find(user_id).name}))

@hookimpl
def erase_personal_data(user_id):
    if ERASES:
        with writing():
            db.session.delete(db.session.get(SettingValue, ("keeper", "last")))
            db.session.flush()
            for entry in db.session.query(AuditEntry).filter_by(subject_type="core_setting"):
                entry.before = entry.after = None
"""
FOUND = """
def keys():
    return ["1"] if instance_path("kept").exists() else []

def documents(keys):
    said = "барабашкина" if instance_path("kept").exists() else ""
    return [Document(ItemRef("keeper", "thing", key), f"Работа: {said}", "", frozenset({PUBLIC}), 0) for key in keys if said]

def summaries(viewer, keys):
    return {key: Summary("Работа", "/keeper/", 0) for key in keys}

@hookimpl
def register_item_types():
    return [ItemType("keeper", "thing", "things", keys, documents, summaries)]

def keep(user_id):
    instance_path("kept").write_text("1")
    with writing():
        touch([ItemRef("keeper", "thing", "1")])

@hookimpl
def erase_personal_data(user_id):
    if ERASES:
        instance_path("kept").unlink()
        with writing():
            touch([ItemRef("keeper", "thing", "1")])
"""
TOLD = """
def keep(user_id):
    with writing():
        other = User(username="o", name="O", role="teacher", password_hash="x")
        db.session.add(other)
        db.session.flush()
        notify([other.id], f"{find(user_id).name} ждёт", "/")

@hookimpl
def erase_personal_data(user_id):
    pass
"""


@pytest.mark.parametrize(
    ("keeps", "where"),
    [(FILE, "keeper.txt"), (ROW, "libhub.db"), (FOUND, "index")],
    ids=["a file", "a row", "the index"],
)
@pytest.mark.parametrize("erases", [True, False], ids=["right", "wrong"])
def test_what_a_section_leaves_is_found(
    instance: Path, fake_plugin: Callable[..., Path], keeps: str, where: str, erases: bool
) -> None:
    left = _left(instance, fake_plugin, keeps, erases)
    if erases:
        assert left == []
    else:
        assert any(line.startswith(where) for line in left), left


def test_what_others_were_told_of_somebody_is_the_matter_of_the_hub(
    instance: Path, fake_plugin: Callable[..., Path]
) -> None:
    assert _left(instance, fake_plugin, TOLD, erases=True) == []


def _left(instance: Path, fake_plugin: Callable[..., Path], keeps: str, erases: bool) -> list[str]:
    fake_plugin("keeper", {"hooks.py": HEAD.format(erases=erases) + keeps})
    app: Flask = make_app(instance)
    try:
        prepare(app, lambda _done, _all: None)
        import plugins.keeper.hooks as hooks  # type: ignore[import-not-found]

        factory = SimpleNamespace(make_personal_data=hooks.keep)
        return left_of_an_erased_person(app, "keeper", factory, enabled=True)
    finally:
        with app.app_context():
            db.session.remove()
        release(app)
