"""Changing what is attached: renaming, ordering, copying, removing, bringing back. No Flask."""

from collections.abc import Iterable, Sequence

from libhub.base.db import db, writing
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.moments import now
from libhub.files.attachments import Attachment, new_row, of_items, plain, present, ref_of, row_of
from libhub.files.models import FileAttachment
from libhub.files.names import clean_name
from libhub.files.types import TYPES
from libhub.search.documents import ItemRef
from libhub.search.store.outbox import touch


def rename_file(attachment_id: int, name: str) -> Attachment:
    """Call a file something else; the extension stays that of its content.

    :raises LibHubError: there is no such file, or nothing is left of the name.
    """
    if not name.strip():
        raise LibHubError(_("Write a name for the file."))
    with writing():
        row = row_of(attachment_id)
        possible = TYPES[row.stored.type].extensions
        given = name.strip() if name.strip().lower().endswith(possible) else f"{name.strip()}{possible[0]}"
        row.name = clean_name(given, possible)
        touch([ref_of(row)])
        return plain(row)


def move_files(ref: ItemRef, ids: Sequence[int], place: str = "") -> None:
    """Put these files of an item into one place, in this order; others of the place follow them."""
    with writing():
        rows = {row.id: row for row in db.session.scalars(present().where(of_items([ref])))}
        others = [row.id for row in rows.values() if row.place == place and row.id not in ids]
        ordered = [number for number in dict.fromkeys(ids) if number in rows]
        for position, number in enumerate([*ordered, *others]):
            rows[number].place, rows[number].position = place, position


def copy_files(from_ref: ItemRef, to_ref: ItemRef) -> list[Attachment]:
    """Attach the files of one item to another one as well; no byte is copied."""
    with writing():
        rows = db.session.scalars(present().where(of_items([from_ref]))).all()
        copies = [new_row(to_ref, row.place, row.position, row.name, row.stored) for row in rows]
        db.session.flush()
        touch([to_ref])
        return [plain(copy) for copy in copies]


def detach(attachment_id: int) -> Attachment:
    """Remove a file from its item; it can be brought back for thirty days."""
    with writing():
        row = row_of(attachment_id)
        row.detached_at = now()
        touch([ref_of(row)])
        return plain(row)


def undo_detach(attachment_id: int) -> Attachment:
    """Bring a removed file back.

    :raises LibHubError: it is gone for good.
    """
    with writing():
        row = db.session.get(FileAttachment, attachment_id)
        if row is None:
            raise LibHubError(_("The file is gone for good. Upload it again."))
        row.detached_at = row.stored.unused_since = None
        touch([ref_of(row)])
        return plain(row)


def detach_all(refs: Iterable[ItemRef]) -> None:
    """Remove every file of items that are being deleted for good. Call inside ``writing()``."""
    wanted = list(refs)
    if wanted:
        with writing():
            for row in db.session.scalars(present().where(of_items(wanted))):
                row.detached_at = now()


def read_again(attachment_id: int) -> None:
    """Have the words inside a file looked for once more."""
    with writing():
        stored = row_of(attachment_id).stored
        if TYPES[stored.type].has_text:
            stored.state, stored.reason, stored.attempts = "waiting", "", 0
