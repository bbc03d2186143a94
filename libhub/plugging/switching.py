"""Switching plugins on and off, with what goes with them."""

from libhub.base.audit import Actor
from libhub.base.db import writing
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.plugging import calls, state
from libhub.plugging.answers import in_words
from libhub.plugging.loading.registry import Plugin
from libhub.plugging.state import Switch


def switch(plugin_id: str, *, enable: bool, actor: Actor) -> Switch:
    """Switch a plugin and what it takes with it; every worker obeys from its next request.

    ``plugin_enabled`` runs inside the transaction: when it fails, nothing was switched.

    :raises LibHubError: no such plugin, or one that has to come along is broken or fails.
    """
    with writing():
        plan = state.plan_switch(plugin_id, enable=enable)
        state.store_switch(plan)
        if enable:
            for plugin in plan.plugins:
                _prepare(plugin, actor)
    if not enable:
        for plugin in reversed(plan.plugins):
            calls.call_one(plugin.id, "plugin_disabled", actor=actor)
    return plan


def _prepare(plugin: Plugin, actor: Actor) -> None:
    try:
        calls.call_one(plugin.id, "plugin_enabled", actor=actor)
    except calls.SectionFailure as error:
        reason = in_words(error.__cause__ or error)
        raise LibHubError(
            _("“%(id)s” is broken and cannot be switched on: %(error)s", id=plugin.id, error=reason)
        ) from error
