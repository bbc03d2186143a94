"""How long after an edit was acknowledged a guest finds it: on a live hub, while others search.

python bench/saved_found.py [--edits 200] [--workers 2]
"""

import argparse
import shutil
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx

from libhub.testing import run_libhub, serving

NOTES = Path(__file__).parent.parent / "tests" / "trial_plugins" / "notes"
GIVE_UP_SECONDS = 30
LOOK_AGAIN_SECONDS = 0.01


def browser(url: str) -> httpx.Client:
    """Return a visitor's browser."""
    return httpx.Client(base_url=url, timeout=60, trust_env=False)


def is_found(guest: httpx.Client, word: str) -> bool:
    """Say whether the search knows this edit."""
    results = guest.get("/search.json", params={"q": word}).raise_for_status().json()["results"]
    return bool(results) and results[0]["title"] == word


def search_without_end(url: str, stop: threading.Event) -> None:
    """Be the other guests."""
    with browser(url) as guest:
        while not stop.wait(0.05):
            guest.get("/search", params={"q": "сказки для малышей"}).raise_for_status()


def measure(url: str, edits: int) -> list[float]:
    """Return the seconds from each acknowledged edit until it was found."""
    taken = []
    with browser(url) as editor, browser(url) as guest:
        token = editor.get("/notes/").json()["token"]
        for number in range(edits):
            answer = editor.post("/notes/", data={"name": f"note{number}", "csrf_token": token})
            word = answer.raise_for_status().json()["word"]
            saved = time.monotonic()
            while not is_found(guest, word):
                if time.monotonic() - saved > GIVE_UP_SECONDS:
                    raise SystemExit(f"{word} was not found within {GIVE_UP_SECONDS} s")
                time.sleep(LOOK_AGAIN_SECONDS)
            taken.append(time.monotonic() - saved)
    return taken


def main() -> None:
    """Print the median and the 95th percentile."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder) / "instance"
        shutil.copytree(NOTES, instance / "plugins" / "notes")
        prepared = run_libhub(instance, "setup", "--yes")
        if prepared.returncode:
            sys.exit(prepared.stderr)
        with serving(instance, workers=given.workers) as server:
            stop = threading.Event()
            other = threading.Thread(target=search_without_end, args=(server.url, stop))
            other.start()
            try:
                taken = measure(server.url, given.edits)
            finally:
                stop.set()
                other.join()
    slices = statistics.quantiles(taken, n=20)
    print(f"saved → found, {len(taken)} edits, {given.workers} workers, a guest searching 20 times a second:")
    print(f"p50 {slices[9]:.3f} s   p95 {slices[18]:.3f} s   worst {max(taken):.3f} s")


if __name__ == "__main__":
    main()
