"""Locks between processes: a file that one of them holds, and that nobody holds any more when it ends, however it ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class HeldElsewhere(TimeoutError):
    """Another process has the lock, and kept it for longer than was waited."""


@contextmanager
def file_lock(path: Path, *, seconds: float = -1) -> Iterator[None]:
    """Hold a lock during the block.

    :param seconds: how long to wait for another process; without end where it is negative.
    :raises HeldElsewhere: it was not enough.
    """
    from filelock import FileLock, Timeout  # no worker holds a lock to answer pages

    lock = FileLock(path)
    try:
        lock.acquire(timeout=seconds)
    except Timeout as error:
        raise HeldElsewhere(str(error)) from error
    try:
        yield
    finally:
        lock.release()
