"""What the hub keeps of a person in connection with files."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update

from libhub.base.db import db, writing
from libhub.files.attachments import ref_of
from libhub.files.current_store import get_store
from libhub.files.models import FileAttachment, ReadingPlace, StoredFile
from libhub.search.store.outbox import touch


def personal_data(user_id: int) -> dict[str, Any]:
    """Return the names of the files that a person uploaded, and how far which files were read."""
    uploaded = select(FileAttachment.name, FileAttachment.attached_at).where(
        FileAttachment.uploader_id == user_id
    )
    read = (
        select(FileAttachment.name, ReadingPlace.anchor, ReadingPlace.read_at)
        .join(FileAttachment, FileAttachment.id == ReadingPlace.attachment_id)
        .where(ReadingPlace.user_id == user_id)
    )
    return {
        "uploaded": [{"name": name, "at": at.isoformat()} for name, at in db.session.execute(uploaded)],
        "read": [
            {"name": name, "place": place, "at": at.isoformat()}
            for name, place, at in db.session.execute(read)
        ],
    }


@dataclass(frozen=True)
class GoneFiles:
    """What went with a person: numbers of attachments, and contents that nothing has any more, by SHA-256."""

    attachments: Collection[int]
    contents: Collection[str]


def removed() -> frozenset[int]:
    """Return the numbers of the files that were removed from their items and could be brought back."""
    query = select(FileAttachment.id).where(FileAttachment.detached_at.is_not(None))
    return frozenset(db.session.scalars(query))


def erase(user_id: int, removed_before: Collection[int]) -> GoneFiles:
    """Delete the files that went with what the sections erased, and those that the person had removed; other files stay.

    Call inside ``writing()``; :func:`delete_contents` is for when it is committed.

    :param removed_before: what :func:`removed` said before the sections erased.
    """
    with writing():
        off = FileAttachment.detached_at.is_not(None)
        candidates = db.session.scalars(select(FileAttachment).where(off)).all()
        gone = [row for row in candidates if row.id not in removed_before or row.uploader_id == user_id]
        contents = {row.sha256 for row in gone}
        touch({ref_of(row) for row in gone})
        numbers = [row.id for row in gone]
        for row in gone:
            db.session.expunge(row)  # the log need not write down once more what goes
        for number in numbers:
            db.session.execute(delete(FileAttachment).where(FileAttachment.id == number))
        used = set(
            db.session.scalars(select(FileAttachment.sha256).where(FileAttachment.sha256.in_(contents)))
        )
        for sha256 in contents - used:
            db.session.execute(delete(StoredFile).where(StoredFile.sha256 == sha256))
        db.session.execute(delete(ReadingPlace).where(ReadingPlace.user_id == user_id))
        mine = update(FileAttachment).where(FileAttachment.uploader_id == user_id)
        db.session.execute(mine.values(uploader_id=None))
        return GoneFiles(numbers, sorted(contents - used))


def delete_contents(contents: Iterable[str]) -> None:
    """Delete contents for which there is no row any more; one that was uploaded anew meanwhile stays."""
    for sha256 in contents:
        with writing():  # nobody can upload the same content in between
            if db.session.get(StoredFile, sha256) is None:
                get_store().delete(sha256)
