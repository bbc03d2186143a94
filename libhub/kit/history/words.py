"""The log in people's words: what columns and fields are called, and what stands in them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, Final, Self

from babel.dates import format_date
from sqlalchemy import String, and_, cast, func, inspect, literal, or_, select, union_all

from libhub.accounts.models import User
from libhub.accounts.permissions import AGE_MARKS
from libhub.base.audit import (
    AuditEntry,
    audited_models,
    called,
    part_models,
    told_by,
    values_called,
)
from libhub.base.checked_types import Label
from libhub.base.db import db
from libhub.base.i18n import current_locale
from libhub.base.i18n import gettext as _
from libhub.kit.history.differences import NOTHING
from libhub.kit.history.setting_changes import section_name
from libhub.kit.validation import Data, OneOf
from libhub.web.rendering.moments import moment_text

_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+00:00)?")
_BY_NAME: Final = {"plugin_id": section_name}
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


def in_words(value: object) -> str:
    """Say a value of the log, as JSON has it, as people do; moments are kept in UTC."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = str(value)
    try:
        if _MOMENT.fullmatch(text):
            return moment_text(datetime.fromisoformat(text).replace(tzinfo=UTC))
        if _DAY.fullmatch(text):
            return str(format_date(date.fromisoformat(text), locale=current_locale()))
    except ValueError:  # somebody typed what only looks like a day
        pass
    return text


def label_of(model: Any, name: str) -> str:
    """Return what people call a column, a part or a field of what a model keeps; empty where nobody says it."""
    kept = model.__audit_history__
    if kept is not None and name in kept.called:
        return str(kept.called[name])
    return str(called(model).get(name, ""))


def pointing(model: Any) -> dict[str, str]:
    """Return the tables to which columns of a model point, by column."""
    columns = ((each.key, each.columns[0]) for each in inspect(model).column_attrs)
    return {
        name: key.column.table.name for name, column in columns for key in getattr(column, "foreign_keys", ())
    }


def _title(model: Any) -> Any:
    return User.name if model is User else getattr(model, model.__audit_title__)


def _last_known(wanted: Mapping[str, Sequence[str]]) -> dict[tuple[str, str], str]:
    """Return how the log knew rows last that are gone, by table and key."""
    if not wanted:
        return {}
    rows = or_(
        *(
            and_(AuditEntry.subject_type == table, AuditEntry.subject_key.in_(keys))
            for table, keys in wanted.items()
        )
    )
    newest = select(func.max(AuditEntry.id)).where(rows)
    query = select(AuditEntry.subject_type, AuditEntry.subject_key, AuditEntry.subject_title).where(
        AuditEntry.id.in_(newest.group_by(AuditEntry.subject_type, AuditEntry.subject_key))
    )
    return {(table, key): title for table, key, title in db.session.execute(query)}


def key_values(model: Any, key: str) -> dict[str, Any]:
    """Return what the key under which the log knows a row says of its columns."""
    mapper = inspect(model)
    names = [mapper.get_property_by_column(column).key for column in mapper.primary_key]
    parts = key.split("/", len(names) - 1)
    return {name: int(part) if part.isdecimal() else part for name, part in zip(names, parts, strict=False)}


class Names:
    """What the rows are called to which others point, by table and key: read for a whole page, in two queries at most."""

    def __init__(self, wanted: Mapping[str, Iterable[Any]]) -> None:
        models = audited_models()
        numbers = {
            table: sorted({int(key) for key in keys if str(key).isdecimal()})
            for table, keys in wanted.items()
            if table in models and hasattr(models[table], "id")
        }
        asked = [
            select(literal(table), models[table].id, cast(_title(models[table]), String)).where(
                models[table].id.in_(some)
            )
            for table, some in numbers.items()
            if some
        ]
        found = db.session.execute(union_all(*asked)).all() if asked else []
        self._names = {(table, str(number)): str(name) for table, number, name in found}
        missing = {
            table: [str(each) for each in some if (table, str(each)) not in self._names]
            for table, some in numbers.items()
        }
        self._names |= _last_known({table: keys for table, keys in missing.items() if keys})

    @classmethod
    def of(cls, entries: Iterable[AuditEntry], *states: tuple[Any, Mapping[str, Any]]) -> Self:
        """Read the names for entries of the log, and for what rows hold: each model with its values."""
        models, wanted = audited_models(), defaultdict[str, list[Any]](list)
        some: list[tuple[Any, ...]]
        entries = list(entries)
        some = [
            (model, key_values(model, each.subject_key), each.before, each.after)
            for each in entries
            if (model := models.get(each.subject_type)) is not None
        ]
        for model, *sides in [*some, *((model, values) for model, values in states)]:
            for values in filter(None, sides):
                for name, table in pointing(model).items():
                    wanted[table].append(values.get(name))
                for name, part in part_models(model).items():
                    for of_part, table in pointing(part).items():
                        wanted[table].extend(each.get(of_part) for each in values.get(name) or ())
        return cls(wanted)

    def name(self, table: str, key: Any) -> str:
        """Return what a row is called; nobody knows it any more: its number."""
        known = self._names.get((table, str(key)), f"№ {key}")
        return known or _("somebody who was erased")


