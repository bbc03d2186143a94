"""What holds between the files of the index, its states and those who use them; docs/search.md lists it."""

import gc
import json
import os
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask import Flask

from libhub.search.asking import scoring
from libhub.search.asking.corrections import Corrector
from libhub.search.asking.search import match
from libhub.search.current import get_index
from libhub.search.language import russian
from libhub.search.queries import Query, QueryWord
from libhub.search.store import index as index_module
from libhub.search.store import snapshot as snapshot_module
from libhub.search.store.entries import entries
from libhub.search.store.index import FORMAT, IndexUnavailable, SearchIndex
from libhub.search.store.whoosh_internals import Codec
from libhub.search.store.writer import Writer
from tests.core.search.conftest import EVERYBODY, document, write


def keys(index: SearchIndex, word: str = "кот") -> list[str]:
    query = Query((QueryWord(word, russian.lemmas(word)),), EVERYBODY, limit=100)
    return sorted(hit.ref.key for hit in match(index.reading(), query).hits)


# -- when FORMAT goes up -------------------------------------------------------------------------------


def test_another_content_of_the_index_has_another_format(index: SearchIndex) -> None:
    """If this fails, an older index does not have what the program now reads: raise FORMAT and write down the new facts.

    Another analysis of words (``russian.lemmas``) needs the same, which only its author can know.
    """
    (file,) = (index.current_folder() or Path()).glob("*.lists")
    data = file.read_bytes()
    header = json.loads(data[16 : 16 + int.from_bytes(data[8:16], "little")])
    kept = list(entries(document("1", "кот", "страница")))
    facts = {
        "codec": f"{Codec.__module__}.{Codec.__qualname__}",
        "mark": data[:8],
        "arrays": {part: kind for part, (kind, *_place) in header["fields"]["text"].items()},
        "of items": sorted(kept[0].terms),
        "of pieces": sorted(kept[1].terms),
        "made": sorted(header["fields"].keys() - kept[0].terms.keys()),
        "stored": [sorted(json.loads(entry.data)) for entry in kept],
    }
    assert {FORMAT: facts} == {
        "11": {
            "codec": "libhub.search.store.whoosh_internals.Codec",
            "mark": b"LHLISTS1",
            "arrays": {
                "letters": "|u1",
                "ends": "<u4",
                "hashes": "<u8",
                "ranks": "<u4",
                "starts": "<u4",
                "documents": "<i4",
                "counts": "|u1",
            },
            "of items": [
                *("age", "audience", "facet", "form", "pair", "plugin", "root", "text", "title", "uid")
            ],
            "of pieces": ["form", "pair", "piece", "root", "text", "uid"],
            "made": ["lexeme"],
            "stored": [["text", "title", "uid"], ["part", "text", "title", "uid"]],
        }
    }


def test_an_index_of_another_format_is_none(index: SearchIndex) -> None:
    folder = index.current_folder() or Path()
    other = folder.with_name(folder.name.replace(f"v{FORMAT}-", "v10-"))
    folder.rename(other)
    (index.root / "CURRENT").write_text(other.name, encoding="ascii")
    assert index.current_folder() is None
    assert index.is_damaged(), "so the indexer builds a new one"
    with pytest.raises(IndexUnavailable):
        index.reading()


# -- order -----------------------------------------------------------------------------------------------


def test_pieces_follow_their_item_and_columns_their_lists_through_merging(index: SearchIndex) -> None:
    """One order binds it all: number of a document in the lists, in the columns, and piece behind item."""
    for number in range(12):
        write(
            index,
            document(f"f{number}", "начало", f"лист {number}", f"конец {number}"),
            removed=(f"{number}",),
        )
        write(index, document("f3", "снова", f"иначе {number}"))
    state = index.reading().snapshot
    alive = set(np.flatnonzero(state.visible(EVERYBODY)).tolist())
    pieces = [number for number in state.postings("piece", "1")[0].tolist() if number in alive]
    assert len(pieces) == 11 * 2 + 1
    for number in pieces:
        stored, item = state.stored(number), state.stored(int(state.item_of[number]))
        assert (item.uid, item.part) == (stored.uid, None)
        assert number in state.postings("uid", stored.uid)[0], "lists and columns count alike"
        assert stored.part is not None
    for item in {int(state.item_of[number]) for number in pieces}:
        numbers = [
            part.number for each in pieces if state.item_of[each] == item if (part := state.stored(each).part)
        ]
        assert numbers == sorted(numbers), "pages stay in the order in which they came"


# -- who may close, and when -----------------------------------------------------------------------------


