"""Which plugins are on. The database says so, and :mod:`libhub.caching.remembering` whether it still says the same.

That makes a switch obeyed by the next request of every worker process, by construction.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from libhub.base.db import db, read_rows, writing
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.moments import now
from libhub.caching.remembering import remember
from libhub.plugging.models import PluginState
from libhub.plugging.registry import Plugin, Registry, get_registry

_EVERY = select(PluginState.__table__.c.plugin_id, PluginState.__table__.c.enabled)


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
        default = plugin.manifest is not None and plugin.manifest.default_enabled
        if stored.get(plugin.id, default) and set(plugin.requires) <= set(enabled):
            enabled.append(plugin.id)
    return tuple(enabled)


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
    enabled = set(enabled_plugins())
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
    changed = tuple(each for each in concerned if (each.id in enabled) != enable)
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
        row = db.session.get(PluginState, plugin.id)
        if row is None:
            db.session.add(PluginState(plugin_id=plugin.id, enabled=switch.enable))
        else:
            row.enabled, row.changed_at = switch.enable, now()


def record_error(plugin_id: str, error: str) -> None:
    """Show an error on the plugins page. Called outside a write transaction, after the page was made."""
    with writing():
        row = db.session.get(PluginState, plugin_id)
        if row is None:
            manifest = get_plugin(plugin_id).manifest
            row = PluginState(plugin_id=plugin_id, enabled=bool(manifest and manifest.default_enabled))
            db.session.add(row)
        row.last_error, row.last_error_at = error[:2000], now()


def states(plugin_ids: Iterable[str]) -> dict[str, PluginState]:
    """Return the stored rows of these plugins."""
    rows = db.session.scalars(select(PluginState).where(PluginState.plugin_id.in_(list(plugin_ids))))
    return {row.plugin_id: row for row in rows}
