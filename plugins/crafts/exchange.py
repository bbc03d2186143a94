"""Activities from and to files: the starter content, and activities that travel between hubs. No Flask here.

A file is a ZIP archive with ``manifest.json`` and, in ``files/``, what was uploaded. The manifest names every
file with its place, size and SHA-256; what does not agree with it is refused as a whole.
"""

import hashlib
import json
import re
import tempfile
import tomllib
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select

from libhub.api import Invalid, LibHubError, attach, attachments, db, detach_all, open_file, writing
from libhub.api import gettext as _
from plugins.crafts import pictures, rules
from plugins.crafts.activity_data import FIELDS, ActivityData
from plugins.crafts.models import Activity

STARTER: Final = Path(__file__).parent / "starter"
FORMAT: Final = "libhub-activity"
VERSION: Final = 1
MANIFEST: Final = "manifest.json"
MOST_MANIFEST_BYTES: Final = 2 * 1024**2
MOST_FILE_BYTES: Final = 100 * 1024**2
MOST_TOTAL_BYTES: Final = 400 * 1024**2
MOST_FILES: Final = 200
_STORED: Final = re.compile(r"files/[0-9]{1,4}")
_CHUNK: Final = 1 << 20
_IN_MEMORY: Final = 8 * 1024**2
_UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    ValueError,
)
"""What the library raises on archives that are cut, changed, encrypted or no archives at all."""


