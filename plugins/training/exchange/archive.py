"""A ZIP file from another hub, which may be hostile. Nothing is unpacked.

Files are read by the names that its manifest lists, never more of them than it promises, and every byte counts
towards one limit: no name, no size and no compression can do harm. No Flask.
"""

import hashlib
import io
import re
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from libhub.api import LibHubError
from libhub.api import gettext as _

MANIFEST: Final = "manifest.json"
MAX_UNPACKED: Final = 1024**3
MAX_MEMBERS: Final = 5_000
MAX_MANIFEST: Final = 2 * 1024**2
CHUNK: Final = 1024**2
IN_MEMORY: Final = 8 * 1024**2
"""A larger file waits on the disk."""
_NAME: Final = re.compile(
    r"course\.json|lessons/\d{2,3}-\d{2,3}\.(?:md|gift)|files/\d{2,3}-\d{2,3}/\d{2,3}\.[a-z0-9]{1,8}"
)
_DATE: Final = (1980, 1, 1, 0, 0, 0)
"""Every file of an archive has the same time, so that the same course always makes the same bytes."""


class Strict(BaseModel):
    """Data from outside: exactly these names, exactly these types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Member(Strict):
    size: int
    sha256: str


class _Manifest(Strict):
    format: Literal["libhub-course"]
    version: Literal[1]
    members: dict[str, _Member]


class HostileArchive(LibHubError):
    """The archive is damaged, or was made to do harm. Nothing of it was taken."""


class Archive:
    """The files of an archive, each checked while it is read."""

    def __init__(self, stream: IO[bytes]) -> None:
        """Read the manifest and compare it with what is there.

        :raises HostileArchive: something is not as it has to be; the message says what.
        """
        try:
            self._zip = zipfile.ZipFile(stream)
            infos = self._zip.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise HostileArchive(
                _("This is not a LibHub course, or it did not arrive whole. Copy the file once more.")
            ) from error
        names = [info.filename for info in infos]
        if len(infos) > MAX_MEMBERS or len(set(names)) < len(names):
            raise HostileArchive(_("The archive has too many files, or two with one name."))
        strange = next((name for name in names if name != MANIFEST and not _NAME.fullmatch(name)), None)
        if strange is not None:
            raise HostileArchive(_("The archive has a file that no course has: %(name)s.", name=strange[:80]))
        if sum(info.file_size for info in infos) > MAX_UNPACKED:
            raise HostileArchive(
                _("Unpacked, the course would take more than %(most)d MB.", most=MAX_UNPACKED // 1024**2)
            )
        if any(info.flag_bits & 1 for info in infos):
            raise HostileArchive(_("The archive is protected by a password."))
        self._members = self._read_manifest(names)

    def _read_manifest(self, names: list[str]) -> Mapping[str, _Member]:
        if MANIFEST not in names:
            raise HostileArchive(_("The archive has no manifest.json: it is not a LibHub course."))
        try:
            manifest = _Manifest.model_validate_json(b"".join(self._chunks(MANIFEST, MAX_MANIFEST)))
        except ValidationError as error:
            raise HostileArchive(
                _("The manifest of the archive is not one: %(problem)s", problem=problem_of(error))
            ) from error
        if set(manifest.members) != set(names) - {MANIFEST}:
            raise HostileArchive(_("The archive does not have the files that its manifest lists."))
        return manifest.members

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
                _("The file %(name)s is missing in the archive, or too large.", name=name[:80])
            )
        copy: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the caller closes it
        try:
            self._copy(name, member, copy)
        except BaseException:
            copy.close()
            raise
        copy.seek(0)
        return copy

    def _copy(self, name: str, member: _Member, target: IO[bytes]) -> None:
        digest = hashlib.sha256()
        size = 0
        for chunk in self._chunks(name, member.size):
            target.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        if size != member.size or digest.hexdigest() != member.sha256:
            raise HostileArchive(_damaged(name))

    def check(self) -> None:
        """Read every file once.

        :raises HostileArchive: one of them is damaged.
        """
        for name in self._members:
            self.open(name).close()

    def _chunks(self, name: str, most: int) -> Iterator[bytes]:
        """Yield a file, never more than ``most`` bytes of it, whatever the archive says of its size."""
        size = 0
        try:
            with self._zip.open(name) as stream:
                while chunk := stream.read(CHUNK):
                    size += len(chunk)
                    if size > most:
                        raise HostileArchive(
                            _("The file %(name)s of the archive is larger than it says.", name=name[:80])
                        )
                    yield chunk
        except (
            zipfile.BadZipFile,
            EOFError,
            OSError,
            RuntimeError,
            NotImplementedError,
            zlib.error,
        ) as error:
            raise HostileArchive(_damaged(name)) from error


def _damaged(name: str) -> str:
    return _("The file %(name)s of the archive is damaged. Copy the archive once more.", name=name[:80])


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
