"""How well search ranks: our own judged queries and questions, against SQLite FTS5, and what changed.

``python bench/judged.py`` asks ``/search.json`` of an instance that has only the documents of ``bench/judged/``, prints
the table and every query whose figure differs from ``bench/judged/baseline.json``, and ends with code 1 when a mean
fell by more than ``MARGIN``. ``--accept`` makes what was measured the new baseline, ``--worst 20`` shows the queries
with the most to gain, ``--alone`` leaves FTS5 out.

``python bench/judged.py FOLDER NUMBER`` adds so many paragraphs of ``bench/corpus.py`` that nobody asks for; their
baseline lies in FOLDER, because the packages of another Debian have other paragraphs.

The figures of a query:

- nDCG@10, with the grade as gain: DCG = sum of grade / log2(rank + 1) over the first ten results, divided by the DCG of
  the best order of all judged documents (K. Järvelin, J. Kekäläinen, Cumulated gain-based evaluation of IR techniques,
  ACM TOIS 20(4), 2002; the discount as in trec_eval's ``ndcg_cut``). A document that nobody judged has grade 0.
- RR: 1 / rank of the first judged document among the first ten, or 0. MRR is its mean.
- first right: whether the first result has the best grade that the query gives.
"""

import argparse
import json
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from math import log2
from pathlib import Path
from statistics import fmean

import snowballstemmer

from libhub.app import create_app
from libhub.config import Config
from libhub.installation import indexer, upgrade
from libhub.search.language import russian
from libhub.testing import release

SET = Path(__file__).with_name("judged")
CUT = 10
MARGIN = 0.003
QUESTIONS = "questions"

Search = Callable[[str], list[str]]
"""A text in, the ids of the first ten documents out."""


@dataclass(frozen=True)
class Query:
    """A text that somebody types, and the grades of the documents that answer it (1 to 3)."""

    id: str
    kind: str
    text: str
    relevant: Mapping[str, int]


@dataclass(frozen=True)
class Figures:
    """How one query was answered."""

    ndcg: float
    reciprocal: float
    first_right: bool
    first: str


def lines(path: Path) -> Iterator[dict]:
    """Yield the objects of a file, one a line."""
    with path.open(encoding="utf-8") as stream:
        yield from map(json.loads, stream)


def load_queries() -> list[Query]:
    """Return the judged queries, then the questions as a kind of their own."""
    typed = [
        Query(row["id"], row["kind"], row["query"], row["relevant"]) for row in lines(SET / "queries.jsonl")
    ]
    asked = [
        Query(row["id"], QUESTIONS, row["question"], {row["answer"]: 3})
        for row in lines(SET / "questions.jsonl")
    ]
    return typed + asked


def load_documents(distractors: Path | None, number: int) -> list[dict[str, str]]:
    """Return the judged documents and so many others."""
    documents = [
        {name: row[name] for name in ("id", "title", "text")} for row in lines(SET / "documents.jsonl")
    ]
    if distractors is not None:
        others = islice(lines(distractors / "paragraphs.jsonl"), number)
        documents += [{"id": f"other-{place}", **row} for place, row in enumerate(others)]
    return documents


def rate(found: Sequence[str], relevant: Mapping[str, int]) -> Figures:
    """Return the figures of what was found for a query with these grades."""
    grades = [relevant.get(each, 0) for each in found[:CUT]]
    best = sorted(relevant.values(), reverse=True)
    rank = next((place for place, grade in enumerate(grades, 1) if grade), None)
    return Figures(
        ndcg=_dcg(grades) / _dcg(best[:CUT]),
        reciprocal=1 / rank if rank else 0.0,
        first_right=bool(grades) and grades[0] == best[0],
        first=found[0] if found else "",
    )


def _dcg(grades: Sequence[int]) -> float:
    return sum(grade / log2(rank + 1) for rank, grade in enumerate(grades, 1))


@contextmanager
def hub(documents: Sequence[dict[str, str]]) -> Iterator[Search]:
    """A hub with these documents and no others, as a function that asks it."""
    with tempfile.TemporaryDirectory() as place:
        instance = Path(place)
        plugin = instance / "plugins" / "judged"
        shutil.copytree(SET / "plugin", plugin, ignore=shutil.ignore_patterns("__pycache__"))
        with (plugin / "documents.jsonl").open("w", encoding="utf-8") as stream:
            stream.writelines(json.dumps(document, ensure_ascii=False) + "\n" for document in documents)
        app = create_app(Config(instance=instance))
        with app.app_context():
            upgrade()
            indexed = indexer().rebuild(lambda _done, _all: None)
        if indexed != len(documents):
            release(app)
            raise RuntimeError(f"{indexed} of {len(documents)} documents are in the index")
        browser = app.test_client()

        def search(text: str) -> list[str]:
            answer = browser.get("/search.json", query_string={"q": text, "limit": CUT})
            if answer.status_code != 200:
                raise RuntimeError(f"{text!r}: status {answer.status_code}")
            return [result["uid"].removeprefix("judged/document/") for result in answer.json["results"]]

        try:
            yield search
        finally:
            release(app)


def fts5(documents: Sequence[dict[str, str]], terms: Callable[[str], str]) -> Search:
    """SQLite FTS5 over what ``terms`` makes of title and text; any word of the query may match, best bm25 first."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE d USING fts5(id UNINDEXED, title, text)")
    connection.executemany(
        "INSERT INTO d VALUES (?, ?, ?)",
        ((document["id"], terms(document["title"]), terms(document["text"])) for document in documents),
    )

    def search(text: str) -> list[str]:
        asked = " OR ".join(f'"{word}"' for word in terms(text).split())
        found = connection.execute("SELECT id FROM d WHERE d MATCH ? ORDER BY rank LIMIT ?", (asked, CUT))
        return [identifier for (identifier,) in found]

    return search


def plain(text: str) -> str:
    """Return the words as they are written."""
    return " ".join(word.form for word in russian.words(text))


def stems(text: str) -> str:
    """Return the words' Snowball stems."""
    return " ".join(_STEMMER.stemWords(plain(text).split()))


