"""A ZIP file from another hub, which may be hostile: exactly the files that its manifest lists. Nothing is unpacked. No Flask."""

import hashlib
import io
import re
import shutil
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from libhub.api import ArchiveFault, ArchiveLimits, HostileArchive, OutsideArchive
from libhub.api import gettext as _

MANIFEST: Final = "manifest.json"
MAX_UNPACKED: Final = 1024**3
LIMITS: Final = ArchiveLimits(files=5_000, bytes=MAX_UNPACKED)
MAX_MANIFEST: Final = 2 * 1024**2
CHUNK: Final = 1024**2
_NAME: Final = re.compile(
    r"course\.json|lessons/\d{2,3}-\d{2,3}\.(?:md|gift)|files/\d{2,3}-\d{2,3}/\d{2,3}\.[a-z0-9]{1,8}"
)
_DATE: Final = (1980, 1, 1, 0, 0, 0)
"""Every file of an archive has the same time, so that the same course always makes the same bytes."""


class Strict(BaseModel):
    """Data from outside: exactly these names, exactly these types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


class _Member(Strict):
    size: int
    sha256: str


class _Manifest(Strict):
    format: Literal["libhub-course"]
    version: Literal[1]
    members: dict[str, _Member]


class Archive:
    """The files of an archive, each checked while it is read."""

    def __init__(self, stream: IO[bytes]) -> None:
        """Read the manifest and compare it with what is there.

        :raises HostileArchive: something is not as it has to be; the message says what.
        """
        try:
            self._zip = OutsideArchive(stream, LIMITS)
        except HostileArchive as error:
            raise HostileArchive(_in_our_words(error), error.fault, error.name) from error
        names = set(self._zip.sizes)
        strange = next((name for name in names if name != MANIFEST and not _NAME.fullmatch(name)), None)
        if strange is not None:
            raise HostileArchive(_strange(strange), ArchiveFault.NAME, strange)
        if MANIFEST not in names:
            raise HostileArchive(
                _("The archive has no manifest.json: it is not a LibHub course."),
                ArchiveFault.MISSING,
                MANIFEST,
            )
        self._members = self._read_manifest()
        if set(self._members) != names - {MANIFEST}:
            raise HostileArchive(
                _("The archive does not have the files that its manifest lists."),
                ArchiveFault.DAMAGED,
                MANIFEST,
            )

    def _read_manifest(self) -> Mapping[str, _Member]:
        try:
            return _Manifest.model_validate_json(self._zip.read(MANIFEST, MAX_MANIFEST)).members
        except ValidationError as error:
            problem = _("The manifest of the archive is not one: %(problem)s", problem=problem_of(error))
            raise HostileArchive(problem, ArchiveFault.DAMAGED, MANIFEST) from error

    def read(self, name: str, most: int) -> bytes:
        """Return a file whole.

        :raises HostileArchive: it is not there, longer than ``most`` bytes, or not the one that the manifest means.
        """
        with self.open(name, most) as stream:
            return stream.read()

    def open(self, name: str, most: int = MAX_UNPACKED) -> IO[bytes]:
        """Return a checked copy of a file: in memory while it is small, else on the disk."""
        member = self._members.get(name)
        if member is None or member.size > most:
            raise HostileArchive(
                _("The file %(name)s is missing in the archive, or too large.", name=name[:80]),
                ArchiveFault.MISSING,
                name,
            )
        return self._zip.copy(name, member.size, member.sha256)

    def check(self) -> None:
        """Read every file once.

        :raises HostileArchive: one of them is damaged.
        """
        for name in self._members:
            self.open(name).close()


def _in_our_words(error: HostileArchive) -> str:
    if error.fault is ArchiveFault.NO_ARCHIVE:
        return _("This is not a LibHub course, or it did not arrive whole. Copy the file once more.")
    if error.fault is ArchiveFault.TOO_LARGE:
        return _("Unpacked, the course would take more than %(most)d MB.", most=MAX_UNPACKED // 1024**2)
    return _strange(error.name) if error.fault is ArchiveFault.NAME else str(error)


def _strange(name: str) -> str:
    return _("The archive has a file that no course has: %(name)s.", name=name[:80])


def problem_of(error: ValidationError) -> str:
    """Return the first problem of data from outside, in one line."""
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"])) or "—"
    return f"{place}: {first['msg']}"[:200]


@dataclass(frozen=True)
class Content:
    """A file that goes into an archive: how to open it, its size in bytes, its SHA-256."""

    open: Callable[[], IO[bytes]]
    size: int
    sha256: str

    @classmethod
    def of(cls, data: bytes) -> "Content":
        """Return bytes that are in memory."""
        return cls(lambda: io.BytesIO(data), len(data), hashlib.sha256(data).hexdigest())


def write(stream: IO[bytes], members: Mapping[str, Content]) -> None:
    """Write an archive with these files; the same files always make the same bytes."""
    listed = {name: _Member(size=each.size, sha256=each.sha256) for name, each in sorted(members.items())}
    manifest = _Manifest(format="libhub-course", version=1, members=listed)
    described = Content.of(manifest.model_dump_json(indent=1).encode())
    with zipfile.ZipFile(stream, "w") as target:
        for name, content in [(MANIFEST, described), *sorted(members.items())]:
            info = zipfile.ZipInfo(name, _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            with content.open() as source, target.open(info, "w", force_zip64=True) as place:
                shutil.copyfileobj(source, place, CHUNK)
