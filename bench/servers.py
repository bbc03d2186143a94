"""waitress behind the hub's own supervisor against granian, over the hub's real pages.

Answers per second and their times with several processes, whether orphans hold the port after the main process was
killed, and whether granian refuses several workers on Windows (read in its code, for we may not be on Windows).

    pip install '.[bench]' && python bench/servers.py [--seconds 10] [--clients 8] [--workers 1 2]
"""

import argparse
import inspect
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import httpx
import psutil

from libhub.testing import free_port, run_libhub

PAGES = ("/healthz", "/", "/search?q=сказки для малышей")
FACTORY = "from libhub.app import create_app\nfrom libhub.config import load_config\n\n\ndef app():\n    return create_app(load_config())\n"


def command(server: str, workers: int, port: int) -> list[str]:
    """Return the command line that serves the hub."""
    if server == "waitress":
        return [sys.executable, "-m", "libhub", "serve", "--port", str(port), "--workers", str(workers)]
    options = ["--interface", "wsgi", "--factory", "--port", str(port), "--workers", str(workers)]
    return [sys.executable, "-m", "granian", *options, "--blocking-threads", "4", "--no-ws", "factory:app"]


@contextmanager
def running(server: str, workers: int, instance: Path) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """Serve while the block runs."""
    port = free_port()
    process = subprocess.Popen(
        command(server, workers, port),
        cwd=instance.parent,
        env={**os.environ, "LIBHUB_INSTANCE": str(instance), "LIBHUB_LOG_LEVEL": "WARNING"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        while not answers(url):
            if process.poll() is not None:
                raise SystemExit(f"{server} did not start")
            time.sleep(0.05)
        time.sleep(4)  # the other processes are up, too
        yield url, process
    finally:
        process.terminate()
        process.wait()


def answers(url: str) -> bool:
    """Say whether anybody answers there."""
    try:
        with urlopen(f"{url}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def load(url: str, page: str, clients: int, seconds: float) -> list[float]:
    """Ask for a page from several browsers at once; return the seconds of every answer."""
    taken: list[float] = []
    end = time.monotonic() + seconds

    def ask() -> None:
        with httpx.Client(base_url=url, timeout=60, trust_env=False) as browser:
            while (began := time.monotonic()) < end:
                browser.get(page).raise_for_status()
                taken.append(time.monotonic() - began)

    threads = [threading.Thread(target=ask) for _number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def orphans_after_kill(server: str, instance: Path) -> str:
    """Kill the main process of two workers and say who still answers or holds the port two seconds later."""
    with running(server, 2, instance) as (url, process):
        family = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        process.wait()
        time.sleep(2)
        left = [child for child in family if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]
        told = f"{len(left)} left" + (", still answering" if answers(url) else "")
        for child in left:
            child.kill()
        return told


def refuses_windows() -> str:
    """Quote granian's own refusal of several workers on Windows."""
    from granian.server import common

    lines = inspect.getsource(common).splitlines()
    hits = [line.strip() for line in lines if "windows" in line.lower()]
    return "\n    ".join(hits) or "nothing found"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder) / "instance"
        Path(folder, "factory.py").write_text(FACTORY, encoding="utf-8")
        run_libhub(instance, "setup", "--yes").check_returncode()
        print(f"{'server':<10}{'workers':>8}  {'page':<10}{'per second':>11}{'p50 ms':>9}{'p95 ms':>9}")
        for workers in given.workers:
            for server in ("waitress", "granian"):
                with running(server, workers, instance) as (url, _process):
                    for page in PAGES:
                        taken = load(url, page, given.clients, given.seconds)
                        p50, p95 = (statistics.quantiles(taken, n=20)[place] * 1000 for place in (9, 18))
                        name = page.partition("?")[0]
                        rate = len(taken) / given.seconds
                        print(
                            f"{server:<10}{workers:>8}  {name:<10}{rate:>11.0f}{p50:>9.1f}{p95:>9.1f}",
                            flush=True,
                        )
        for server in ("waitress", "granian"):
            print(
                f"main process killed with -9, {server}: {orphans_after_kill(server, instance)}", flush=True
            )
    print(f"granian on Windows:\n    {refuses_windows()}")


if __name__ == "__main__":
    main()
