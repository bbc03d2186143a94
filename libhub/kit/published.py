"""What readers find: who sees a row and from which age, and whether it is in the archive.

A section says it once in its model, and gets the condition of queries and the labels of search::

    class Post(ForVisibility, Audited, db.Model):
        __item__ = ("news", "post")
        title: Mapped[str]
"""

from collections.abc import Hashable, Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, ClassVar, Final, TypeVar

from sqlalchemy import ColumnElement, Date, String, and_, false, inspect, or_, select, true
from sqlalchemy.engine.interfaces import ExecutionContext
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from libhub.accounts.viewer import PUBLIC, Viewer
from libhub.base.checked_types import Label
from libhub.base.db import UtcDateTime, db, writing
from libhub.base.errors import LibHubError
from libhub.base.i18n import lazy_gettext as _l
from libhub.base.moments import now, today
from libhub.kit.validation import Data
from libhub.kit.vocabulary import GRADES, VISIBILITY, VISIBILITY_LABELS
from libhub.search.documents import ItemRef
from libhub.search.store.outbox import touch


class Addressed:
    """Mixin of a model whose rows have an address in the hub, so that files can be attached to them.

    ``__item__`` is the section and the kind by which search and files know the rows. The model has ``id``.
    """

    __item__: ClassVar[tuple[str, str]]
    """The section and the kind; the model says them."""

    @classmethod
    def ref_of(cls, number: int) -> ItemRef:
        """Return the search address of the row with this number."""
        return ItemRef(*cls.__item__, str(number))

    @property
    def ref(self) -> ItemRef:
        """The search address of this row."""
        return self.ref_of(self.id)  # type: ignore[attr-defined]


class Published(Addressed):
    """Mixin of a model whose rows readers find: everybody who is old enough, unless the model says more.

    The model has a ``title``. Before somebody chooses an age mark, none but the staff see a row.
    """

    __audit_called__: ClassVar[Mapping[str, Label]] = {
        "age": _l("Age mark"),
        "archived_at": _l("In the archive since"),
    }

    @declared_attr
    def age(cls) -> Mapped[int | None]:
        """The age mark, in years; None: nobody chose one yet, and staff alone see the row."""
        return mapped_column(default=lambda context: _unchosen(cls, context))

    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was put into the archive, where no reader finds it."""

    def concerned(self) -> Iterable[ItemRef]:
        """Return the search addresses of all whose readers change with this row: itself, unless the model says more."""
        return [self.ref]

    @classmethod
    def present(cls) -> ColumnElement[bool]:
        """Return the condition without which no reader finds a row; a model with drafts or an expiry adds it."""
        return cls.archived_at.is_(None)

    @classmethod
    def allowed(cls, viewer: Viewer) -> ColumnElement[bool]:  # noqa: ARG003 - for models that say more
        """Return the condition on rows whose audience this viewer belongs to."""
        return true()

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool]:
        """Return the condition on rows that this viewer may see."""
        return and_(cls.present(), cls.allowed(viewer), cls.for_age_of(viewer))

    @classmethod
    def for_age_of(cls, viewer: Viewer) -> ColumnElement[bool]:
        """Return the condition on rows that this viewer is old enough for; those without a mark are the staff's alone."""
        marked = cls.age <= viewer.age_limit
        return or_(cls.age.is_(None), marked) if viewer.staff else marked

    @classmethod
    def rights_of(cls, viewer: Viewer) -> Hashable | None:
        """Return what :meth:`visible_to` rests on, where it is the same for many viewers and at any time; else None.

        Search asks for it twenty rows at a time, so a condition that holds for long is made once.
        """
        holds, for_visibility = _steadiness(cls)  # type: ignore[arg-type]
        if not holds:
            return None
        return viewer.labels & _LABELS if for_visibility else "", viewer.age_limit, viewer.staff

    def audience(self) -> frozenset[str]:
        """Return the labels of those who may find this row, where it is present."""
        return frozenset({PUBLIC})


def _unchosen(model: Any, context: ExecutionContext | None) -> int | None:
    """Return the mark of a new row for which nobody chose one: none, or 0+ in a table that has no room for none.

    Such are the tables of sections that were made before things could be without.
    """
    if context is None:
        return None  # a row that is only looked at
    columns = inspect(context.connection).get_columns(model.__tablename__)
    return None if next(each["nullable"] for each in columns if each["name"] == "age") else 0


class ForVisibility(Published):
    """Mixin of a published model whose rows are for everybody, for those who signed in, or for staff."""

    __audit_called__: ClassVar[Mapping[str, Label]] = {"visibility": _l("Who sees it")}
    __audit_values__: ClassVar[Mapping[str, Mapping[str, Label]]] = {"visibility": VISIBILITY}

    visibility: Mapped[str] = mapped_column(String(20), default="everyone")
    """A code of :data:`libhub.kit.vocabulary.VISIBILITY`."""

    @classmethod
    def allowed(cls, viewer: Viewer) -> ColumnElement[bool]:
        """Return the condition on rows whose audience this viewer belongs to."""
        return cls.visibility.in_(
            [code for code, label in VISIBILITY_LABELS.items() if label in viewer.labels]
        )

    def audience(self) -> frozenset[str]:
        """Return the label of those who may find this row."""
        return frozenset({VISIBILITY_LABELS[self.visibility]})


