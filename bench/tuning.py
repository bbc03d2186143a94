"""What each rule of the ranking is worth: the judged set with one constant of ``scoring.py`` changed at a time.

``python bench/tuning.py [FOLDER NUMBER]`` asks the index without an application around it (half a minute), among so
many paragraphs of ``bench/corpus.py``. The first line is the ranking as it is.
"""

import sys
import tempfile
from collections import defaultdict
from contextlib import closing
from pathlib import Path

from judged import CUT, QUESTIONS, Query, load_documents, load_queries, rate

from libhub.search.asking import scoring, search, synonyms
from libhub.search.asking.search import SearchRequest
from libhub.search.asking.syntax import FilterNames
from libhub.search.documents import Document, ItemRef
from libhub.search.queries import Scope
from libhub.search.store.index import SearchIndex
from libhub.search.store.writer import Writer

SCOPE = Scope(frozenset({"bench"}), frozenset({"public"}), frozenset({0}))
CHANGES: dict[str, tuple[float, ...]] = {
    "K1": (0.6, 1.4),
    "B": (0.1, 0.3, 0.75),
    "TITLE_BONUS": (0, 0.3, 1.0),
    "FORM_BONUS": (0, 0.4),
    "PAIR_BONUS": (0, 0.6),
    "ROOT_SCORE": (0, 0.3, 0.7),
    "ROOT_COVERAGE": (0, 0.7),
    "COVERAGE_SHARE": (0, 0.25, 0.75),
    "MIN_COVERAGE": (0.4, 0.7),
    "NEAREST": (0, 20),
}


def index_of(root: Path, documents: list[dict[str, str]]) -> SearchIndex:
    """Index the documents in a folder."""
    index = SearchIndex(root)
    folder = index.new_folder()
    every = [
        Document(ItemRef("bench", "text", row["id"]), row["title"], row["text"], frozenset({"public"}), 0)
        for row in documents
    ]
    with closing(Writer(folder, new=True)) as writer:
        writer.write(every, (), 0, fresh=True)
    index.put_in_force(folder)
    return index


def means(index: SearchIndex, queries: list[Query]) -> str:
    """Return the mean nDCG@10 of the queries and of the questions."""
    figures = defaultdict(list)
    for one in queries:
        found = search.find(index.reading(), SCOPE, SearchRequest(one.text, limit=CUT), FilterNames(), ())
        keys = [ref.key for ref, _part, _text in found.passages]
        figures[one.kind == QUESTIONS].append(rate(keys, one.relevant).ndcg)
    return "  ".join(f"{sum(figures[kind]) / len(figures[kind]):.3f}" for kind in (False, True))


def main() -> None:
    """Print a line a change."""
    folder, number = (Path(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) > 2 else (None, 0)
    synonyms.in_force = lambda: ()
    queries = load_queries()
    with tempfile.TemporaryDirectory() as place:
        index = index_of(Path(place), load_documents(folder, number))
        print(f"{'':24}queries  questions")
        print(f"{'as it is':24}{means(index, queries)}")
        for name, values in CHANGES.items():
            kept = getattr(scoring, name)
            for value in values:
                setattr(scoring, name, value)
                index = SearchIndex(index.root)  # with nothing at hand of the former constants
                print(f"{f'{name} = {value}':24}{means(index, queries)}", flush=True)
            setattr(scoring, name, kept)


if __name__ == "__main__":
    main()
