"""What search gets of files: the words of their pages, chapters, slides and sheets, by item."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from libhub.base.db import db
from libhub.files.attachments import Attachment, attachments
from libhub.files.models import FilePart, StoredFile
from libhub.search.documents import ItemRef, Part


def parts(refs: Sequence[ItemRef]) -> Mapping[ItemRef, Sequence[Part]]:
    """Return the parts of the files of items; two queries however many there are."""
    found = {ref: some for ref, some in attachments(refs).items() if some}
    contents = {file.sha256 for some in found.values() for file in some if file.state == "indexed"}
    texts: dict[str, list[tuple[int, str, str]]] = {}
    query = (
        select(FilePart.sha256, FilePart.number, FilePart.text, StoredFile.unit)
        .join(StoredFile, StoredFile.sha256 == FilePart.sha256)
        .where(FilePart.sha256.in_(contents))
        .order_by(FilePart.sha256, FilePart.number)
    )
    for sha256, number, text, unit in db.session.execute(query) if contents else ():
        texts.setdefault(sha256, []).append((number, text, unit))
    return {
        ref: [
            Part(f"{file.id}.{number}", file.name, unit, number, text, part_url(file, unit, number))
            for file in some
            for number, text, unit in texts.get(file.sha256, ())
        ]
        for ref, some in found.items()
    }


def part_url(file: Attachment, unit: str, number: int) -> str:
    """Return the address at which a part of a file is opened."""
    return f"{file.url}#{anchor(unit, number)}" if number else file.url


def anchor(unit: str, number: int) -> str:
    """Return the name of a part within its page; browsers know ``page=14`` of a PDF."""
    return f"page={number}" if unit == "page" else f"{unit}-{number}"
