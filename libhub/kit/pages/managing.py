"""The librarian's table of everything in a section: a filter, states, ticks, and actions on many rows at once.

An action is shown first: which rows, and what will be done; nothing changes before a yes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

from flask import Blueprint, flash, redirect, request, url_for
from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, Select, and_, not_, select
from werkzeug.wrappers import Response as AnyResponse

from libhub.base.checked_types import Label
from libhub.base.db import db
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.base.text import parse_number
from libhub.kit.ordering import sort_key
from libhub.kit.published import Published, set_archived
from libhub.submissions import drafts
from libhub.submissions.drafts import Typed
from libhub.web.gate import requires
from libhub.web.paging import paginate
from libhub.web.rendering.pages import page
from libhub.web.visitor import current_viewer

PER_PAGE: Final = 50
MOST_ROWS: Final = 1_000
"""So many rows one action may change."""
ARCHIVED: Final = "archived"
NOT_GIVEN: Final[Mapping[str, Any]] = MappingProxyType({})
"""What every published model has; unlike no states or no actions, it is no choice of the section."""
_PLACE: Final = ("q", "state", "page")


@dataclass(frozen=True)
class State:
    """Some of the rows: what they are called, the condition that they fulfil, and their order if it is another one."""

    label: Label
    condition: Callable[[], ColumnElement[bool]]
    order: Sequence[Any] = ()


@dataclass(frozen=True)
class Action:
    """Something that is done to many rows.

    ``change`` is given their numbers and the value (empty where there is nothing to choose or write), and returns how many
    it changed, not counting those that were so already; it may raise
    :class:`LibHubError`. ``values`` are what can be chosen, by code; ``writes`` is what a text is called that has to be
    written instead. ``about`` says what it means, where the name does not. ``states``: only there it is offered.
    """

    label: Label
    change: Callable[[Sequence[int], str], int]
    values: Mapping[str, Label] = field(default_factory=dict)
    writes: Label = ""
    about: Label = ""
    states: Callable[[str], bool] = lambda _state: True

    def check(self, value: str) -> None:
        """Refuse a value that makes no sense.

        :raises LibHubError: naming what is missing.
        """
        if self.writes and not value.strip(" ,;\t"):
            raise LibHubError(_("Write here: %(what)s.", what=self.writes))
        if self.values and value not in self.values:
            raise LibHubError(_("Choose the new value."))

    def in_words(self, value: str) -> str:
        """Return what will be done."""
        shown = self.values.get(value, value if self.writes else "")
        return str(self.about) or (f"{self.label}: {shown}" if shown else str(self.label))


def archive_actions(
    model: type[Published], change: Callable[[Sequence[int], bool], int] | None = None
) -> dict[str, Action]:
    """Return the actions that put rows into the archive and take them out.

    :param change: given the numbers and whether they go into it, instead of :func:`set_archived`.
    """
    move = change or (lambda numbers, into: set_archived(model, numbers, archived=into))
    return {
        "archive": Action(
            _l("Put into the archive"),
            lambda numbers, _value: move(numbers, True),
            about=_l(
                "They go to the archive: readers find them neither here nor by search. "
                "Nothing is deleted, and they can be restored."
            ),
            states=lambda state: state != ARCHIVED,
        ),
        "restore": Action(
            _l("Restore from the archive"),
            lambda numbers, _value: move(numbers, False),
            about=_l("They come back, and search finds them again."),
            states=lambda state: state == ARCHIVED,
        ),
    }


def archive_states(model: type[Published]) -> dict[str, State]:
    """Return the states that every published model has: shown to readers (what the table shows at first), ``hidden`` from
    them (a draft, one whose last day has passed), in the archive."""
    return {
        "": State(_l("Shown to readers"), model.present),
        "hidden": State(
            _l("Not shown to readers"), lambda: and_(model.archived_at.is_(None), not_(model.present()))
        ),
        ARCHIVED: State(_l("In the archive"), lambda: model.archived_at.is_not(None)),
    }


@dataclass(frozen=True)
class Shown:
    """The table as somebody asked for it; templates get it as ``table``."""

    managed: "Managed"
    found: Pagination
    text: str
    state: str

    @cached_property
    def drafts(self) -> Sequence[Typed]:
        """What this visitor typed in the section and did not save."""
        user_id = current_viewer().user_id
        return drafts.in_section(user_id, f"/{request.blueprint}/") if user_id else []

    @property
    def actions(self) -> Mapping[str, Action]:
        """The actions that make sense in this state."""
        return {name: each for name, each in self.managed.actions.items() if each.states(self.state)}

    @property
    def writes(self) -> Sequence[Label]:
        """What the texts are called that some of the actions ask for."""
        return list(dict.fromkeys(each.writes for each in self.actions.values() if each.writes))


@dataclass(frozen=True, kw_only=True)
class Managed:
    """The librarian's table of one kind of thing.

    :param permission: of those who may see the table and use it.
    :param section: what the section is called, in the crumbs; its first page is the endpoint ``index``.
    :param title: what the table is called.
    :param order: what ``order_by`` takes.
    :param searched: the column in which the filter looks, if it is not the title; it holds titles that
        :func:`~libhub.kit.ordering.sort_key` folded.
    :param states: the first one is what is shown at first; :func:`archive_states` where they are not given.
    :param actions: :func:`archive_actions` where they are not given; an empty mapping means none.
    :param cells: what stands in a row behind the title, which leads to the editor (the endpoint ``edit``): a heading, and
        a function that is given the row; a day is shown as one, nothing and false as a dash, true as yes.
    :param new: what the link to a new one (the endpoint ``add``) is called; empty where the template has it.
    :param template: extends ``kit/manage.html`` and says more, or writes the rows itself.
    :param options: of the query, such as what is loaded with a row.
    :param context: given the rows of a page, what the template needs besides; for queries over all of them at once.
    :param query: asks for the rows, where the states need more than the model's own table.
    """

    model: Any
    permission: str
    section: Label
    title: Label
    order: Sequence[Any]
    searched: Any = None
    states: Mapping[str, State] = field(default_factory=lambda: NOT_GIVEN)
    actions: Mapping[str, Action] = field(default_factory=lambda: NOT_GIVEN)
    cells: Sequence[tuple[Label, Callable[[Any], object]]] = ()
    new: Label = ""
    template: str = "kit/table.html"
    options: Sequence[Any] = ()
    context: Callable[[Sequence[Any]], Mapping[str, Any]] = lambda _rows: {}
    query: Callable[[], Select[Any]] | None = None

    def __post_init__(self) -> None:
        """Fill in what every published model has."""
        if self.states is NOT_GIVEN:
            object.__setattr__(self, "states", archive_states(self.model))
        if self.actions is NOT_GIVEN:
            object.__setattr__(self, "actions", archive_actions(self.model))

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the table (``manage``) and its actions (``bulk_preview``, ``bulk_apply``) to the section's pages."""
        name = blueprint.name
        protect = requires(self.permission)
        for rule, endpoint, method, view in (
            ("/manage", "manage", "GET", self._show),
            ("/manage/preview", "bulk_preview", "POST", self._preview),
            ("/manage/apply", "bulk_apply", "POST", self._apply),
        ):

            def shown(view: Callable[[str], AnyResponse] = view) -> AnyResponse:
                return view(name)

            shown.__doc__ = view.__doc__
            blueprint.add_url_rule(rule, endpoint, protect(shown), methods=[method])

    def rows(self, text: str, state: str) -> Select[Any]:
        """Return the query of the table."""
        shown = self.states[state]
        query = (self.query() if self.query else select(self.model)).where(shown.condition())
        if text:
            column, part = (
                (self.model.title, text) if self.searched is None else (self.searched, sort_key(text))
            )
            query = query.where(column.icontains(part, autoescape=True))
        return query.order_by(*(shown.order or self.order)).options(*self.options)

    def _show(self, _name: str) -> AnyResponse:
        """Show the table."""
        text = request.args.get("q", "").strip()[:100]
        state = request.args.get("state", "")
        state = state if state in self.states else next(iter(self.states))
        found = paginate(self.rows(text, state), PER_PAGE)
        return page(
            self.template, block="rows", table=Shown(self, found, text, state), **self.context(found.items)
        )

    def _preview(self, name: str) -> AnyResponse:
        """Say which rows would change and how, before anything does."""
        numbers, chosen, value = self._asked()
        try:
            if not numbers:
                raise LibHubError(_("Tick what is to be changed."))
            action = self._action(chosen, value)
        except LibHubError as error:
            flash(str(error), "error")
            return redirect(url_for(f"{name}.manage", **_place()))
        return page(
            "kit/bulk.html",
            managed=self,
            titles=self._titles(numbers),
            change=f"{chosen}={value}" if value else chosen,
            what=action.in_words(value),
            place=_place(),
            endpoint=name,
        )

    def _apply(self, name: str) -> AnyResponse:
        """Change the rows that were ticked."""
        numbers, chosen, value = self._asked()
        try:
            changed = self._action(chosen, value).change(numbers, value)
        except LibHubError as error:
            flash(str(error), "error")
        else:
            flash(_("Changed: %(number)d", number=changed), "success")
        return redirect(url_for(f"{name}.manage", **_place()))

    def _action(self, chosen: str, value: str) -> Action:
        action = self.actions.get(chosen)
        if action is None:
            raise LibHubError(_("Choose what to change."))
        action.check(value)
        return action

    def _asked(self) -> tuple[list[int], str, str]:
        """Return which rows, what to do, and the value; ``change`` is ``kind=tales`` or ``archive``."""
        ticked = map(parse_number, request.form.getlist("id"))
        numbers = [number for number in ticked if number is not None]
        chosen, _sign, value = request.form.get("change", "").partition("=")
        if chosen in self.actions and self.actions[chosen].writes:
            value = value or request.form.get("text", "")
        return numbers[:MOST_ROWS], chosen, value

    def _titles(self, numbers: Sequence[int]) -> list[tuple[int, str]]:
        query = select(self.model.id, self.model.title).where(self.model.id.in_(numbers))
        return [(number, title) for number, title in db.session.execute(query.order_by(self.model.title))]


def _place() -> dict[str, Any]:
    """Return where in the table the librarian was."""
    asked = {name: request.form.get(name, "")[:100] for name in _PLACE}
    return {name: value for name, value in asked.items() if value}
