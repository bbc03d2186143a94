"""What can be made of what is there. No Flask here."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select

from libhub.api import Terms, Viewer, covers, db, word_terms
from plugins.crafts.finding.listing import TILE
from plugins.crafts.models import Activity, ActivityMaterial

MOST_THINGS: Final = 60


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
        .where(Activity.visible_to(viewer))
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
        .where(Activity.visible_to(viewer), ActivityMaterial.optional.is_(False))
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
    for activity in db.session.scalars(query.options(TILE)):
        fit = Fit(activity, tuple(wanted[activity.id]))
        if not fit.missing:
            ready.append(fit)
        elif len(needed[activity.id]) > 1:  # who has nothing of it is not one thing away
            nearly.append(fit)
    return ready, nearly


def _is_there(names: Iterable[str], had: Collection[Terms]) -> bool:
    return any(covers(one, word_terms(name)) for name in names for one in had)
