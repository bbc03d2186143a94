"""A school year that was begun is undone: what it changed is as it was; what somebody changed since stays, and is told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from libhub.accounts.models import SchoolClass, User
from libhub.base.audit import current_actor
from libhub.base.db import db, writing
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.moments import now
from libhub.kit.seen import refuse_stale
from libhub.people.september.models import Promotion
from libhub.people.september.promoting import CLASS_COLUMNS, PERSON_COLUMNS, values_of
from libhub.plugging import calls

DAYS: Final = 30
TIME: Final = timedelta(days=DAYS)
"""For so long it can be undone."""
_Record = Mapping[str, Any]


@dataclass(frozen=True)
class Note:
    """Something that stays as it is; about a person by number, without the name, or about a class."""

    user_id: int | None
    text: str


@dataclass
class Undoing:
    """What undoing would do.

    :param classes: those that are as they were again, by number: what they are called now, and then.
    :param removed: classes that were made and that nobody uses: they are deleted.
    :param put_away: classes that were made and have people by now, in the way of one that comes back: into the archive.
    :param people: columns that are as they were again, by the number of the person.
    :param left: what was changed by hand since and stays.
    """

    year: int
    classes: dict[int, tuple[str, str]] = field(default_factory=dict)
    removed: dict[int, str] = field(default_factory=dict)
    put_away: dict[int, str] = field(default_factory=dict)
    people: dict[int, dict[str, Any]] = field(default_factory=dict)
    left: list[Note] = field(default_factory=list)

    @property
    def back(self) -> int:
        """How many people may sign in again."""
        return sum(bool(values.get("active")) for values in self.people.values())


def latest() -> Promotion | None:
    """Return the school year that was begun last and not undone."""
    query = select(Promotion).where(Promotion.undone_at.is_(None))
    return db.session.scalar(query.order_by(Promotion.at.desc(), Promotion.id.desc()).limit(1))


def can_be_undone(promotion: Promotion) -> bool:
    """Say whether it is not too late, and nothing was begun on top of it."""
    newest = latest()
    in_time = promotion.at + TIME > now()
    return promotion.undone_at is None and in_time and newest is not None and newest.id == promotion.id


def undoing_of(promotion: Promotion) -> Undoing:
    """Return what undoing would do; nothing is changed."""
    found = Undoing(promotion.school_year)
    present = {each.id: each for each in db.session.scalars(select(SchoolClass))}
    users = _by_number(each["id"] for each in promotion.people)
    for each in promotion.people:
        _judge_person(found, each, users.get(each["id"]), present)
    going_back: dict[int, _Record] = {
        each["id"]: each for each in promotion.classes if _goes_back(found, each, present)
    }
    made: dict[int, _Record] = {
        each["id"]: each for each in promotion.classes if each["before"] is None and each["id"] in present
    }
    used = _used(made, found)
    for number, record in made.items():
        if number not in used and _as_made(present[number], record):
            found.removed[number] = present[number].name
    _settle(found, going_back, made, present)
    for number in made:
        if number not in found.removed and number not in found.put_away:
            found.left.append(
                Note(None, _("%(name)s was made then and is used by now.", name=present[number].name))
            )
    for number, back in sorted(going_back.items(), key=lambda each: int(each[1]["before"]["grade"])):
        row = present[number]
        here = _("%(name)s in the archive", name=row.name) if row.archived_at else row.name
        found.classes[number] = (here, f"{back['before']['grade']}{row.letter}")
    return found


def undo(promotion_id: int, seen: str | None = None) -> tuple[Undoing, list[Note]]:
    """Undo it; return what was done, and what sections could not give back.

    :param seen: the mark of the :class:`Undoing` that somebody saw; None: whatever it is now.
    :raises StaleView: it is another one by now.
    :raises LibHubError: it was undone already, or it is too late.
    """
    with writing():
        promotion = db.session.get(Promotion, promotion_id)
        if promotion is None or not can_be_undone(promotion):
            raise LibHubError(
                _("This school year was undone already, or more than %(days)d days have passed.", days=DAYS)
            )
        found = undoing_of(promotion)
        if seen is not None:
            refuse_stale(seen, found)
        _bring_classes_back(found, promotion.classes)
        users = _by_number(found.people)
        for number, values in found.people.items():
            for name, value in values.items():
                setattr(users[number], name, value)
        db.session.flush()
        for number in found.removed:
            db.session.delete(db.session.get_one(SchoolClass, number))
        promotion.undone_at, promotion.undone_by_id = now(), current_actor.get().user_id
        db.session.flush()
        back = [number for number, values in found.people.items() if values.get("active")]
        lost = _give_back(promotion.freed, back)
        promotion.outcome = [(note.user_id, note.text) for note in (*found.left, *lost)]
        return found, lost


def _by_number(numbers: Iterable[int]) -> dict[int, User]:
    return {user.id: user for user in db.session.scalars(select(User).where(User.id.in_(list(numbers))))}


def _judge_person(
    found: Undoing, record: _Record, user: User | None, present: Mapping[int, SchoolClass]
) -> None:
    """Note which columns of a person come back, and which somebody changed since."""
    before, after = record["before"], record["after"]
    if user is None:
        return  # erased: nothing is known of them any more
    here = values_of(user, PERSON_COLUMNS)
    back, otherwise = {}, []
    for name in PERSON_COLUMNS:
        if before[name] == after[name] or here[name] == before[name]:
            continue
        gone = name == "class_id" and before[name] is not None and before[name] not in present
        if here[name] != after[name] or gone:
            otherwise.append(name)
        else:
            back[name] = before[name]
    if "class_id" in otherwise and back.pop("class_group", None) is not None:
        otherwise.append("class_group")  # a group is one of the class
    if back:
        found.people[user.id] = back
    if otherwise:
        labels = (str(User.__audit_called__[name]) for name in otherwise)
        found.left.append(Note(user.id, _("changed since: %(what)s", what=", ".join(labels))))


def _goes_back(found: Undoing, record: _Record, present: Mapping[int, SchoolClass]) -> bool:
    """Say whether a class is still what the new year made of it; tell it where not."""
    if record["before"] is None:
        return False
    row = present.get(record["id"])
    was = f"{record['after']['grade']}"
    if row is None:
        found.left.append(Note(None, _("A class of grade %(grade)s is not there any more.", grade=was)))
        return False
    here = values_of(row, CLASS_COLUMNS)
    if here == record["before"]:
        return False
    if here != record["after"]:
        found.left.append(Note(None, _("%(name)s was changed since.", name=row.name)))
        return False
    return True


def _as_made(row: SchoolClass, record: _Record) -> bool:
    return bool(values_of(row, tuple(record["after"])) == record["after"])


def _used(made: Iterable[int], found: Undoing) -> set[int]:
    """Return the classes that were made and have somebody in them once the people are back."""
    query = select(User.id, User.class_id).where(User.class_id.in_(list(made)))
    return {
        class_id
        for number, class_id in db.session.execute(query)
        if class_id is not None and "class_id" not in found.people.get(number, {})
    }


def _settle(
    found: Undoing,
    going_back: dict[int, _Record],
    made: Mapping[int, _Record],
    present: Mapping[int, SchoolClass],
) -> None:
    """Let no two classes be called the same in the end: who was made makes room, who finds no room stays."""
    while True:
        names: dict[tuple[int, str], int] = {}
        clash = None
        for number, row in present.items():
            back = going_back.get(number)
            away = row.archived_at is not None and back is None
            if away or number in found.removed or number in found.put_away:
                continue
            name = (back["before"]["grade"] if back else row.grade, row.letter)
            if name in names:
                clash = (names[name], number)
                break
            names[name] = number
        if clash is None:
            return
        new = next((number for number in clash if number in made), None)
        if new is not None:
            found.put_away[new] = present[new].name
            continue
        stays = next(number for number in reversed(clash) if number in going_back)
        going_back.pop(stays)
        text = _("%(name)s cannot go back: there is another class of that name.", name=present[stays].name)
        found.left.append(Note(None, text))


def _bring_classes_back(found: Undoing, records: Sequence[_Record]) -> None:
    """Let the classes be as they were, the lowest first, so that no two are called the same at any moment."""
    for number in found.put_away:
        db.session.get_one(SchoolClass, number).archived_at = now()
    for number in found.removed:
        # out of the way at once; it is deleted when nobody is in it any more
        db.session.get_one(SchoolClass, number).archived_at = now()
    db.session.flush()
    back = [each for each in records if each["id"] in found.classes]
    for record in sorted(back, key=lambda each: int(each["before"]["grade"])):
        row, before = db.session.get_one(SchoolClass, record["id"]), record["before"]
        row.grade, row.school_year = before["grade"], before["school_year"]
        row.archived_at = datetime.fromisoformat(before["archived_at"]) if before["archived_at"] else None
        db.session.flush()


def _give_back(freed: Mapping[str, Any], user_ids: list[int]) -> list[Note]:
    """Have the sections give back what they freed; return what they could not."""
    lost = []
    for plugin_id, kept in freed.items():
        try:
            with db.session.begin_nested():
                lines = calls.call_one(plugin_id, "people_return", user_ids=user_ids, freed=kept)
        except LibHubError as failure:
            lost.append(Note(None, str(failure)))
        else:
            lost += [Note(line.user_id, str(line.label)) for line in lines or ()]
    return lost


def in_words(notes: Iterable[Note]) -> list[str]:
    """Return notes with the names of those whom they are about; of somebody who was erased there is none any more."""
    some = list(notes)
    users = _by_number(note.user_id for note in some if note.user_id is not None)
    return [
        note.text if note.user_id is None else f"{users[note.user_id].name}: {note.text}"
        for note in some
        if note.user_id is None or note.user_id in users
    ]
