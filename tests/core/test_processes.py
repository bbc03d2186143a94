"""Several processes on one port: they stop together, come back alone, and never outlive their parent."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

from libhub.serving.supervisor import ATTEMPTS
from libhub.testing import LiveServer, run_libhub, serving

SOON = 15.0


def until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SOON
    while not done():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


def is_alive(process: psutil.Process) -> bool:
    """Say whether it runs; where nobody collects orphans, a dead one stays listed as a zombie."""
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def children_of(server: LiveServer) -> list[psutil.Process]:
    """Return the workers and the background process, without the helper of the standard library."""
    found = []
    for child in psutil.Process(server.process.pid).children():
        with suppress(psutil.NoSuchProcess):  # it ended just now
            if is_alive(child) and "resource_tracker" not in " ".join(child.cmdline()):
                found.append(child)
    return found


def is_free(port: int) -> bool:
    """Say whether the next start could listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def test_stops_in_good_order_when_told(instance: Path) -> None:
    with serving(instance) as server:
        until(lambda: len(children_of(server)) == 3)
        children = children_of(server)
        server.process.terminate()
        assert server.process.wait(SOON) == 0
        assert not [child for child in children if is_alive(child)]
    log = (instance / "libhub.log").read_text(encoding="utf-8")
    assert "killed" not in log
    assert "anew" not in log


def test_a_killed_parent_takes_its_children_along_and_frees_the_port(instance: Path) -> None:
    with serving(instance) as server:
        until(lambda: len(children_of(server)) == 3)
        children = children_of(server)
        server.process.kill()
        server.process.wait(SOON)
        until(lambda: not any(is_alive(child) for child in children))
        until(lambda: is_free(int(server.url.rpartition(":")[2])))


def test_a_killed_child_is_replaced_while_the_others_answer(two_workers: LiveServer) -> None:
    until(lambda: len(children_of(two_workers)) == 3)
    before = children_of(two_workers)
    for child in before:
        child.kill()
        until(lambda child=child: not is_alive(child))
        until(lambda: len(children_of(two_workers)) == 3)
        with urlopen(f"{two_workers.url}/healthz", timeout=SOON) as answer:
            assert answer.status == 200
    assert not {child.pid for child in before} & {child.pid for child in children_of(two_workers)}


def test_a_busy_port_is_one_clear_line(two_workers: LiveServer) -> None:
    port = two_workers.url.rpartition(":")[2]
    done = run_libhub(two_workers.instance, "serve", "--port", port)
    assert done.returncode == 1
    assert port in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("workers", [1, 2])
def test_any_number_of_workers_serves(instance: Path, workers: int) -> None:
    with serving(instance, workers=workers) as server, urlopen(f"{server.url}/") as answer:
        assert answer.status == 200


def test_a_first_child_that_always_fails_ends_the_start() -> None:
    """Run apart: the supervisor takes over the signals of its process."""
    code = (
        "from libhub.serving.supervisor import Job, StartFailed, keep_alive\n"
        "if __name__ == '__main__':\n"
        "    try:\n"
        "        keep_alive([Job('libhub.no_such_module:run', ())], lambda: print('ready'))\n"
        "    except StartFailed:\n"
        "        print('failed')\n"
    )
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout == "failed\n"
    assert done.stderr.count("ModuleNotFoundError: No module named 'libhub.no_such_module'") >= ATTEMPTS
    assert time.monotonic() - started > 1, "without pauses between the attempts it would spin"
