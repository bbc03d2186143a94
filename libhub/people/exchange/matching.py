"""Of whom in the hub a line of a table speaks: by the school's number, by name and class, by name and date of birth.

What is less sure than that is doubtful, and a person decides. Nothing is changed here.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from libhub.accounts.names import folded_login
from libhub.base.i18n import gettext as _
from libhub.people.exchange.entries import Entry, number_key
from libhub.people.exchange.known import Hub, Known

ALIKE: Final = 0.9
"""From here on a name of the same class, or of the same date of birth, may be one that was mistyped."""


@dataclass(frozen=True)
class Match:
    """What is thought of a line.

    :param same: whom it speaks of, for sure.
    :param perhaps: whom it may speak of.
    :param doubt: why a person has to decide; a line without ``same``, ``doubt`` is somebody new.
    """

    same: Known | None = None
    perhaps: tuple[Known, ...] = ()
    doubt: str = ""


def match(entries: Sequence[Entry], hub: Hub) -> dict[int, Match]:
    """Return what is thought of each line, by its number; lines with a problem are not among them."""
    return _Matching(entries, hub).all()


class _Matching:
    def __init__(self, entries: Sequence[Entry], hub: Hub) -> None:
        self._entries = [entry for entry in entries if not entry.problem]
        self._hub = hub
        self._found: dict[int, Match] = {}
        self._lines: dict[int, int] = {}
        """By the number of an account, the line that speaks of it."""

    def all(self) -> dict[int, Match]:
        """Go through the lines, what is surest first."""
        for sure in (self._by_number, self._by_login, self._by_name_and_class, self._by_name_and_birth):
            for entry in self._left():
                self._try(entry, sure)
        self._twice_in_the_table()
        for entry in self._left():
            self._found[entry.line] = self._doubtful(entry)
        return self._found

    def _left(self) -> list[Entry]:
        return [entry for entry in self._entries if entry.line not in self._found]

    def _try(self, entry: Entry, sure: Callable[[Entry], Match | None]) -> None:
        found = sure(entry)
        if found is None:
            return
        if found.same is not None:
            earlier = self._lines.setdefault(found.same.id, entry.line)
            if earlier != entry.line:
                found = Match(doubt=_("The same person as in line %(line)d.", line=earlier))
        self._found[entry.line] = found

    def _by_number(self, entry: Entry) -> Match | None:
        known = self._hub.numbered(entry.school_number)
        if known is None:
            return None
        if set(entry.key) & set(known.key):
            return Match(known)
        return Match(perhaps=(known,), doubt=_("The number belongs to somebody with another name."))

    def _by_login(self, entry: Entry) -> Match | None:
        known = self._hub.by_login.get(folded_login(entry.username)) if entry.username else None
        if known is None:
            return None
        if entry.key == known.key and _may_be(entry, known):
            return Match(known)
        return Match(perhaps=(known,), doubt=_("The user name belongs to somebody else, or to another name."))

    def _by_name_and_class(self, entry: Entry) -> Match | None:
        return self._only(entry, [k for k in self._named(entry) if k.pupils_class == entry.school_class])

    def _by_name_and_birth(self, entry: Entry) -> Match | None:
        if entry.birth_date is None:
            return None
        return self._only(entry, [k for k in self._named(entry) if k.birth_date == entry.birth_date])

    def _only(self, entry: Entry, known: Sequence[Known]) -> Match | None:
        possible = [each for each in known if _may_be(entry, each)]
        if len(possible) == 1:
            return Match(possible[0])
        if possible:
            return Match(perhaps=tuple(possible), doubt=_("There are several people with this name."))
        return None

    def _named(self, entry: Entry) -> Iterator[Known]:
        """Yield those of the same name and role of whom no line speaks yet."""
        for known in self._hub.by_name.get(entry.key, ()):
            if _has_role(entry, known) and known.id not in self._lines:
                yield known

    def _twice_in_the_table(self) -> None:
        """Doubt lines that name somebody new once more, with nothing that tells the two apart."""
        earlier: defaultdict[object, list[Entry]] = defaultdict(list)
        for entry in self._entries:
            before = earlier[entry.key, entry.school_class, entry.meant_role]
            if entry.line not in self._found:
                same = next((each for each in before if _told_apart_by_nothing(entry, each)), None)
                if same is not None:
                    told = _("The same name as in line %(line)d.", line=same.line)
                    self._found[entry.line] = Match(doubt=told)
            before.append(entry)

    def _doubtful(self, entry: Entry) -> Match:
        same_name = [k for k in self._hub.by_name.get(entry.key, ()) if _has_role(entry, k)]
        free = [each for each in same_name if each.id not in self._lines]
        possible = [each for each in free if _may_be(entry, each)]
        if possible:
            return Match(perhaps=tuple(possible), doubt=_("The same name is in another class."))
        same_class = [each for each in free if each.pupils_class == entry.school_class]
        if same_class:
            doubt = _("The same name in the same class, with another number or date of birth.")
            return Match(perhaps=tuple(same_class), doubt=doubt)
        alike = self._alike(entry)
        return Match(perhaps=tuple(alike), doubt=_("There is a name that is alike.") if alike else "")

    def _alike(self, entry: Entry) -> list[Known]:
        """Return people with nearly this name: without the patronymic, or mistyped."""
        if entry.school_class is None:
            near = [each for each in self._hub.people.values() if each.pupils_class is None]
        else:
            near = list(self._hub.by_class.get(entry.school_class, ()))
        return [
            known
            for known in near
            if known.id not in self._lines
            and _has_role(entry, known)
            and _may_be(entry, known)
            and _is_alike(entry.key, known.key)
        ]


def _has_role(entry: Entry, known: Known) -> bool:
    """Say whether somebody has the role of a line; one without role and class may speak of anybody."""
    return known.role == entry.meant_role or not (entry.role or entry.school_class)


def _may_be(entry: Entry, known: Known) -> bool:
    """Say whether nothing speaks against a line being about somebody."""
    numbers = {number_key(each) for each in (entry.school_number, known.school_number) if each}
    births = {each for each in (entry.birth_date, known.birth_date) if each}
    return len(numbers) < 2 and len(births) < 2


def _told_apart_by_nothing(one: Entry, other: Entry) -> bool:
    numbers = {number_key(each.school_number) for each in (one, other)}
    births = {each.birth_date for each in (one, other)}
    logins = {folded_login(each.username) for each in (one, other)}
    return all(len(some) < 2 or not all(some) for some in (numbers, births, logins))


def _is_alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    words = set(one), set(other)
    if len(words[0] & words[1]) >= 2 and (words[0] <= words[1] or words[1] <= words[0]):
        return True
    if not words[0] & words[1]:
        return False
    return SequenceMatcher(None, " ".join(one), " ".join(other), autojunk=False).ratio() >= ALIKE
