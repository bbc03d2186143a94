"""Activities: who may see them, and how they are stored. No Flask here."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, and_, select

from libhub.api import (
    PUBLIC,
    ItemRef,
    LibHubError,
    Tally,
    Viewer,
    add_counts,
    covers,
    db,
    touch,
    word_terms,
    writing,
)
from libhub.api import gettext as _
from plugins.crafts import activity_data
from plugins.crafts.activity_data import ActivityData, MaterialData, StepData
from plugins.crafts.models import Activity, ActivityCount, ActivityMaterial, ActivityStep, ActivityTag

PLUGIN: Final = "crafts"
KIND: Final = "activity"
EDIT: Final = "crafts.edit"

_TAGS: Final = {"techniques": "technique", "holidays": "holiday", "seasons": "season"}
"""Parts of the data and the names of their tags."""


def ref(activity_id: int) -> ItemRef:
    """Return the search address of an activity."""
    return ItemRef(PLUGIN, KIND, str(activity_id))


def audience(activity: Activity) -> frozenset[str]:
    """Return the labels of those who find an activity: everybody, or nobody while it is not published."""
    return frozenset({PUBLIC}) if activity.state == "published" else frozenset()


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition on activities that this viewer may read."""
    return and_(Activity.state == "published", Activity.age <= viewer.age_limit)


def find_visible(activity_id: int, viewer: Viewer) -> Activity | None:
    """Return an activity if this viewer may read it; who edits may read drafts and archived ones too."""
    query = select(Activity).where(Activity.id == activity_id)
    return db.session.scalar(query if viewer.can(EDIT) else query.where(visible_to(viewer)))


def get(activity_id: int) -> Activity:
    """Return an activity in whatever state.

    :raises LibHubError: there is none with this number.
    """
    activity = db.session.get(Activity, activity_id)
    if activity is None:
        raise LibHubError(_("There is no such activity."))
    return activity


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
            activity.state = state or activity.state
        _apply(activity, clean)
        db.session.flush()
        touch([ref(activity.id)])
        return activity.id


def _apply(activity: Activity, data: ActivityData) -> None:
    data.into(activity, *_TAGS, "materials", "steps", "questions")
    activity.sort_title = sort_key(data.title)
    activity.questions = list(data.questions)
    _apply_steps(activity, data.steps)
    _apply_materials(activity, data.materials)
    _apply_tags(activity, data)


def _apply_steps(activity: Activity, steps: Sequence[StepData]) -> None:
    present = {row.key: row for row in activity.steps}
    rows = []
    for position, step in enumerate(steps):
        row = present.get(step.key) or ActivityStep(key=step.key)
        row.position, row.text, row.warning, row.picture = position, step.text, step.warning, step.picture
        rows.append(row)
    activity.steps = rows


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
    present = {(tag.name, tag.value): tag for tag in activity.tags}
    rows = []
    for position, key in enumerate(wanted):
        row = present.get(key) or ActivityTag(name=key[0], value=key[1])
        row.position = position
        rows.append(row)
    activity.tags = rows


def sort_key(title: str) -> str:
    """Return the title as it is sorted: small letters, ё as е, no signs before the first letter."""
    folded = title.lower().replace("ё", "е")
    return folded.lstrip("«»“”\"'—–-… ")[:200] or folded


def set_state(activity_id: int, state: str) -> None:
    """Publish an activity, make it a draft again, or put it into the archive.

    :raises Invalid: there is nothing in it to publish.
    """
    with writing():
        activity = get(activity_id)
        if state == "published":
            activity_data.check_complete(data_of(activity))
        activity.state = state
        touch([ref(activity_id)])


def count(activity_id: int, what: str, day: date) -> None:
    """Count that an activity was ``opened``, ``printed`` or ``made``; who it was is not kept.

    Openings of what is not published do not count: they are the editors'.
    """
    _COUNTS.add((activity_id, day, what))


def _store_counts(counts: Mapping[tuple[int, date, str], int]) -> None:
    with writing():
        numbers = {activity_id for activity_id, _day, _what in counts}
        query = select(Activity.id, Activity.state).where(Activity.id.in_(numbers))
        states = {activity_id: state for activity_id, state in db.session.execute(query)}
        # none of one that was deleted since
        wanted = {
            (activity_id, day, what): number
            for (activity_id, day, what), number in counts.items()
            if activity_id in states and (what != "opened" or states[activity_id] == "published")
        }
        add_counts(ActivityCount, wanted)


_COUNTS: Final = Tally(_store_counts)
