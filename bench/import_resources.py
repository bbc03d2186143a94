"""How fast a large table comes in: rows per second for the import and for the indexing.

    python bench/import_resources.py [ROWS]

Works in an instance of its own in a temporary folder.
"""

import csv
import random
import re
import sys
import tempfile
import time
from pathlib import Path

from libhub.app import create_app
from libhub.config import Config
from libhub.installation import prepare, update_index
from plugins.resources.exchange import importing
from plugins.resources.hooks import STARTER

WORDS = sorted(set(re.findall("[А-Яа-яё]{3,}", STARTER.read_text(encoding="utf-8"))))
KINDS = ("ebooks", "links", "tales", "culture", "dictionaries", "crafts", "courses")


def write_table(path: Path, rows: int) -> None:
    """Write a table of made-up resources, about 400 characters each."""
    chance = random.Random(1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["title", "url", "description", "kind", "themes", "for_whom", "age"])
        for number in range(rows):
            words = chance.choices(WORDS, k=50)
            writer.writerow(
                [
                    f"{' '.join(words[:4]).capitalize()} {number}",
                    f"https://site-{number % 997}.example/{number}",
                    " ".join(words),
                    chance.choice(KINDS),
                    "; ".join(set(words[:3])),
                    "pupils; parents",
                    chance.choice((0, 6, 12, 16)),
                ]
            )


def main() -> None:
    """Measure the first import, the indexing and the import of the same table again."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Config(instance=Path(folder) / "instance"))
        prepare(app, lambda _done, _all: None)
        path = Path(folder) / "table.csv"
        write_table(path, rows)
        with app.app_context():
            for name, work in (
                ("import", lambda: importing.import_table(importing.read(path))),
                ("indexing", lambda: update_index(lambda _done, _all: None)),
                ("import again, nothing new", lambda: importing.import_table(importing.read(path))),
            ):
                start, cpu = time.perf_counter(), time.process_time()
                done = work()
                seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
                speed = f"{rows / seconds:.0f} rows/s"
                print(f"{name}: {rows} rows in {seconds:.1f} s ({cpu:.1f} s of CPU), {speed}", flush=True)
                if done is not None:
                    assert not done.problems, done.problems[:3]


if __name__ == "__main__":
    main()
