"""How long from the command until the first page: on an empty folder, and on later starts."""

import statistics
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

from libhub.testing import serving

STARTS = 5


def start(instance: Path) -> tuple[float, float]:
    """Return the seconds until the home page is there, and those that stopping takes."""
    began = time.monotonic()
    with serving(instance) as server:
        with urlopen(f"{server.url}/") as answer:
            answer.read()
        ready = time.monotonic() - began
        time.sleep(2)  # all processes are up
        began = time.monotonic()
        server.process.terminate()
        server.process.wait()
        return ready, time.monotonic() - began


def main() -> int:
    """Print both."""
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder) / "instance"
        first, _stop = start(instance)
        later = [start(instance) for _number in range(STARTS)]
    print(f"first start, with migrations and starter content: {first:.2f} s")
    print(f"later starts, median of {STARTS}: {statistics.median(ready for ready, _ in later):.2f} s")
    print(f"stop, median of {STARTS}: {statistics.median(stop for _, stop in later):.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
