"""What is used of Flask beyond what its documentation promises: what a block took from the session, and what acts on every page.

Flask notes for a whole request that the session was read; a remembered page has to know it of one block. And Flask
lets every blueprint register what acts on the whole application; the hub has to see that, to confine it or to undo it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from contextlib import contextmanager
from copy import copy
from functools import cached_property
from typing import Any, Final, TypeAlias

from flask import Flask, has_request_context, session
from flask.globals import request_ctx
from werkzeug.routing import Rule

Guard: TypeAlias = Callable[[str, Callable[..., Any]], Callable[..., Any]]
"""Takes what Flask calls a kind of functions and one of them, and returns one in its place."""
_Place: TypeAlias = tuple[str, str | None]
"""A kind of functions, and the blueprint on whose pages they act; None stands for every page."""

_KINDS: Final = (
    "before_request_funcs",
    "after_request_funcs",
    "teardown_request_funcs",
    "template_context_processors",
    "url_value_preprocessors",
    "url_default_functions",
)
_HANDLERS: Final = "error_handler_spec"
_AFTER_VIEWS: Final = ("after_request_funcs", "teardown_request_funcs")
_LISTS: Final = ("teardown_appcontext_funcs", "url_build_error_handlers", "shell_context_processors")
"""These act on everything, and there is no other place for them."""


@contextmanager
def watching_session(touched: Callable[[], None]) -> Iterator[None]:
    """Call ``touched`` when the block looked into the session; the request knows of it as before."""
    held: Any = session
    held = held._get_current_object()  # every look through the proxy counts as one into the session
    before, held.accessed = held.accessed, False
    try:
        yield
        if held.accessed:
            touched()
    finally:
        held.accessed = held.accessed or before


@contextmanager
def request_kept() -> Iterator[None]:
    """Have the visitor's session after the block, and what is to be done after the request, as it was before.

    :raises RuntimeError: the block changed it, without any error of its own.
    """
    if not has_request_context():
        yield
        return
    held: Any = request_ctx._session  # asked for in the documented way, it counts as one that was looked into
    modified, before = held.modified, {name: copy(value) for name, value in dict.items(held)}
    later: list[Any] = request_ctx._after_request_functions
    waiting = list(later)

    def changed() -> bool:
        return (held.modified and dict(held) != before) or len(later) != len(waiting)

    try:
        yield
        if changed():
            raise RuntimeError("it changed the visitor's session, or what is done after the request")
    finally:
        if changed():
            later[:] = waiting
            held.clear()
            held.update(before)
        held.modified = modified


class Standing:
    """How an application stands: taken before somebody registers something, to say afterwards what it was."""

    def __init__(self, app: Flask) -> None:
        _made_when_first_asked = app.jinja_env, app.logger, app.name
        self._app = app
        self._rules = list(app.url_map.iter_rules())
        self._placed = _placed(app)
        self._lists = {name: list(getattr(app, name)) for name in _LISTS}
        self._growing = [(each, dict(each)) for each in _growing(app)]
        self._fixed = [(each, dict(each)) for each in _fixed(app)]

    def new_rules(self) -> list[Rule]:
        """Return the addresses that were added."""
        known = set(map(id, self._rules))
        return [rule for rule in self._app.url_map.iter_rules() if id(rule) not in known]

    def added(self) -> list[str]:
        """Return the names under which something is new that all pages have in common: views, filters, extensions."""
        return sorted({name for now, then in self._growing for name in now if name not in then})

    def confine(self, blueprints: Iterable[str]) -> list[str]:
        """Have what was added for every page act on these blueprints' alone; return its kinds, as Flask calls them."""
        now, moved = _placed(self._app), []
        for kind in (*_KINDS, _HANDLERS):
            known = self._placed.get((kind, None), [])
            added = [each for each in now.get((kind, None), ()) if each not in known]
            if added:
                _put(self._app, (kind, None), known)
                for name in blueprints:
                    _put(self._app, (kind, name), [*added, *now.get((kind, name), ())])
                moved.append(kind)
        return moved

    def guard(self, blueprints: Iterable[str], guard: Guard) -> None:
        """Put a guard around what runs after the views of these blueprints: the hub's own comes after it."""
        now = _placed(self._app)
        for place in ((kind, name) for kind in _AFTER_VIEWS for name in blueprints):
            _put(self._app, place, [(guard(place[0], function),) for (function,) in now.get(place, ())])

    def replaced(self, blueprints: Iterable[str] = ()) -> list[str]:
        """Return the names of what is another than it was. What is new under a free name, or of these blueprints, is not."""
        found: set[str] = set()
        for now, then in self._growing:
            found.update(name for name in then if now.get(name) is not then[name])
        for now, then in self._fixed:
            found.update(name for name in then if now.get(name) is not then[name])
            found.update(name for name in now if name not in then and _hides(self._app, now, name))
        found.update(name for name in _LISTS if getattr(self._app, name) != self._lists[name])
        placed, own = _placed(self._app), tuple(blueprints)
        for kind, name in {*placed, *self._placed}:
            mine = name is not None and (name in own or name.startswith(tuple(f"{each}." for each in own)))
            if not mine and placed.get((kind, name)) != self._placed.get((kind, name)):
                found.add(kind)
        return sorted(map(str, found))

    def restore(self) -> None:
        """Undo whatever was added or changed, addresses too."""
        app = self._app
        for live, then in (*self._fixed, *self._growing):
            for name in [each for each in live if each not in then]:
                del live[name]
            live.update(then)
        for name, functions in self._lists.items():
            getattr(app, name)[:] = functions
        for place in {*_placed(app), *self._placed}:
            _put(app, place, self._placed.get(place, []))
        if self.new_rules():
            self._make_map_anew()

    def _make_map_anew(self) -> None:
        """Make the map of addresses anew with those that were there: it can be added to, not taken from."""
        app = self._app
        app.url_map = app.url_map_class(
            host_matching=app.url_map.host_matching, converters=app.url_map.converters
        )
        for rule in self._rules:
            copied: Any = rule.empty()
            copied.provide_automatic_options = getattr(rule, "provide_automatic_options", None)
            app.url_map.add(copied)