_STEMMER = snowballstemmer.stemmer("russian")


def measure(queries: Sequence[Query], search: Search) -> dict[str, Figures]:
    """Ask every query and return the figures by its id."""
    return {query.id: rate(search(query.text), query.relevant) for query in queries}


def parts(queries: Sequence[Query]) -> Iterator[tuple[str, list[Query]]]:
    """Yield the rows of the table: kinds of queries, all queries, questions."""
    for kind in dict.fromkeys(query.kind for query in queries if query.kind != QUESTIONS):
        yield f"  {kind}", [query for query in queries if query.kind == kind]
    yield "queries", [query for query in queries if query.kind != QUESTIONS]
    yield QUESTIONS, [query for query in queries if query.kind == QUESTIONS]


def table(queries: Sequence[Query], engines: Mapping[str, Mapping[str, Figures]]) -> str:
    """Return nDCG@10, MRR and the share of right first results by kind of query, engine beside engine."""
    head = f"{'':20} {'number':>6}" + "".join(f" | {engine:^21}" for engine in engines)
    rows = [head, f"{'':27}" + f" | {'nDCG':>6} {'MRR':>6} {'first':>7}" * len(engines)]
    for name, some in parts(queries):
        cells = ""
        for figures in engines.values():
            own = [figures[query.id] for query in some]
            cells += (
                f" | {fmean(each.ndcg for each in own):6.3f} {fmean(each.reciprocal for each in own):6.3f} "
                f"{fmean(each.first_right for each in own):7.1%}"
            )
        rows.append(f"{name:20} {len(some):6}{cells}")
    return "\n".join(rows)


def means(queries: Sequence[Query], ndcg: Mapping[str, float]) -> dict[str, float]:
    """Return the two figures that the gate holds: over the queries and over the questions."""
    return {
        name: fmean(ndcg[query.id] for query in some)
        for name, some in parts(queries)
        if name in {"queries", QUESTIONS}
    }


def compare(queries: Sequence[Query], figures: Mapping[str, Figures], before: Mapping[str, float]) -> bool:
    """Print what changed for which query; return whether the means hold.

    Queries that are new in the set are counted as they are: they have nothing to be compared with.
    """
    changed = [query for query in queries if _moved(query, figures, before)]
    for query in sorted(changed, key=lambda query: figures[query.id].ndcg - before[query.id]):
        now = figures[query.id]
        word = "worse " if now.ndcg < before[query.id] else "better"
        print(
            f"{word} {before[query.id]:.3f} → {now.ndcg:.3f}  {query.id} {query.text}  (first: {now.first or '—'})"
        )
    known = [query for query in queries if query.id in before]
    new = len(queries) - len(known)
    print(f"{len(changed)} changed, {len(known) - len(changed)} as they were, {new} new")
    now = means(known, {identifier: each.ndcg for identifier, each in figures.items()})
    holds = True
    for name, old in means(known, before).items():
        fell = old - now[name] > MARGIN
        holds = holds and not fell
        print(f"{name}: {old:.4f} → {now[name]:.4f}{'  FELL' if fell else ''}")
    return holds


def _moved(query: Query, figures: Mapping[str, Figures], before: Mapping[str, float]) -> bool:
    return query.id in before and abs(figures[query.id].ndcg - before[query.id]) > 0.0005


def show_worst(queries: Sequence[Query], figures: Mapping[str, Figures], search: Search, number: int) -> None:
    """Print the queries with the lowest figures, what was wanted and what came first."""
    for query in sorted(queries, key=lambda query: figures[query.id].ndcg)[:number]:
        wanted = " ".join(f"{name}:{grade}" for name, grade in query.relevant.items())
        print(f"{figures[query.id].ndcg:.3f}  {query.id} {query.text}\n       wanted {wanted}")
        print(f"       found  {' '.join(search(query.text)) or '—'}")


def main() -> int:
    """Measure, print, compare; return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, help="what bench/corpus.py made")
    parser.add_argument("number", nargs="?", type=int, default=0, help="how many of its paragraphs")
    parser.add_argument("--accept", action="store_true", help="make this the baseline")
    parser.add_argument("--alone", action="store_true", help="leave SQLite FTS5 out")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="show the N worst queries")
    wanted = parser.parse_args()
    queries, documents = load_queries(), load_documents(wanted.folder, wanted.number)
    baseline = wanted.folder / f"judged-{wanted.number}.json" if wanted.folder else SET / "baseline.json"
    with hub(documents) as search:
        own = measure(queries, search)
        print(f"{len(documents)} documents")
        engines = {"LibHub": own}
        if not wanted.alone:
            engines["FTS5, stems"] = measure(queries, fts5(documents, stems))
            engines["FTS5"] = measure(queries, fts5(documents, plain))
        print(table(queries, engines))
        show_worst(queries, own, search, wanted.worst)
    holds = True
    if baseline.exists():
        holds = compare(queries, own, json.loads(baseline.read_text(encoding="utf-8")))
    if wanted.accept:
        rounded = {identifier: round(figures.ndcg, 4) for identifier, figures in own.items()}
        baseline.write_text(json.dumps(rounded, indent=0) + "\n", encoding="utf-8")
        print(f"accepted: {baseline}")
    return 0 if holds or wanted.accept else 1


if __name__ == "__main__":
    sys.exit(main())
