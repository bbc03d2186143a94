"""What a class of the school is called: what people type («5а», «5 "А"», «11 класс») as grade and letter, and back."""

import re
from dataclasses import dataclass
from typing import Final

from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.lookalikes import russian_letters

GRADES: Final = range(1, 12)
_TYPED: Final = re.compile(
    r"(\d{1,2})(?:-?й)?[\s.]*(?:кл(?:асс|\.)?)?[\s\-–—_.«\"'“„]*([A-ZА-ЯЁ]?)[»\"'”“]*\s*(?:кл(?:асс|\.)?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, order=True)
class ClassName:
    """A grade from 1 to 11 and, where there are several classes of a grade, a capital letter."""

    grade: int
    letter: str = ""

    def __str__(self) -> str:
        """Return the class as the school writes it: ``5А``."""
        return f"{self.grade}{self.letter}"


def find_class(text: str) -> ClassName | None:
    """Return the class that was typed, or None where the text names none. A Latin A is the Russian А that it looks like."""
    typed = _TYPED.fullmatch(text.strip())
    if typed is None or int(typed[1]) not in GRADES:
        return None
    return ClassName(int(typed[1]), russian_letters(typed[2].upper()))


def parse_class(text: str) -> ClassName | None:
    """Return the class that was typed; None for an empty text: no class.

    :raises LibHubError: it names no class.
    """
    if not text.strip():
        return None
    found = find_class(text)
    if found is None:
        raise LibHubError(_("Write the class as a grade from 1 to 11 and a letter, such as 5А."))
    return found
