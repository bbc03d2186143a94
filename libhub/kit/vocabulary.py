"""The lists that sections share: grades, age marks, who sees a thing."""

from collections.abc import Mapping
from typing import Final

from libhub.accounts.permissions import AGE_MARKS
from libhub.accounts.school_class import GRADES
from libhub.accounts.viewer import PUBLIC, SIGNED_IN, STAFF_LABEL
from libhub.base.checked_types import Label
from libhub.base.i18n import lazy_gettext as _l

__all__ = ["AGES", "GRADES", "GRADE_LABELS", "UNMARKED", "VISIBILITY", "VISIBILITY_LABELS"]

VISIBILITY: Final[dict[str, Label]] = {
    "everyone": _l("Everybody"),
    "signed_in": _l("People who signed in"),
    "staff": _l("Staff"),
}
"""Who sees a thing: what the choices are called, by their codes."""
VISIBILITY_LABELS: Final[Mapping[str, str]] = {
    "everyone": PUBLIC,
    "signed_in": SIGNED_IN,
    "staff": STAFF_LABEL,
}
"""The audience label of each of them."""
AGES: Final[Mapping[str, Label]] = {str(age): f"{age}+" for age in AGE_MARKS}
"""The age marks as they are shown, by their numbers."""
UNMARKED: Final[Label] = _l("no age mark")
"""What is shown in place of the mark of a thing for which nobody chose one."""
GRADE_LABELS: Final[Mapping[str, Label]] = {str(grade): str(grade) for grade in GRADES}
"""The grades of a school as they are shown, by their numbers."""