def test_a_state_is_read_for_as_long_as_somebody_has_it_and_closed_then(
    index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Any] = []
    leaves = index_module.leaves

    def watched(reader: Any) -> Any:
        opened.append(reader)
        return leaves(reader)

    monkeypatch.setattr(index_module, "leaves", watched)
    held = index.reading()
    before = held.ask(lambda snapshot: [snapshot.stored(number) for number in range(40)])
    for number in range(5):  # its segment is written anew, and the file of its lists is deleted
        write(index, *(document(f"{number}-{each}", "пёс") for each in range(30)))
        assert len(keys(index, "пёс")) == min(100, 30 * (number + 1))
    folder = index.new_folder()
    with closing(Writer(folder, new=True)) as writer:
        writer.write([document("one")], (), 9, fresh=True)
    index.put_in_force(folder)
    assert keys(index) == ["one"]
    assert not held.folder.exists()
    assert not opened[0].is_closed
    assert held.ask(lambda snapshot: [snapshot.stored(number) for number in range(40)]) == before
    assert not index.is_damaged()
    del held
    gc.collect()
    assert [reader.is_closed for reader in opened] == [True] * (len(opened) - 1) + [False]


def test_what_is_made_of_a_segment_is_shared_by_the_states_that_have_it(index: SearchIndex) -> None:
    def titles(state: Any) -> Any:
        found = state.ask(lambda snapshot: snapshot.titles(["том"], EVERYBODY, 3, typos=False))
        assert found
        return state.snapshot._segments[0].lists

    first = titles(index.reading())
    beginnings = first._titles
    write(index, document("new"))
    assert titles(index.reading()) is first
    assert first._titles is beginnings, (
        "the titles of a large segment are not read again after a small commit"
    )
    for number in range(4):  # the small segments are merged: what was made of them is let go
        write(index, document(f"newer{number}"))
        assert len(index._lists) >= len(index.reading().snapshot._segments)
    assert len(index._lists) == len(index.reading().snapshot._segments) < 5


# -- states ------------------------------------------------------------------------------------------------


def test_every_commit_is_seen_at_once_however_fast_they_come(
    index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        write(index, document(f"fast{number}", "ёж"))
        assert len(keys(index, "еж")) == number + 1
    # Where the clock of the file system is coarse, two commits leave one time behind.
    folder = index.current_folder() or Path()
    moment = time.time_ns()
    os.utime(folder, ns=(moment, moment))
    keys(index)
    write(index, document("late", "ёж"))
    os.utime(folder, ns=(moment, moment))
    assert len(keys(index, "еж")) == 7


def test_at_hand_is_never_more_than_its_bytes(index: SearchIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot_module, "_AT_HAND_BYTES", 20_000)
    state = index.reading().snapshot
    made: list[int] = []

    def make(number: int) -> Any:
        made.append(number)
        return np.zeros(1_000, np.uint8)

    for number in range(100):
        state.at_hand(("some", number), lambda number=number: make(number))
        state.at_hand(("often",), lambda: make(-1))
        assert state._bytes <= 20_000
    assert made.count(-1) == 1, "what is used goes last"
    state.at_hand(("some", 99), lambda: make(99))
    state.at_hand(("some", 0), lambda: make(0))
    assert (made.count(99), made.count(0)) == (1, 2)


# -- what is damage ------------------------------------------------------------------------------------------


def refuse(*_arguments: Any, **_options: Any) -> Any:
    raise ValueError("broken")


def test_only_what_is_asked_of_the_files_is_damage(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = app.test_client()
    with app.app_context():
        index = get_index()
    with monkeypatch.context() as patch:
        patch.setattr(Corrector, "correct", refuse)
        assert browser.get("/search.json?q=скаска").status_code == 500
    assert not index.is_damaged(), "a fault of the program rebuilds no index"
    with monkeypatch.context() as patch:
        patch.setattr(scoring, "answer", refuse)
        assert browser.get("/search.json?q=скаски").status_code == 503
    assert index.is_damaged()


def test_a_state_that_was_replaced_is_no_damage(index: SearchIndex, tmp_path: Path) -> None:
    """Where a deleted file cannot be read any more, the newest state answers instead."""
    held = index.reading()
    folder = index.new_folder()
    with closing(Writer(folder, new=True)) as writer:
        writer.write([document("one")], (), 9, fresh=True)
    index.put_in_force(folder)
    asked: list[Any] = []

    def look(snapshot: Any) -> int:
        asked.append(snapshot)
        if snapshot is held.snapshot:
            raise OSError("stale file handle")
        return int(snapshot.size)

    assert held.ask(look) == 2  # the document and the position
    assert len(asked) == 2
    assert not index.is_damaged()


def test_the_position_is_part_of_the_commit(index: SearchIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    def position() -> int:
        with closing(Writer(index.current_folder() or Path())) as writer:
            return writer.position()

    write(index, document("p"), position=7)
    assert position() == 7
    with monkeypatch.context() as patch:
        patch.setattr("libhub.search.store.posting_lists.PostingLists.write", refuse)
        with pytest.raises(ValueError, match="broken"):
            write(index, document("q", "ёж"), position=8)
    assert (position(), keys(index, "еж")) == (7, [])
    write(index, document("q", "ёж"), position=8)
    assert (position(), keys(index, "еж")) == (8, ["q"])
