"""A ZIP file from outside, which may be hostile. It is looked at whole before anything is read, and never unpacked blindly.

Files are read one by one, never more of them than was said and allowed, so no name, no size and no compression can do
harm. What a fault is called where a section knows better words for it is the section's: see :attr:`HostileArchive.fault`.
"""

import hashlib
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import IO, Final

from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _

CHUNK: Final = 1024**2
IN_MEMORY: Final = 8 * 1024**2
"""A larger file waits on the disk."""
SMALL: Final = 1024**2
"""Files up to this size may be packed as tightly as they like."""
UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    ValueError,
)
"""What the library raises on archives that are cut, changed, packed in a way it does not know, or none at all."""
_DEVICES: Final = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))]
)
"""Names that Windows gives to devices, whatever their extension."""
_NOT_IN_NAMES: Final = frozenset('<>:"|?*\\')


class ArchiveFault(Enum):
    """What is wrong with an archive."""

    NO_ARCHIVE = auto()
    CROWD = auto()
    """Too many files, or two with one name."""
    NAME = auto()
    """A name that leads out of its folder, or that not every system can keep."""
    KIND = auto()
    """Neither a file nor a folder: a link, a device."""
    TOO_LARGE = auto()
    BOMB = auto()
    """Packed more tightly than anything sensible."""
    LOCKED = auto()
    MISSING = auto()
    """A file that has to be there is not, or is larger than it may be."""
    LONGER = auto()
    """A file goes on after the end that was said."""
    DAMAGED = auto()
    CHANGED = auto()
    """A file is another one than was said."""


class HostileArchive(LibHubError):
    """An archive is damaged, or was made to do harm. Nothing of it was taken."""

    def __init__(self, text: str, fault: ArchiveFault = ArchiveFault.DAMAGED, name: str = "") -> None:
        super().__init__(text)
        self.fault, self.name = fault, name[:80]


@dataclass(frozen=True)
class ArchiveLimits:
    """How much an archive may hold: files, bytes of all of them, and how tightly it may be packed (0: as it likes)."""

    files: int
    bytes: int
    ratio: int = 0


class OutsideArchive:
    """The files of an archive, by name; folders are not counted."""

    def __init__(self, stream: IO[bytes], limits: ArchiveLimits) -> None:
        """Look at the archive, without unpacking anything.

        :raises HostileArchive: something is not as it has to be; the message says what.
        """
        self._limits = limits
        try:
            self._zip = zipfile.ZipFile(stream)
            infos = self._zip.infolist()
        except UNREADABLE as error:
            raise HostileArchive(
                _("This is not a ZIP file, or it did not arrive whole. Copy it once more."),
                ArchiveFault.NO_ARCHIVE,
            ) from error
        self.sizes: dict[str, int] = {
            info.filename: info.file_size for info in infos if not info.filename.endswith("/")
        }
        """Bytes of every file, as the archive says."""
        self._refuse_crowds(infos)
        for info in infos:
            self._refuse_strange(info)
        self._refuse_loads(infos)

    def _refuse_crowds(self, infos: list[zipfile.ZipInfo]) -> None:
        names = [_as_any_system_sees(info.filename.rstrip("/")) for info in infos]
        files = {_as_any_system_sees(name) for name in self.sizes}
        holders = {str(folder) for name in names for folder in PurePosixPath(name).parents}
        if len(infos) > self._limits.files or len(set(names)) < len(names) or files & holders:
            raise HostileArchive(
                _("The archive has too many files, or two with one name."), ArchiveFault.CROWD
            )

    @staticmethod
    def _refuse_strange(info: zipfile.ZipInfo) -> None:
        name = info.orig_filename
        if not _is_plain(name.removesuffix("/")):
            raise HostileArchive(
                _("The archive has a file with a name that will not do: %(name)s.", name=name[:80]),
                ArchiveFault.NAME,
                name,
            )
        if stat.S_IFMT(info.external_attr >> 16) not in {0, stat.S_IFREG, stat.S_IFDIR}:
            raise HostileArchive(
                _("The archive has a link or a device, and no file: %(name)s.", name=name[:80]),
                ArchiveFault.KIND,
                name,
            )
        if info.flag_bits & 1:
            raise HostileArchive(_("The archive is protected by a password."), ArchiveFault.LOCKED, name)

    def _refuse_loads(self, infos: list[zipfile.ZipInfo]) -> None:
        if sum(self.sizes.values()) > self._limits.bytes:
            most = self._limits.bytes // 1024**2
            raise HostileArchive(
                _("Unpacked, the archive would take more than %(most)d MB.", most=most),
                ArchiveFault.TOO_LARGE,
            )
        for info in infos if self._limits.ratio else ():
            if info.file_size > max(SMALL, info.compress_size * self._limits.ratio):
                raise HostileArchive(
                    _(
                        "The file %(name)s of the archive is packed in a way that no sensible file is.",
                        name=info.filename[:80],
                    ),
                    ArchiveFault.BOMB,
                    info.filename,
                )

    def read(self, name: str, most: int) -> bytes:
        """Return a file whole.

        :param most: bytes that it may have.
        :raises HostileArchive: it is not there, longer, or damaged.
        """
        return b"".join(self.chunks(name, most))

    def copy(self, name: str, size: int, sha256: str) -> IO[bytes]:
        """Return a copy of a file of which size (in bytes) and hash are known: in memory while small, else on the disk.

        :raises HostileArchive: it is not there, or another one.
        """
        copy: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the caller closes it
        digest, found = hashlib.sha256(), 0
        try:
            for chunk in self.chunks(name, size):
                copy.write(chunk)
                digest.update(chunk)
                found += len(chunk)
            if found != size or digest.hexdigest() != sha256:
                raise _damaged(name, ArchiveFault.CHANGED)
        except BaseException:
            copy.close()
            raise
        copy.seek(0)
        return copy

    def chunks(self, name: str, most: int) -> Iterator[bytes]:
        """Yield a file piece by piece, never more than ``most`` bytes of it, whatever the archive says of its size.

        :raises HostileArchive: it is not there, longer, or damaged.
        """
        if name not in self.sizes:
            raise HostileArchive(
                _("The file %(name)s is missing in the archive, or too large.", name=name[:80]),
                ArchiveFault.MISSING,
                name,
            )
        left = most
        try:
            with self._zip.open(name) as stream:
                while chunk := stream.read(min(CHUNK, max(left, 0) + 1)):
                    left -= len(chunk)
                    if left < 0:
                        break
                    yield chunk
        except UNREADABLE as error:
            raise _damaged(name) from error
        if left < 0:
            raise HostileArchive(
                _("The file %(name)s of the archive is larger than it says.", name=name[:80]),
                ArchiveFault.LONGER,
                name,
            )


def _as_any_system_sees(name: str) -> str:
    """Return a name as systems compare it that know no difference of case, or of how an accent is written."""
    return unicodedata.normalize("NFC", name).casefold()


def _is_plain(name: str) -> bool:
    """Say whether a name stays below its folder on every system, and every system can keep it."""
    return all(
        part not in {"", ".", ".."}
        and not _NOT_IN_NAMES & set(part)
        and part.isprintable()
        and part[-1] not in ". "
        and part.partition(".")[0].strip().lower() not in _DEVICES
        for part in name.split("/")
    )


def _damaged(name: str, fault: ArchiveFault = ArchiveFault.DAMAGED) -> HostileArchive:
    return HostileArchive(
        _("The file %(name)s of the archive is damaged. Copy the archive once more.", name=name[:80]),
        fault,
        name,
    )
