"""Slips that are cut out and handed to people: a new password, a card, pictures, and a code for each parent.

What is on them is made here and shown once. It is made in parts, since hashing a password takes time by intention: the
password of everybody in a part is hashed before anybody has to wait, then all that the part gives is written in one
transaction, together with the sheet on which it stands. So whoever is interrupted has a sheet for everybody who got
something, and the others keep what they had.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from sqlalchemy import select

from libhub.accounts import accounts, passwords, relations
from libhub.accounts.accounts import class_of
from libhub.accounts.models import SchoolClass, User
from libhub.accounts.permissions import STUDENT
from libhub.base.db import db, writing
from libhub.people.credentials import cards, pictures, sheets
from libhub.people.credentials.passwords import password_for

AT_ONCE: Final = 32
"""So many people get their passwords in one part: a class; a few seconds."""
MOST_PARENTS: Final = 2


@dataclass(frozen=True)
class Wanted:
    """What shall be made for people.

    :param passwords: a new password; for pupils a new card and new pictures, too, where the library has them.
    :param parents: so many codes for the parents of each pupil, up to two.
    """

    passwords: bool = True
    parents: int = 0


@dataclass(frozen=True)
class Slip:
    """What was made for one person; what is empty was not.

    :param card: what stands on the QR card.
    :param pictures: the names of three pictures, in their order.
    :param parent_codes: one for each parent.
    """

    name: str
    school_class: str
    login: str
    password: str = ""
    card: str = ""
    pictures: tuple[str, ...] = ()
    parent_codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """Slips that are made, and the numbers of those people who get theirs in a later part."""

    wanted: Wanted
    waiting: tuple[int, ...]
    slips: tuple[Slip, ...] = ()

    @property
    def total(self) -> int:
        """For how many people it is, as far as is known."""
        return len(self.slips) + len(self.waiting)


def in_order(user_ids: Collection[int]) -> list[User]:
    """Return the accounts among these that may sign in, class by class and by name."""
    query = select(User).outerjoin(SchoolClass, SchoolClass.id == User.class_id)
    query = query.where(User.id.in_(list(user_ids)), User.active)
    return list(
        db.session.scalars(
            query.order_by(SchoolClass.grade, SchoolClass.letter, User.sort_name, User.id)
        ).unique()
    )


def begin(sheet_key: str, user_ids: Collection[int], wanted: Wanted, secret: str) -> None:
    """Make a sheet and its first part, under a key of :mod:`libhub.people.credentials.sheets`.

    :param secret: that of this instance, for the pictures.
    """
    waiting = tuple(user.id for user in in_order(user_ids))
    _go_on(sheet_key, Sheet(wanted, waiting), secret)


def go_on(sheet_key: str, secret: str) -> None:
    """Make the next part of a sheet; nothing where it is whole, or kept no longer."""
    sheet = read(sheet_key)
    if sheet is not None and sheet.waiting:
        _go_on(sheet_key, sheet, secret)


def read(sheet_key: str) -> Sheet | None:
    """Return a sheet as far as it is made; None for one that is kept no longer."""
    kept = sheets.read(sheet_key)
    return _loaded(kept) if kept is not None else None


def all_at_once(user_ids: Collection[int], wanted: Wanted, secret: str) -> Iterator[Slip]:
    """Make slips for people and keep no sheet of them: the caller has them, part by part."""
    numbers = [user.id for user in in_order(user_ids)]
    for start in range(0, len(numbers), AT_ONCE):
        part = tuple(numbers[start : start + AT_ONCE])
        prepared = _prepared(part, wanted)
        with writing():
            made = _made(part, prepared, wanted, secret)
        yield from made


def _go_on(sheet_key: str, sheet: Sheet, secret: str) -> None:
    part = sheet.waiting[:AT_ONCE]
    prepared = _prepared(part, sheet.wanted)
    with writing():
        before = read(sheet_key)
        if before is not None and before.waiting != sheet.waiting:
            return  # another press made this part meanwhile
        made = _made(part, prepared, sheet.wanted, secret)
        whole = replace(sheet, waiting=sheet.waiting[len(part) :], slips=(*sheet.slips, *made))
        sheets.keep(sheet_key, json.dumps(asdict(whole), ensure_ascii=False))


@dataclass(frozen=True)
class _Prepared:
    password: str
    password_hash: str


def _prepared(user_ids: Collection[int], wanted: Wanted) -> dict[int, _Prepared]:
    """Return a new password for each, hashed: that takes long, so it is done before :func:`writing`."""
    if not wanted.passwords:
        return {}
    found = {}
    for user in in_order(user_ids):
        password = password_for(accounts.grade_of(user))
        found[user.id] = _Prepared(password, passwords.hash_password(password))
    return found


def _made(
    user_ids: Collection[int], prepared: dict[int, _Prepared], wanted: Wanted, secret: str
) -> list[Slip]:
    """Give people what was prepared, within the transaction that is open; who was closed meanwhile gets nothing."""
    users = in_order(user_ids)
    pupils = [user.id for user in users if user.role == STUDENT]
    codes = [relations.new_codes(pupils) for _parent in range(min(wanted.parents, MOST_PARENTS))]
    slips = []
    for user in users:
        slip = Slip(user.name, class_of(user), user.username)
        slip = replace(slip, parent_codes=tuple(some[user.id] for some in codes if user.id in some))
        new = prepared.get(user.id)
        if new is not None:
            slip = replace(slip, password=new.password, **_given(user, new, secret))
        if slip.password or slip.parent_codes:
            slips.append(slip)
    return slips


def _given(user: User, new: _Prepared, secret: str) -> dict[str, Any]:
    # pupils keep what is on their slip: they have nothing to choose a better one with
    pupil = user.role == STUDENT
    accounts.apply_password(user, new.password_hash, must_change_password=not pupil)
    return {
        "card": cards.new_card(user.id) if pupil and cards.are_given() else "",
        "pictures": pictures.new_pictures(user.id, secret)
        if pictures.are_given() and pictures.may_have(user)
        else (),
    }


def _loaded(text: str) -> Sheet:
    values = json.loads(text)
    slips = tuple(
        Slip(**{**each, "pictures": tuple(each["pictures"]), "parent_codes": tuple(each["parent_codes"])})
        for each in values["slips"]
    )
    return Sheet(Wanted(**values["wanted"]), tuple(values["waiting"]), slips)
