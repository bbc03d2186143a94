"""What is attached to items: adding, renaming, ordering, replacing, removing. No Flask."""

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Final
from urllib.parse import quote

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from libhub.base.audit import Actor, acting_as, current_actor
from libhub.base.db import db, writing
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.moments import now
from libhub.files import pictures, quotas
from libhub.files.current import get_store, limits
from libhub.files.models import FileAttachment, StoredFile
from libhub.files.names import clean_name
from libhub.files.reading.problems import REASONS
from libhub.files.store import Received
from libhub.files.types import IMAGES, TYPES, FileType, detect
from libhub.search.documents import ItemRef
from libhub.search.outbox import touch

LONGEST_PLACE: Final = 40
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
        query = _present().where(_of_items(wanted))
        for row in db.session.scalars(query if place is None else query.where(FileAttachment.place == place)):
            found[_ref(row)].append(_plain(row))
    return found


def get_attachments(ids: Iterable[int]) -> dict[int, Attachment]:
    """Return files by their numbers; a removed one is not among them."""
    rows = db.session.scalars(_present().where(FileAttachment.id.in_(list(ids))))
    return {row.id: _plain(row) for row in rows}


def removed_files(ref: ItemRef) -> dict[str, list[Attachment]]:
    """Return what was removed from an item and can be brought back, by place, the last one first."""
    query = (
        select(FileAttachment)
        .where(_of_items([ref]), FileAttachment.detached_at.is_not(None))
        .order_by(FileAttachment.detached_at.desc())
        .limit(MOST_REMOVED)
    )
    found: dict[str, list[Attachment]] = {}
    for row in db.session.scalars(query):
        found.setdefault(row.place, []).append(_plain(row))
    return found


def find_removed(attachment_id: int) -> Attachment | None:
    """Return a file that was removed and can be brought back."""
    row = db.session.get(FileAttachment, attachment_id)
    return _plain(row) if row and row.detached_at else None


def attach(
    ref: ItemRef,
    name: str,
    stream: IO[bytes],
    *,
    place: str = "",
    actor: Actor | None = None,
    exact: bool = False,
) -> Attachment:
    """Attach a file to an item, after those that are there.

    Inside ``writing()`` it belongs to that transaction; the slow part, receiving, is better done outside.

    :param name: as the sender calls it; it is made safe, and its extension that of the content.
    :param exact: for what another hub has exported: a picture is looked into as always, but where it
        has nothing but its pixels, its bytes stay.
    :raises LibHubError: empty, too large, of a kind that is not allowed, damaged, no room; in words.
    """
    if len(place) > LONGEST_PLACE:
        raise ValueError(f"a place has at most {LONGEST_PLACE} characters")
    arriving = _arriving(name, stream, exact=exact)
    with arriving as arrival, acting_as(actor or current_actor.get()), writing():
        stored = _keep(ref.plugin, arrival)
        row = _new_row(ref, place, _next_position(ref, place), arrival.name, stored)
        db.session.flush()
        touch([ref])
        return _plain(row)


def replace_file(attachment_id: int, name: str, stream: IO[bytes]) -> Attachment:
    """Put another content in the place of a file; its number and its place in the item stay.

    :raises LibHubError: see :func:`attach`; the old content stays then.
    """
    with _arriving(name, stream) as arrival, writing():
        row = _row(attachment_id)
        row.stored = _keep(row.plugin_id, arrival)
        row.stored.unused_since = None
        row.name = arrival.name
        row.uploader_id = current_actor.get().user_id
        db.session.flush()
        touch([_ref(row)])
        return _plain(row)


def rename_file(attachment_id: int, name: str) -> Attachment:
    """Call a file something else; the extension stays that of its content.

    :raises LibHubError: there is no such file, or nothing is left of the name.
    """
    if not name.strip():
        raise LibHubError(_("Write a name for the file."))
    with writing():
        row = _row(attachment_id)
        possible = TYPES[row.stored.type].extensions
        given = name.strip() if name.strip().lower().endswith(possible) else f"{name.strip()}{possible[0]}"
        row.name = clean_name(given, possible)
        touch([_ref(row)])
        return _plain(row)


def move_files(ref: ItemRef, ids: Sequence[int], place: str = "") -> None:
    """Put these files of an item into one place, in this order; others of the place follow them."""
    with writing():
        rows = {row.id: row for row in db.session.scalars(_present().where(_of_items([ref])))}
        others = [row.id for row in rows.values() if row.place == place and row.id not in ids]
        ordered = [number for number in dict.fromkeys(ids) if number in rows]
        for position, number in enumerate([*ordered, *others]):
            rows[number].place, rows[number].position = place, position


