"""A section that somebody brings, as a ZIP file or a folder: unpacked beside its place, looked at, and not run.

A folder is packed first and then goes the way of a ZIP file, so that there is one way and one set of limits.
"""

import hashlib
import os
import shutil
import tempfile
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final

from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.kit.archive import CHUNK, ArchiveLimits, OutsideArchive
from libhub.plugging.loading.manifest import MANIFEST_FILE, Manifest, read_manifest

LIMITS: Final = ArchiveLimits(files=3_000, bytes=100 * 1024**2, ratio=200)
_LEFT_BEHIND: Final = frozenset(
    {"__pycache__", "__MACOSX", ".git", ".DS_Store", ".mypy_cache", ".ruff_cache"}
)
"""What programs leave in folders. It is not taken along, nor is Python that is compiled already: it may say something else
than the source beside it."""
_COMPILED: Final = frozenset({".pyc", ".pyo"})
_DATE: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Candidate:
    """A section that may be put in place. ``folder`` has its name."""

    folder: Path
    manifest: Manifest
    sha256: str
    """Of the ZIP file; of a folder, that of the ZIP file that is made of it."""
    files: dict[str, int]
    """Bytes by name."""
    left: tuple[str, ...]
    """Files that are not taken along."""

    @property
    def id(self) -> str:
        """The id of the section."""
        return self.manifest.id

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(self.files.values())


@contextmanager
def unpacked(source: Path, place: Path | None = None) -> Iterator[Candidate]:
    """Unpack a section, check it, and delete it again after the block, unless it was moved away.

    :param place: the folder in which it is unpacked; as a rule that of the system for such things.
    :raises LibHubError: it is no section, is damaged, or was made to do harm.
    """
    if place:
        place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place, prefix="new-") as own, _as_archive(source) as stream:
        yield _unpack(stream, Path(own))


@contextmanager
def _as_archive(source: Path) -> Iterator[IO[bytes]]:
    if source.is_dir():
        with tempfile.TemporaryFile() as packed:
            _pack(source.resolve(), packed)
            packed.seek(0)
            yield packed
    else:
        try:
            stream = source.open("rb")
        except OSError as error:
            raise LibHubError(
                _("Cannot read %(path)s: %(error)s", path=source, error=error.strerror or error)
            ) from error
        with stream:
            yield stream


def _pack(folder: Path, stream: IO[bytes]) -> None:
    """Write a folder as an archive; the same files always make the same bytes."""
    taken = 0
    with zipfile.ZipFile(stream, "w", strict_timestamps=False) as archive:
        for parent, folders, names in os.walk(folder):
            folders[:] = sorted(set(folders) - _LEFT_BEHIND)
            for path in (Path(parent, name) for name in sorted([*folders, *names])):
                inside = path.relative_to(folder.parent).as_posix()
                if path.is_symlink() or not (path.is_file() or path.is_dir()):
                    raise LibHubError(_("The folder has a link or a device in it: %(path)s", path=path))
                if path.is_dir() or _is_left(inside):
                    continue
                taken += path.stat().st_size
                if taken > LIMITS.bytes:
                    raise LibHubError(
                        _("The folder takes more than %(most)d MB.", most=LIMITS.bytes // 1024**2)
                    )
                with path.open("rb") as content, archive.open(zipfile.ZipInfo(inside, _DATE), "w") as target:
                    shutil.copyfileobj(content, target, CHUNK)


def _unpack(stream: IO[bytes], own: Path) -> Candidate:
    digest = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
    archive = OutsideArchive(stream, LIMITS)
    names = [name for name in archive.sizes if not _is_left(name)]
    tops = {name.partition("/")[0] for name in names}
    if not names or any("/" not in name for name in names) or len(tops) > 1:
        raise LibHubError(
            _(
                "A section comes in one folder that has its name, and nothing lies beside it. Here lie: %(names)s.",
                names=", ".join(sorted(tops)[:5]) or "—",
            )
        )
    top = tops.pop()
    if f"{top}/{MANIFEST_FILE}" not in names:
        raise LibHubError(
            _(
                "There is no %(file)s in the folder “%(name)s”: it is no section.",
                file=MANIFEST_FILE,
                name=top,
            )
        )
    for name in names:
        target = own / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            for chunk in archive.chunks(name, archive.sizes[name]):
                file.write(chunk)
    folder = own / top
    manifest = read_manifest(folder)
    for path in sorted(folder.rglob("*.py")):
        _compile(path, path.relative_to(own).as_posix())
    return Candidate(
        folder,
        manifest,
        digest,
        {name: archive.sizes[name] for name in sorted(names)},
        tuple(sorted(name for name in archive.sizes if _is_left(name))),
    )


def _is_left(name: str) -> bool:
    path = PurePosixPath(name)
    return path.suffix in _COMPILED or not _LEFT_BEHIND.isdisjoint(path.parts)


def _compile(path: Path, name: str) -> None:
    """Read a file of Python to its end, without running it.

    :raises LibHubError: it is not Python, or that of a newer version.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(path.read_bytes(), name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise LibHubError(_("%(name)s is not Python: %(error)s", name=name, error=error)) from error
