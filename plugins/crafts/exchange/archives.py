"""Activities as archives. No Flask here.

An archive is a ZIP file with ``manifest.json`` and, in ``files/``, what was uploaded. The manifest names every
file with its place, size and SHA-256; what does not agree with it is refused as a whole.
"""

import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from typing import IO, Final

from sqlalchemy import select

from libhub.api import (
    ArchiveFault,
    ArchiveLimits,
    HostileArchive,
    ImportReport,
    Label,
    LibHubError,
    OutsideArchive,
    ReceivedFile,
    attach,
    attachments,
    db,
    detach_all,
    open_file,
    receive,
    writing_or_trying,
)
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.crafts import pictures, rules
from plugins.crafts.activity_data import ActivityData
from plugins.crafts.exchange.checking import MANIFEST, checked, data_from
from plugins.crafts.models import Activity
from plugins.crafts.vocabulary import KINDS

FORMAT: Final = "libhub-activity"
VERSION: Final = 1
MOST_MANIFEST_BYTES: Final = 2 * 1024**2
MOST_FILE_BYTES: Final = 100 * 1024**2
MOST_TOTAL_BYTES: Final = 400 * 1024**2
MOST_FILES: Final = 200
LIMITS: Final = ArchiveLimits(files=10_000, bytes=MOST_TOTAL_BYTES + MOST_MANIFEST_BYTES)
_STORED: Final = re.compile(r"files/[0-9]{1,4}")
_CHUNK: Final = 1 << 20


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


def write(activity_id: int, to: IO[bytes]) -> None:
    """Write an activity with its files as an archive.

    :raises LibHubError: there is no such activity, or one of its files is missing on the disk.
    """
    data = rules.data_of(rules.get(activity_id))
    ref = Activity.ref_of(activity_id)
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


def read(source: IO[bytes], *, dry_run: bool = False) -> ImportReport:
    """Bring an activity in as a draft; one that came before is changed, and stays published if it is.

    Everything is checked before anything is written, and written in one transaction.

    :raises LibHubError: it is no such archive, it was changed on the way, or something in it will not do.
    """
    with ExitStack() as received:
        try:
            archive = OutsideArchive(source, LIMITS)
            manifest = _manifest(archive)
            copies = [(entry, received.enter_context(_copy(archive, entry))) for entry in manifest.files]
        except HostileArchive as error:
            raise LibHubError(_in_our_words(error)) from error
        data = checked(manifest.activity)
        files = [(entry, received.enter_context(receive(entry.name, copy))) for entry, copy in copies]
        return _store(data, files, dry_run=dry_run)


def _in_our_words(error: HostileArchive) -> str:
    if error.fault in {ArchiveFault.NO_ARCHIVE, ArchiveFault.LOCKED, ArchiveFault.DAMAGED}:
        return _("This is not the file of an activity, or it is damaged. Download the activity once more.")
    if error.fault is ArchiveFault.TOO_LARGE:
        return _("The archive is too large for one activity.")
    if error.fault is ArchiveFault.LONGER:
        return _("“%(name)s” in the archive is too large.", name=error.name)
    return str(error)


def _copy(archive: OutsideArchive, entry: FileEntry) -> IO[bytes]:
    """Take a file out, no more of it than the manifest says.

    :raises LibHubError: it is not what the manifest says.
    """
    try:
        return archive.copy(entry.stored, min(entry.size, MOST_FILE_BYTES), entry.sha256)
    except HostileArchive as error:
        if error.fault not in {ArchiveFault.CHANGED, ArchiveFault.LONGER}:
            raise
        raise LibHubError(
            _("The archive was changed: “%(name)s” is not what it was.", name=entry.name[:80])
        ) from error


def _manifest(archive: OutsideArchive) -> Manifest:
    if MANIFEST not in archive.sizes:
        raise LibHubError(_("This archive is no activity: there is no %(name)s in it.", name=MANIFEST))
    text = archive.read(MANIFEST, MOST_MANIFEST_BYTES)
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
    manifest: Manifest = data_from(Manifest, raw)
    _refuse_strange_files(manifest, archive.sizes)
    return manifest


def _refuse_strange_files(manifest: Manifest, names: Iterable[str]) -> None:
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


def _store(
    data: ActivityData, files: Sequence[tuple[FileEntry, ReceivedFile]], *, dry_run: bool
) -> ImportReport:
    report = ImportReport()
    with writing_or_trying(dry_run=dry_run):
        known = db.session.scalar(select(Activity).where(Activity.uid == data.uid)) if data.uid else None
        report.saw("activity", known and (rules.data_of(known), known.standing, _files(known)))
        report.notes = _notes(data, len(files), known)
        number = rules.save(data, known.id if known else None)
        if known is not None:
            detach_all([known.ref])
        for entry, file in files:
            attach(Activity.ref_of(number), file, place=entry.place)
    report.one = None if dry_run else number
    report.added, report.changed = int(known is None), int(known is not None)
    return report


def _files(known: Activity) -> list[tuple[int, str, str, int]]:
    return [(each.id, each.place, each.name, each.size) for each in attachments([known.ref])[known.ref]]


def _notes(data: ActivityData, files: int, known: Activity | None) -> list[str]:
    """Return what is in an archive, and what becomes of it here."""
    described = _(
        "%(kind)s “%(title)s”. Steps: %(steps)d, materials and tools: %(materials)d, questions: %(questions)d, "
        "files: %(files)d.",
        kind=KINDS[data.kind],
        title=data.title,
        steps=len(data.steps),
        materials=len(data.materials),
        questions=len(data.questions),
        files=files,
    )
    if known is None:
        return [described, _("It comes in as a draft: readers see nothing before you publish it.")]
    replaced = _("“%(title)s” is here already and becomes as in the file, with its files.", title=known.title)
    return [described, replaced, str(_STAYS[known.standing])]


_STAYS: Final[Mapping[str, Label]] = {
    "published": _l("It stays published: readers see the change at once."),
    "draft": _l("It stays a draft."),
    "archived": _l("It stays in the archive."),
}
