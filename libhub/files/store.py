"""The store: every content once, under its SHA-256, outside the web root. No database and no Flask.

A content is written aside, in the store's own folder, and renamed into place: whoever finds it at its address
finds all of it, after a power cut, too.
"""

import errno
import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import TracebackType
from typing import IO, Final

from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _

CHUNK_BYTES: Final = 256 * 1024
FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""Errors of the system that mean that nothing more can be written."""
ABANDONED_SECONDS: Final = 24 * 3600
"""A file still being received after that time is what a power cut left behind."""


class TooLarge(LibHubError):
    """More bytes than are allowed."""


@dataclass
class Received:
    """A content that arrived and waits, aside, for somebody to want it kept. Gone when the block ends."""

    path: Path
    sha256: str
    size: int

    def __enter__(self) -> "Received":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.path.unlink(missing_ok=True)


class FileStore:
    """A folder of contents; ``root`` is made when the first one arrives."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str) -> Path:
        """Return where a content lies, or would lie."""
        return self.root / sha256[:2] / sha256[2:]

    def receive(self, stream: IO[bytes], most: int) -> Received:
        """Write a stream aside, counting and hashing as it comes.

        :param most: bytes; one more is refused at once.
        :raises TooLarge: there are more.
        :raises LibHubError: the disk is full; nothing is left of it then.
        """
        path = self._aside()
        digest, size = hashlib.sha256(), 0
        try:
            with path.open("wb") as target:
                while chunk := stream.read(CHUNK_BYTES):
                    size += len(chunk)
                    if size > most:
                        raise TooLarge(
                            _("The file is larger than %(limit)d MB.", limit=most // (1024 * 1024))
                        )
                    digest.update(chunk)
                    target.write(chunk)
                target.flush()
                os.fsync(target.fileno())
        except OSError as error:
            path.unlink(missing_ok=True)
            raise disk_error(error) from error
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return Received(path, digest.hexdigest(), size)

    def keep(self, received: Received) -> None:
        """Put a content into its place; one that is there already stays.

        Call it inside ``writing()``: the lock keeps housekeeping from deleting the same content meanwhile.
        """
        target = self.path(received.sha256)
        if target.exists():
            os.utime(target)  # as if it were new: housekeeping looks at the age of what no row mentions
            return
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            received.path.replace(target)
            _sync_folder(target.parent)
        except OSError as error:
            raise disk_error(error) from error

    def companion(self, sha256: str, name: str) -> Path:
        """Return where something made from a content is kept: a preview, the pages of the reader."""
        path = self.path(sha256)
        return path.with_name(f"{path.name}.{name}")

    def write_companion(self, sha256: str, name: str, content: bytes) -> Path:
        """Keep something made from a content, whole or not at all."""
        target, aside = self.companion(sha256, name), self._aside()
        try:
            aside.write_bytes(content)
            aside.replace(target)
        except OSError as error:
            aside.unlink(missing_ok=True)
            raise disk_error(error) from error
        return target

    def delete(self, sha256: str) -> None:
        """Delete a content and what was made from it."""
        path = self.path(sha256)
        for each in path.parent.glob(f"{path.name}*"):
            each.unlink(missing_ok=True)

    def contents(self) -> Iterator[tuple[str, Path]]:
        """Yield the address and the file of every content."""
        for folder in sorted(self.root.glob("[0-9a-f][0-9a-f]")):
            for path in folder.iterdir():
                if "." not in path.name:
                    yield folder.name + path.name, path

    def tidy(self) -> None:
        """Delete what was being received when the power went."""
        for path in self._folder_aside().glob("*"):
            if path.stat().st_mtime < time.time() - ABANDONED_SECONDS:
                path.unlink(missing_ok=True)

    def free_bytes(self) -> int:
        """Return how much room the disk has."""
        return shutil.disk_usage(self.root if self.root.is_dir() else self.root.parent).free

    def _folder_aside(self) -> Path:
        return self.root / "receiving"

    def _aside(self) -> Path:
        try:
            self._folder_aside().mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=self._folder_aside(), delete=False) as made:
                return Path(made.name)
        except OSError as error:
            raise disk_error(error) from error


def disk_error(error: OSError) -> LibHubError:
    """Say in words why something could not be written."""
    if error.errno in FULL:
        return LibHubError(_("The disk is full, so the file was not saved. Tell whoever looks after LibHub."))
    return LibHubError(_("The file could not be saved: %(error)s", error=error.strerror or error))


def _sync_folder(folder: Path) -> None:
    """Make a rename durable; Windows does it by itself and cannot open folders."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
