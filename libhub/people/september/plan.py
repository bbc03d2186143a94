"""What a new school year would do: which class becomes which, who leaves, who goes another way. Nothing is changed here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select

from libhub.accounts.classes import every_class, how_many, school_year
from libhub.accounts.models import SchoolClass, User
from libhub.accounts.permissions import STUDENT
from libhub.accounts.school_class import GRADES, ClassName
from libhub.base.db import db
from libhub.base.i18n import gettext as _
from libhub.base.lookalikes import russian_letters
from libhub.base.moments import today
from libhub.plugging.settings import CORE, get_setting

FIRST_MONTH: Final = 6
"""From June on it is the coming school year that can be begun."""
STAYS: Final = "stays"
LEAVES: Final = "leaves"
AS_CLASS: Final = ""
_MADE: Final = "made-"
Key = str
"""A class of the new year: the number of one that is there, or ``made-А`` for a first class that is to be made."""


@dataclass(frozen=True)
class Wishes:
    """What somebody chose.

    :param leaving: numbers of the classes that leave; None: those of the last grade of the school and above.
    :param first: letters of the first classes that are to be made; an empty one for the only first class.
    :param exceptions: by the number of a pupil :data:`STAYS` in the grade, :data:`LEAVES`, or the key of a class.
    """

    leaving: frozenset[int] | None = None
    first: Sequence[str] = ()
    exceptions: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """What becomes of a class; ``becomes`` is None for one that leaves."""

    class_id: int
    name: ClassName
    becomes: ClassName | None
    people: int


@dataclass(frozen=True)
class Leaver:
    """A pupil who leaves; ``alone`` without the class."""

    user_id: int
    name: str
    school_class: str
    alone: bool


@dataclass(frozen=True)
class Mover:
    """A pupil who goes another way than the class: to the class of a key, which is called ``to`` in the new year."""

    user_id: int
    name: str
    school_class: str
    wish: str
    key: Key
    to: str


@dataclass(frozen=True)
class Excepted:
    """A pupil for whom something was chosen."""

    user_id: int
    name: str
    school_class: str
    wish: str


@dataclass(frozen=True)
class Plan:
    """What the new school year would do.

    :param targets: what the classes of the new year are called, by their keys, in the order of the school.
    :param made: the first classes that are made.
    :param problems: in words; with any of them nothing can be done.
    """

    year: int
    steps: Sequence[Step]
    made: Sequence[ClassName]
    leavers: Sequence[Leaver]
    movers: Sequence[Mover]
    excepted: Sequence[Excepted]
    targets: Mapping[Key, str]
    problems: Sequence[str]

    @property
    def rising(self) -> int:
        """How many people go up with their classes."""
        gone = sum(leaver.alone for leaver in self.leavers)
        return sum(step.people for step in self.steps if step.becomes) - gone


def coming_year() -> int:
    """Return the year in which the school year begins that can be begun now."""
    day = today()
    return day.year if day.month >= FIRST_MONTH else school_year(day)


def letters_of(text: str) -> list[str]:
    """Return the letters that were typed for first classes: «А Б В», «АБВ», «1А, 1Б»."""
    return list(
        dict.fromkeys(sign for sign in russian_letters(text.upper()) if "А" <= sign <= "Я" or sign == "Ё")
    )


def last_grade() -> int:
    """Return the grade whose classes leave."""
    return int(get_setting(CORE, "last_grade"))


def to_promote(year: int) -> list[SchoolClass]:
    """Return the classes that are not in this school year yet."""
    return [each for each in every_class() if each.school_year < year]


def plan_of(wishes: Wishes, year: int | None = None) -> Plan:
    """Return what would be done."""
    year = coming_year() if year is None else year
    old = to_promote(year)
    counts = how_many()
    steps = [_step(each, wishes, counts.get(each.id, 0)) for each in old]
    made = [ClassName(1, letter) for letter in dict.fromkeys(wishes.first)]
    after = [(str(step.class_id), step.becomes) for step in steps if step.becomes]
    after += [
        (str(each.id), ClassName(each.grade, each.letter))
        for each in every_class()
        if each.school_year >= year
    ]
    after += [(f"{_MADE}{name.letter}", name) for name in made]
    after.sort(key=lambda pair: pair[1])
    problems = list(_clashes(name for _key, name in after))
    if not steps:
        problems.append(_("There is no class that is not in this school year yet."))
    targets = {key: str(name) for key, name in after}
    movers, alone, unknown = _exceptions(wishes, {each.id for each in old}, dict(after))
    problems += unknown
    excepted = {mover.user_id for mover in movers}
    leaving = [step.class_id for step in steps if step.becomes is None]
    leavers = [
        Leaver(user.id, user.name, _class_name(user), False)
        for user in _pupils(User.class_id.in_(leaving))
        if user.id not in excepted
    ]
    leavers += [each for each in alone if each.user_id not in {leaver.user_id for leaver in leavers}]
    chosen = [
        Excepted(user.id, user.name, _class_name(user), wishes.exceptions[user.id])
        for user in _pupils(User.id.in_(list(wishes.exceptions)))
        if user.class_id in {each.id for each in old}
    ]
    return Plan(year, steps, made, leavers, movers, chosen, targets, problems)


def _step(each: SchoolClass, wishes: Wishes, people: int) -> Step:
    leaves = each.grade >= last_grade() if wishes.leaving is None else each.id in wishes.leaving
    leaves = leaves or each.grade + 1 not in GRADES
    becomes = None if leaves else ClassName(each.grade + 1, each.letter)
    return Step(each.id, ClassName(each.grade, each.letter), becomes, people)


def _clashes(names: Iterable[ClassName]) -> Iterable[str]:
    seen: set[ClassName] = set()
    for name in names:
        if name in seen:
            yield _(
                "There would be two classes %(name)s. Join them, or give one of them another letter.",
                name=name,
            )
        seen.add(name)


def _exceptions(
    wishes: Wishes, class_ids: set[int], after: Mapping[Key, ClassName]
) -> tuple[list[Mover], list[Leaver], list[str]]:
    """Return who goes to another class, who leaves alone, and what cannot be done."""
    movers, alone, problems = [], [], []
    for user in _pupils(User.id.in_(list(wishes.exceptions))):
        wish = wishes.exceptions[user.id]
        if user.school_class is None or user.class_id not in class_ids or wish == AS_CLASS:
            continue
        if wish == LEAVES:
            alone.append(Leaver(user.id, user.name, _class_name(user), True))
            continue
        here = ClassName(user.school_class.grade, user.school_class.letter)
        key = _place_to_stay(here, after) if wish == STAYS else wish
        if key not in after:
            problems.append(
                _(
                    "%(name)s (%(class)s) stays in the grade, but there will be no such class: make one, or choose another.",
                    **{"name": user.name, "class": here},
                )
            )
            continue
        movers.append(Mover(user.id, user.name, str(here), wish, key, str(after[key])))
    return movers, alone, problems


def _place_to_stay(here: ClassName, after: Mapping[Key, ClassName]) -> Key:
    """Return the class of the new year for somebody who stays in the grade: with the same letter, or the first one there is."""
    fitting = [
        (name.letter != here.letter, name, key) for key, name in after.items() if name.grade == here.grade
    ]
    return min(fitting)[2] if fitting else STAYS


def _pupils(condition: object) -> Sequence[User]:
    query = select(User).join(User.school_class).where(condition, User.active, User.role == STUDENT)  # type: ignore[arg-type]
    return db.session.scalars(
        query.order_by(SchoolClass.grade, SchoolClass.letter, User.sort_name, User.id)
    ).all()


def _class_name(user: User) -> str:
    return user.school_class.name if user.school_class else ""


def made_letter(key: Key) -> str | None:
    """Return the letter of a first class that is to be made; None for a class that is there."""
    return key.removeprefix(_MADE) if key.startswith(_MADE) else None
