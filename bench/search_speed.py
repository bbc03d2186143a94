"""How fast the search answers over HTTP, whole stack, two workers, every query different.

``python bench/search_speed.py FOLDER [NUMBER …]``: FOLDER is the one of ``bench/corpus.py``; the numbers are sizes of
the directory (default 5000 50000). Each is filled with real paragraphs (put together anew where there are fewer),
indexed and served on loopback. SQLite FTS5 answers the same queries over the same documents in this process, without
HTTP, rights, snippets or facets: it is there for scale.
"""

import json
import random
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import quote

import httpx
import psutil

from libhub.app import create_app
from libhub.config import Config
from libhub.installation import indexer, prepare
from libhub.search import russian
from libhub.testing import release, serving
from plugins.resources.exchange import Row, Table
from plugins.resources.importing import import_table

SEED = 20_260_901
QUERIES = 300
CLIENTS = 30
SECONDS = 8.0


def documents(folder: Path, number: int) -> list[tuple[str, str]]:
    """Return so many titles and texts: the paragraphs, then pairs of them."""
    lines = (folder / "paragraphs.jsonl").read_text(encoding="utf-8").splitlines()
    own = [(entry["title"], entry["text"]) for entry in map(json.loads, lines)]
    chance = random.Random(SEED)
    while len(own) < number:
        first, second = chance.choice(own), chance.choice(own)
        own.append((first[0], f"{first[1][: len(first[1]) // 2]} {second[1][len(second[1]) // 2 :]}"))
    return own[:number]


def two_words(texts: Sequence[str], chance: random.Random) -> str:
    """Return two content words of one paragraph."""
    while True:
        words = {word.form for word in russian.words(chance.choice(texts))}
        content = sorted(word for word in words if len(word) > 3 and not russian.is_function_word(word))
        if len(content) > 1:
            return " ".join(chance.sample(content, 2))


def question(texts: Sequence[str], chance: random.Random) -> str:
    """Return a question of about ten words of one paragraph."""
    words = [word.form for word in russian.words(chance.choice(texts))]
    start = chance.randrange(max(1, len(words) - 10))
    return "Что такое " + " ".join(words[start : start + 8]) + "?"


def fill(instance: Path, docs: Sequence[tuple[str, str]]) -> None:
    """Put the documents into the directory of an instance and index them."""
    app = create_app(Config(instance=instance))
    prepare(app, lambda _done, _all: None)
    rows = [
        Row(number, {"title": title[:300], "url": f"https://example.org/{number}", "description": text}, {})
        for number, (title, text) in enumerate(docs, 2)
    ]
    with app.app_context():
        started = time.perf_counter()
        import_table(Table(iter(rows), len(rows) + 1), pause=0.0)
        imported = time.perf_counter()
        indexer().rebuild(lambda _done, _all: None)
        rebuilt = time.perf_counter()
    print(
        f"  filled: {len(rows) / (imported - started):.0f} rows/s; "
        f"index rebuilt: {len(rows) / (rebuilt - imported):.0f} documents/s"
    )
    release(app)


def percentiles(seconds: list[float]) -> str:
    """Return p50 and p95 in milliseconds."""
    ordered = sorted(seconds)
    return f"{ordered[len(ordered) // 2] * 1000:6.1f} /{ordered[len(ordered) * 95 // 100] * 1000:6.1f} ms"


def one_client(url: str, queries: Sequence[str]) -> str:
    """Ask one query after another."""
    times = []
    with httpx.Client(base_url=url, timeout=30) as client:
        for query in queries:
            started = time.perf_counter()
            client.get(f"/search.json?q={quote(query)}%20").raise_for_status()
            times.append(time.perf_counter() - started)
    return percentiles(times)


def many_clients(url: str, make: Callable[[random.Random], str]) -> str:
    """Ask from many threads for a while."""
    times: list[float] = []
    stop = time.perf_counter() + SECONDS

    def ask(seed: int) -> None:
        chance = random.Random(seed)
        with httpx.Client(base_url=url, timeout=30) as client:
            while time.perf_counter() < stop:
                query = make(chance)
                started = time.perf_counter()
                client.get(f"/search.json?q={quote(query)}%20").raise_for_status()
                times.append(time.perf_counter() - started)

    threads = [threading.Thread(target=ask, args=(SEED + number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return f"{len(times) / SECONDS:5.0f}/s, {percentiles(times)}"


def fts5(docs: Sequence[tuple[str, str]], queries: Sequence[str]) -> str:
    """Ask SQLite's full-text search for any of the words, best twenty."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE d USING fts5(title, text)")
    connection.executemany("INSERT INTO d VALUES (?, ?)", docs)
    times = []
    for query in queries:
        asked = " OR ".join(f'"{word.form}"' for word in russian.words(query))
        started = time.perf_counter()
        connection.execute("SELECT rowid FROM d WHERE d MATCH ? ORDER BY rank LIMIT 20", (asked,)).fetchall()
        times.append(time.perf_counter() - started)
    return percentiles(times)


def measure(folder: Path, number: int) -> None:
    """Print the figures of one size."""
    print(f"{number} documents")
    docs = documents(folder, number)
    texts = [text for _title, text in docs]
    chance = random.Random(SEED)
    pairs = [two_words(texts, chance) for _each in range(QUERIES)]
    questions = [question(texts, chance) for _each in range(QUERIES)]
    shared = pairs[:30]
    with tempfile.TemporaryDirectory() as place:
        instance = Path(place) / "instance"
        fill(instance, docs)
        with serving(instance) as server:
            print(f"  two words, one client        {one_client(server.url, pairs)}")
            print(f"  a question, one client       {one_client(server.url, questions)}")
            print(
                f"  two words, {CLIENTS} clients        {many_clients(server.url, lambda own: two_words(texts, own))}"
            )
            print(
                f"  repeated by a class          {many_clients(server.url, lambda own: own.choice(shared))}"
            )
            children = psutil.Process(server.process.pid).children()
            memory = max(child.memory_info().rss for child in children)
            print(f"  largest process              {memory / 1e6:.0f} MB")
    print(f"  SQLite FTS5, two words       {fts5(docs, pairs)}")
    print(f"  SQLite FTS5, a question      {fts5(docs, questions)}")


def main() -> None:
    """Measure each size."""
    folder = Path(sys.argv[1])
    for number in [int(each) for each in sys.argv[2:]] or [5_000, 50_000]:
        measure(folder, number)


if __name__ == "__main__":
    main()
