"""One change to many resources at once. No Flask here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import select

from libhub.api import VISIBILITY, Action, Label, age_actions, archive_actions, db, touch, writing
from libhub.api import lazy_gettext as _l
from plugins.resources import rules
from plugins.resources.models import Resource
from plugins.resources.rules import ResourceData
from plugins.resources.vocabulary import ACCESS, FIELDS, KINDS

_Change = Callable[[ResourceData, str], ResourceData]


def _in_each(change: _Change) -> Callable[[Sequence[int], str], int]:
    """Return what makes a change in each of some resources; those that have it already do not count."""

    def run(numbers: Sequence[int], value: str) -> int:
        changed = 0
        with writing():
            for resource in db.session.scalars(select(Resource).where(Resource.id.in_(numbers))):
                before = rules.data_of(resource)
                after = change(before, value).checked()
                if after != before:
                    rules.apply(resource, after)
                    touch([resource.ref])
                    changed += 1
        return changed

    return run


def _set(name: str, values: Mapping[str, Label]) -> Action:
    def change(data: ResourceData, value: str) -> ResourceData:
        new: dict[str, Any] = {name: value}
        return replace(data, **new)

    return Action(FIELDS[name], _in_each(change), values, present=lambda resource: getattr(resource, name))


def _themes(resource: Resource) -> str:
    return ", ".join(rules.data_of(resource).themes)


def _add_theme(data: ResourceData, theme: str) -> ResourceData:
    return replace(data, themes=(*data.themes, theme))


def _remove_theme(data: ResourceData, theme: str) -> ResourceData:
    return replace(data, themes=tuple(each for each in data.themes if each.lower() != theme.strip().lower()))


_THEME: Final = _l("Theme to add or remove")
ACTIONS: Final[Mapping[str, Action]] = {
    **archive_actions(Resource),
    "kind": _set("kind", KINDS),
    "access": _set("access", ACCESS),
    "visibility": _set("visibility", VISIBILITY),
    **age_actions(Resource),
    "add_theme": Action(_l("Add a theme"), _in_each(_add_theme), writes=_THEME, present=_themes),
    "remove_theme": Action(_l("Remove a theme"), _in_each(_remove_theme), writes=_THEME, present=_themes),
}
