"""Things of the section for the contract suite."""

from plugins.sectionid.rules import NoteData, save


def make_items(number: int) -> None:
    """Make notes; everybody may find them."""
    for place in range(number):
        save(NoteData(f"Заметка номер {place}", "Читаем сказки."))
