"""The librarian's table of everything in a section: a filter, states, ticks, and actions on many rows at once.

An action is shown first: which rows, what they are now, and what will be done; nothing changes before a yes. What the yes
does is what was shown: rows that are otherwise by then stay as they are, and are shown once more.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, Select, and_, func, inspect, not_, select, true
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from libhub.accounts.viewer import Viewer
from libhub.base.application import Extension
from libhub.base.audit import ignored_columns
from libhub.base.checked_types import Label
from libhub.base.db import db, writing
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.base.i18n import ngettext
from libhub.base.text import parse_number
from libhub.kit.filters import Chosen, Filter, chosen_of, conditions
from libhub.kit.ordering import sort_key
from libhub.kit.pages.bulk_actions import ARCHIVED, Action, age_actions, archive_actions
from libhub.kit.published import Published
from libhub.kit.seen import FIELD as SEEN
from libhub.kit.seen import mark_of
from libhub.plugging import calls
from libhub.plugging.state import enabled_plugins
from libhub.submissions import drafts
from libhub.submissions.drafts import Typed
from libhub.web.gate import requires
from libhub.web.paging import paginate
from libhub.web.rendering.pages import page
from libhub.web.visitor import current_viewer

PER_PAGE: Final = 50
WITHOUT_MARK: Final = "unmarked"
"""The state of the table in which what nobody gave an age mark is shown."""
NOT_GIVEN: Final[Mapping[str, Any]] = MappingProxyType({})
"""What every published model has; unlike no states or no actions, it is no choice of the section."""
_PLACE: Final = ("q", "state", "page")
_LONGEST: Final = 100
"""Characters of what is typed into the filter."""


_TABLES: Final = Extension[dict[str, "Managed"]]("managed_tables")
"""The tables of an application by the names of their blueprints."""


@dataclass(frozen=True)
class State:
    """Some of the rows: what they are called, the condition that they fulfil, and their order if it is another one."""

    label: Label
    condition: Callable[[], ColumnElement[bool]]
    order: Sequence[Any] = ()


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


def _with_unmarked(model: type[Published], states: Mapping[str, State]) -> dict[str, State]:
    """Return the states with that of the rows for which nobody chose an age mark yet, before that of the archive."""
    unmarked = State(
        _l("Without an age mark"), lambda: and_(model.archived_at.is_(None), model.age.is_(None))
    )
    archive = {name: each for name, each in states.items() if name == ARCHIVED}
    others = {name: each for name, each in states.items() if name != ARCHIVED}
    return {**others, WITHOUT_MARK: unmarked, **archive}


@dataclass(frozen=True)
class Ticked:
    """A row that was ticked: what it is now (empty where the table says nothing of it), and the mark of that."""

    id: int
    title: str
    now: str
    mark: str


@dataclass(frozen=True)
class Shown:
    """The table as somebody asked for it; templates get it as ``table``."""

    managed: "Managed"
    found: Pagination
    text: str
    state: str
    filters: Sequence[Filter] = ()
    chosen: Chosen = field(default_factory=dict)

    @property
    def place(self) -> Mapping[str, str]:
        """What narrows the table down, as it stands in addresses; without the page."""
        asked = {"q": self.text, "state": self.state, **{name: self.one(name) for name in self.chosen}}
        return {name: value for name, value in asked.items() if value}

    def one(self, name: str) -> str:
        """Return the value that was chosen of a filter; empty for none."""
        return next(iter(self.chosen.get(name, ())), "")

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
    :param find: given what was typed into the filter, the condition on the rows that are meant, instead of ``searched``.
    :param look_for: what the filter says it looks in, if not in titles; ``nothing`` what is said where it finds nothing.
    :param named: the column that says what a row is called, where that is not the title.
    :param filters: asked for at each request, what the table can be narrowed down by besides, each by one value.
    :param may_change: the condition on rows with which the visitor may do something.
    :param states: the first one is what is shown at first; :func:`archive_states` where they are not given. What nobody
        gave an age mark is always one of them, and its count stands on the home page of who may use the table.
    :param actions: :func:`archive_actions` where they are not given; an empty mapping means none. Where there are some,
        one gives an age mark, see :func:`~libhub.kit.pages.bulk_actions.age_actions`.
    :param cells: what stands in a row behind the title, which leads to the editor (the endpoint ``edit``): a heading, and
        a function that is given the row; a day is shown as one, nothing and false as a dash, true as yes.
    :param new: what the link to a new one (the endpoint ``add``) is called; empty where the template has it.
    :param template: extends ``kit/manage.html`` and says more, or writes the rows itself.
    :param options: of the query, such as what is loaded with a row.
    :param context: given the rows of a page, what the template needs besides; for queries over all of them at once.
    :param query: asks for the rows, where the states need more than the model's own table.
    :param at: rule and endpoint of the table in its blueprint.
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
    find: Callable[[str], ColumnElement[bool]] | None = None
    look_for: Label = ""
    nothing: Label = ""
    named: Any = None
    filters: Callable[[], Sequence[Filter]] = tuple
    may_change: Callable[[], ColumnElement[bool]] = true
    at: tuple[str, str] = ("/manage", "manage")

    def __post_init__(self) -> None:
        """Fill in what every published model has."""
        if self.states is NOT_GIVEN:
            object.__setattr__(self, "states", archive_states(self.model))
        if self.actions is NOT_GIVEN:
            object.__setattr__(self, "actions", archive_actions(self.model))
        if self.states and self.actions and issubclass(self.model, Published):
            if WITHOUT_MARK not in self.states:
                object.__setattr__(self, "states", _with_unmarked(self.model, self.states))
            object.__setattr__(self, "actions", {**age_actions(self.model), **self.actions})

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the table (``manage``) and its actions (``bulk_preview``, ``bulk_apply``) to the section's pages."""
        name, (rule_of_table, endpoint_of_table) = blueprint.name, self.at
        protect = requires(self.permission)
        blueprint.record(lambda setup: setup.app.extensions.setdefault(_TABLES.name, {}).update({name: self}))
        for rule, endpoint, method, view in (
            (rule_of_table, endpoint_of_table, "GET", self._show),
            ("/manage/preview", "bulk_preview", "GET", self._preview),
            ("/manage/apply", "bulk_apply", "POST", self._apply),
        ):

            def shown(view: Callable[[str], AnyResponse] = view) -> AnyResponse:
                return view(name)

            shown.__doc__ = view.__doc__
            blueprint.add_url_rule(rule, endpoint, protect(shown), methods=[method])

    def title_of(self, row: Any) -> str:
        """Return what a row is called."""
        return str(getattr(row, self._named.key))

    @property
    def _named(self) -> Any:
        return self.model.title if self.named is None else self.named

    def rows(
        self, text: str, state: str, filters: Sequence[Filter] = (), chosen: Chosen = NOT_GIVEN
    ) -> Select[Any]:
        """Return the query of the table."""
        shown = self.states[state]
        query = (self.query() if self.query else select(self.model)).where(
            shown.condition(), *conditions(filters, chosen)
        )
        if text and self.find is not None:
            query = query.where(self.find(text))
        elif text:
            column, part = (self._named, text) if self.searched is None else (self.searched, sort_key(text))
            query = query.where(column.icontains(part, autoescape=True))
        return query.order_by(*(shown.order or self.order)).options(*self.options)

    def _show(self, _name: str) -> AnyResponse:
        """Show the table."""
        text = request.args.get("q", "").strip()[:_LONGEST]
        state = request.args.get("state", "")
        state = state if state in self.states else next(iter(self.states))
        filters = self.filters()
        chosen = chosen_of(filters, dict(request.args.lists()))
        found = paginate(self.rows(text, state, filters, chosen), PER_PAGE)
        shown = Shown(self, found, text, state, filters, chosen)
        return page(self.template, block="rows", table=shown, **self.context(found.items))

    def _preview(self, name: str) -> AnyResponse:
        """Say which rows would change and how, before anything does."""
        numbers, chosen, value = self._asked(request.args)
        place = self._place(request.args)
        try:
            action = self._action(chosen, value)
            rows = self._ticked(action, numbers)
            if not rows:
                raise LibHubError(_("Tick what is to be changed."))
        except LibHubError as error:
            flash(str(error), "error")
            return redirect(url_for(f"{name}.{self.at[1]}", **place))
        return page(
            "kit/bulk.html",
            managed=self,
            rows=rows,
            change=f"{chosen}={value}" if value else chosen,
            what=action.in_words(value),
            action=action,
            place=place,
            endpoint=name,
        )

    def _apply(self, name: str) -> AnyResponse:
        """Change the rows that were ticked and are still as they were shown; show the others once more."""
        numbers, chosen, value = self._asked(request.form)
        place = self._place(request.form)
        try:
            action = self._action(chosen, value)
            with writing():
                rows = self._ticked(action, numbers)
                same = [row.id for row in rows if request.form.get(f"{SEEN}-{row.id}") == row.mark]
                changed = action.change(same, value) if same and not action.alone else 0
            if same and action.alone:
                changed = action.change(same, value)
        except LibHubError as error:
            flash(str(error), "error")
            return redirect(url_for(f"{name}.{self.at[1]}", **place))
        if same:
            flash(_("Changed: %(number)d", number=changed), "success")
        gone = len(numbers) - len(rows)
        if gone:
            flash(
                ngettext(
                    "%(num)d of them is not here any more.", "%(num)d of them are not here any more.", gone
                ),
                "warning",
            )
        others = [row for row in rows if row.id not in same]
        if not others:
            return redirect(url_for(f"{name}.{self.at[1]}", **place))
        flash(
            _(
                "Not what you were shown any more, so nothing was changed here: %(names)s. Look at them once more.",
                names="; ".join(row.title for row in others),
            ),
            "warning",
        )
        asked: dict[str, Any] = {
            "id": [row.id for row in others],
            "change": f"{chosen}={value}" if value else chosen,
        }
        return redirect(url_for(f"{name}.bulk_preview", **asked, **place))

    def _action(self, chosen: str, value: str) -> Action:
        action = self.actions.get(chosen)
        if action is None:
            raise LibHubError(_("Choose what to change."))
        action.check(value)
        return action

    def _asked(self, sent: MultiDict[str, str]) -> tuple[list[int], str, str]:
        """Return which rows, what to do, and the value; ``change`` is ``kind=tales`` or ``archive``."""
        ticked = map(parse_number, sent.getlist("listed" if sent.get("every") else "id"))
        numbers = dict.fromkeys(number for number in ticked if number is not None)
        chosen, _sign, value = sent.get("change", "").partition("=")
        if chosen in self.actions and self.actions[chosen].writes:
            value = value or sent.get("text", "")
        return list(numbers)[:PER_PAGE], chosen, value

    def _ticked(self, action: Action, numbers: Sequence[int]) -> list[Ticked]:
        """Return the rows with these numbers as they are now."""
        query = select(self.model).where(self.model.id.in_(numbers), self.may_change()).options(*self.options)
        order = (self._named,) if self.named is None else self.order
        return [
            Ticked(row.id, self.title_of(row), *self._now(action, row))
            for row in db.session.scalars(query.order_by(*order, self.model.id)).unique()
        ]

    def _now(self, action: Action, row: Any) -> tuple[str, str]:
        """Return what a row is now, in words, and the mark of it."""
        if action.present is not None:
            value = action.present(row)
            return action.label_of(value), mark_of(self.title_of(row), value)
        columns = {each.key for each in inspect(self.model).column_attrs} - ignored_columns(self.model)
        return "", mark_of({name: getattr(row, name) for name in columns})

    def _place(self, sent: MultiDict[str, str]) -> dict[str, Any]:
        """Return where in the table the librarian was."""
        names = (*_PLACE, *(each.name for each in self.filters()))
        asked = {name: sent.get(name, "")[:_LONGEST] for name in names}
        return {name: value for name, value in asked.items() if value}


@dataclass(frozen=True)
class Unmarked:
    """How many things of a section have no age mark, and where they are shown."""

    section: Label
    number: int
    url: str


def unmarked_things(viewer: Viewer) -> list[Unmarked]:
    """Return what this viewer may give an age mark and nobody gave one yet, by section; one query for each table."""
    found = []
    enabled = enabled_plugins()
    for name, managed in _TABLES.current().items() if _TABLES.name in current_app.extensions else ():
        if WITHOUT_MARK not in managed.states:
            continue  # a table of the core, say, whose things have no age mark
        section = managed.model.__item__[0]
        if section in enabled and viewer.can(managed.permission):
            with calls.guarded(section, f"{name}.manage"):
                rows = managed.rows("", WITHOUT_MARK).order_by(None).with_only_columns(managed.model.id)
                number = db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0
                url = url_for(f"{name}.manage", state=WITHOUT_MARK)
                found += [Unmarked(managed.section, number, url)] if number else []
    return found
