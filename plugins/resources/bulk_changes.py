"""One change to many resources at once. No Flask here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import select

from libhub.api import AGE_MARKS, Label, LibHubError, db, touch, writing
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.resources import rules
from plugins.resources.models import Resource
from plugins.resources.rules import ResourceData
from plugins.resources.vocabulary import ACCESS, FIELDS, KINDS, VISIBILITY

MOST: Final = 1_000


@dataclass(frozen=True)
class Action:
    """A change: what it is called, what values it may have (None: any text), and how it is made."""

    label: Label
    values: Mapping[str, Label] | None
    change: Callable[[ResourceData, str], ResourceData]


def _set(name: str, values: Mapping[str, Label]) -> Action:
    def change(data: ResourceData, value: str) -> ResourceData:
        new: dict[str, Any] = {name: int(value) if name == "age" else value}
        return replace(data, **new)

    return Action(FIELDS[name], values, change)


def _add_theme(data: ResourceData, theme: str) -> ResourceData:
    return replace(data, themes=(*data.themes, theme))


def _remove_theme(data: ResourceData, theme: str) -> ResourceData:
    return replace(data, themes=tuple(each for each in data.themes if each.lower() != theme.strip().lower()))


ACTIONS: Final[Mapping[str, Action]] = {
    "kind": _set("kind", KINDS),
    "access": _set("access", ACCESS),
    "visibility": _set("visibility", VISIBILITY),
    "age": _set("age", {str(age): f"{age}+" for age in AGE_MARKS}),
    "add_theme": Action(_l("Add a theme"), None, _add_theme),
    "remove_theme": Action(_l("Remove a theme"), None, _remove_theme),
}
ARCHIVE: Final = "archive"
RESTORE: Final = "restore"


def check(action: str, value: str) -> None:
    """Refuse a change that makes no sense.

    :raises LibHubError: there is no such change, or it cannot have this value.
    """
    if action in {ARCHIVE, RESTORE}:
        return
    if action not in ACTIONS:
        raise LibHubError(_("Choose what to change."))
    known = ACTIONS[action].values
    if known is None and not value.strip(" ,;\t"):
        raise LibHubError(_("Write the theme."))
    if known is not None and value not in known:
        raise LibHubError(_("Choose the new value."))


def titles(ids: Sequence[int]) -> list[tuple[int, str]]:
    """Return the numbers and titles of these resources, in alphabetical order."""
    query = select(Resource.id, Resource.title).where(Resource.id.in_(ids[:MOST]))
    return [(number, title) for number, title in db.session.execute(query.order_by(Resource.sort_title))]


def run(ids: Sequence[int], action: str, value: str) -> int:
    """Make the change and return how many resources it touched; those that have it already do not count.

    :raises LibHubError: see :func:`check`.
    """
    check(action, value)
    if action in {ARCHIVE, RESTORE}:
        return rules.set_archived(ids[:MOST], archived=action == ARCHIVE)
    changed = 0
    with writing():
        for resource in db.session.scalars(select(Resource).where(Resource.id.in_(ids[:MOST]))):
            before = rules.data_of(resource)
            after = ACTIONS[action].change(before, value).checked()
            if after != before:
                rules.apply(resource, after)
                touch([rules.ref(resource.id)])
                changed += 1
    return changed
