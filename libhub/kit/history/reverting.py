"""Something is as it was: a field, a whole thing, a row that was deleted. Each of it is a change that the log knows."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any, Final

from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError

from libhub.base.audit import HIDDEN, AuditEntry, audited_models, values_of
from libhub.base.db import db, writing
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.kit.history.differences import FieldChange
from libhub.kit.history.reading import fields_of
from libhub.kit.history.subjects import Kept, came_back, deletable_of, newest_entry, of_log, row_from
from libhub.kit.history.words import Names, pointing
from libhub.kit.published import Published
from libhub.search.store.outbox import touch

_TAKEN: Final = _l("Something else stands there now, or what it belonged to is gone. Nothing was changed.")


def _names_of(kept: Kept) -> list[str]:
    return [each.name for each in fields(kept.data)]


def newest(kept: Kept, row: Any) -> int:
    """Return the number of the newest entry about a thing: whoever brings something back says what they saw."""
    return int(db.session.scalar(newest_entry(kept.entries(row))) or 0)


def values_before(kept: Kept, row: Any, entry_id: int) -> dict[str, Any]:
    """Return what a thing held before an entry, by column: what is now, with everything undone since.

    :raises LibHubError: there is no such change, or it was the first one.
    """
    query = select(AuditEntry).where(kept.entries(row), AuditEntry.id >= entry_id)
    entries = db.session.scalars(query.order_by(AuditEntry.id.desc())).all()
    if not entries or entries[-1].id != entry_id or entries[-1].before is None:
        raise LibHubError(_("There is no such change of it."))
    values = values_of(row)
    for entry in entries:
        values |= entry.before or {}
    return values


def what_would_change(kept: Kept, row: Any, entry_id: int) -> list[FieldChange]:
    """Return what would be different if a thing were as before an entry.

    :raises LibHubError: there is no such change.
    """
    before, now_ = values_before(kept, row, entry_id), values_of(row)
    names = Names.of([], (kept.model, before), (kept.model, now_))
    known = {*_names_of(kept), *kept.others}
    return [each for each in fields_of(now_, before, kept.model, names) if each.name in known]


def revert(kept: Kept, number: int, entry_id: int, seen: int, field: str = "") -> str:
    """Bring a field back as it was before an entry, or the whole thing without ``field``; return what the thing is called.

    :param seen: what :func:`newest` said of the state that the person saw.
    :raises LibHubError: it was changed meanwhile, or it will not do any more; then nothing is changed.
    """
    try:
        with writing():
            row = db.session.get(kept.model, number)
            if row is None:
                raise LibHubError(_("It is not here any more."))
            if newest(kept, row) != seen:
                raise LibHubError(
                    _(
                        "It was changed meanwhile, so nothing was brought back. Look at the newest change first."
                    )
                )
            _bring(
                kept,
                row,
                values_before(kept, row, entry_id) if not field else _one(kept, row, entry_id),
                field,
            )
            return str(getattr(row, kept.model.__audit_title__))
    except IntegrityError as error:
        raise LibHubError(str(_TAKEN)) from error


def _one(kept: Kept, row: Any, entry_id: int) -> dict[str, Any]:
    """Return what a thing holds, but as before this entry what the entry speaks of."""
    query = select(AuditEntry).where(kept.entries(row), AuditEntry.id == entry_id)
    entry = db.session.scalar(query)
    if entry is None or entry.before is None or entry.after is None:
        raise LibHubError(_("There is no such change of it."))
    return {**values_of(row), **entry.before}


def _bring(kept: Kept, row: Any, values: Mapping[str, Any], field: str) -> None:
    now_, then = kept.data_from(values_of(row)), kept.data_from(values)
    changes = {
        name: getattr(then, name)
        for name in _names_of(kept)
        if field in ("", name) and getattr(then, name) != getattr(now_, name)
    }
    if changes and kept.save is not None:
        kept.save(replace(now_, **changes), row.id)
    columns = inspect(kept.model).column_attrs
    for name, bring in kept.others.items():
        wanted = of_log(columns[name].columns[0].type, values[name])
        if field in ("", name) and wanted != getattr(row, name):
            changes[name] = wanted
            bring(row, wanted)
    if not changes:
        raise LibHubError(_("It is so already."))


# -- what was deleted ---------------------------------------------------------------------------------


def _key(model: Any, entry: AuditEntry) -> Any:
    columns = inspect(model).primary_key
    parts = [
        of_log(column.type, int(part) if column.type.python_type is int else part)
        for column, part in zip(columns, entry.subject_key.split("/"), strict=True)
    ]
    return tuple(parts)


def bring_back(entry_id: int, may: Callable[[str], bool]) -> str:
    """Make a row again that was deleted, as the log has it; return what people call it.

    :param may: says whether the person has a permission.
    :raises LibHubError: it is there, it cannot be there any more, or the person may not; then nothing is changed.
    """
    try:
        with writing():
            entry = db.session.get(AuditEntry, entry_id)
            how = deletable_of(entry.subject_type) if entry is not None and entry.action == "delete" else None
            if (
                entry is None
                or how is None
                or not entry.before  # of somebody who was erased
                or not may(how.permission)
                or HIDDEN in (entry.before or {}).values()
            ):
                raise LibHubError(_("This cannot be brought back."))
            model = audited_models()[entry.subject_type]
            if came_back([entry]):
                raise LibHubError(_("It is there already."))
            row: Any = row_from(model, entry.before or {})
            if db.session.get(model, _key(model, entry)) is not None:  # the number was given to another one
                row.id = None
            db.session.add(row)
            db.session.flush()
            _point_again(entry, row)
            if isinstance(row, Published):
                touch(row.concerned())
            how.settle(row)
            return entry.subject_title
    except IntegrityError as error:
        raise LibHubError(str(_TAKEN)) from error


def _point_again(entry: AuditEntry, back: Any) -> None:
    """Let those rows point to the one that is back which did until it was deleted, and point nowhere since."""
    if not entry.subject_key.isdecimal():
        return
    for table, model in audited_models().items():
        for name in (name for name, to in pointing(model).items() if to == entry.subject_type):
            lost = select(AuditEntry).where(
                AuditEntry.subject_type == table,
                AuditEntry.action == "update",
                AuditEntry.before[name].as_integer() == int(entry.subject_key),
                AuditEntry.at == entry.at,
            )
            for each in db.session.scalars(lost):
                row = db.session.get(model, _key(model, each))
                if row is not None and getattr(row, name) is None:
                    setattr(row, name, back.id)
