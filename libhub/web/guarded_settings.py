"""Settings of the application, and what all templates know: no section changes them while the hub serves.

At the start what a section changes is seen and undone (see :mod:`libhub.web.section_pages`). Later nobody could say whose
it was, so the change itself is refused, and the page or hook that tries fails by name.
"""

from typing import Any

from flask import Config, Flask

from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.section_of import asking_section


class _Guarded(dict[str, Any]):
    """A mapping that is read as any other."""

    guarded = False

    def _check(self, what: object) -> None:
        if self.guarded and asking_section():
            raise LibHubError(_("a section changes nothing of the hub itself: %(what)s", what=what))

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
    """Let no section change anything from now on."""
    assert isinstance(app.config, GuardedConfig)
    app.config.guarded = True
    environment = app.jinja_env
    for name in ("globals", "filters", "tests"):
        known = _Guarded(getattr(environment, name))
        known.guarded = True
        setattr(environment, name, known)
