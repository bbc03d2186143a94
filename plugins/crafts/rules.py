"""Activities: who may see them, and how they are stored. No Flask here."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final, TypeVar

from sqlalchemy import select

from libhub.api import (
    Invalid,
    Tally,
    Viewer,
    add_counts,
    covers,
    db,
    find_row,
    rows_for,
    sort_key,
    touch,
    word_terms,
    writing,
)
from libhub.api import find_visible as find_published
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.crafts import activity_data
from plugins.crafts.activity_data import ActivityData, MaterialData, StepData
from plugins.crafts.models import Activity, ActivityCount, ActivityMaterial, ActivityStep, ActivityTag

PLUGIN: Final = "crafts"
EDIT: Final = "crafts.edit"

_TAGS: Final = {"techniques": "technique", "holidays": "holiday", "seasons": "season"}
"""Parts of the data and the names of their tags."""
_Row = TypeVar("_Row", ActivityStep, ActivityTag)


def find_visible(activity_id: int, viewer: Viewer) -> Activity | None:
    """Return an activity if this viewer may read it; who edits may read drafts and archived ones too."""
    if viewer.can(EDIT):
        return db.session.get(Activity, activity_id)
    return find_published(Activity, activity_id, viewer)


def get(activity_id: int) -> Activity:
    """Return an activity, whether readers see it or not.

    :raises LibHubError: there is none with this number.
    """
    return find_row(Activity, activity_id, _l("There is no such activity."))


def data_of(activity: Activity) -> ActivityData:
    """Return a row as data: the opposite of :func:`_apply`."""
    return ActivityData.of(
        activity,
        **{part: tuple(activity.tagged(name)) for part, name in _TAGS.items()},
        materials=tuple(
            MaterialData.of(row, replacements=tuple(row.replacements)) for row in activity.materials
        ),
        steps=tuple(StepData.of(row) for row in activity.steps),
        questions=tuple(activity.questions),
    )


def save(data: ActivityData, activity_id: int | None = None, *, state: str = "") -> int:
    """Add an activity, or change an existing one; return its number. ``state`` empty leaves it as it is.

    :raises Invalid: something will not do.
    :raises LibHubError: there is no such activity.
    """
    clean = data.checked()
    if state == "published":
        activity_data.check_complete(clean)
    with writing():
        if activity_id is None:
            activity = Activity(steps=[], materials=[], tags=[], state=state or "draft")
            clean = replace(clean, uid=clean.uid or secrets.token_hex(10))
            db.session.add(activity)
        else:
            activity = get(activity_id)
            clean = replace(clean, uid=activity.uid, drawings=clean.drawings or activity.drawings)
            _set_state(activity, state)
        _apply(activity, clean)
        db.session.flush()
        touch([activity.ref])
        return activity.id


def _apply(activity: Activity, data: ActivityData) -> None:
    data.into(activity, *_TAGS, "materials", "steps", "questions")
    activity.sort_title = sort_key(data.title)[: activity_data.LONGEST["title"]]
    activity.questions = list(data.questions)
    _apply_steps(activity, data.steps)
    _apply_materials(activity, data.materials)
    _apply_tags(activity, data)


def _apply_steps(activity: Activity, steps: Sequence[StepData]) -> None:
    rows = rows_for(
        [step.key for step in steps], activity.steps, lambda row: row.key, lambda key: ActivityStep(key=key)
    )
    for row, step in zip(rows, steps, strict=True):
        step.into(row)
    activity.steps = _in_order(rows)


def _in_order(rows: list[_Row]) -> list[_Row]:
    for position, row in enumerate(rows):
        row.position = position
    return rows


def _apply_materials(activity: Activity, materials: Sequence[MaterialData]) -> None:
    labels = labels_for([each.name for each in materials])
    activity.materials = [
        ActivityMaterial(
            position=position,
            label=labels[each.name],
            **{**vars(each), "replacements": list(each.replacements)},
        )
        for position, each in enumerate(materials)
    ]


def labels_for(names: Iterable[str]) -> dict[str, str]:
    """Return under which name each of these stands in lists: the first one that came of the same words."""
    known = {
        label: word_terms(label) for label in db.session.scalars(select(ActivityMaterial.label).distinct())
    }
    found = {}
    for name in names:
        terms = word_terms(name)
        same = (
            label
            for label, others in known.items()
            if len(others) == len(terms) and covers(others, terms) and covers(terms, others)
        )
        found[name] = next(same, name.lower())
        known.setdefault(found[name], terms)
    return found


def _apply_tags(activity: Activity, data: ActivityData) -> None:
    wanted = [(name, value) for part, name in _TAGS.items() for value in getattr(data, part)]
    rows = rows_for(
        wanted,
        activity.tags,
        lambda tag: (tag.name, tag.value),
        lambda key: ActivityTag(name=key[0], value=key[1]),
    )
    activity.tags = _in_order(rows)


def set_state(numbers: Iterable[int], state: str) -> int:
    """Publish activities, or make them drafts again; return how many were something else before.

    :raises Invalid: there is nothing in one of them to publish; then nothing was changed.
    """
    changed = 0
    with writing():
        for activity in db.session.scalars(select(Activity).where(Activity.id.in_(list(numbers)))):
            if activity.standing == state:
                continue
            if state == "published":
                _refuse_empty(activity)
            _set_state(activity, state)
            touch([activity.ref])
            changed += 1
    return changed


def _refuse_empty(activity: Activity) -> None:
    try:
        activity_data.check_complete(data_of(activity))
    except Invalid as error:
        raise Invalid(
            {"": _("“%(title)s”: %(problem)s", title=activity.title, problem=str(error))}
        ) from error


def _set_state(activity: Activity, state: str) -> None:
    """Give an activity a state, which takes it out of the archive; the empty one leaves it as it is."""
    if state:
        activity.state, activity.archived_at = state, None


def count(activity_id: int, what: str, day: date) -> None:
    """Count that an activity was ``opened``, ``printed`` or ``made``; who it was is not kept.

    Openings of what is not published do not count: they are the editors'.
    """
    _COUNTS.add((activity_id, day, what))


def _store_counts(counts: Mapping[tuple[int, date, str], int]) -> None:
    with writing():
        numbers = {activity_id for activity_id, _day, _what in counts}
        query = select(Activity.id, Activity.present()).where(Activity.id.in_(numbers))
        present = {activity_id: shown for activity_id, shown in db.session.execute(query)}
        # none of one that was deleted since
        wanted = {
            (activity_id, day, what): number
            for (activity_id, day, what), number in counts.items()
            if activity_id in present and (what != "opened" or present[activity_id])
        }
        add_counts(ActivityCount, wanted)


_COUNTS: Final = Tally(_store_counts)