def _placed(app: Flask) -> dict[_Place, list[tuple[Any, ...]]]:
    """Return what acts on pages, by its place: functions, and handlers of errors with the code and the class of theirs."""
    found: dict[_Place, list[tuple[Any, ...]]] = {
        (kind, name): [(function,) for function in some]
        for kind in _KINDS
        for name, some in getattr(app, kind).items()
        if some
    }
    for name, by_code in app.error_handler_spec.items():
        handlers = [(code, of, handler) for code, some in by_code.items() for of, handler in some.items()]
        if handlers:
            found[_HANDLERS, name] = handlers
    return found


def _put(app: Flask, place: _Place, entries: list[tuple[Any, ...]]) -> None:
    """Let these, and nothing else, act in a place."""
    kind, name = place
    if kind != _HANDLERS:
        getattr(app, kind)[name] = [function for (function,) in entries]
        return
    by_code: Any = defaultdict(dict)
    for code, of, handler in entries:
        by_code[code][of] = handler
    app.error_handler_spec[name] = by_code


def _growing(app: Flask) -> list[MutableMapping[str, Any]]:
    """Return what may be added to, by name."""
    jinja: Any = app.jinja_env
    return [
        *(app.view_functions, app.blueprints, app.extensions, app.url_map.converters),
        *(jinja.filters, jinja.tests, jinja.globals),
    ]


def _fixed(app: Flask) -> list[MutableMapping[str, Any]]:
    """Return what stays as it is."""
    jinja: Any = app.jinja_env
    return [
        *(vars(app), app.config, vars(app.json), vars(app.session_interface), app.aborter.mapping),
        *(vars(jinja), vars(jinja.loader) if jinja.loader else {}, jinja.extensions, jinja.policies),
    ]


def _hides(app: Flask, where: MutableMapping[str, Any], name: str) -> bool:
    """Say whether what is new takes the place of something: any setting, and an attribute that the class has."""
    known = getattr(type(app), name, None)
    return where is not vars(app) or not (known is None or isinstance(known, cached_property))
