"""What the change log keeps of somebody who was erased: what happened and when. No name, and nothing that stood in their rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from sqlalchemy import ColumnElement, String, and_, cast, exists, inspect, or_, select, update

from libhub.accounts.models import User
from libhub.base.audit import AuditEntry, audited_models, key_of, part_models
from libhub.base.db import db
from libhub.files.models import FileAttachment

_ACCOUNT: Final = User.__tablename__
_FILE: Final = FileAttachment.__tablename__
_USUAL: Final = frozenset({"user_id"})
"""Whose row it is, in tables of sections that are gone."""
_AT_ONCE: Final = 500


@dataclass(frozen=True)
class Whose:
    """What is a person's among the rows that the log knows, before any of them is deleted.

    :param names: that the person has, or had.
    :param rows: keys of rows, by table.
    """

    user_id: int
    names: frozenset[str]
    rows: Mapping[str, frozenset[str]]


def pointing_to_people(model: Any) -> dict[str, bool]:
    """Return the columns of a model that point to accounts, and whether the row goes with the account."""
    return {
        each.key: key.ondelete == "CASCADE"
        for each in inspect(model).column_attrs
        for key in getattr(each.columns[0], "foreign_keys", ())
        if key.target_fullname == f"{_ACCOUNT}.id"
    }


def person_columns(model: Any) -> frozenset[str]:
    """Return the columns that say whose row it is."""
    declared: frozenset[str] | None = model.__audit_person__
    if declared is not None:
        return declared
    return frozenset(name for name, goes in pointing_to_people(model).items() if goes)


def whose(user_id: int) -> Whose:
    """Look at what belongs to a person now, and what the person was ever called."""
    rows = {
        table: frozenset(
            key_of(row)
            for name in person_columns(model)
            for row in db.session.scalars(select(model).where(getattr(model, name) == user_id))
        )
        for table, model in audited_models().items()
        if model is not User
    }
    return Whose(user_id, names_of(user_id), rows)


def names_of(user_id: int) -> frozenset[str]:
    """Return the names and user names that an account has, and those that the log knows it had."""
    about = and_(AuditEntry.subject_type == _ACCOUNT, AuditEntry.subject_key == str(user_id))
    found = set()
    for before, after in db.session.execute(select(AuditEntry.before, AuditEntry.after).where(about)):
        for side in (before or {}, after or {}):
            found |= {side.get("name"), side.get("username")}
    user = db.session.get(User, user_id)
    if user is not None:
        found |= {user.name, user.username}
    return frozenset(name for name in found if isinstance(name, str) and name)


def forget(person: Whose, until: datetime, gone_files: Iterable[int] = ()) -> None:
    """Let the log keep of a person what happened and when. Call inside ``writing()``, when the person is gone.

    :param until: what was written down later is of somebody else who got the same number.
    :param gone_files: numbers of attachments that went with the person.
    """
    db.session.flush()
    early = AuditEntry.at <= until
    _empty(and_(AuditEntry.subject_type == _ACCOUNT, AuditEntry.subject_key == str(person.user_id), early))
    _forget_files(person, set(gone_files), until)
    models = audited_models()
    known = db.session.scalars(select(AuditEntry.subject_type).distinct()).all()
    for table in known:
        model = models.get(table)
        if table != _ACCOUNT:
            columns = person_columns(model) if model is not None else _USUAL
            _forget_rows(table, columns, person, until)
        if model is not None:
            _forget_mentions(table, model, person.user_id, until)
    mine = or_(
        AuditEntry.actor_id == person.user_id,
        and_(AuditEntry.actor_id.is_(None), AuditEntry.actor_name.in_(person.names), early),
    )
    db.session.execute(update(AuditEntry).where(mine).values(actor_id=None, actor_name=""))


def _forget_rows(table: str, columns: frozenset[str], person: Whose, until: datetime) -> None:
    keys = set(person.rows.get(table, ()))
    for name in columns:
        here = and_(AuditEntry.subject_type == table, _says(name, person.user_id))
        keys |= set(db.session.scalars(select(AuditEntry.subject_key).where(here).distinct()))
    for some in _in_parts(sorted(keys)):
        query = select(AuditEntry).where(
            AuditEntry.subject_type == table, AuditEntry.subject_key.in_(some), AuditEntry.at <= until
        )
        found = db.session.scalars(query.order_by(AuditEntry.subject_key, AuditEntry.id)).all()
        for key, entries in groupby(found, lambda each: str(each.subject_key)):
            of_now = key in person.rows.get(table, ())
            theirs = [
                each.id
                for life in _lives(list(entries))
                if _is_theirs(life.entries, columns, person.user_id) or (of_now and life.last)
                for each in life.entries
            ]
            _empty(AuditEntry.id.in_(theirs))


@dataclass
class _Life:
    """What the log has of one row, of those that had the same number one after the other."""

    entries: list[AuditEntry]
    last: bool = False


def _lives(entries: Sequence[AuditEntry]) -> list[_Life]:
    found: list[_Life] = []
    for entry in entries:
        if not found or entry.action == "create" or found[-1].entries[-1].action == "delete":
            found.append(_Life([]))
        found[-1].entries.append(entry)
    found[-1].last = True
    return found


def _is_theirs(entries: Iterable[AuditEntry], columns: Iterable[str], user_id: int) -> bool:
    sides = [side for each in entries for side in (each.before, each.after) if side]
    return any(side.get(name) == user_id for side in sides for name in columns)


def _forget_files(person: Whose, gone: set[int], until: datetime) -> None:
    for some in _in_parts(sorted(map(str, gone))):
        query = select(AuditEntry).where(AuditEntry.subject_type == _FILE, AuditEntry.subject_key.in_(some))
        found = db.session.scalars(query.order_by(AuditEntry.subject_key, AuditEntry.id)).all()
        for _key, entries in groupby(found, lambda each: str(each.subject_key)):
            _empty(AuditEntry.id.in_([each.id for each in _lives(list(entries))[-1].entries]))
    there = exists().where(cast(FileAttachment.id, String) == AuditEntry.subject_key)
    own = and_(AuditEntry.subject_type == _FILE, AuditEntry.actor_id == person.user_id, ~there)
    _empty(and_(own, AuditEntry.at <= until))


def _forget_mentions(table: str, model: Any, user_id: int, until: datetime) -> None:
    """Let no other row point to the person any more, as it was: else that could be brought back."""
    columns = set(pointing_to_people(model))
    parts = {name: set(pointing_to_people(part)) for name, part in part_models(model).items()}
    parts = {name: some for name, some in parts.items() if some}
    conditions = [_says(name, user_id) for name in columns]
    for some in parts.values():
        for name in some:
            said = f'"{name}": {user_id}'
            conditions += [
                cast(side, String).contains(said) for side in (AuditEntry.before, AuditEntry.after)
            ]
    if not conditions:
        return
    query = select(AuditEntry).where(
        AuditEntry.subject_type == table, or_(*conditions), AuditEntry.at <= until
    )
    for entry in db.session.scalars(query).all():
        entry.before = _without(entry.before, columns, parts, user_id)
        entry.after = _without(entry.after, columns, parts, user_id)
    db.session.flush()


def _without(
    values: dict[str, Any] | None, columns: Iterable[str], parts: Mapping[str, Iterable[str]], user_id: int
) -> dict[str, Any] | None:
    if not values:
        return values
    found = {name: None if name in columns and value == user_id else value for name, value in values.items()}
    for name, some in parts.items():
        listed = found.get(name)
        if isinstance(listed, list):
            found[name] = [each for each in listed if all(each.get(one) != user_id for one in some)]
    return found


def _says(name: str, user_id: int) -> ColumnElement[bool]:
    return or_(*(side[name].as_integer() == user_id for side in (AuditEntry.before, AuditEntry.after)))


def _empty(condition: ColumnElement[bool]) -> None:
    """Keep of entries who, when and what was done, but nothing that the row held."""
    for entry in db.session.scalars(select(AuditEntry).where(condition)).all():
        entry.subject_title = ""
        entry.before = None if entry.before is None else {}
        entry.after = None if entry.after is None else {}
    db.session.flush()


def _in_parts(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]
