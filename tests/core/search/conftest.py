"""An index of texts, without an application around it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from libhub.search.asking import synonyms
from libhub.search.asking.analysis import analyse
from libhub.search.asking.corrections import Correction, Corrector
from libhub.search.asking.syntax import Asked
from libhub.search.documents import Document, ItemRef
from libhub.search.queries import QueryWord, Scope
from libhub.search.store.index import SearchIndex
from libhub.search.store.writer import Writer

EVERYBODY = Scope(frozenset({"shelf"}), frozenset({"public"}), frozenset({0}))
STAFF = Scope(frozenset({"shelf"}), frozenset({"public", "staff"}), frozenset({0}))


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
