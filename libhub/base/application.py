"""The running application, and the request that it answers, for what stands below the pages.

Here alone the rules of the hub meet Flask: what an application has one of (:class:`Extension`), what belongs to one
request (:class:`OfRequest`), the settings that Flask keeps. Views, forms and answers are the web's.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast

from flask import (
    Blueprint,
    Config,
    Flask,
    copy_current_request_context,
    current_app,
    g,
    has_app_context,
    has_request_context,
)

from libhub.base.section_of import asking_section

__all__ = [
    "Blueprint",
    "Extension",
    "Flask",
    "GuardedConfig",
    "OfRequest",
    "app_setting",
    "for_another_thread",
    "guard",
    "has_app_context",
    "has_request_context",
]

_Value = TypeVar("_Value")
_NOTHING: Any = object()


class Extension(Generic[_Value]):
    """Something of which every application has one: the index, the store of files, the sections."""

    def __init__(self, name: str) -> None:
        self.name = f"libhub.{name}"

    def install(self, app: Flask, value: _Value) -> None:
        """Give an application its one; where there was one, it is replaced."""
        app.extensions[self.name] = value

    def of(self, app: Flask) -> _Value:
        """Return that of an application.

        :raises KeyError: it was not installed.
        """
        return cast(_Value, app.extensions[self.name])

    def current(self) -> _Value:
        """Return that of the running application.

        :raises RuntimeError: none runs here.
        """
        return cast(_Value, current_app.extensions[self.name])


class OfRequest(Generic[_Value]):
    """Something that is worked out once in a request and gone with it; nothing of the kind outside of one."""

    def __init__(self, name: str) -> None:
        self.name = f"libhub_{name}"

    def get(self) -> _Value | None:
        """Return it; None where it was not set, and outside a request."""
        return cast("_Value | None", g.get(self.name)) if has_request_context() else None

    def set(self, value: _Value) -> None:
        """Keep it until the request is answered; outside of one, do nothing."""
        if has_request_context():
            setattr(g, self.name, value)

    def pop(self) -> _Value | None:
        """Return it and forget it."""
        return cast("_Value | None", g.pop(self.name, None)) if has_request_context() else None


def app_setting(name: str) -> Any:
    """Return one of Flask's settings of the running application."""
    return current_app.config[name]


def for_another_thread(act: Callable[[], None]) -> Callable[[], None]:
    """Return what does the same in another thread: for the same visitor, with a database session of its own."""
    if has_request_context():
        return copy_current_request_context(act)
    context = current_app.app_context()

    def acting() -> None:
        with context:
            act()

    return acting


class _Guarded(dict[str, Any]):
    """A mapping that is read as any other, and that no section changes once it is guarded."""

    guarded = False

    def _check(self, what: object) -> None:
        if self.guarded and asking_section():
            raise RuntimeError(f"a section changes nothing of the hub itself: {what}")

    def __setitem__(self, name: str, value: Any) -> None:
        self._check(name)
        super().__setitem__(name, value)

    def __delitem__(self, name: str) -> None:
        self._check(name)
        super().__delitem__(name)

    def __ior__(self, other: Any) -> Any:  # type: ignore[misc]  # dict declares it twice
        self._check(", ".join(dict(other)))
        return super().__ior__(other)

    def update(self, *others: Any, **named: Any) -> None:
        """Change several at once."""
        self._check(", ".join(dict(*others, **named)))
        super().update(*others, **named)

    def setdefault(self, name: str, default: Any = None) -> Any:
        """Return one, which is set where it was not."""
        if name not in self:
            self._check(name)
        return super().setdefault(name, default)

    def pop(self, name: str, *default: Any) -> Any:
        """Take one away."""
        self._check(name)
        return super().pop(name, *default)

    def popitem(self) -> tuple[str, Any]:
        """Take the last one away."""
        self._check("popitem")
        return super().popitem()

    def clear(self) -> None:
        """Take all away."""
        self._check("clear")
        super().clear()


class GuardedConfig(_Guarded, Config):
    """Flask's settings."""


def guard(app: Flask) -> None:
    """Let no section change settings, and what all templates know, from now on: whoever tries fails by name.

    At the start what a section changes is seen and undone; while the hub serves nobody could say whose it was.
    """
    assert isinstance(app.config, GuardedConfig)
    app.config.guarded = True
    environment = app.jinja_env
    for name in ("globals", "filters", "tests"):
        known = _Guarded(getattr(environment, name))
        known.guarded = True
        setattr(environment, name, known)
