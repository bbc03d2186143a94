"""How fast files are read, and what an upload costs a worker's memory.

python bench/files.py [--files 500] [--megabytes 100] [--uploads 3]

The files are made here: PDF, Word, PowerPoint, Excel, OpenDocument, EPUB, FB2, RTF and plain text, with pictures
where the kind has them; where LibreOffice is installed, a fifth of them is written by it.
"""

import argparse
import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent.parent))

from libhub.api import attach
from libhub.base.db import db
from libhub.files.models import StoredFile
from libhub.files.reading import queue
from libhub.installation import prepare
from libhub.testing import PASSWORD, make_app, release, run_libhub, serving
from tests.files import documents

SHELF = Path(__file__).parent.parent / "tests" / "trial_plugins" / "shelf"
WORDS = [
    "школа",
    "библиотека",
    "книга",
    "сказка",
    "урок",
    "класс",
    "ученик",
    "учитель",
    "бумага",
    "картон",
    "ножницы",
    "клей",
    "театр",
    "кукла",
    "спектакль",
    "роль",
    "сцена",
    "занавес",
    "герой",
    "лес",
    "река",
    "море",
    "остров",
    "корабль",
    "капитан",
    "звезда",
    "ночь",
    "утро",
    "дорога",
    "город",
    "деревня",
    "мальчик",
    "девочка",
]
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
MEGABYTE = 1024 * 1024


def text(dice: random.Random, words: int) -> str:
    """Return sentences of so many words."""
    return " ".join(dice.choices(WORDS, k=words)).capitalize() + "."


def photo(dice: random.Random) -> bytes:
    """Return a picture of about 100 KB."""
    target = io.BytesIO()
    Image.frombytes("RGB", (400, 300), dice.randbytes(400 * 300 * 3)).save(target, "JPEG", quality=60)
    return target.getvalue()


MAKERS: dict[str, Callable[[random.Random], bytes]] = {
    "pdf": lambda dice: documents.pdf(
        ["\n".join(text(dice, 12) for _line in range(40)) for _page in range(dice.randint(5, 100))]
    ),
    "docx": lambda dice: documents.docx(
        [text(dice, 60) for _each in range(dice.randint(20, 150))],
        headings=["Первое", "Второе"],
        picture=photo(dice),
    ),
    "pptx": lambda dice: documents.pptx([text(dice, 40) for _each in range(dice.randint(5, 40))]),
    "xlsx": lambda dice: documents.xlsx(
        {"Лист": [[text(dice, 2), number, text(dice, 3)] for number in range(dice.randint(50, 1000))]}
    ),
    "odt": lambda dice: documents.odt(
        [text(dice, 60) for _each in range(dice.randint(20, 300))], heading="Один"
    ),
    "epub": lambda dice: documents.epub(
        {
            f"Глава {number}": "".join(f"<p>{text(dice, 60)}</p>" for _each in range(50))
            + '<img src="1.jpg">'
            for number in range(dice.randint(5, 30))
        },
        extra={"OEBPS/t/1.jpg": photo(dice)},
    ),
    "fb2": lambda dice: documents.fb2(
        {f"Глава {number}": text(dice, 1500) for number in range(dice.randint(5, 40))}
    ),
    "rtf": lambda dice: documents.rtf(text(dice, dice.randint(200, 3000))),
    "txt": lambda dice: text(dice, dice.randint(500, 50_000)).encode("cp1251"),
}


def by_office(folder: Path, files: list[Path]) -> list[Path]:
    """Have LibreOffice write texts as PDF, DOCX and ODT; return what it wrote."""
    if not OFFICE or not files:
        return []
    for kind in ("pdf", "docx", "odt"):
        command = [OFFICE, "--headless", "--convert-to", kind, "--outdir", str(folder), *map(str, files)]
        subprocess.run(command, check=True, capture_output=True)
    return sorted(folder.iterdir())


