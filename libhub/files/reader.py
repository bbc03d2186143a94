"""The page on which a book or document is read: its sections, and how far a person came. No Flask."""

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from libhub.base.db import db, writing
from libhub.base.i18n import gettext as _
from libhub.base.moments import now
from libhub.files.attachments import Attachment
from libhub.files.extraction.markup import text_of
from libhub.files.models import ReadingPlace, StoredFile
from libhub.files.reading.parts import anchor
from libhub.files.reading.queue import pages

_PLACE: Final = re.compile(r"(?:page|chapter|slide|sheet|text)-\d{1,5}(?:\.\d{1,6})?")
"""A section, and how many blocks of it were read."""


@dataclass(frozen=True)
class Section:
    """A chapter, slide or sheet; ``heading`` is empty where the text brings its own."""

    anchor: str
    title: str
    level: int
    heading: str
    html: str


def sections(attachment: Attachment) -> list[Section]:
    """Return what there is to read; nothing while the file waits or where it could not be read."""
    unit = db.session.scalar(select(StoredFile.unit).where(StoredFile.sha256 == attachment.sha256)) or ""
    found = []
    for page in pages(attachment.sha256) or []:
        name = _name(unit, page.number)
        title = page.title if unit == "chapter" and page.title else f"{name}. {page.title}".strip(". ")
        heading = name if unit == "slide" else title
        own = unit in ("", "chapter") and (not page.title or page.title in text_of(page.html[:3000]))
        found.append(
            Section(anchor(unit or "text", page.number), title, page.level, "" if own else heading, page.html)
        )
    return found


def _name(unit: str, number: int) -> str:
    names = {
        "chapter": lambda: _("Chapter %(number)d", number=number),
        "slide": lambda: _("Slide %(number)d", number=number),
        "sheet": lambda: _("Sheet %(number)d", number=number),
    }
    return names[unit]() if unit in names and number else ""


def place_of(user_id: int, attachment_id: int) -> str:
    """Return how far a person came; empty for the beginning."""
    row = db.session.get(ReadingPlace, (user_id, attachment_id))
    return row.anchor if row else ""


def keep_place(user_id: int, attachment_id: int, place: str) -> bool:
    """Remember how far a person came; False for what is no place."""
    if not _PLACE.fullmatch(place):
        return False
    with writing():
        row = db.session.get(ReadingPlace, (user_id, attachment_id))
        if row is None:
            db.session.add(ReadingPlace(user_id=user_id, attachment_id=attachment_id, anchor=place))
        else:
            row.anchor, row.read_at = place, now()
    return True
