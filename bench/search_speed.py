"""How fast the search answers over HTTP: whole stack, two workers, every query different.

``python bench/search_speed.py [--plot FILE] FOLDER [NUMBER …]``: FOLDER is the one of ``bench/corpus.py``; the numbers
are sizes of the directory (default 5000 50000). Each is filled with real paragraphs (put together anew where there are
fewer), indexed and served on loopback. SQLite FTS5 answers the same queries over the same documents in this process,
without HTTP, rights, snippets or facets: it is there for scale. ``--plot`` draws the time of an answer against the
number of documents as an SVG.
"""

import argparse
import json
import random
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from math import log10
from pathlib import Path
from urllib.parse import quote

import psutil
from over_http import CLIENTS, Times, many_clients, one_client, times_of

from libhub.app import create_app
from libhub.config import Config
from libhub.installation import indexer, prepare
from libhub.kit.tables import Row, Table
from libhub.search.language import russian
from libhub.testing import release, serving
from plugins.resources.exchange.importing import import_table

SEED = 20_260_901
QUERIES = 300
MANY = 4_000
"""Different queries that the clients of a run share out among themselves."""


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


def fill(instance: Path, docs: Sequence[tuple[str, str]]) -> tuple[float, float]:
    """Put the documents into the directory of an instance and index them; return rows and documents a second."""
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
    release(app)
    return len(rows) / (imported - started), len(rows) / (rebuilt - imported)


def addresses(queries: Sequence[str]) -> list[str]:
    """Return where the queries are asked; the space at their end says that the last word is finished."""
    return [f"/search.json?q={quote(query)}%20" for query in queries]


def sure(times: Times) -> Times:
    """Return the times of answers, all of them right.

    :raises RuntimeError: some were errors.
    """
    if times.errors:
        raise RuntimeError(f"{times.errors} errors")
    return times


def fts5(docs: Sequence[tuple[str, str]], queries: Sequence[str]) -> Times:
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
    return times_of(times)


def measure(folder: Path, number: int) -> dict[str, str | Times]:
    """Return the figures of one size."""
    docs = documents(folder, number)
    texts = [text for _title, text in docs]
    chance = random.Random(SEED)
    pairs = [two_words(texts, chance) for _each in range(QUERIES)]
    questions = [question(texts, chance) for _each in range(QUERIES)]
    many = [two_words(texts, chance) for _each in range(MANY)]
    row: dict[str, str | Times] = {}
    with tempfile.TemporaryDirectory() as place:
        instance = Path(place) / "instance"
        imported, rebuilt = fill(instance, docs)
        with serving(instance) as server:
            time.sleep(3)  # the workers read the dictionary and the titles
            row["two words, one client"] = sure(one_client(server.url, addresses(pairs)))
            row["a question, one client"] = sure(one_client(server.url, addresses(questions)))
            row[f"two words, {CLIENTS} clients"] = sure(many_clients(server.url, addresses(many)))
            row[f"repeated by a class of {CLIENTS}"] = sure(many_clients(server.url, addresses(pairs[:30])))
            workers = [each.memory_full_info() for each in psutil.Process(server.process.pid).children()]
            largest = max(workers, key=lambda each: int(each.rss))
    row["SQLite FTS5, two words"] = fts5(docs, pairs)
    row["SQLite FTS5, a question"] = fts5(docs, questions)
    row["rebuild"] = f"{rebuilt:.0f} documents/s"
    row["import"] = f"{imported:.0f} rows/s"
    row["largest worker"] = f"{largest.rss / 1e6:.0f} MB"
    shared = getattr(largest, "pss", None)
    row["… its share of what is mapped"] = f"{shared / 1e6:.0f} MB" if shared else "not told here"
    return row


def table(rows: dict[int, dict[str, str | Times]]) -> str:
    """Return the figures as a table: a line a figure, a column a size."""
    names = list(next(iter(rows.values())))
    lines = [["documents", *(f"{number:,}".replace(",", " ") for number in rows)]]
    lines += [[name, *(str(row[name]) for row in rows.values())] for name in names]
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def plot(rows: dict[int, dict[str, str | Times]]) -> str:
    """Return a picture of the middle time of an answer against the number of documents, both axes logarithmic."""
    curves = {
        "two words, one client": ("#0b6e69", "LibHub, two words"),
        "a question, one client": ("#b3541e", "LibHub, a question"),
        "SQLite FTS5, two words": ("#8aa7a5", "SQLite FTS5, two words"),
        "SQLite FTS5, a question": ("#d3a583", "SQLite FTS5, a question"),
    }
    width, height, left, top, bottom = 720, 400, 70, 20, 60
    sizes = sorted(rows)
    figures = [times.p50 for row in rows.values() for times in row.values() if isinstance(times, Times)]
    low, high = log10(min(sizes)), log10(max(sizes))
    least, most = log10(min(figures)) - 0.1, log10(max(figures)) + 0.1

    def place(size: float, milliseconds: float) -> tuple[float, float]:
        across = (log10(size) - low) / ((high - low) or 1)
        up = (log10(milliseconds) - least) / (most - least)
        return left + across * (width - left - 210), height - bottom - up * (height - bottom - top)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        'font-size="13"><rect width="100%" height="100%" fill="#fff"/>'
    ]
    for size in sizes:
        x, _y = place(size, 10**least)
        parts.append(f'<path d="M{x:.0f} {top}V{height - bottom}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.0f}" y="{height - bottom + 20}" text-anchor="middle">{size:,}</text>')
    for milliseconds in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200):
        if least <= log10(milliseconds) <= most:
            _x, y = place(sizes[0], milliseconds)
            parts.append(f'<path d="M{left} {y:.0f}H{width - 210}" stroke="#eee"/>')
            parts.append(f'<text x="{left - 8}" y="{y + 4:.0f}" text-anchor="end">{milliseconds} ms</text>')
    ends = []
    for name, (colour, label) in curves.items():
        points = [
            place(size, times.p50)
            for size, row in sorted(rows.items())
            if isinstance(times := row[name], Times)
        ]
        parts.append(
            f'<polyline fill="none" stroke="{colour}" stroke-width="2.5" points="'
            + " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
            + '"/>'
        )
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in points]
        ends.append((points[-1][1], colour, label))
    below = 0.0
    for y, colour, label in sorted(ends):
        below = max(y + 4, below + 16)
        parts.append(f'<text x="{width - 200}" y="{below:.0f}" fill="{colour}">{label}</text>')
    middle = left + (width - left - 210) / 2
    parts.append(f'<text x="{middle:.0f}" y="{height - 14}" text-anchor="middle">documents</text></svg>')
    return "\n".join(parts) + "\n"


def main() -> None:
    """Measure each size, print the table, draw the picture."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="what bench/corpus.py made")
    parser.add_argument("numbers", type=int, nargs="*", default=[5_000, 50_000])
    parser.add_argument("--plot", type=Path, help="where to draw the picture")
    asked = parser.parse_args()
    rows = {number: measure(asked.folder, number) for number in asked.numbers}
    print(table(rows))
    if asked.plot:
        asked.plot.write_text(plot(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
