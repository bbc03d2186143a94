"""For whom courses are, and what is open to whom: permissions and labels."""

from collections.abc import Mapping
from typing import Final

from libhub.api import ADMINISTRATOR, LIBRARIAN, STAFF_LABEL, TEACHER, Label, Viewer, role_label
from libhub.api import lazy_gettext as _l

LEARN: Final = "training.learn"
EDIT: Final = "training.edit"
SUPERVISE: Final = "training.board"
EDITOR_LABEL: Final = "training:editor"
NAMED: Final = "named"
AUDIENCES: Final[dict[str, Label]] = {
    "staff": _l("All staff"),
    "librarians": _l("Librarians only"),
    "teachers": _l("Teachers only"),
    NAMED: _l("Named people"),
}
LABELS: Final[Mapping[str, frozenset[str]]] = {
    "staff": frozenset({STAFF_LABEL}),
    "librarians": frozenset({role_label(LIBRARIAN), role_label(ADMINISTRATOR)}),
    "teachers": frozenset({role_label(TEACHER)}),
}
"""The labels of each of them but the named people, who have labels of their own."""


def person_label(user_id: int) -> str:
    """Return the label of a person as a member of the staff: it ends when they leave, their account's does not."""
    return f"training:person:{user_id}"


def labels_of(viewer: Viewer) -> frozenset[str]:
    """Return the labels that training gives a visitor; pupils, parents and guests have none."""
    if not viewer.staff or viewer.user_id is None:
        return frozenset()
    own = {person_label(viewer.user_id)}
    return frozenset(own | {EDITOR_LABEL} if viewer.can(EDIT) else own)
