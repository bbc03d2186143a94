"""Power cuts: processes are killed at random moments while people edit and a list is imported.

Whatever was acknowledged before a kill is in the database and found by search afterwards.
"""

import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from libhub.testing import LiveServer, free_port, run_libhub, serving

NOTES = Path(__file__).parent.parent / "trial_plugins" / "notes"
SEED = int(os.environ.get("CRASH_SEED", "20261123"))
ROUNDS, KILLS_PER_ROUND = 5, 10
EDITORS = 2


class Ledger:
    """What was tried and what was acknowledged, by the name of the note."""

    def __init__(self) -> None:
        self.tried: dict[str, int] = defaultdict(int)
        self.acknowledged: dict[str, int] = {}
        self.mistakes: list[str] = []


def edit_until(stop: threading.Event, url: str, ledger: Ledger, name: str, dice: random.Random) -> None:
    """Be somebody who adds and edits notes; a request without an answer is tried again, as a person would."""
    names = [f"{name}n{number}" for number in range(20)]
    while not stop.is_set():
        try:
            with httpx.Client(base_url=url, timeout=10, trust_env=False) as browser:
                token = browser.get("/notes/").raise_for_status().json()["token"]
                while not stop.is_set():
                    note = dice.choice(names)
                    ledger.tried[note] += 1
                    answer = browser.post("/notes/", data={"name": note, "csrf_token": token})
                    if answer.status_code != 200:
                        ledger.mistakes.append(answer.text[:500])
                        return
                    ledger.acknowledged[note] = int(answer.json()["word"].rpartition("x")[2])
                    time.sleep(dice.uniform(0.01, 0.05))  # others want to write, too
        except httpx.TransportError:
            time.sleep(0.05)


@contextmanager
def editors(url: str, ledger: Ledger, part: int) -> Iterator[None]:
    """Have several people edit while the block runs."""
    stop = threading.Event()
    threads = [
        threading.Thread(
            target=edit_until, args=(stop, url, ledger, f"r{part}e{number}", random.Random(SEED + number))
        )
        for number in range(EDITORS)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def kill_an_import(instance: Path, ledger: Ledger, part: str, dice: random.Random) -> None:
    """Start an import on the command line and kill it somewhere on its way."""
    names = [f"{part}i{number}" for number in range(200)]
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "libhub", "notes", "import", *names],
        env={**os.environ, "LIBHUB_INSTANCE": str(instance)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    for name in names:
        ledger.tried[name] += 1
    first = process.stdout.readline().strip()
    timer = threading.Timer(dice.uniform(0, 0.3), process.kill)
    timer.start()
    safe = [first, *(line.strip() for line in process.stdout if line.endswith("\n"))]
    process.wait()
    timer.cancel()
    assert safe[0] == names[0], safe
    for name in safe:
        ledger.acknowledged[name] = 1
    process.stdout.close()


def kill_a_child(server: LiveServer, dice: random.Random) -> None:
    """Kill a worker or the background process, whichever the dice choose."""
    children = psutil.Process(server.process.pid).children()
    if children:
        dice.choice(children).kill()


def check_doctor(instance: Path) -> None:
    done = run_libhub(instance, "doctor")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_fifty_kills_lose_nothing_that_was_acknowledged(instance: Path) -> None:
    print(f"CRASH_SEED={SEED}")
    dice = random.Random(SEED)
    shutil.copytree(NOTES, instance / "plugins" / "notes")
    assert run_libhub(instance, "setup", "--yes").returncode == 0
    ledger = Ledger()
    port = free_port()
    kills = 0
    for part in range(ROUNDS):
        with serving(instance, port=port) as server, editors(server.url, ledger, part):
            for turn in range(KILLS_PER_ROUND):
                time.sleep(dice.uniform(0.05, 0.8))
                if turn == KILLS_PER_ROUND - 1:
                    server.process.kill()
                elif turn % 4 == 1:
                    kill_an_import(instance, ledger, f"r{part}t{turn}", dice)
                else:
                    kill_a_child(server, dice)
                kills += 1
            server.process.wait()
        check_doctor(instance)
    assert kills == 50
    assert not ledger.mistakes
    with (
        serving(instance, port=port) as server,
        httpx.Client(base_url=server.url, trust_env=False) as browser,
    ):
        written = browser.get("/notes/").json()["notes"]
        assert len(ledger.acknowledged) > 200, "hardly anything was written: this proves nothing"
        assert {name for name, (edit, copy) in written.items() if edit != copy} == set()
        wrong = {
            name: (edit, written.get(name), ledger.tried[name])
            for name, edit in ledger.acknowledged.items()
            if name not in written or not edit <= written[name][0] <= ledger.tried[name]
        }
        assert wrong == {}
        lost = []
        for name, (edit, _copy) in written.items():
            found = browser.get("/search.json", params={"q": f"{name}x{edit}"}).json()["results"]
            if [each["title"] for each in found[:1]] != [f"{name}x{edit}"]:
                lost.append(name)
        assert lost == []
