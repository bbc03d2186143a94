"""Up to which age mark somebody sees things, and why: what the librarian chose, the date of birth, the grade, the role.

Law No. 436-FZ counts a child's years, so a date of birth goes before the grade, which stands for the years where there is none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from libhub.accounts.permissions import AGE_MARKS, GUEST, STUDENT
from libhub.base.i18n import gettext as _
from libhub.base.i18n import ngettext
from libhub.base.moments import today

UNLIMITED: Final = AGE_MARKS[-1]
OF_PUPILS: Final = 6
"""The mark that every pupil with a grade may see: children come to school with six and a half years or more."""


class Person(Protocol):
    """What is asked of an account."""

    @property
    def role(self) -> str:
        """A role of :data:`~libhub.accounts.permissions.ROLES`."""

    @property
    def age_limit(self) -> int | None:
        """Chosen by hand."""

    @property
    def birth_date(self) -> date | None:
        """The day of birth."""


@dataclass(frozen=True)
class AgeRules:
    """What the librarian decided once for all, in years.

    ``guest`` and ``student`` are for those of whom nothing else is known, ``from_grade`` are the first grades of marks.
    """

    guest: int
    student: int
    from_grade: Mapping[int, int]


@dataclass(frozen=True)
class Limit:
    """An age mark up to which somebody sees things, and where it comes from, in words; empty for the usual of the role."""

    years: int
    why: str = ""

    @property
    def in_words(self) -> str:
        """The limit with the reason: ``16+, because of grade 11``."""
        return ", ".join(filter(None, (f"{self.years}+", self.why)))


def limit_of(person: Person | None, grade: int | None, rules: AgeRules) -> Limit:
    """Return the limit of an account, or of a guest (None), today.

    :param grade: that of the person's class.
    """
    if person is None or person.role == GUEST:
        return Limit(rules.guest)
    if person.age_limit is not None:
        return Limit(person.age_limit, _("chosen for this person"))
    if person.role != STUDENT:
        return Limit(UNLIMITED)
    if person.birth_date is not None:
        years = full_years(person.birth_date, today())
        return Limit(
            _mark_of(years),
            ngettext("%(num)d year by the date of birth", "%(num)d years by the date of birth", years),
        )
    if grade is not None:
        reached = [mark for mark, first in rules.from_grade.items() if grade >= first]
        return Limit(max([OF_PUPILS, *reached]), _("because of grade %(grade)d", grade=grade))
    return Limit(rules.student, _("as usual for pupils"))


def full_years(born: date, day: date) -> int:
    """Return how old somebody is on a day; who was born on 29 February grows older on 1 March of other years."""
    return max(0, day.year - born.year - ((day.month, day.day) < (born.month, born.day)))


def _mark_of(years: int) -> int:
    return max(mark for mark in AGE_MARKS if mark <= years)