def made(number: int, folder: Path) -> list[tuple[str, bytes]]:
    """Return so many files, always the same ones."""
    dice = random.Random(20261124)
    found = [
        (f"{each}.{kind}", MAKERS[kind](dice))
        for each, kind in zip(range(number), cycle(MAKERS), strict=False)
    ]
    sources = []
    for each in range(number // 15 if OFFICE else 0):
        sources.append(folder / f"office{each}.txt")
        sources[-1].write_text("\n\n".join(text(dice, 80) for _each in range(100)), encoding="utf-8")
    written = by_office(Path(tempfile.mkdtemp(dir=folder)), sources)
    found[: len(written)] = [(path.name, path.read_bytes()) for path in written]
    return found


def cycle(names: dict[str, object] | object) -> Iterator[str]:
    """Repeat the kinds for ever."""
    while True:
        yield from list(names)  # type: ignore[call-overload]


def read_files(instance: Path, number: int) -> None:
    """Attach files and read them one after the other, as the background process does; print the speeds."""
    app = make_app(instance)
    with app.app_context():
        from plugins.shelf import hooks

        ref = hooks.put("вещь")
        files = made(number, instance)
        started = time.monotonic()
        for name, content in files:
            attach(ref, name, io.BytesIO(content))
        total = sum(len(content) for _name, content in files)
        print(f"attached: {len(files) / (time.monotonic() - started):.1f} files/s")
        taken: dict[str, list[float]] = defaultdict(list)
        sizes: dict[str, int] = defaultdict(int)
        started, used = time.monotonic(), processor_seconds()
        while (sha256 := queue._next_waiting()) is not None:
            before = time.monotonic()
            assert queue.read_next()
            row = db.session.get_one(StoredFile, sha256)
            assert row.state == "indexed", (row.type, row.reason)
            taken[row.type].append(time.monotonic() - before)
            sizes[row.type] += row.size
        seconds, used = time.monotonic() - started, processor_seconds() - used
    release(app)
    print(f"read: {len(files)} files, {total / MEGABYTE:.0f} MB in {seconds:.1f} s", end=" = ")
    print(f"{len(files) / seconds:.1f} files/s, {total / MEGABYTE / seconds:.2f} MB/s")
    print(
        f"processor time: {used:.1f} s = {len(files) / used:.1f} files and {total / MEGABYTE / used:.2f} MB a second"
    )
    for kind, some in sorted(taken.items()):
        print(
            f"  {kind:5} {len(some):4} files  {1000 * sum(some) / len(some):6.0f} ms each  "
            f"{sizes[kind] / MEGABYTE / sum(some):6.2f} MB/s"
        )


def processor_seconds() -> float:
    """Return the processor time of this process and of the readers that it waited for."""
    return sum(os.times()[:4])


@contextmanager
def memory_of(process: psutil.Process) -> Iterator[list[int]]:
    """Collect how many bytes a process has of its own while the block runs."""
    seen = [process.memory_info().rss]
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(0.01):
            seen.append(process.memory_info().rss)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join()


def upload(instance: Path, megabytes: int, times: int) -> None:
    """Send a large file to a hub with one worker; print by how much the worker grew."""
    path = instance / "film.mp4"
    with path.open("wb") as stream:
        stream.write(b"\x00\x00\x00\x18ftypmp42")
        for _each in range(megabytes):
            stream.write(os.urandom(MEGABYTE - 32))
    run_libhub(instance, "users", "add", "admin", "--role", "administrator", "--name", "A", "--password-stdin",
               stdin=f"{PASSWORD}\n")  # fmt: skip
    with (
        serving(instance, workers=1) as server,
        httpx.Client(base_url=server.url, timeout=300, trust_env=False) as browser,
    ):
        token = _token(browser.get("/auth/sign-in").text)
        browser.post("/auth/sign-in", data={"username": "admin", "password": PASSWORD, "csrf_token": token})
        page = "/files/of/shelf/thing/вещь"
        token = _token(browser.get(page).text)
        worker = max(psutil.Process(server.process.pid).children(), key=_listens)
        for _each in range(times):
            with memory_of(worker) as seen, path.open("rb") as stream:
                started = time.monotonic()
                answer = browser.post(page, data={"csrf_token": token}, files={"files": ("film.mp4", stream)})
                seconds = time.monotonic() - started
            assert answer.status_code == 302, answer.text
            print(
                f"upload of {megabytes} MB: {seconds:.1f} s, the worker grew by "
                f"{(max(seen) - seen[0]) / MEGABYTE:.1f} MB (from {seen[0] / MEGABYTE:.0f} MB)"
            )


def _listens(process: psutil.Process) -> int:
    return sum(each.status == psutil.CONN_LISTEN for each in process.net_connections())


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
    assert found, page
    return found.group(1)


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--uploads", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder) / "instance"
        shutil.copytree(SHELF, instance / "plugins" / "shelf", ignore=shutil.ignore_patterns("__pycache__"))
        app = make_app(instance)
        prepare(app, lambda _done, _all: None)
        release(app)
        (instance / "shelf.json").write_text(json.dumps([{"key": "вещь"}]), encoding="utf-8")
        print(f"LibreOffice: {OFFICE or 'not installed'}")
        upload(instance, options.megabytes, options.uploads)
        read_files(instance, options.files)


if __name__ == "__main__":
    main()
