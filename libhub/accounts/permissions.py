"""Roles and what they may do. A role is a set of named permissions; plugins add theirs by a hook."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from libhub.base.checked_types import Label, Text, TextSet
from libhub.base.i18n import LazyString
from libhub.base.i18n import lazy_gettext as _l

GUEST: Final = "guest"
STUDENT: Final = "student"
PARENT: Final = "parent"
TEACHER: Final = "teacher"
LIBRARIAN: Final = "librarian"
ADMINISTRATOR: Final = "administrator"

ROLES: Final[dict[str, LazyString]] = {
    GUEST: _l("Guest"),
    STUDENT: _l("Pupil"),
    PARENT: _l("Parent"),
    TEACHER: _l("Teacher"),
    LIBRARIAN: _l("Librarian"),
    ADMINISTRATOR: _l("Administrator"),
}
ACCOUNT_ROLES: Final = tuple(role for role in ROLES if role != GUEST)
STAFF: Final = frozenset({TEACHER, LIBRARIAN, ADMINISTRATOR})

AGE_MARKS: Final = (0, 6, 12, 16, 18)
"""Age marks of Russian law No. 436-FZ: 0+, 6+, 12+, 16+, 18+."""


@dataclass(frozen=True)
class Permission:
    """A named right. ``roles`` have it from the start; an administrator has every permission."""

    name: Text
    label: Label
    roles: TextSet


CORE_PERMISSIONS: Final = (
    Permission("users.manage", _l("Manage accounts"), frozenset({LIBRARIAN})),
    Permission("plugins.manage", _l("Switch sections on and off"), frozenset({LIBRARIAN})),
    Permission("plugins.install", _l("Install and remove sections from outside"), frozenset()),
    Permission("settings.manage", _l("Change the settings of the hub"), frozenset({LIBRARIAN})),
    Permission(
        "search.manage", _l("Edit the synonyms of search and see what was searched"), frozenset({LIBRARIAN})
    ),
    Permission("kiosk.manage", _l("Set up the computers of the reading room"), frozenset({LIBRARIAN})),
    Permission("reports.read", _l("Read the report"), frozenset({LIBRARIAN})),
    Permission("audit.read", _l("Read the audit log"), frozenset({LIBRARIAN})),
)


def permissions_of(role: str, permissions: Iterable[Permission]) -> frozenset[str]:
    """Return the names of what ``role`` may do."""
    return frozenset(
        permission.name for permission in permissions if role == ADMINISTRATOR or role in permission.roles
    )
