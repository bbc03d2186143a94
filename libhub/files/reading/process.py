"""Runs the reader of a file in a process of its own, with limits, and takes down what it says. No Flask.

Whatever a file does to its reader — endless loops, all the memory, a crash in a C library — ends with that process.
"""

import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Final

from libhub.files.extraction.output import CELLS

logger = logging.getLogger(__name__)

MODULE: Final = "libhub.files.extraction"
POLL_SECONDS: Final = 0.02
LONGEST_POLL: Final = 0.25
_SAID_BYTES: Final = 2000


@dataclass(frozen=True)
class Limits:
    """What reading one file may take. ``watch`` measures memory from here, where the system cannot limit it."""

    seconds: float = 120
    cpu_seconds: int = 60
    memory_bytes: int = 1024 * 1024 * 1024
    output_bytes: int = 200 * 1024 * 1024
    watch: bool = os.name != "posix"


TABLE_LIMITS: Final = Limits(memory_bytes=1536 * 1024 * 1024, output_bytes=1024 * 1024 * 1024)
"""Of a table: a long one is larger than the words of any book."""
Cells = tuple[int, list[str]]
"""The line of a row, from 1, and its cells as texts, empty ones at its end left out."""


class NotRead(Exception):
    """The rows of a workbook cannot be had; ``reason`` is a name of ``reasons.REASONS``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Unit:
    """A page, chapter, slide or sheet, or (number 0) a whole text; ``html`` is as the reader's process said it."""

    number: int
    text: str
    title: str = ""
    level: int = 1
    html: str = ""


@dataclass
class Reading:
    """What came out of a file; ``reason`` says why it is not all, as a name of ``reasons.REASONS``."""

    unit: str = ""
    units: list[Unit] = field(default_factory=list)
    reason: str = ""
    complete: bool = True
    """Whether the reader came to its end, good or bad."""


def read_file(
    path: Path,
    type_name: str,
    limits: Limits,
    keep_picture: Callable[[int, bytes], object] = lambda _number, _webp: None,
) -> Reading:
    """Read a file; never raises over what is in it.

    :param keep_picture: told the number and the WebP of every picture that the units show.
    """
    with _said(path, type_name, limits) as (said, stopped):
        return _taken_down(said, stopped, keep_picture)


@contextmanager
def read_cells(path: Path, limits: Limits = TABLE_LIMITS) -> Iterator[tuple[int, Iterator[Cells]]]:
    """Give the number of rows of a workbook's first sheet with anything in it, and the rows as they come.

    :raises NotRead: it cannot be read, at once or on the way.
    """
    with _said(path, CELLS, limits) as (said, stopped):
        records = _records(said)

        def rows() -> Iterator[Cells]:
            for record in records:
                if "cells" in record:
                    yield record["line"], record["cells"]
                elif not record.get("end"):
                    return
                else:
                    raise NotRead(str(record["end"]))
            raise NotRead(stopped or "crashed")

        first = next(records, {})
        if "rows" not in first:
            raise NotRead(str(first.get("end", stopped or "crashed")))
        yield int(first["rows"]), rows()


@contextmanager
def _said(path: Path, type_name: str, limits: Limits) -> Iterator[tuple[IO[bytes], str]]:
    """Run the reader to its end; give what it said, and for which reason it was stopped."""
    memory_bytes = 0 if limits.watch else limits.memory_bytes
    numbers = (limits.cpu_seconds, memory_bytes, limits.output_bytes)
    command = [sys.executable, "-m", MODULE, type_name, str(path), *map(str, numbers)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LIBHUB_")}
    with TemporaryFile() as said, TemporaryFile() as complained:
        with subprocess.Popen(  # noqa: S603 - our own module
            command, stdin=subprocess.PIPE, stdout=said, stderr=complained, env=environment
        ) as process:
            try:
                stopped = _wait(process, limits)
            finally:
                if process.poll() is None:
                    process.kill()
        if process.returncode:
            complained.seek(0)
            words = complained.read(_SAID_BYTES).decode("utf-8", "replace").strip()
            logger.info("the reader of %s ended with %s: %s", path.name, process.returncode, words)
        said.seek(0)
        yield said, stopped


def _wait(process: "subprocess.Popen[bytes]", limits: Limits) -> str:
    """Wait for the end, or return for which reason it was not waited for any longer."""
    deadline = time.monotonic() + limits.seconds
    pause = POLL_SECONDS
    while True:
        try:
            process.wait(pause)
        except subprocess.TimeoutExpired:
            pause = min(pause * 1.5, LONGEST_POLL)
        else:
            return ""
        if time.monotonic() > deadline:
            return "time"
        if limits.watch and _memory_of(process.pid) > limits.memory_bytes:
            return "memory"


def _memory_of(pid: int) -> int:
    import psutil  # only where the system sets no limit, and no worker reads files

    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0  # it ended just now


def _taken_down(said: IO[bytes], stopped: str, keep_picture: Callable[[int, bytes], object]) -> Reading:
    reading = Reading(complete=False)
    for record in _records(said):
        if "number" in record:
            reading.units.append(Unit(**record))
        elif "picture" in record:
            keep_picture(int(record["picture"]), bytes.fromhex(record["webp"]))
        elif "unit" in record:
            reading.unit = str(record["unit"])
        elif "end" in record:
            reading.reason, reading.complete = str(record["end"]), True
    if not reading.complete:
        reading.reason = stopped or "crashed"
    return reading


def _records(said: IO[bytes]) -> Iterator[dict[str, Any]]:
    for line in said:
        try:
            yield json.loads(line)
        except ValueError:
            return  # the last line of one that was stopped in the middle of it
