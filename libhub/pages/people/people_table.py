"""The table of all people: found by name in any order, by class, role, state and last visit; what is done to many at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true

from libhub.accounts import accounts
from libhub.accounts.classes import every_class
from libhub.accounts.models import SchoolClass, User
from libhub.accounts.names import folded_login, folded_name
from libhub.accounts.permissions import ACCOUNT_ROLES, ADMINISTRATOR, AGE_MARKS, ROLES
from libhub.accounts.school_class import find_class
from libhub.base.checked_types import Label
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.base.lookalikes import russian_letters
from libhub.base.text import parse_day, parse_number
from libhub.caching.remembering import remember
from libhub.kit.filters import Filter, one_of_column
from libhub.kit.pages.bulk_actions import Action
from libhub.kit.pages.managing import Managed, State
from libhub.pages.admin.people import blueprint
from libhub.people import many
from libhub.people.personal_data.erasing import erase_person
from libhub.web.visitor import current_viewer

__all__ = ["blueprint"]
NONE: Final = "none"
USUAL: Final = "usual"
_ACCOUNT_ROLES: Final = {role: ROLES[role] for role in ACCOUNT_ROLES}
_MARKS: Final = {str(age): f"{age}+" for age in AGE_MARKS}


class _Classes(Mapping[str, Label]):
    """The classes that there are now by their numbers, and none."""

    def _now(self) -> dict[str, Label]:
        names = remember("names of classes", lambda: [(str(each.id), each.name) for each in every_class()])
        return {NONE: _("without a class"), **dict(names)}

    def __getitem__(self, number: str) -> Label:
        return self._now()[number]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now())

    def __len__(self) -> int:
        return len(self._now())


def found_by(text: str) -> ColumnElement[bool]:
    """Return the condition on people that somebody means: each word is in the name, the user name, or the class."""
    return or_(_in_class(text), and_(true(), *map(_has_word, text.split())))


def _has_word(word: str) -> ColumnElement[bool]:
    spelt = {folded_name(word), folded_name(russian_letters(word))}
    names = (User.sort_name.contains(each, autoescape=True) for each in sorted(spelt))
    return or_(*names, User.login_key.contains(folded_login(word), autoescape=True), _in_class(word))


def _in_class(text: str) -> ColumnElement[bool]:
    """Return the condition on people of the class that was typed; of a whole grade without a letter."""
    asked = find_class(text)
    if asked is None:
        return false()
    some = select(SchoolClass.id).where(SchoolClass.grade == asked.grade, SchoolClass.archived_at.is_(None))
    return User.class_id.in_(some.where(SchoolClass.letter == asked.letter) if asked.letter else some)


def _of_class(chosen: frozenset[str]) -> ColumnElement[bool]:
    number = parse_number(next(iter(chosen)))
    if number is not None:
        return User.class_id == number
    here = exists().where(SchoolClass.id == User.class_id, SchoolClass.archived_at.is_(None))
    return ~here


def _not_since(chosen: frozenset[str]) -> ColumnElement[bool]:
    day = parse_day(next(iter(chosen)))
    return true() if day is None else or_(User.last_visit_on.is_(None), User.last_visit_on < day)


def _filters() -> Sequence[Filter]:
    return (
        Filter("class", _l("Class"), _Classes(), _of_class, single=True),
        replace(one_of_column("role", _l("Role"), _ACCOUNT_ROLES, User.role), single=True),
        Filter("since", _l("Not here since"), {}, _not_since, single=True, typed_as="date"),
    )


def _may_change() -> ColumnElement[bool]:
    """Return the condition on accounts of others that this visitor may change: an administrator's only another one."""
    viewer = current_viewer()
    others = User.id != viewer.user_id
    return others if viewer.role == ADMINISTRATOR else and_(others, User.role != ADMINISTRATOR)


def _class_number(value: str) -> int | None:
    return None if value == NONE else parse_number(value)


def _class_now(user: User) -> str:
    return accounts.class_of(user) or _("without a class")


def _erase(numbers: Sequence[int], _value: str) -> int:
    actor = current_viewer().actor
    for done, number in enumerate(numbers):
        failures = erase_person(number, actor)
        if failures:
            raise LibHubError(
                _("Deleted: %(number)d. Then: %(error)s", number=done, error=" ".join(map(str, failures)))
            )
    return len(numbers)


def _open_or_closed(user: User) -> Label:
    return _l("may sign in") if user.active else _l("closed")


ACTIONS: Final[Mapping[str, Action]] = {
    "class": Action(
        _l("Put into the class"),
        lambda numbers, value: many.move_to_class(numbers, _class_number(value)),
        values=_Classes(),
        present=_class_now,
    ),
    "limit": Action(
        _l("Sees things up to the age mark"),
        lambda numbers, value: many.set_age_limit(numbers, None if value == USUAL else int(value)),
        values={USUAL: _l("as usual"), **_MARKS},
        present=lambda user: USUAL if user.age_limit is None else user.age_limit,
    ),
    "close": Action(
        _l("Close the account"),
        lambda numbers, _value: many.set_active(numbers, active=False),
        about=_l("They cannot sign in any more. Nothing is deleted, and the accounts can be opened again."),
        states=lambda state: state != "closed",
        present=_open_or_closed,
    ),
    "open": Action(
        _l("Open the account"),
        lambda numbers, _value: many.set_active(numbers, active=True),
        states=lambda state: state in ("", "closed"),
        present=_open_or_closed,
    ),
    "password": Action(
        _l("Give a new password, on slips"),
        lambda _numbers, _value: 0,
        about=_l("Everybody gets a new password and a slip to cut out; the present password stops working."),
        present=lambda user: user.username,
        goes_to="slips.make",
    ),
    "erase": Action(
        _l("Delete for good"),
        _erase,
        about=_l("The accounts and all personal data in all sections are deleted. This cannot be undone."),
        present=_class_now,
        alone=True,
    ),
}
PEOPLE: Final = Managed(
    model=User,
    permission="users.manage",
    section=_l("People"),
    title=_l("People"),
    order=(User.sort_name, User.id),
    named=User.name,
    find=found_by,
    look_for=_l("Name, user name or class"),
    nothing=_l("Nobody found. Try a part of the name."),
    filters=_filters,
    may_change=_may_change,
    states={
        "": State(_l("everybody"), true),
        "open": State(_l("may sign in"), lambda: User.active.is_(True)),
        "closed": State(_l("closed"), lambda: User.active.is_(False)),
        "never": State(
            _l("never signed in"), lambda: and_(User.active.is_(True), User.last_visit_on.is_(None))
        ),
    },
    actions=ACTIONS,
    template="admin/users.html",
    context=lambda _rows: {"roles": ROLES, "class_of": accounts.class_of},
    at=("/", "index"),
)
PEOPLE.add_to(blueprint)
