"""How long suggestions take at 50,000 documents, in process: the whole route, without the network.

``python bench/suggestions.py FOLDER`` where FOLDER holds ``paragraphs.jsonl`` as ``bench/corpus.py`` makes it.
"""

import json
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from statistics import quantiles

from libhub.app import create_app
from libhub.config import Config
from libhub.installation import upgrade
from libhub.plugging.loading.registry import get_registry
from libhub.search.current import get_index
from libhub.search.documents import Document, ItemRef, Summary
from libhub.search.store.writer import Writer

DOCUMENTS = 50_000
QUERIES = 600
TITLE_WORDS = 7
_WORD = re.compile(r"[^\W_]+")


def documents(folder: Path) -> Iterator[Document]:
    """Yield paragraphs as items; their first words are their titles, so that nearly all titles differ."""
    with (folder / "paragraphs.jsonl").open(encoding="utf-8") as stream:
        texts = [json.loads(line)["text"].split() for line in stream]
    for number, words in enumerate(islice(cycle(texts), DOCUMENTS)):
        some = words[3 * (number // len(texts)) :] or words
        yield Document(
            ref=ItemRef("resources", "resource", str(number)),
            title=" ".join(some[:TITLE_WORDS]),
            text=" ".join(some[:60]),
            audience=frozenset({"public" if number % 3 else "staff"}),
            age=(0, 6, 12, 16)[number % 4],
            facets={"theme": [f"{some[0]} {some[-1]}"] if number % 20 == 0 else []},
        )


def typed(titles: list[str]) -> Iterator[str]:
    """Yield what people may have typed so far: beginnings of words of titles, every third with a wrong letter."""
    chance = random.Random(1)
    for number in range(QUERIES):
        words = _WORD.findall(chance.choice(titles).lower())[: chance.choice((1, 1, 2, 3))] or ["а"]
        if number % 3 == 0 and len(words[0]) > 4:
            place = chance.randrange(1, len(words[0]))
            words[0] = words[0][:place] + "ъ" + words[0][place + 1 :]
        words[-1] = words[-1][: chance.randint(2, 6)]
        yield " ".join(words)


def main(folder: Path) -> None:
    """Build an index, ask, and print the times."""
    with tempfile.TemporaryDirectory() as instance:
        app = create_app(Config(instance=Path(instance)))
        with app.app_context():
            upgrade()
            index = get_index()
            place = index.new_folder()
            made = list(documents(folder))
            writer = Writer(place, new=True)
            writer.write(made, (), 0, fresh=True)
            writer.close()
            index.put_in_force(place)
            titles = {document.ref.key: document.title for document in made}
            _answer_from_memory(titles)
        browser = app.test_client()
        started = time.perf_counter()
        browser.get("/search/suggest?q=при")
        first = time.perf_counter() - started
        times = []
        for text in typed(list(titles.values())):
            started = time.perf_counter()
            browser.get("/search/suggest", query_string={"q": text})
            times.append((time.perf_counter() - started) * 1000)
        cuts = quantiles(times, n=100)
        print(
            f"suggestions at {DOCUMENTS} documents: p50 {cuts[49]:.1f} ms, p95 {cuts[94]:.1f} ms, "
            f"max {max(times):.1f} ms; the first one in a process {first * 1000:.0f} ms"
        )


def _answer_from_memory(titles: dict[str, str]) -> None:
    """Let the section answer for items that only the index has."""
    types, name = get_registry().item_types, ("resources", "resource")
    types[name] = replace(
        types[name],
        summaries=lambda _viewer, keys: {key: Summary(titles[key], f"/{key}", 0) for key in keys},
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