@dataclass(frozen=True)
class FileEntry:
    """A file of an activity in the archive: under which name it lies there, and what it was called and where."""

    stored: str
    name: str
    place: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What an archive says of itself."""

    format: str
    version: int
    activity: ActivityData
    files: tuple[FileEntry, ...] = ()


def _read(of: type[Any], value: object) -> Any:
    """Return a value of a file as data of the right types.

    :raises LibHubError: a part is of a wrong type, unknown or missing.
    """
    try:
        return TypeAdapter(of).validate_python(value, extra="forbid")
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or MANIFEST
        raise LibHubError(
            _("“%(place)s” in the file is not right: %(problem)s.", place=place, problem=first["msg"])
        ) from error


def _checked(data: ActivityData) -> ActivityData:
    clean = data.checked()
    for name in pictures.strange(clean):
        raise Invalid({"steps": _("This hub has no drawing “%(name)s”.", name=name)}, FIELDS)
    return clean


def load_starter(folder: Path) -> None:
    """Add the activities of a folder (a TOML file each) that are not there yet."""
    with writing():
        known = set(db.session.scalars(select(Activity.uid)))
        for path in sorted(folder.glob("*.toml")):
            data = _checked(_read(ActivityData, tomllib.loads(path.read_text(encoding="utf-8"))))
            if data.uid not in known:
                rules.save(data, state="published")


def write(activity_id: int, to: IO[bytes]) -> None:
    """Write an activity with its files as an archive.

    :raises LibHubError: there is no such activity, or one of its files is missing on the disk.
    """
    data = rules.data_of(rules.get(activity_id))
    ref = rules.ref(activity_id)
    entries = []
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, file in enumerate(attachments([ref])[ref]):
            stored = f"files/{number}"
            with open_file(file.id) as source, archive.open(_named(stored), "w") as target:
                while chunk := source.read(_CHUNK):
                    target.write(chunk)
            entries.append(FileEntry(stored, file.name, file.place, file.size, file.sha256))
        manifest = Manifest(FORMAT, VERSION, data, tuple(entries))
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
        archive.writestr(_named(MANIFEST), text.encode())


def _named(name: str) -> zipfile.ZipInfo:
    """The same activity gives the same bytes, whenever it is exported."""
    info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def file_name(data: ActivityData) -> str:
    """Return what the file of an activity is called."""
    return f"{re.sub(r'[^0-9A-Za-zА-Яа-яЁё]+', '-', data.title).strip('-')[:60] or 'activity'}.zip"


@dataclass(frozen=True)
class Imported:
    """What an import did: the number of the activity, and whether it was there before."""

    activity_id: int
    title: str
    replaced: bool


def read(source: IO[bytes]) -> Imported:
    """Bring an activity in as a draft; one that came before is changed, and stays published if it is.

    Everything is checked before anything is written, and written in one transaction.

    :raises LibHubError: it is no such archive, it was changed on the way, or something in it will not do.
    """
    with ExitStack() as received:
        try:
            with zipfile.ZipFile(source) as archive:
                manifest = _manifest(archive)
                files: list[tuple[FileEntry, IO[bytes]]] = []
                for entry in manifest.files:
                    target = received.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY))
                    _unpack(archive, entry, target)
                    files.append((entry, target))
        except _UNREADABLE as error:
            raise LibHubError(
                _("This is not the file of an activity, or it is damaged. Download the activity once more.")
            ) from error
        return _store(_checked(manifest.activity), files)


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    names = [info.filename for info in archive.infolist()]
    if len(names) != len(set(names)) or MANIFEST not in names:
        raise LibHubError(_("This archive is no activity: there is no %(name)s in it.", name=MANIFEST))
    text = _limited(archive, MANIFEST, MOST_MANIFEST_BYTES)
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise LibHubError(_("%(name)s in the archive cannot be read.", name=MANIFEST)) from error
    if not isinstance(raw, Mapping) or raw.get("format") != FORMAT:
        raise LibHubError(_("This archive comes from another program and is no activity."))
    if raw.get("version") != VERSION:
        raise LibHubError(
            _("The file was written by a newer version of the program. Update this one and try again.")
        )
    manifest: Manifest = _read(Manifest, raw)
    _refuse_strange_files(manifest, names)
    return manifest


def _refuse_strange_files(manifest: Manifest, names: list[str]) -> None:
    """Refuse an archive whose files are not those of its manifest, or too many of them, or too large."""
    stored = [entry.stored for entry in manifest.files]
    if sorted([*stored, MANIFEST]) != sorted(names) or not all(_STORED.fullmatch(name) for name in stored):
        raise LibHubError(_("The archive was changed: its files are not those that it lists."))
    if len(stored) > MOST_FILES or sum(entry.size for entry in manifest.files) > MOST_TOTAL_BYTES:
        raise LibHubError(_("The archive is too large for one activity."))
    places = {place.name for place in pictures.places(manifest.activity)} | {""}
    for entry in manifest.files:
        if entry.place not in places:
            raise LibHubError(
                _("The archive was changed: “%(name)s” belongs to no step of it.", name=entry.name[:80])
            )


def _limited(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """Read a member, however large it says it is, up to a limit.

    :raises LibHubError: it is larger.
    """
    with archive.open(name) as member:
        found = member.read(most + 1)
    if len(found) > most:
        raise LibHubError(_("“%(name)s” in the archive is too large.", name=name))
    return found


def _unpack(archive: zipfile.ZipFile, entry: FileEntry, target: IO[bytes]) -> None:
    """Unpack a file, no more of it than the manifest says.

    :raises LibHubError: it is not what the manifest says.
    """
    digest, left = hashlib.sha256(), min(max(entry.size, 0), MOST_FILE_BYTES)
    with archive.open(entry.stored) as member:
        while left >= 0 and (chunk := member.read(min(_CHUNK, left + 1))):
            left -= len(chunk)
            digest.update(chunk)
            target.write(chunk)
    if left != 0 or entry.size > MOST_FILE_BYTES or digest.hexdigest() != entry.sha256:
        raise LibHubError(_("The archive was changed: “%(name)s” is not what it was.", name=entry.name[:80]))
    target.seek(0)


def _store(data: ActivityData, files: list[tuple[FileEntry, IO[bytes]]]) -> Imported:
    with writing():
        known = db.session.scalar(select(Activity.id).where(Activity.uid == data.uid)) if data.uid else None
        activity_id = rules.save(data, known)
        if known is not None:
            detach_all([rules.ref(known)])
        for entry, stream in files:
            attach(rules.ref(activity_id), entry.name, stream, place=entry.place)
        return Imported(activity_id, data.title, known is not None)
