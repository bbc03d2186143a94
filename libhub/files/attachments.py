"""What is attached to items, as plain data; and the rows behind it. No Flask."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import quote

from sqlalchemy import ColumnElement, Select, and_, or_, select

from libhub.base.audit import current_actor
from libhub.base.db import db
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.files import pictures
from libhub.files.current_store import get_store
from libhub.files.models import FileAttachment, StoredFile
from libhub.files.reading.problems import REASONS
from libhub.files.types import IMAGES, TYPES, FileType
from libhub.search.documents import ItemRef

MOST_REMOVED: Final = 50
"""Removed files of an item that its lists offer to bring back."""


@dataclass(frozen=True)
class Attachment:
    """A file of an item, as plain data.

    ``state`` says what search knows of it: ``waiting``, ``indexed``, ``no_text`` or ``failed``; ``reason`` says why,
    in words. ``size`` is in bytes, ``width`` and ``height`` of a picture in pixels.
    """

    id: int
    ref: ItemRef
    place: str
    name: str
    type: str
    size: int
    sha256: str
    position: int
    state: str
    reason: str
    width: int | None = None
    height: int | None = None

    @property
    def file_type(self) -> FileType:
        """What kind of file it is."""
        return TYPES[self.type]

    @property
    def media_type(self) -> str:
        """The name of its kind in HTTP."""
        return self.file_type.media_type

    @property
    def is_image(self) -> bool:
        """Whether it is a picture."""
        return self.type in IMAGES

    @property
    def raw_url(self) -> str:
        """The address of the file itself."""
        return f"/files/{self.id}/{quote(self.name)}"

    @property
    def url(self) -> str:
        """The address where it is looked at: the file itself, or the reader's page."""
        return f"/files/{self.id}/read" if self.file_type.shown == "reader" else self.raw_url

    @property
    def download_url(self) -> str:
        """The address at which a browser saves it."""
        return f"{self.raw_url}?download=1"

    def preview_url(self, width: int) -> str:
        """Return the address of a picture at least ``width`` pixels wide, if it is; empty for what is no picture."""
        if not self.is_image:
            return ""
        size = next((each for each in pictures.WIDTHS if each >= width), pictures.WIDTHS[-1])
        return f"/files/{self.id}/preview/{size}"

    @property
    def preview_set(self) -> str:
        """The addresses of a picture in every width that it has, as ``srcset`` of HTML; empty for what is no picture."""
        if not self.is_image or not self.width:
            return ""
        last = next((each for each in pictures.WIDTHS if each >= self.width), pictures.WIDTHS[-1])
        return ", ".join(
            f"{self.preview_url(each)} {min(each, self.width)}w" for each in pictures.WIDTHS if each <= last
        )


def attachments(refs: Iterable[ItemRef], place: str | None = None) -> dict[ItemRef, list[Attachment]]:
    """Return the files of items in their order, of one place or of all; one query however many there are."""
    wanted = list(dict.fromkeys(refs))
    found: dict[ItemRef, list[Attachment]] = {ref: [] for ref in wanted}
    if wanted:
        query = present().where(of_items(wanted))
        for row in db.session.scalars(query if place is None else query.where(FileAttachment.place == place)):
            found[ref_of(row)].append(plain(row))
    return found


def first_pictures(refs: Iterable[ItemRef]) -> dict[ItemRef, Attachment]:
    """Return the first picture of each of these items that has one; one query however many there are."""
    found = {
        ref: next((file for file in files if file.is_image), None) for ref, files in attachments(refs).items()
    }
    return {ref: picture for ref, picture in found.items() if picture is not None}


def get_attachments(ids: Iterable[int]) -> dict[int, Attachment]:
    """Return files by their numbers; a removed one is not among them."""
    rows = db.session.scalars(present().where(FileAttachment.id.in_(list(ids))))
    return {row.id: plain(row) for row in rows}


def removed_files(ref: ItemRef) -> dict[str, list[Attachment]]:
    """Return what was removed from an item and can be brought back, by place, the last one first."""
    query = (
        select(FileAttachment)
        .where(of_items([ref]), FileAttachment.detached_at.is_not(None))
        .order_by(FileAttachment.detached_at.desc())
        .limit(MOST_REMOVED)
    )
    found: dict[str, list[Attachment]] = {}
    for row in db.session.scalars(query):
        found.setdefault(row.place, []).append(plain(row))
    return found


def find_removed(attachment_id: int) -> Attachment | None:
    """Return a file that was removed and can be brought back."""
    row = db.session.get(FileAttachment, attachment_id)
    return plain(row) if row and row.detached_at else None


def open_file(attachment_id: int) -> BinaryIO:
    """Open a file for reading, as for an export. Who may have it, the caller decides.

    :raises LibHubError: there is no such file, or its content is missing on the disk.
    """
    path = content_path(get_attachment(attachment_id))
    try:
        return path.open("rb")
    except OSError as error:
        raise LibHubError(str(REASONS["missing"])) from error


def get_attachment(attachment_id: int) -> Attachment:
    """Return one file.

    :raises LibHubError: there is none with this number.
    """
    return plain(row_of(attachment_id))


def content_path(attachment: Attachment) -> Path:
    """Return where the bytes of a file lie."""
    return get_store().path(attachment.sha256)


def new_row(ref: ItemRef, place: str, position: int, name: str, stored: StoredFile) -> FileAttachment:
    stored.unused_since = None
    row = FileAttachment(
        plugin_id=ref.plugin,
        kind=ref.kind,
        key=ref.key,
        place=place,
        position=position,
        name=name,
        stored=stored,
        uploader_id=current_actor.get().user_id,
    )
    db.session.add(row)
    return row


def present() -> Select[FileAttachment]:
    """Return the query of the files that are not removed, in order."""
    order = (FileAttachment.place, FileAttachment.position, FileAttachment.id)
    return select(FileAttachment).where(FileAttachment.detached_at.is_(None)).order_by(*order)


def of_items(refs: Sequence[ItemRef]) -> ColumnElement[bool]:
    """Return the condition that a file belongs to one of these items."""
    keys: dict[tuple[str, str], list[str]] = defaultdict(list)
    for ref in refs:
        keys[ref.plugin, ref.kind].append(ref.key)
    return or_(
        *(
            and_(
                FileAttachment.plugin_id == plugin, FileAttachment.kind == kind, FileAttachment.key.in_(some)
            )
            for (plugin, kind), some in keys.items()
        )
    )


def row_of(attachment_id: int) -> FileAttachment:
    row = db.session.get(FileAttachment, attachment_id)
    if row is None or row.detached_at is not None:
        raise LibHubError(_("There is no such file. It may have been removed."))
    return row


def ref_of(row: FileAttachment) -> ItemRef:
    return ItemRef(row.plugin_id, row.kind, row.key)


def plain(row: FileAttachment) -> Attachment:
    stored = row.stored
    return Attachment(
        id=row.id,
        ref=ref_of(row),
        place=row.place,
        name=row.name,
        type=stored.type,
        size=stored.size,
        sha256=stored.sha256,
        position=row.position,
        state=stored.state,
        reason=str(REASONS[stored.reason]) if stored.reason else "",
        width=stored.width,
        height=stored.height,
    )