def detach(attachment_id: int) -> Attachment:
    """Remove a file from its item; it can be brought back for thirty days."""
    with writing():
        row = _row(attachment_id)
        row.detached_at = now()
        touch([_ref(row)])
        return _plain(row)


def undo_detach(attachment_id: int) -> Attachment:
    """Bring a removed file back.

    :raises LibHubError: it is gone for good.
    """
    with writing():
        row = db.session.get(FileAttachment, attachment_id)
        if row is None:
            raise LibHubError(_("The file is gone for good. Upload it again."))
        row.detached_at = row.stored.unused_since = None
        touch([_ref(row)])
        return _plain(row)


def read_again(attachment_id: int) -> None:
    """Have the words inside a file looked for once more."""
    with writing():
        stored = _row(attachment_id).stored
        if TYPES[stored.type].has_text:
            stored.state, stored.reason, stored.attempts = "waiting", "", 0


def detach_all(refs: Iterable[ItemRef]) -> None:
    """Remove every file of items that are being deleted for good. Call inside ``writing()``."""
    wanted = list(refs)
    if wanted:
        with writing():
            for row in db.session.scalars(_present().where(_of_items(wanted))):
                row.detached_at = now()


def copy_files(from_ref: ItemRef, to_ref: ItemRef) -> list[Attachment]:
    """Attach the files of one item to another one as well; no byte is copied."""
    with writing():
        rows = db.session.scalars(_present().where(_of_items([from_ref]))).all()
        copies = [_new_row(to_ref, row.place, row.position, row.name, row.stored) for row in rows]
        db.session.flush()
        touch([to_ref])
        return [_plain(copy) for copy in copies]


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
    return _plain(_row(attachment_id))


def content_path(attachment: Attachment) -> Path:
    """Return where the bytes of a file lie."""
    return get_store().path(attachment.sha256)


@dataclass(frozen=True)
class _Arrival:
    """A content that was received, looked into and may be kept."""

    received: Received
    type: FileType
    name: str
    width: int | None = None
    height: int | None = None


@contextmanager
def _arriving(name: str, stream: IO[bytes], *, exact: bool = False) -> Iterator[_Arrival]:
    """Receive a content and look into it; what the block does not keep is gone when it ends."""
    store, allowed = get_store(), limits()
    with store.receive(stream, allowed.most_bytes) as received:
        found = detect(received.path, name, allowed.types)
        safe_name = clean_name(name, found.extensions)
        if found.name not in IMAGES:
            yield _Arrival(received, found, safe_name)
            return
        picture = pictures.rewrite(received.path, found.name)
        if exact and picture.bare:
            yield _Arrival(received, found, safe_name, picture.width, picture.height)
            return
        with store.receive(io.BytesIO(picture.content), len(picture.content)) as rewritten:
            yield _Arrival(rewritten, found, safe_name, picture.width, picture.height)


def _keep(plugin_id: str, arrival: _Arrival) -> StoredFile:
    """Keep a content, or find that it is here already."""
    received = arrival.received
    quotas.refuse_excess(plugin_id, received.sha256, received.size)
    get_store().keep(received)
    row = db.session.get(StoredFile, received.sha256)
    if row is None:
        row = StoredFile(
            sha256=received.sha256,
            size=received.size,
            type=arrival.type.name,
            width=arrival.width,
            height=arrival.height,
            state="waiting" if arrival.type.has_text else "no_text",
        )
        db.session.add(row)
    return row


def _new_row(ref: ItemRef, place: str, position: int, name: str, stored: StoredFile) -> FileAttachment:
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


def _present() -> Select[FileAttachment]:
    """Return the query of the files that are not removed, in order."""
    order = (FileAttachment.place, FileAttachment.position, FileAttachment.id)
    return select(FileAttachment).where(FileAttachment.detached_at.is_(None)).order_by(*order)


def _of_items(refs: Sequence[ItemRef]) -> ColumnElement[bool]:
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


def _row(attachment_id: int) -> FileAttachment:
    row = db.session.get(FileAttachment, attachment_id)
    if row is None or row.detached_at is not None:
        raise LibHubError(_("There is no such file. It may have been removed."))
    return row


def _next_position(ref: ItemRef, place: str) -> int:
    query = select(func.max(FileAttachment.position)).where(_of_items([ref]), FileAttachment.place == place)
    last = db.session.scalar(query)
    return 0 if last is None else last + 1


def _ref(row: FileAttachment) -> ItemRef:
    return ItemRef(row.plugin_id, row.kind, row.key)


def _plain(row: FileAttachment) -> Attachment:
    stored = row.stored
    return Attachment(
        id=row.id,
        ref=_ref(row),
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
