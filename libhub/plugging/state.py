"""Which plugins are on. The database says so, and :mod:`libhub.caching.remembering` whether it still says the same.

That makes a switch obeyed by the next request of every worker process, by construction.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select, update

from libhub.base.db import db, read_rows, writing
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.moments import now
from libhub.caching.remembering import remember
from libhub.plugging.loading.registry import Plugin, Registry, get_registry
from libhub.plugging.models import PluginState

_EVERY = select(PluginState.__table__.c.plugin_id, PluginState.__table__.c.enabled)


MOST_TROUBLES: Final = 8
MOST_CHARACTERS: Final = 400
PAUSE: Final = timedelta(minutes=1)
_WARNING: Final = "⚠ "


@dataclass(frozen=True)
class Trouble:
    """What went wrong in a section, or (``warning``) could be used only in part: where, and how."""

    place: str
    text: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"

    def line(self) -> str:
        """Return it as it is stored."""
        return f"{_WARNING if self.warning else ''}{self.place}: {self.text[:MOST_CHARACTERS]}"

    @classmethod
    def read(cls, line: str) -> "Trouble":
        """Read what :meth:`line` wrote."""
        place, _colon, text = line.removeprefix(_WARNING).partition(": ")
        return cls(place, text, warning=line.startswith(_WARNING))


@dataclass(frozen=True)
class Switch:
    """What a switch will do: every plugin that changes, the asked-for one among them."""

    plugin: Plugin
    enable: bool
    plugins: tuple[Plugin, ...]


def enabled_plugins() -> tuple[str, ...]:
    """Return the ids of the plugins that are on, in loading order: the working ones whose needs are on too."""
    return remember("enabled plugins", _read_enabled)


def _read_enabled() -> tuple[str, ...]:
    rows = read_rows(_EVERY)
    return _effective(get_registry(), {plugin_id: on for plugin_id, on in rows})


def _effective(registry: Registry, stored: dict[str, bool]) -> tuple[str, ...]:
    enabled: list[str] = []
    for plugin in registry.working():
        if stored.get(plugin.id, _default(plugin)) and set(plugin.requires) <= set(enabled):
            enabled.append(plugin.id)
    return tuple(enabled)


def _default(plugin: Plugin) -> bool:
    return plugin.manifest is not None and plugin.manifest.default_enabled


def is_wanted(plugin: Plugin, row: PluginState | None) -> bool:
    """Say whether a section would be on if it, and what it needs, worked."""
    return row.enabled if row else _default(plugin)


def get_plugin(plugin_id: str) -> Plugin:
    """Return an installed plugin.

    :raises LibHubError: there is none with this id.
    """
    plugin = get_registry().plugins.get(plugin_id)
    if plugin is None:
        raise LibHubError(_("There is no plugin “%(id)s”.", id=plugin_id))
    return plugin


def plan_switch(plugin_id: str, *, enable: bool) -> Switch:
    """Return what switching the plugin would switch with it.

    On: what it requires. Off: what requires it.

    :raises LibHubError: no such plugin, or one of them is broken.
    """
    registry, plugin = get_registry(), get_plugin(plugin_id)
    enabled, stored = set(enabled_plugins()), states(registry.plugins)
    concerned = _closure(registry, plugin_id, down=enable)
    if enable:
        for candidate in concerned:
            if candidate.error:
                raise LibHubError(
                    _(
                        "“%(id)s” is broken and cannot be switched on: %(error)s",
                        id=candidate.id,
                        error=candidate.error,
                    )
                )
    changed = tuple(
        each
        for each in concerned
        if (each.id in enabled) != enable
        # what is broken is not on; switched off, it does not come back by itself when it works again
        or (not enable and each.error and is_wanted(each, stored.get(each.id)))
    )
    return Switch(plugin, enable, changed)


def _closure(registry: Registry, plugin_id: str, *, down: bool) -> list[Plugin]:
    """Return the plugin with all that it requires (``down``) or all that require it, in loading order."""
    chosen = {plugin_id}
    ordered = list(registry.plugins.values())
    for plugin in reversed(ordered) if down else ordered:
        if down and plugin.id in chosen:
            chosen.update(plugin.requires)
        elif not down and chosen.intersection(plugin.requires):
            chosen.add(plugin.id)
    return [plugin for plugin in ordered if plugin.id in chosen]


def store_switch(switch: Switch) -> None:
    """Write the new state of every plugin that changes. Call inside ``writing()``."""
    for plugin in switch.plugins:
        row = row_of(plugin.id)
        row.enabled, row.changed_at = switch.enable, now()


def row_of(plugin_id: str) -> PluginState:
    """Return the stored row of an installed plugin, a new one where there is none. Call inside ``writing()``."""
    row = db.session.get(PluginState, plugin_id)
    if row is None:
        row = PluginState(plugin_id=plugin_id, enabled=_default(get_plugin(plugin_id)))
        db.session.add(row)
    return row


def record_troubles(plugin_id: str, found: Iterable[Trouble]) -> None:
    """Show on the plugins page what went wrong, the last of each place.

    Called outside a write transaction, after the page was made. What is known already, or was written a moment ago
    about the same place, is not written again: a failure on every page must not become a write on every page.
    """
    found = [Trouble.read(each.line()) for each in found]
    stored = states([plugin_id]).get(plugin_id)
    known = {(each.place, each.warning): each for each in troubles(stored)}
    recent = stored is not None and stored.last_error_at is not None and now() - stored.last_error_at < PAUSE
    new = {
        (each.place, each.warning): each
        for each in found
        if known.get((each.place, each.warning)) != each
        and not (recent and (each.place, each.warning) in known)
    }
    if not new:
        return
    lines = [each.line() for key, each in known.items() if key not in new]
    lines += [each.line() for each in new.values()]
    with writing():
        row = row_of(plugin_id)
        row.last_error, row.last_error_at = "\n".join(lines[-MOST_TROUBLES:]), now()


def troubles(row: PluginState | None) -> list[Trouble]:
    """Return what went wrong in a section since the hub was started."""
    lines = (row.last_error or "").splitlines() if row else []
    return [Trouble.read(line) for line in lines]


def forget_troubles() -> None:
    """Forget what went wrong: the hub starts, perhaps with other sections; the log keeps it."""
    with writing():
        db.session.execute(
            update(PluginState).where(PluginState.last_error.is_not(None)).values(last_error=None)
        )


def states(plugin_ids: Iterable[str]) -> dict[str, PluginState]:
    """Return the stored rows of these plugins."""
    rows = db.session.scalars(select(PluginState).where(PluginState.plugin_id.in_(list(plugin_ids))))
    return {row.plugin_id: row for row in rows}
