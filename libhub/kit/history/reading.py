"""The changes of things as pages show them: who, when, each field before and after."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from libhub.base.audit import AuditEntry, audited_models, called, ignored_columns, part_models, told_by
from libhub.base.i18n import gettext as _
from libhub.kit.history.differences import FieldChange
from libhub.kit.history.setting_changes import setting_fields, setting_title
from libhub.kit.history.subjects import Kept, came_back, deletable_of
from libhub.kit.history.words import Names, in_words, key_values, label_of, pointing, told_column, told_field
from libhub.plugging.models import SettingValue

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Change:
    """One entry of the log, in words."""

    id: int
    at: datetime
    actor_id: int | None
    actor_name: str
    action: str
    table: str
    key: str
    title: str
    fields: Sequence[FieldChange]
    back: str = ""
    """The permission of those who may make the row again that was deleted; empty where nobody can."""


def changes_of(
    entries: Sequence[AuditEntry], row: Any = None, values: Mapping[str, Any] | None = None
) -> list[Change]:
    """Return entries of the log in words.

    :param row: the thing whose history they are, if they are one's; ``values`` are what it holds.
    """
    models = audited_models()
    own = type(row) if row is not None else None
    names = Names.of(entries, *([(own, values or {})] if own else []))
    lost = _lost(entries)
    found = []
    for entry in entries:
        model = models.get(entry.subject_type)
        base = values if model is not None and model is own else None
        found.append(
            Change(
                entry.id,
                entry.at,
                entry.actor_id,
                who_of(entry),
                entry.action,
                entry.subject_type,
                entry.subject_key,
                title_of(entry, model, names),
                setting_fields(entry)
                if model is SettingValue
                else _fields_or_columns(entry, model, names, base),
                lost.get(entry.id, ""),
            )
        )
    return found


def who_of(entry: AuditEntry) -> str:
    """Return who did what an entry tells; somebody who was erased has no name any more."""
    return entry.actor_name or _("somebody who was erased")


def _fields_or_columns(
    entry: AuditEntry, model: Any, names: Names, base: Mapping[str, Any] | None
) -> list[FieldChange]:
    try:
        return fields_of(entry.before, entry.after, model, names, base)
    except (
        Exception
    ):  # what a section makes of old values is its own; the other changes are told nevertheless
        logger.exception("entry %d of the log cannot be told as %s has it", entry.id, entry.subject_type)
        return fields_of(entry.before, entry.after, None, names)


def _lost(entries: Sequence[AuditEntry]) -> dict[int, str]:
    """Return who brings back what was deleted and is not there again: a permission by the number of the entry."""
    found = {
        entry.id: (entry, how.permission)
        for entry in entries
        if entry.action == "delete" and entry.before and (how := deletable_of(entry.subject_type)) is not None
    }
    back = came_back([entry for entry, _permission in found.values()])
    return {number: permission for number, (_entry, permission) in found.items() if number not in back}


def title_of(entry: AuditEntry, model: Any, names: Names) -> str:
    """Return what people call the row of an entry; empty where it has only a number."""
    if model is SettingValue:
        return setting_title(entry.subject_key)
    if model is not None:
        name = model.__audit_title__
        values = {**key_values(model, entry.subject_key), **(entry.before or {}), **(entry.after or {})}
        if name in pointing(model) and values.get(name) is not None:
            return told_column(model, name, values[name], names)
        if name in told_by(model) or name == "plugin_id":
            return told_column(model, name, values.get(name, entry.subject_title), names)
    return "" if entry.subject_title.isdigit() else entry.subject_title


def fields_of(
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    model: Any,
    names: Names,
    base: Mapping[str, Any] | None = None,
) -> list[FieldChange]:
    """Return what became of the fields of a row, in words.

    :param before: values of the log by column; None where the row was not there. ``after`` likewise.
    :param base: what the row holds besides.
    """
    columns = list(dict.fromkeys([*(before or {}), *(after or {})]))
    kept: Kept | None = model.__audit_history__ if model is not None else None
    found = list(_fields_of_data(before, after, kept, names, base or {})) if kept else []
    known = {each.name for each in fields(kept.data)} if kept else set()
    unsaid = ignored_columns(model) if model is not None else ()
    for name in columns:
        if name in known or name in unsaid or (kept and name in part_models(model)):
            continue
        label = label_of(model, name) if model is not None else ""
        old, new = (_told(model, name, (side or {}).get(name), names) for side in (before, after))
        if old != new or name in _secrets(model):
            back = kept is not None and name in kept.others and before is not None and after is not None
            found.append(FieldChange(name, label or _("field “%(name)s”", name=name), old, new, back))
    return found


def _told(model: Any, name: str, value: Any, names: Names) -> str:
    return in_words(value) if model is None else told_column(model, name, value, names)


def _secrets(model: Any) -> Iterable[str]:
    return model.__audit_secret__ if model is not None else ()


def _fields_of_data(
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    kept: Kept,
    names: Names,
    base: Mapping[str, Any],
) -> Iterator[FieldChange]:
    old, new = (kept.data_from({**base, **side}) if side is not None else None for side in (before, after))
    for name in (each.name for each in fields(kept.data)):
        was, is_ = (getattr(side, name, None) for side in (old, new))
        then, now_ = (told_field(kept, name, side, names) for side in (old, new))
        whole = old is not None and new is not None
        if then != now_ and (whole or was or is_):  # of a new thing, what was left empty is not told
            label = label_of(kept.model, name) or str(called(kept.model).get(name, name))
            yield FieldChange(name, label, then, now_, whole)
