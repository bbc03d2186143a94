"""User names by a rule: surname and initials in Latin or Russian letters, or class and number; never the same twice."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import count
from typing import Final

from libhub.accounts.names import folded_login
from libhub.accounts.school_class import ClassName
from libhub.base.lookalikes import russian_letters, unmixed

LATIN: Final = "latin"
RUSSIAN: Final = "russian"
BY_CLASS: Final = "class"
_LONGEST: Final = 60
_LATIN: Final = dict(
    zip("абвгдезийклмнопрстуфыэ", "abvgdeziyklmnoprstufye", strict=True),
    ё="e", ж="zh", х="kh", ц="ts", ч="ch", ш="sh", щ="shch", ъ="", ь="", ю="yu", я="ya",
)  # fmt: skip
"""As passports have it."""
_NO_LETTER: Final = re.compile(r"[^a-zа-я-]")


class Logins:
    """Makes user names that nobody has and that nobody takes for another one's."""

    def __init__(self, rule: str, taken: set[str]) -> None:
        """Know the user names that there are: ``taken`` as they are."""
        self._rule = rule
        self._taken = {_seen(login) for login in taken}
        self._numbers: dict[str, Iterator[int]] = {}

    def is_free(self, login: str) -> bool:
        """Say whether nobody has a user name that looks like this one."""
        return _seen(login) not in self._taken

    def take(self, login: str) -> str:
        """Note that somebody has a user name."""
        self._taken.add(_seen(login))
        return login

    def make(self, name: str, school_class: ClassName | None) -> str:
        """Return a new user name for somebody, and note that it is taken.

        :param name: surname first, as the school writes it.
        """
        if self._rule == BY_CLASS and school_class is not None:
            return self._numbered(f"{str(school_class).lower()}-{{:02d}}", 1)
        words = unmixed(name).split() or [""]
        surname, letters = self._spelled(words[0]), [self._spelled(word[:1]) for word in words[1:]]
        first = f"{surname}.{letters[0]}" if letters and letters[0] else surname
        fuller = f"{surname}.{''.join(letters[:2])}" if len(letters) > 1 else first
        first, fuller = (text if len(text) > 1 else f"{text}user" for text in (first, fuller))
        free = next((login for login in (first, fuller) if self.is_free(login)), None)
        return self.take(free) if free else self._numbered(f"{first}{{}}", 2)

    def _numbered(self, form: str, start: int) -> str:
        """Return the next user name of a form that is free; who had a number once is not asked again."""
        numbers = self._numbers.setdefault(form, count(start))
        return self.take(next(login for login in map(form.format, numbers) if self.is_free(login)))

    def _spelled(self, word: str) -> str:
        """Return a word in the letters of the rule."""
        plain = "".join(sign if sign in "йё" else _bare(sign) for sign in word.lower())
        if self._rule == LATIN:
            plain = "".join(_LATIN.get(sign, sign) for sign in plain)
        return _NO_LETTER.sub("", plain.replace("ё", "е")).strip("-")[:_LONGEST]


def _bare(sign: str) -> str:
    """Return a letter without its accents."""
    return unicodedata.normalize("NFD", sign)[0]


def _seen(login: str) -> str:
    """Return a user name as it is taken for another one: as it is compared, and look-alikes as one letter."""
    return russian_letters(folded_login(login))
