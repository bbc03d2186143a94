"""What may be said in a note, and how notes are kept. No Flask here."""

from dataclasses import dataclass
from typing import Annotated, Final

from sqlalchemy import Select, select

from libhub.api import Data, ItemRef, OneLine, Text, db, touch, writing
from libhub.api import lazy_gettext as _l
from plugins.sectionid.models import Note

PLUGIN: Final = "sectionid"
KIND: Final = "note"


@dataclass(frozen=True)
class NoteData(Data):
    """A note as a form, a file or a command describes it."""

    title: Annotated[str, OneLine(200, 1, _l("A title of 1 to 200 characters is needed."))]
    text: Annotated[str, Text(20_000)] = ""


def ref(note_id: int) -> ItemRef:
    """Return the search address of a note."""
    return ItemRef(PLUGIN, KIND, str(note_id))


def newest_first() -> Select[tuple[Note]]:
    """Return the notes as the list shows them."""
    return select(Note).order_by(Note.id.desc())


def find(note_id: int) -> Note | None:
    """Return a note by its number."""
    return db.session.get(Note, note_id)


def save(data: NoteData, note: Note | None = None) -> int:
    """Add a note, or change this one; return its number.

    :raises Invalid: naming every field that will not do.
    """
    clean = data.checked()
    with writing():
        note = note or Note()
        clean.into(note)
        db.session.add(note)
        db.session.flush()
        touch([ref(note.id)])
        return note.id


def delete(note: Note) -> None:
    """Delete a note; search forgets it."""
    with writing():
        touch([ref(note.id)])
        db.session.delete(note)
