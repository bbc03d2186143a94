"""Things that have a history: what they keep, and rows made again of what the log has of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, partial
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Date, DateTime, and_, inspect, or_, select

from libhub.base.audit import AuditEntry, audited_models, key_of, part_models
from libhub.base.checked_types import Label
from libhub.base.db import UtcDateTime, db
from libhub.kit.published import Published, save_row, set_archived
from libhub.kit.validation import Data

_Any = TypeVar("_Any")


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What the log keeps of one kind of thing, and how it is saved when something comes back.

    :param model: audited, with ``id``.
    :param permission: of those who see the history and bring something back.
    :param data: what its editor fills; ``called`` says what people call the fields.
    :param data_of: given a row, also one that is in no database, returns its data; ``data.of`` where it is not given.
    :param save: given data and the number of the row, stores it as the editor does;
        :func:`~libhub.kit.published.save_row` where it is not given.
    :param others: how columns come back that are not in the data: given the row and the value. ``archived_at`` is known.
    :param refers: tables to whose rows a field points that is no column; columns say it themselves.
    :param shown: given a value of a field and all the data, returns it in words, where its rules do not say them.
    :param labels: what the form calls its fields, where the data does not say it.
    :param also: models whose rows belong to the thing but have a history of their own, each with a function that is given
        the row and returns their numbers; deleted ones are found where they point to the thing.
    """

    model: Any
    permission: str
    data: type[Data]
    data_of: Callable[[Any], Data] | None = None
    save: Callable[[Any, int], object] | None = None
    others: Mapping[str, Callable[[Any, Any], object]] = field(default_factory=dict)
    refers: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, Callable[[Any, Any], str]] = field(default_factory=dict)
    also: Mapping[Any, Callable[[Any], Iterable[int]]] = field(default_factory=dict)
    labels: Callable[[], Mapping[str, Label]] = dict

    def __post_init__(self) -> None:
        """Fill in what every published model has, and let the model know.

        :raises TypeError: another one is kept of this model: one of the two would be told with the other's words.
        """
        if self.model.__audit_history__ is not None:
            raise TypeError(f"{self.model.__name__} has a history already")
        if self.save is None:
            object.__setattr__(self, "save", partial(save_row, self.model))
        if issubclass(self.model, Published) and "archived_at" not in self.others:
            object.__setattr__(self, "others", {**self.others, "archived_at": self._move})
        self.model.__audit_history__ = self

    @cached_property
    def called(self) -> Mapping[str, Label]:
        """What people call the fields."""
        return {**self.labels(), **self.data.called}

    def _move(self, row: Any, moment: datetime | None) -> None:
        set_archived(self.model, [row.id], archived=moment is not None)

    def data_from(self, values: Mapping[str, Any]) -> Data:
        """Return the data of a row that holds these values of the log."""
        row = row_from(self.model, values)
        return self.data_of(row) if self.data_of else self.data.of(row)

    def entries(self, row: Any, *, with_others: bool = False) -> ColumnElement[bool]:
        """Return the condition on entries of the log about a thing.

        :param with_others: also about what belongs to it and has a history of its own.
        """
        conditions = [
            and_(AuditEntry.subject_type == self.model.__tablename__, AuditEntry.subject_key == key_of(row))
        ]
        for model, numbers in self.also.items() if with_others else ():
            of_model = AuditEntry.subject_type == model.__tablename__
            conditions.append(
                and_(of_model, AuditEntry.subject_key.in_([str(each) for each in numbers(row)]))
            )
            for name in _leading_to(model, self.model):
                here = AuditEntry.before[name].as_integer() == row.id
                conditions.append(and_(of_model, AuditEntry.action == "delete", here))
        return or_(*conditions)


@dataclass(frozen=True)
class Deletable:
    """How rows come back from the log that somebody deleted; see :func:`deletable`."""

    permission: str
    settle: Callable[[Any], object]


def deletable(model: Any, permission: str, settle: Callable[[Any], object] = lambda _row: None) -> None:
    """Let deleted rows of an audited model be brought back from the log.

    :param permission: of those who may.
    :param settle: given the row that is there again, works out what follows from it; raises :class:`LibHubError` where it
        cannot be there any more.
    """
    model.__audit_deletable__ = Deletable(permission, settle)


def deletable_of(table: str) -> Deletable | None:
    """Return how the deleted rows of a table come back; None: they do not."""
    model = audited_models().get(table)
    return None if model is None else model.__audit_deletable__


def came_back(deleted: Sequence[AuditEntry]) -> set[int]:
    """Return the numbers of those of these deletions after which the same was made again."""
    if not deleted:
        return set()
    tables, titles = {each.subject_type for each in deleted}, {each.subject_title for each in deleted}
    query = select(AuditEntry).where(
        AuditEntry.action == "create",
        AuditEntry.subject_type.in_(tables),
        AuditEntry.subject_title.in_(titles),
        AuditEntry.id > min(each.id for each in deleted),
    )
    made = db.session.scalars(query).all()
    later = {each.id: [new for new in made if new.id > each.id and _is_same(each, new)] for each in deleted}
    return {number for number, again in later.items() if again}


def _is_same(deleted: AuditEntry, made: AuditEntry) -> bool:
    before = deleted.before or {}
    return deleted.subject_type == made.subject_type and all(
        before.get(name) == value for name, value in (made.after or {}).items() if name != "id"
    )


def _leading_to(model: Any, other: Any) -> list[str]:
    columns = ((each.key, each.columns[0]) for each in inspect(model).column_attrs)
    return [
        name
        for name, column in columns
        if any(key.column.table.name == other.__tablename__ for key in column.foreign_keys)
    ]


def row_from(model: type[_Any], values: Mapping[str, Any]) -> _Any:
    """Return a row that is in no database, with these values of the log; what they do not name has its default.

    Names that the model does not have any more are left out.
    """
    mapper = inspect(model)
    filled: dict[str, Any] = {}
    for each in mapper.column_attrs:
        column = each.columns[0]
        if each.key in values:
            filled[each.key] = of_log(column.type, values[each.key])
        elif (default := getattr(column, "default", None)) is not None and not default.is_sequence:
            filled[each.key] = default.arg(None) if default.is_callable else default.arg
    parts = part_models(model) if hasattr(model, "__audit_parts__") else {}  # type: ignore[arg-type]
    for name, part in parts.items():
        filled[name] = [row_from(part, each) for each in values.get(name) or ()]
    return model(**filled)


def of_log(kind: Any, value: Any) -> Any:
    """Return a value of the log as a column of this type has it."""
    if isinstance(value, str) and isinstance(kind, DateTime | UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and isinstance(kind, Date):
        return date.fromisoformat(value)
    return value


def newest_entry(condition: ColumnElement[bool]) -> Any:
    """Return the query for the number of the newest entry of some."""
    return select(AuditEntry.id).where(condition).order_by(AuditEntry.id.desc()).limit(1)
