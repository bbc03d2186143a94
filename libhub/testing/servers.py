"""The hub in processes of its own, as in a school; and its command line."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

import pytest

START_SECONDS = 30.0


@dataclass
class LiveServer:
    """A hub that runs in processes of its own, as in a school."""

    url: str
    process: "subprocess.Popen[str]"
    instance: Path
    console: Path
    """What it told on the terminal."""

    def stop(self) -> None:
        """Stop it as Ctrl+C or a service manager does."""
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise


def free_port() -> int:
    """Return a port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run_libhub(instance: Path, *arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    """Run the command line on an instance and return what it did."""
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "libhub", *arguments],
        env={**os.environ, "LIBHUB_INSTANCE": str(instance)},
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )


@contextmanager
def serving(
    instance: Path,
    *,
    workers: int = 2,
    port: int = 0,
    options: Sequence[str] = (),
    checkout: Path | None = None,
) -> Iterator[LiveServer]:
    """Run ``libhub serve``, on a free port unless one is given; the block starts when it answers.

    :param options: more options of the command.
    :param checkout: the folder with the program, if it is not the one that is tested.
    """
    port = port or free_port()
    with TemporaryDirectory() as folder:
        console = Path(folder, "console")  # not a pipe: nobody reads it while the hub runs
        with console.open("w", encoding="utf-8") as said:
            process = subprocess.Popen(  # noqa: S603
                [
                    *(sys.executable, "-m", "libhub", "serve", "--port", str(port)),
                    *("--workers", str(workers), *options),
                ],
                env={**os.environ, "LIBHUB_INSTANCE": str(instance)},
                stdout=subprocess.DEVNULL,
                stderr=said,
                cwd=checkout,
                text=True,
            )
        server = LiveServer(f"http://127.0.0.1:{port}", process, instance, console)
        try:
            _wait_until_ready(server)
            yield server
        finally:
            if process.poll() is None:
                server.stop()


def _wait_until_ready(server: LiveServer) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            raise AssertionError(
                f"the hub ended while starting: {server.console.read_text(encoding='utf-8')}"
            )
        try:
            with urlopen(f"{server.url}/healthz", timeout=2) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the hub did not start in time")


@pytest.fixture
def two_workers(instance: Path) -> Iterator[LiveServer]:
    """A running hub with two worker processes."""
    with serving(instance, workers=2) as server:
        yield server
