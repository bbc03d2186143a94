"""Finding something to do: filters, what can be made of what is there, the nearest holidays. No Flask here."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import lazyload

from libhub.api import Terms, Viewer, covers, db, facet_counts, word_terms
from plugins.crafts import holidays, rules
from plugins.crafts.holidays import Coming
from plugins.crafts.models import Activity, ActivityMaterial, ActivityTag

MOST_THINGS: Final = 60
_TILE: Final = lazyload("*")
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
    return query.order_by(Activity.sort_title, Activity.id).options(_TILE)


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


@dataclass(frozen=True)
class Thing:
    """Something that activities need, and for how many of them."""

    label: str
    tool: bool
    number: int


@dataclass(frozen=True)
class Fit:
    """An activity and what it needs that is not on the table."""

    activity: Activity
    missing: tuple[str, ...]


def things(viewer: Viewer, most: int = MOST_THINGS) -> list[Thing]:
    """Return what can be ticked: what activities of this viewer need, the most needed first."""
    query = (
        select(
            ActivityMaterial.label, ActivityMaterial.use, func.count(ActivityMaterial.activity_id.distinct())
        )
        .join(Activity, Activity.id == ActivityMaterial.activity_id)
        .where(rules.visible_to(viewer))
        .group_by(ActivityMaterial.label, ActivityMaterial.use)
    )
    number: Counter[str] = Counter()
    tools = set()
    for label, use, times in db.session.execute(query):
        number[label] += times
        if use == "tool":
            tools.add(label)
    ordered = sorted(number.items(), key=lambda row: (-row[1], row[0]))[:most]
    return [Thing(label, label in tools, times) for label, times in ordered]


def at_hand(viewer: Viewer, having: Collection[str]) -> tuple[list[Fit], list[Fit]]:
    """Return what can be made of what is there, and what needs just one thing more.

    ``having`` are names in whatever form and number. A replacement does as well as the thing itself, and what
    is not necessary does not count.
    """
    had = [word_terms(name) for name in having]
    needed: dict[int, list[str]] = defaultdict(list)
    rows = db.session.execute(
        select(ActivityMaterial.activity_id, ActivityMaterial.name, ActivityMaterial.replacements)
        .join(Activity, Activity.id == ActivityMaterial.activity_id)
        .where(rules.visible_to(viewer), ActivityMaterial.optional.is_(False))
        .order_by(ActivityMaterial.activity_id, ActivityMaterial.position)
    )
    known: dict[tuple[str, ...], bool] = {}
    missing: dict[int, list[str]] = defaultdict(list)
    for number, name, replacements in rows:
        names = (name, *replacements)
        if names not in known:
            known[names] = _is_there(names, had)
        needed[number].append(name)
        if not known[names]:
            missing[number].append(name)
    wanted = {number: missing[number] for number in needed if len(missing[number]) <= 1}
    ready, nearly = [], []
    query = select(Activity).where(Activity.id.in_(wanted)).order_by(Activity.sort_title, Activity.id)
    for activity in db.session.scalars(query.options(_TILE)):
        fit = Fit(activity, tuple(wanted[activity.id]))
        if not fit.missing:
            ready.append(fit)
        elif len(needed[activity.id]) > 1:  # who has nothing of it is not one thing away
            nearly.append(fit)
    return ready, nearly


def _is_there(names: Iterable[str], had: Collection[Terms]) -> bool:
    return any(covers(one, word_terms(name)) for name in names for one in had)


def for_holidays(viewer: Viewer, some: Iterable[Coming]) -> list[tuple[Coming, list[Activity]]]:
    """Return the activities for each of these holidays; those for which there are none are left out."""
    coming = list(some)
    query = (
        select(ActivityTag.value, Activity)
        .join(Activity, Activity.id == ActivityTag.activity_id)
        .where(
            rules.visible_to(viewer),
            ActivityTag.name == "holiday",
            ActivityTag.value.in_([each.code for each in coming]),
        )
        .order_by(Activity.sort_title, Activity.id)
        .options(_TILE)
    )
    found: dict[str, list[Activity]] = defaultdict(list)
    for code, activity in db.session.execute(query):
        found[code].append(activity)
    return [(each, found[each.code]) for each in coming if found[each.code]]


def nearest(viewer: Viewer, today: date) -> tuple[Coming, list[Activity]] | None:
    """Return the holiday of the next two weeks that has activities; None where there is none."""
    return next(iter(for_holidays(viewer, holidays.near(today))), None)


def newest(viewer: Viewer, limit: int) -> list[Activity]:
    """Return the activities that were added last."""
    query = select(Activity).where(rules.visible_to(viewer)).order_by(Activity.id.desc()).limit(limit)
    return list(db.session.scalars(query.options(_TILE)))
