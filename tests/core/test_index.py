"""From the outbox to the index: nothing that was saved is lost, whatever breaks on the way."""

import gc
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from whoosh.writing import SegmentWriter

from libhub.api import set_archived
from libhub.base.db import db, writing
from libhub.installation import indexer, prepare
from libhub.search.current import get_index
from libhub.search.documents import ItemRef
from libhub.search.models import SearchOutbox
from libhub.search.store.outbox import touch
from libhub.search.store.writer import Writer
from libhub.serving.background import reconcile
from libhub.testing import index_now as drained
from plugins.resources import rules
from plugins.resources.models import Resource
from plugins.resources.rules import ResourceData

WORD = "Синхрофазотрон"


pytestmark = [  # Whoosh leaves the files open over which it stumbles
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


class Killed(BaseException):
    """What stands for the end of the process: nothing in the hub catches it."""


@pytest.fixture
def inside(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app
    gc.collect()


def index_now(app: Flask) -> None:
    """Let the indexer work, and begin a new reading transaction that sees what it did."""
    drained(app)
    db.session.rollback()


def save(title: str = WORD, number: int | None = None) -> int:
    return rules.save(ResourceData(age=0, title=title, url="https://example.org/x"), number)


def total(app: Flask, words: str = WORD) -> int:
    return int(app.test_client().get("/search.json", query_string={"q": words}).json["total"])


def waiting() -> int:
    return db.session.scalar(select(func.count()).select_from(SearchOutbox)) or 0


def position() -> int:
    writer = Writer(get_index().current_folder() or Path())
    try:
        return writer.position()
    finally:
        writer.close()


def test_saved_is_found_changed_is_refound_and_archived_is_gone(inside: Flask) -> None:
    number = save()
    assert total(inside) == 0
    assert waiting() == 1
    index_now(inside)
    assert total(inside) == 1
    assert waiting() == 0
    save("Дельтаплан", number)
    index_now(inside)
    assert (total(inside), total(inside, "дельтаплан")) == (0, 1)
    set_archived(Resource, [number], archived=True)
    index_now(inside)
    assert total(inside, "дельтаплан") == 0
    set_archived(Resource, [number], archived=False)
    index_now(inside)
    assert total(inside, "дельтаплан") == 1


def test_deleted_is_gone(inside: Flask) -> None:
    number = save()
    index_now(inside)
    with writing():
        db.session.delete(db.session.get_one(Resource, number))
        touch([Resource.ref_of(number)])
    assert inside.test_client().get("/search.json", query_string={"q": WORD}).json["results"] == []
    index_now(inside)
    assert total(inside) == 0
    assert not indexer().compare()


def test_many_changes_of_one_thing_are_one_document(inside: Flask) -> None:
    number = save()
    for _time in range(5):
        save(WORD, number)
    index_now(inside)
    assert total(inside) == 1


@pytest.mark.parametrize("stop", ["add_document", "commit"])
def test_an_end_before_the_commit_of_the_index_loses_nothing(
    inside: Flask, monkeypatch: pytest.MonkeyPatch, stop: str
) -> None:
    before = position()
    save()

    def die(*_arguments: Any, **_options: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(SegmentWriter, stop, die)
        with pytest.raises(Killed):
            indexer().drain()
    assert position() == before
    assert waiting() == 1
    assert total(inside) == 0
    index_now(inside)
    assert total(inside) == 1


def test_an_end_between_the_commit_and_the_outbox_repeats_nothing(
    inside: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    save()
    newest = db.session.scalar(select(func.max(SearchOutbox.id)))

    def die(_position: int) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("libhub.search.store.outbox.forget", die)
        with pytest.raises(Killed):
            indexer().drain()
    assert position() == newest, "the position is part of the commit"
    assert waiting() == 1
    assert indexer().compare().waiting == 0
    assert indexer().drain() == []
    assert waiting() == 0
    assert total(inside) == 1


def test_the_position_never_goes_back(inside: Flask) -> None:
    numbers = []
    for _time in range(3):
        save()
        index_now(inside)
        numbers.append(position())
    assert numbers == sorted(set(numbers))


def test_a_busy_lock_means_later(inside: Flask) -> None:
    save()
    with indexer()._locked(0):
        assert indexer().drain() == []
    assert waiting() == 1
    index_now(inside)
    assert total(inside) == 1


def test_a_change_during_a_rebuild_is_found_afterwards(inside: Flask) -> None:
    numbers: list[int] = []

    def meanwhile(_done: int, _all: int) -> None:
        if not numbers:
            numbers.append(save())

    indexer().rebuild(meanwhile)
    index_now(inside)
    assert total(inside) == 1
    assert not indexer().compare()


def test_a_rebuild_leaves_one_index_folder(inside: Flask) -> None:
    old = get_index().current_folder()
    indexer().rebuild(lambda _done, _all: None)
    folders = [path for path in get_index().root.glob("v*-*") if path.is_dir()]
    assert folders == [get_index().current_folder()]
    assert folders != [old]
    assert total(inside, "сказки") > 0


def test_what_the_index_lacks_is_told(inside: Flask) -> None:
    number = save()
    with writing():
        db.session.execute(SearchOutbox.__table__.delete())
    difference = indexer().compare()
    assert difference.missing == {f"resources/resource/{number}"}
    assert not difference.surplus


def files(app: Flask) -> list[Path]:
    folder = get_index().current_folder()
    assert folder
    return sorted(path for path in folder.iterdir() if path.is_file() and path.stat().st_size)


def truncate(paths: list[Path]) -> None:
    for path in paths:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])


def garble(paths: list[Path]) -> None:
    for path in paths:
        path.write_bytes(b"\xde\xad\xbe\xef" * (path.stat().st_size // 4 + 1))


def empty(paths: list[Path]) -> None:
    for path in paths:
        path.write_bytes(b"")


def remove(paths: list[Path]) -> None:
    for path in paths:
        path.unlink()


DAMAGES = [truncate, garble, empty, remove]


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("noticed_by", ["a reader", "the indexer", "the start"])
def test_a_damaged_index_is_rebuilt_by_itself_and_the_log_says_so(
    inside: Flask, damage: Callable[[list[Path]], None], noticed_by: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    damage(files(inside))
    browser = inside.test_client()
    if noticed_by == "a reader":
        answer = browser.get("/search?q=сказки")
        assert answer.status_code == 503
        assert "<h1>" in answer.text
        assert browser.get("/search.json?q=сказки").status_code == 503
        assert browser.get("/resources/").status_code == 200
    elif noticed_by == "the indexer":
        save()
    else:
        reconcile()
    index_now(inside)
    index_now(inside)
    if noticed_by == "the indexer":
        assert total(inside) == 1
    assert browser.get("/search.json?q=сказки").json["total"] > 0
    assert not indexer().compare()
    words = [record.getMessage() for record in caplog.records if record.name.startswith("libhub.search")]
    assert any("damaged" in message for message in words)
    assert any("rebuilt" in message for message in words)


def test_each_damaged_file_alone_is_survived(inside: Flask) -> None:
    """Search works or says that it is being put in order, and after the next round it works."""
    for number in range(len(files(inside))):
        for damage in (truncate, garble):
            path = files(inside)[number]
            damage([path])
            answer = inside.test_client().get("/search.json?q=сказки для малышей")
            assert answer.status_code in {200, 503}, path
            save(WORD, 1)
            index_now(inside)
            index_now(inside)
            assert inside.test_client().get("/search.json?q=сказки").status_code == 200, path
            indexer().rebuild(lambda _done, _all: None)


@pytest.mark.parametrize("content", ["", "v1-nosuchfolder", "../../etc", "v0-old", "\x00"])
def test_a_pointer_to_nowhere_is_no_index(inside: Flask, content: str) -> None:
    (get_index().root / "CURRENT").write_text(content, encoding="ascii")
    assert inside.test_client().get("/search?q=сказки").status_code == 503
    assert indexer().needs_rebuild()
    prepare(inside, lambda _done, _all: None)
    assert total(inside, "сказки") > 0


def test_a_full_disk_is_no_damage(inside: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    save()

    def full(*_arguments: Any, **_options: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(SegmentWriter, "commit", full)
        with pytest.raises(OSError, match="No space"):
            indexer().drain()
    assert not indexer().needs_rebuild()
    index_now(inside)
    assert total(inside) == 1


def test_a_kind_that_no_plugin_has_any_more_is_forgotten(inside: Flask) -> None:
    with writing():
        touch([ItemRef("gone", "thing", "1"), ItemRef("resources", "nosuch", "1")])
    index_now(inside)
    assert waiting() == 0
    assert not indexer().compare()
