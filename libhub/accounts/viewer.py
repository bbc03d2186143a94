"""The one object that says who is looking. Everything that decides on rights is given a viewer."""

from dataclasses import dataclass, field
from typing import Final

from libhub.accounts.permissions import GUEST, STAFF
from libhub.base.audit import Actor

PUBLIC: Final = "public"
SIGNED_IN: Final = "signed-in"
STAFF_LABEL: Final = "staff"


def role_label(role: str) -> str:
    """Return the audience label of everybody with this role."""
    return f"role:{role}"


def user_label(user_id: int) -> str:
    """Return the audience label of one person."""
    return f"user:{user_id}"


def base_labels(user_id: int | None, role: str) -> frozenset[str]:
    """Return the audience labels that the core gives; plugins add theirs by ``viewer_labels``."""
    if user_id is None:
        return frozenset({PUBLIC, role_label(GUEST)})
    labels = {PUBLIC, SIGNED_IN, role_label(role), user_label(user_id)}
    return frozenset(labels | {STAFF_LABEL} if role in STAFF else labels)


@dataclass(frozen=True)
class Viewer:
    """A visitor as the rights rules see one; plain data, safe to keep for the whole request.

    ``labels`` are compared with the audience of an item, ``age_limit`` with its age mark (years). ``school_class``
    is the class as the school writes it (``5А``), empty for those who have none, and ``class_id`` its number.
    ``children`` are the numbers of a parent's children, ``classes`` those of the classes whose teacher the viewer is.
    """

    user_id: int | None = None
    username: str = ""
    name: str = ""
    role: str = GUEST
    permissions: frozenset[str] = frozenset()
    labels: frozenset[str] = field(default_factory=lambda: base_labels(None, GUEST))
    age_limit: int = 0
    locale: str = "ru"
    must_change_password: bool = False
    grade: int | None = None
    school_class: str = ""
    class_id: int | None = None
    children: frozenset[int] = frozenset()
    classes: frozenset[int] = frozenset()

    @property
    def signed_in(self) -> bool:
        """Whether there is an account behind the visitor."""
        return self.user_id is not None

    @property
    def staff(self) -> bool:
        """Whether the visitor works at the school."""
        return self.role in STAFF

    @property
    def actor(self) -> Actor:
        """The visitor as the audit log names one."""
        return Actor(self.user_id, self.name or self.username or self.role)

    def can(self, permission: str) -> bool:
        """Say whether the visitor has the named permission."""
        return permission in self.permissions

    def old_enough(self, age: int | None) -> bool:
        """Say whether the visitor may see what has this age mark; what has none yet (None) is the staff's alone."""
        return self.staff if age is None else age <= self.age_limit

    def may_see(self, audience: frozenset[str], age: int | None) -> bool:
        """Apply the one rights rule: a shared audience label, and old enough. No audience: nobody."""
        return bool(audience & self.labels) and self.old_enough(age)
