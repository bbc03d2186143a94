"""What the index keeps is what a plain count over the same texts says, whatever was replaced, removed and merged."""

import random
from collections import Counter
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libhub.search.documents import Document, ItemRef, Part
from libhub.search.language import russian
from libhub.search.store import posting_lists
from libhub.search.store.index import SearchIndex
from libhub.search.store.posting_lists import Postings
from libhub.search.store.snapshot import Snapshot
from libhub.search.store.writer import Writer

WORDS = ["кот", "кота", "дом", "лес", "звезда", "ели", "Prague", "5-й", "ёжик", "гуглокнига"]


def document(key: str, text: str, *parts: str) -> Document:
    pieces = [
        Part(f"1.{number}", "Книга.pdf", "page", number, each, f"/f#{number}")
        for number, each in enumerate(parts, 1)
    ]
    return Document(ItemRef("shelf", "book", key), f"Том {key}", text, frozenset({"public"}), 0, parts=pieces)


def snapshot(index: SearchIndex) -> Snapshot:
    return index.reading().snapshot


def counted(state: Snapshot, term: str) -> Counter[str]:
    """How often each living document has a term, by the posting lists."""
    documents, counts = state.postings("text", term)
    return Counter(
        {
            state.stored(int(number)).uid: int(count)
            for number, count in zip(documents, counts, strict=True)
            if state._alive[number]
        }
    )


def test_lists_say_what_the_texts_say_after_any_changes(tmp_path: Path) -> None:
    chance = random.Random(11)
    index = SearchIndex(tmp_path)
    folder = index.new_folder()
    texts: dict[str, str] = {}
    with closing(Writer(folder, new=True)) as writer:
        for position in range(1, 41):
            changed = {
                str(chance.randrange(60)): " ".join(chance.choices(WORDS, k=chance.randrange(1, 30)))
                for _each in range(chance.randrange(1, 8))
            }
            removed = {key for key in chance.sample(sorted(texts), min(len(texts), 2)) if key not in changed}
            writer.write(
                [document(key, text) for key, text in changed.items()],
                [ItemRef("shelf", "book", key).uid for key in removed],
                position,
            )
            texts = {key: text for key, text in {**texts, **changed}.items() if key not in removed}
        assert writer.position() == 40
        assert writer.contents() == ({f"shelf/book/{key}" for key in texts}, 40)
    index.put_in_force(folder)
    state = snapshot(index)
    assert len(state._segments) < 9, "small segments are merged"
    for term in {lemma for word in WORDS for lemma in russian.lemmas(russian.fold(word))}:
        expected = {
            f"shelf/book/{key}": sum(
                term in russian.lemmas(word.form)
                for word in russian.words(russian.clean(f"Том {key} {text}"))
            )
            for key, text in texts.items()
        }
        assert counted(state, term) == Counter({uid: count for uid, count in expected.items() if count})
    assert state.forms_of(russian.lemmas("кот")) >= {"кот", "кота"}


@given(
    st.integers(0, 2**32), st.sampled_from([0, 1, 2, 9, 300, 20_000]), st.sampled_from([1, 2**20, 2**64 - 1])
)
def test_digests_are_found_where_they_are_however_they_are_spread(seed: int, number: int, most: int) -> None:
    chance = random.Random(seed)
    hashes = np.unique(np.array([chance.randint(0, most) for _each in range(number)], np.uint64))
    there = hashes.tolist()
    asked = {0, most, 2**64 - 1, *chance.sample(there, min(20, len(there))), *there[:1], *there[-1:]}
    for wanted in {one for each in asked for one in (each - 1, each, each + 1)} - {-1, 2**64}:
        assert posting_lists._place(hashes, wanted) == (there.index(wanted) if wanted in there else None)


def test_a_word_that_stands_very_often_is_counted_up_to_a_limit(tmp_path: Path) -> None:
    index = SearchIndex(tmp_path)
    folder = index.new_folder()
    with closing(Writer(folder, new=True)) as writer:
        writer.write([document("1", "кот " * 3000)], (), 0)
        writer.write([document("2", "дом")], (), 0)  # merges the first segment
    index.put_in_force(folder)
    assert counted(snapshot(index), "кот") == {"shelf/book/1": 255}


def test_pieces_of_files_follow_their_item_through_merging(tmp_path: Path) -> None:
    index = SearchIndex(tmp_path)
    folder = index.new_folder()
    with closing(Writer(folder, new=True)) as writer:
        for key in "abcdef":
            writer.write([document(key, "начало", f"страница {key}", "конец")], (), 0)
        writer.write([document("b", "начало", "другое")], ["shelf/book/c"], 0)
    index.put_in_force(folder)
    state = snapshot(index)
    for number in state.postings("piece", "1")[0].tolist():
        item = int(state.item_of[number])
        assert state.stored(item).uid == state.stored(number).uid
        assert state.stored(item).part is None
    pieces = [
        (stored.uid, stored.text)
        for stored in (state.stored(int(number)) for number in state.postings("piece", "1")[0])
    ]
    assert ("shelf/book/a", "страница a") in pieces
    alive = {
        (state.stored(int(number)).uid, state.stored(int(number)).text)
        for number in state.postings("piece", "1")[0]
        if state._alive[number]
    }
    assert ("shelf/book/b", "другое") in alive
    assert not {each for each in alive if each[0] == "shelf/book/c"}
    assert ("shelf/book/b", "страница b") not in alive


@pytest.mark.parametrize("spoil", [lambda data: data[:-20], lambda data: b"x" * len(data), lambda _data: b""])
def test_a_spoilt_file_is_refused(tmp_path: Path, spoil: object) -> None:
    index = SearchIndex(tmp_path)
    folder = index.new_folder()
    with closing(Writer(folder, new=True)) as writer:
        writer.write([document("1", "кот")], (), 0)
    (path,) = folder.glob("*.lists")
    assert len(Postings(path).find("text", "кот")[0]) == 1
    path.write_bytes(spoil(path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(ValueError, match=r"lists|length|empty"):
        Postings(path)
