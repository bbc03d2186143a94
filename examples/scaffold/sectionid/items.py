"""What search may know of notes."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select

from libhub.api import PUBLIC, Document, ItemType, Summary, Viewer, db, sentences
from libhub.api import lazy_gettext as _l
from plugins.sectionid import rules
from plugins.sectionid.models import Note


def keys() -> Iterable[str]:
    """Return the numbers of all notes."""
    return map(str, db.session.scalars(select(Note.id)))


def documents(some: Sequence[str]) -> list[Document]:
    """Return what is searched of these notes; everybody may find them."""
    return [
        Document(rules.ref(note.id), note.title, sentences(note.text), audience=frozenset({PUBLIC}), age=0)
        for note in _rows(some)
    ]


def summaries(viewer: Viewer, some: Sequence[str]) -> Mapping[str, Summary]:  # noqa: ARG001 - all see all
    """Return those of these notes that the viewer may see now."""
    return {str(note.id): Summary(note.title, f"/sectionid/{note.id}", age=0) for note in _rows(some)}


def _rows(some: Sequence[str]) -> Iterable[Note]:
    return db.session.scalars(select(Note).where(Note.id.in_(map(int, some))))


NOTE = ItemType(rules.PLUGIN, rules.KIND, _l("notes"), keys, documents, summaries)