_STEADY: Final = frozenset({Published, ForVisibility})
"""Whose conditions say nothing of a moment or of one person."""
_LABELS: Final = frozenset(VISIBILITY_LABELS.values())


@cache
def _steadiness(model: type) -> tuple[bool, bool]:
    """Return whether the conditions of a model are the usual ones, and whether they ask for the visibility."""
    makers = [
        next(each for each in model.__mro__ if name in vars(each))
        for name in ("present", "visible_to", "for_age_of", "allowed")
    ]
    return _STEADY.issuperset(makers), makers[-1] is ForVisibility


class Expiring(Published):
    """Mixin of a published model whose rows readers find until a day, that day included."""

    __audit_ignore__: ClassVar[frozenset[str]] = frozenset({"over"})
    __audit_called__: ClassVar[Mapping[str, Label]] = {
        "expires_on": _l("Last day"),
        "over": _l("Whether that day has passed"),
    }

    expires_on: Mapped[date | None] = mapped_column(Date)
    """The last day on which readers find it."""
    over: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether search was told that this day has passed; see :func:`touch_expired`."""

    @classmethod
    def present(cls) -> ColumnElement[bool]:
        """Return the condition without which no reader finds a row."""
        return and_(super().present(), ~cls.expired())

    @classmethod
    def expired(cls) -> ColumnElement[bool]:
        """Return the condition on rows whose last day has passed."""
        return and_(cls.expires_on.is_not(None), cls.expires_on < today())


class ForGrades:
    """Mixin of a model whose rows are meant for some grades; without a first or a last one there is no bound."""

    __audit_called__: ClassVar[Mapping[str, Label]] = {
        "grade_from": _l("From grade"),
        "grade_to": _l("To grade"),
    }

    grade_from: Mapped[int | None]
    """The first grade, or none."""
    grade_to: Mapped[int | None]
    """The last grade, or none."""

    @property
    def grades(self) -> range:
        """The grades that it is meant for."""
        return range(self.grade_from or GRADES[0], (self.grade_to or GRADES[-1]) + 1)

    @classmethod
    def meant_for(cls, grade: int) -> ColumnElement[bool]:
        """Return the condition on rows that are meant for this grade."""
        return and_(
            or_(cls.grade_from.is_(None), cls.grade_from <= grade),
            or_(cls.grade_to.is_(None), cls.grade_to >= grade),
        )


_Row = TypeVar("_Row")
_Published = TypeVar("_Published", bound=Published)
_GONE: Label = _l("It is not here any more.")


def find_row(model: type[_Row], number: int, missing: Label = _GONE) -> _Row:
    """Return a row by its number, whoever may see it.

    :param missing: what is said where there is none.
    :raises LibHubError: there is none.
    """
    row = db.session.get(model, number)
    if row is None:
        raise LibHubError(str(missing))
    return row


def find_visible(model: type[_Row], number: int, viewer: Viewer) -> _Row | None:
    """Return a published row if this viewer may see it."""
    published: Any = model
    return db.session.scalar(select(model).where(published.id == number, published.visible_to(viewer)))


def set_archived(model: type[Published], numbers: Iterable[int], *, archived: bool) -> int:
    """Put rows into the archive, or take them out; return how many were not there (or here) before."""
    changed = 0
    rows: Any = model
    with writing():
        for row in db.session.scalars(select(rows).where(rows.id.in_(list(numbers)))):
            if (row.archived_at is not None) != archived:
                row.archived_at = now() if archived else None
                touch(row.concerned())
                changed += 1
    return changed


def set_age(model: type[Published], numbers: Iterable[int], age: int) -> int:
    """Give rows this age mark; return how many had another one, or none."""
    changed = 0
    rows: Any = model
    with writing():
        for row in db.session.scalars(select(rows).where(rows.id.in_(list(numbers)))):
            if row.age != age:
                row.age = age
                touch(row.concerned())
                changed += 1
    return changed


def touch_expired(model: type[Expiring]) -> int:
    """Have search forget the rows whose last day has passed, and find those again that got a later one.

    A section calls it in its hook ``periodic``; return how many rows there were.
    """
    rows: Any = model
    expired = model.expired()
    changed = or_(and_(model.over, ~expired), and_(~model.over, expired))
    if db.session.scalar(select(rows.id).where(changed).limit(1)) is None:
        return 0
    with writing():
        found = db.session.scalars(select(rows).where(changed)).all()
        for row in found:
            row.over = not row.over
        touch([row.ref for row in found])
    return len(found)


def save_row(model: type[_Published], data: Data, number: int | None = None, missing: Label = _GONE) -> int:
    """Add a row, or change the one with this number, as the data says; return its number. Search learns of it.

    :param missing: what is said where there is no such row.
    :raises Invalid: the data will not do.
    :raises LibHubError: there is no such row.
    """
    clean = data.checked()
    with writing():
        row: Any = model() if number is None else find_row(model, number, missing)
        clean.into(row)
        db.session.add(row)
        db.session.flush()
        touch([row.ref])
        return int(row.id)
