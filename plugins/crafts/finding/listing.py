"""The list of activities: filters, counts, one at random, the newest. No Flask here."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import lazyload

from libhub.api import Viewer, db, facet_counts
from plugins.crafts import rules
from plugins.crafts.models import Activity, ActivityMaterial, ActivityTag

TILE: Final = lazyload("*")
"""A list shows no steps and no materials, so they are not read."""


@dataclass(frozen=True)
class Filters:
    """How the list is narrowed down; empty means no narrowing."""

    kind: frozenset[str] = frozenset()
    time: frozenset[str] = frozenset()
    difficulty: frozenset[str] = frozenset()
    material: frozenset[str] = frozenset()
    holiday: frozenset[str] = frozenset()
    season: frozenset[str] = frozenset()
    age: frozenset[str] = frozenset()
    technique: frozenset[str] = frozenset()
    grade: int | None = None

    def chosen(self) -> dict[str, frozenset[str]]:
        """Return the values that are chosen, by the name of the facet."""
        grade = frozenset() if self.grade is None else frozenset({str(self.grade)})
        return {**{name: value for name, value in vars(self).items() if name != "grade"}, "grade": grade}


def listing(viewer: Viewer, filters: Filters) -> Select[Activity]:
    """Return the query of the list, in alphabetical order."""
    query = select(Activity).where(rules.visible_to(viewer), *_conditions(filters))
    return query.order_by(Activity.sort_title, Activity.id).options(TILE)


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.kind:
        conditions.append(Activity.kind.in_(filters.kind))
    if filters.difficulty:
        conditions.append(Activity.difficulty.in_(_numbers(filters.difficulty)))
    if filters.age:
        conditions.append(Activity.age.in_(_numbers(filters.age)))
    if filters.time:
        conditions.append(Activity.minutes <= max(_numbers(filters.time), default=0))
    if filters.material:
        having = select(ActivityMaterial.activity_id).where(ActivityMaterial.label.in_(filters.material))
        conditions.append(Activity.id.in_(having))
    for name in ("technique", "holiday", "season"):
        values = filters.chosen()[name]
        if values:
            tagged = select(ActivityTag.activity_id).where(
                ActivityTag.name == name, ActivityTag.value.in_(values)
            )
            conditions.append(Activity.id.in_(tagged))
    if filters.grade is not None:
        conditions.append(or_(Activity.grade_from.is_(None), Activity.grade_from <= filters.grade))
        conditions.append(or_(Activity.grade_to.is_(None), Activity.grade_to >= filters.grade))
    return conditions


def _numbers(values: Iterable[str]) -> list[int]:
    return [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 10]


def counts(viewer: Viewer, filters: Filters) -> dict[str, dict[str, int]]:
    """Count the values of every facet among the activities that the *other* facets leave."""
    chosen = filters.chosen()
    present = {name: values for name, values in chosen.items() if values}
    return facet_counts(rules.PLUGIN, viewer, tuple(chosen), present)


def random_id(viewer: Viewer, filters: Filters) -> int | None:
    """Return some activity that fits, another one each time; None where none does."""
    query = select(Activity.id).where(rules.visible_to(viewer), *_conditions(filters))
    return db.session.scalar(query.order_by(func.random()).limit(1))


def newest(viewer: Viewer, limit: int) -> list[Activity]:
    """Return the activities that were added last."""
    query = select(Activity).where(rules.visible_to(viewer)).order_by(Activity.id.desc()).limit(limit)
    return list(db.session.scalars(query.options(TILE)))
