"""The people of the hub as a table is compared with them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import select

from libhub.accounts.classes import every_class
from libhub.accounts.models import SchoolClass, User
from libhub.accounts.names import folded_login
from libhub.accounts.permissions import STUDENT
from libhub.accounts.school_class import ClassName
from libhub.base.db import db
from libhub.people.exchange.entries import NameKey, name_key, number_key


@dataclass(frozen=True)
class Known:
    """An account, as far as tables know of it."""

    id: int
    username: str
    name: str
    role: str
    school_class: ClassName | None
    class_group: str
    birth_date: date | None
    school_number: str
    active: bool

    @cached_property
    def key(self) -> NameKey:
        """The name as people are told apart by it."""
        return name_key(self.name)

    @property
    def pupils_class(self) -> ClassName | None:
        """The class of a pupil; others are in none for a table."""
        return self.school_class if self.role == STUDENT else None

    def told(self) -> str:
        """Return by what the librarian knows the person: name, class, user name."""
        parts = (self.name, str(self.school_class or ""), self.username)
        return ", ".join(part for part in parts if part)


class Hub:
    """Everybody in the hub, by what a line of a table may name."""

    def __init__(self, people: Iterable[Known], classes: Iterable[ClassName]) -> None:
        """Sort people; ``classes`` are those of the school, empty ones included."""
        self.people = {each.id: each for each in people}
        self.classes = frozenset(classes)
        self._by_number = _grouped(
            (number_key(each.school_number), each) for each in self.people.values() if each.school_number
        )
        self.by_login = {folded_login(each.username): each for each in self.people.values()}
        self.by_name = _grouped((each.key, each) for each in self.people.values())
        self.by_class = _grouped(
            (each.school_class, each) for each in self.people.values() if each.school_class
        )

    def numbered(self, number: str) -> Known | None:
        """Return who has a number of the school; noughts before it count where there are several."""
        some = self._by_number.get(number_key(number), ()) if number else ()
        exact = [known for known in some if known.school_number == number]
        return exact[0] if exact else some[0] if len(some) == 1 else None


def _grouped(pairs: Iterable[tuple[object, Known]]) -> Mapping[object, list[Known]]:
    found: defaultdict[object, list[Known]] = defaultdict(list)
    for key, each in pairs:
        found[key].append(each)
    return found


def read_hub() -> Hub:
    """Return the people of the hub as they are now."""
    query = select(
        User.id,
        User.username,
        User.name,
        User.role,
        SchoolClass.grade,
        SchoolClass.letter,
        User.class_group,
        User.birth_date,
        User.school_number,
        User.active,
    ).outerjoin(SchoolClass, User.class_id == SchoolClass.id)
    people = []
    for number, login, name, role, grade, letter, group, born, school_number, active in db.session.execute(
        query.order_by(User.id)
    ):
        known_class = ClassName(grade, letter) if grade else None
        people.append(Known(number, login, name, role, known_class, group, born, school_number or "", active))
    return Hub(people, (ClassName(each.grade, each.letter) for each in every_class()))
