"""An index of texts, without an application around it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from libhub.search.asking import synonyms
from libhub.search.asking.analysis import analyse
from libhub.search.asking.corrections import Correction, Corrector
from libhub.search.asking.syntax import Asked
from libhub.search.documents import Document, ItemRef, Part
from libhub.search.queries import QueryWord, Scope
from libhub.search.store.index import SearchIndex
from libhub.search.store.writer import Writer

EVERYBODY = Scope(frozenset({"shelf"}), frozenset({"public"}), frozenset({0}))
STAFF = Scope(frozenset({"shelf"}), frozenset({"public", "staff"}), frozenset({0}))


def document(key: str, text: str = "кот", *parts: str) -> Document:
    pieces = [Part(f"1.{n}", "Книга.pdf", "page", n, each, f"/f#{n}") for n, each in enumerate(parts, 1)]
    return Document(
        ItemRef("shelf", "book", key),
        f"Том {key}",
        text,
        frozenset({"public"}),
        0,
        {"shelf": ["one"]},
        parts=pieces,
    )


def write(index: SearchIndex, *documents: Document, removed: tuple[str, ...] = (), position: int = 1) -> None:
    with closing(Writer(index.current_folder() or Path())) as writer:
        writer.write(documents, removed, position)


@pytest.fixture
def index(tmp_path: Path) -> SearchIndex:
    """An index with one segment of forty documents."""
    made = SearchIndex(tmp_path)
    folder = made.new_folder()
    with closing(Writer(folder, new=True)) as writer:
        writer.write([document(str(number)) for number in range(40)], (), 0, fresh=True)
    made.put_in_force(folder)
    return made


@pytest.fixture
def index_of(tmp_path: Path) -> Callable[..., SearchIndex]:
    """Return a function that indexes texts: those that everybody may see, and those that only staff may."""

    def make(*texts: str, hidden: Mapping[str, str] | tuple[str, ...] = ()) -> SearchIndex:
        index = SearchIndex(tmp_path / "index")
        folder = index.new_folder()
        writer = Writer(folder, new=True)
        every = [(text, "public") for text in texts] + [(text, "staff") for text in hidden]
        documents = [
            Document(ItemRef("shelf", "book", str(number)), "", text, frozenset({label}), 0)
            for number, (text, label) in enumerate(every)
        ]
        writer.write(documents, [], 0, fresh=True)
        writer.close()
        index.put_in_force(folder)
        return index

    return make


def query_words(text: str, index: SearchIndex, scope: Scope) -> tuple[QueryWord, ...]:
    """Return the words for which a search for a text without operators looks."""
    return synonyms.expand(analyse(index.reading(), scope, Asked(text, text)).finished)


class Typing:
    """Corrects what somebody has typed to its end."""

    def __init__(self, index: SearchIndex, scope: Scope) -> None:
        self._state, self._scope = index.reading(), scope
        self.near = Corrector(self._state, scope).near

    def correct(
        self,
        text: str,
        *,
        kept: Sequence[tuple[int, int]] = (),
        meant: Collection[str] = (),
        known_words_too: bool = False,
    ) -> Correction:
        plain = text
        for start, end in kept:
            plain = plain[:start] + " " * (end - start) + plain[end:]
        typed = analyse(self._state, self._scope, Asked(text, plain, spans=tuple(kept)))
        return Corrector(self._state, self._scope).correct(
            replace(typed, endings=()), meant=meant, known_words_too=known_words_too
        )
