"""Whatever is typed, it is taken apart and corrected soon."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from libhub.search.asking import syntax
from libhub.search.asking.analysis import analyse
from libhub.search.asking.corrections import Corrector
from libhub.search.asking.search import MAX_CHARACTERS
from libhub.search.asking.syntax import FilterNames
from libhub.search.documents import Document, ItemRef
from libhub.search.language import romanization, russian, typos
from libhub.search.queries import Scope
from libhub.search.store.index import Reading, SearchIndex
from libhub.search.store.writer import Writer

SCOPE = Scope(frozenset({"shelf"}), frozenset({"public"}), frozenset({0}))
SECONDS = 2.0
"""Far above what it takes, so that a busy machine fails no test; what hangs or grows fails it."""

ODD = st.sampled_from(
    [
        "\u200f",
        "\u202e",
        "\u00ad",
        "\x00",
        "\ud800",
        '"',
        "«",
        "-",
        ":",
        "'",
        "`",
        "[",
        "раздел:",
        "возраст:6",
        "\u0301",
        "İ",
        "ß",
    ]
)
WORDS = st.sampled_from(["сказки", "crfprb", "skazki", "скаска", "дляcказки", "и", "the", "12", "5-й"])
TEXTS = st.lists(ODD | WORDS | st.text(max_size=12) | st.just(" "), max_size=60).map("".join)


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    index = SearchIndex(tmp_path_factory.mktemp("index"))
    folder = index.new_folder()
    writer = Writer(folder, new=True)
    text = "Сказки для детей, 5-й класс, harry potter"
    writer.write(
        [Document(ItemRef("shelf", "book", "1"), "Сказки", text, frozenset({"public"}), 0)], [], 0, fresh=True
    )
    writer.close()
    index.put_in_force(folder)
    return index.reading()


def filter_names() -> FilterNames:
    names = FilterNames()
    names.add("section", ("Раздел",), {"shelf": ("Полка",)})
    names.add_numbers("age", ("возраст",), (0, 6))
    return names


NAMES = filter_names()


@settings(max_examples=150)
@given(TEXTS)
@example("слово " * 500)
@example("ckjdj " * 500)
@example("slovo " * 500)
@example("шщ" * 5000)
@example("shch" * 2500)
@example("[" * 10_000)
@example('"' * 10_000)
@example("-a " * 3000)
@example("a:" * 5000)
@example("раздел:" * 1000)
@example("\x00\u202e\u00ad")
@example("?!… — –")
def test_any_text_is_answered_soon(state: Reading, text: str) -> None:
    start = time.perf_counter()
    asked = syntax.parse(russian.clean(text[:MAX_CHARACTERS]), NAMES)
    assert len(asked.plain) == len(asked.text)
    correction = Corrector(state, SCOPE).correct(analyse(state, SCOPE, asked))
    assert isinstance(correction.text, str)
    assert time.perf_counter() - start < SECONDS


@settings(max_examples=100)
@given(TEXTS)
def test_operators_stay_in_their_places(state: Reading, text: str) -> None:
    asked = syntax.parse(russian.clean(text[:MAX_CHARACTERS]), NAMES)
    corrected = Corrector(state, SCOPE).correct(analyse(state, SCOPE, asked)).text
    for start, end in asked.spans:
        assert asked.text[start:end] in corrected


@settings(max_examples=100)
@given(st.text(st.sampled_from("абвгдеийклмнопрстуфхцчшщыьэюя"), min_size=3, max_size=14))
def test_every_slip_can_be_undone(word: str) -> None:
    """What a slip makes of a word has the word among its candidates."""
    assert word in typos.one_slip_away(word[:1] + word[0] + word[1:]) or word[:1] == word
    for place in range(len(word) - 1):
        swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        assert swapped == word or word in typos.one_slip_away(swapped)
    for place in range(len(word)):
        dropped = word[:place] + word[place + 1 :]
        assert len(dropped) < typos.MIN_LENGTH or word in typos.one_slip_away(dropped)


@settings(max_examples=100)
@given(st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz'čšž"), max_size=40))
def test_readings_are_few_and_in_order(word: str) -> None:
    read = romanization.readings(word)
    assert len(read) <= romanization.MAX_READINGS
    assert [cost for _text, cost in read] == sorted(cost for _text, cost in read)
