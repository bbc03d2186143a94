"""An index of texts, without an application around it."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from libhub.search.documents import Document, ItemRef
from libhub.search.index import SearchIndex, Writer
from libhub.search.plan import Scope

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
