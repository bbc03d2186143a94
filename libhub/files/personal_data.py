"""What the hub keeps of a person in connection with files."""

from typing import Any

from sqlalchemy import delete, select, update

from libhub.base.db import db, writing
from libhub.files.models import FileAttachment, ReadingPlace


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


def erase(user_id: int) -> None:
    """Forget where a person stopped reading and what the person uploaded; the files stay."""
    with writing():
        db.session.execute(delete(ReadingPlace).where(ReadingPlace.user_id == user_id))
        mine = update(FileAttachment).where(FileAttachment.uploader_id == user_id)
        db.session.execute(mine.values(uploader_id=None))
