"""What may be said in a note, and what search knows of it. No Flask here."""

from dataclasses import dataclass
from typing import Annotated, Final

from libhub.api import VISIBILITY, AgeMarkOrNone, Data, OneLine, OneOf, Searched, Text, item_type, sentences
from libhub.api import lazy_gettext as _l
from plugins.sectionid.models import Note

EDIT: Final = "sectionid.edit"


@dataclass(frozen=True)
class NoteData(Data):
    """A note as a form, a file or a command describes it; ``save_row(Note, data)`` stores one."""

    title: Annotated[str, OneLine(200, 1, _l("A title of 1 to 200 characters is needed."))]
    text: Annotated[str, Text(20_000)] = ""
    visibility: Annotated[str, OneOf(VISIBILITY)] = "everyone"
    age: AgeMarkOrNone = None


NOTE = item_type(Note, label=_l("notes"), searched=lambda note: Searched(sentences(note.text)))