def told_column(model: Any, name: str, value: Any, names: Names) -> str:
    """Return in words what stands in a column, or what a part is, as JSON has it."""
    how = told_by(model).get(name) or _BY_NAME.get(name)
    if how is not None:
        return how(value)
    table = pointing(model).get(name)
    if table and value is not None:
        return names.name(table, value)
    labels = values_called(model).get(name)
    if labels is not None and isinstance(value, str | int) and value in labels:
        return str(labels[value])
    if isinstance(value, Mapping):
        return _listed((in_words(each) for each in value.values() if not _is_nothing(each)), " · ")
    if isinstance(value, list):
        part = part_models(model).get(name)
        told = (
            partial(_told_part, part, names=names) if part else partial(told_column, model, name, names=names)
        )
        return _listed((told(each) for each in value), "\n" if part else ", ")
    return in_words(value)


def _told_part(part: Any, values: Mapping[str, Any], names: Names) -> str:
    return _listed(
        (told_column(part, name, each, names) for name, each in values.items() if not _is_nothing(each)),
        " · ",
    )


def told_field(kept: Any, name: str, data: Data | None, names: Names) -> str:
    """Return in words what stands in a field of the data that a model keeps.

    :param kept: the :class:`~libhub.kit.history.subjects.Kept` of the model.
    """
    value = None if data is None else getattr(data, name)
    if name in kept.shown and not _is_nothing(value):
        return str(kept.shown[name](value, data)) or NOTHING
    table = kept.refers.get(name) or pointing(kept.model).get(name, "")
    labels = values_called(kept.model).get(name, {})
    return _told(kept.data, name, value, lambda each: names.name(table, each) if table else "", labels)


def _told(data: type[Data], name: str, value: Any, named: Any, labels: Mapping[Any, Label]) -> str:
    if _is_nothing(value):
        return NOTHING
    if isinstance(value, tuple | list | frozenset):
        several = [_told(data, name, each, named, labels) for each in value]
        lines = any(isinstance(each, Data | Mapping) for each in value)
        return _listed(sorted(several) if isinstance(value, frozenset) else several, "\n" if lines else ", ")
    if isinstance(value, Data):
        inner = (
            (each, _told(type(value), each, some, lambda _value: "", {}))
            for each, some in vars(value).items()
        )
        return _listed((told for _name, told in inner if told != NOTHING), " · ")
    if isinstance(value, Mapping):
        return _listed((in_words(each) for each in value.values() if not _is_nothing(each)), " · ")
    return named(value) or _coded(data, name, value, labels)


def _coded(data: type[Data], name: str, value: Any, labels: Mapping[Any, Label]) -> str:
    for rule in data.rules_of(name):
        if isinstance(rule, OneOf) and rule.known is AGE_MARKS:
            return f"{value}+"
        if isinstance(rule, OneOf) and isinstance(rule.known, Mapping) and value in rule.known:
            return str(rule.known[value])
    if value in labels:
        return str(labels[value])
    if isinstance(value, datetime):
        return moment_text(value, rebase=value.tzinfo is not None)
    return in_words(value.isoformat() if isinstance(value, date) else value)


def _is_nothing(value: Any) -> bool:
    return value is None or (not isinstance(value, int | float) and not value)


def _listed(texts: Iterable[str], between: str) -> str:
    return between.join(text for text in texts if text) or NOTHING
