"""The threads of a worker share one index: they get the same answers as one after another."""

import random
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from libhub.search.asking.search import match
from libhub.search.documents import Document, ItemRef
from libhub.search.language import russian
from libhub.search.queries import Query, QueryWord, Scope
from libhub.search.store.index import SearchIndex
from libhub.search.store.writer import Writer

WORDS = [f"слово{number}" for number in range(400)]
SCOPE = Scope(frozenset({"demo"}), frozenset({"public"}), frozenset({0}))


def filled(folder: Path) -> SearchIndex:
    chance = random.Random(5)
    index = SearchIndex(folder)
    current = index.new_folder()
    documents = [
        Document(
            ItemRef("demo", "thing", str(number)),
            f"Вещь {number}",
            " ".join(chance.choices(WORDS, k=40)),
            frozenset({"public"}),
            0,
        )
        for number in range(300)
    ]
    with closing(Writer(current, new=True)) as writer:
        writer.write(documents[:150], (), 0, fresh=True)
        writer.write(documents[150:], (), 0, fresh=True)
    index.put_in_force(current)
    return index


def query(word: str) -> Query:
    return Query((QueryWord(word, russian.lemmas(word)),), SCOPE)


def test_threads_get_the_answers_of_one_after_another(tmp_path: Path) -> None:
    expected = dict(answers(filled(tmp_path), WORDS))
    shared = SearchIndex(tmp_path)  # with nothing read yet
    chance = random.Random(6)
    orders = [chance.sample(WORDS, len(WORDS)) for _thread in range(8)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # threads take turns all the time, as they do by chance on a busy computer
    try:
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda order: dict(answers(shared, order)), orders))
    finally:
        sys.setswitchinterval(interval)
    assert all(each == expected for each in found)
    assert not shared.is_damaged()


def answers(index: SearchIndex, words: list[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (word, [(hit.ref.key, hit.text) for hit in match(index.reading(), query(word)).hits])
        for word in words
    ]


def test_threads_stem_like_one_after_another() -> None:
    unknown = [f"{start}{end}" for start in ("гуглокниг", "буктрейлер", "foobar") for end in "абвгдежз"]
    expected = [russian.lemmas.__wrapped__(form) for form in unknown]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            found = list(
                pool.map(lambda _turn: [russian.lemmas.__wrapped__(form) for form in unknown], range(40))
            )
    finally:
        sys.setswitchinterval(interval)
    assert all(each == expected for each in found)
