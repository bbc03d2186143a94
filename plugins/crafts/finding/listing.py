"""The list of activities: how it is narrowed down, in which order it stands, the newest. No Flask here."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import lazyload

from libhub.api import Filter, Sort, Viewer, age_filter, db, grade_filter, one_of_column
from libhub.api import lazy_gettext as _l
from plugins.crafts.holidays import LABELS
from plugins.crafts.models import Activity, ActivityMaterial, ActivityTag
from plugins.crafts.vocabulary import DIFFICULTIES, KINDS, SEASONS, TIMES

TILE: Final = lazyload("*")
"""A list shows no steps and no materials, so they are not read."""


def _tagged(name: str) -> Callable[[frozenset[str]], ColumnElement[bool]]:
    return lambda values: Activity.id.in_(
        select(ActivityTag.activity_id).where(ActivityTag.name == name, ActivityTag.value.in_(values))
    )


def _needs(labels: frozenset[str]) -> ColumnElement[bool]:
    return Activity.id.in_(select(ActivityMaterial.activity_id).where(ActivityMaterial.label.in_(labels)))


FILTERS: Final = (
    Filter("time", _l("Fits into"), TIMES, lambda times: Activity.minutes <= max(map(int, times))),
    one_of_column("kind", _l("What it is"), KINDS, Activity.kind),
    Filter("material", _l("What is needed"), {}, _needs),
    one_of_column("difficulty", _l("Difficulty"), DIFFICULTIES, Activity.difficulty),
    Filter("holiday", _l("For a holiday"), LABELS, _tagged("holiday")),
    Filter("season", _l("Season"), SEASONS, _tagged("season")),
    Filter("technique", _l("Technique"), {}, _tagged("technique")),
    age_filter(Activity),
    grade_filter(Activity),
)
SORTS: Final = {"": Sort(_l("By title"), (Activity.sort_title, Activity.id))}


def newest(viewer: Viewer, limit: int) -> list[Activity]:
    """Return the activities that were added last."""
    query = select(Activity).where(Activity.visible_to(viewer)).order_by(Activity.id.desc()).limit(limit)
    return list(db.session.scalars(query.options(TILE)))
