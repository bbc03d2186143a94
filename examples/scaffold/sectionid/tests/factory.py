"""Things of the section for the contract suite."""

from libhub.api import save_row
from plugins.sectionid.models import Note
from plugins.sectionid.rules import NoteData


def make_items(number: int) -> None:
    """Make notes; everybody may find them."""
    for place in range(number):
        save_row(Note, NoteData(f"Заметка номер {place}", "Читаем сказки.", age=0))
