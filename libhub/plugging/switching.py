"""Switching plugins on and off, with what goes with them."""

from libhub.audit import Actor
from libhub.db import writing
from libhub.plugging import calls, state
from libhub.plugging.state import Switch


def switch(plugin_id: str, *, enable: bool, actor: Actor) -> Switch:
    """Switch a plugin and what it takes with it; every worker obeys from its next request.

    ``plugin_enabled`` runs inside the transaction: when it fails, nothing was switched.

    :raises LibHubError: no such plugin, or one that has to come along is broken.
    """
    with writing():
        plan = state.plan_switch(plugin_id, enable=enable)
        state.store_switch(plan)
        if enable:
            for plugin in plan.plugins:
                calls.call_one(plugin.id, "plugin_enabled", actor=actor)
    if not enable:
        for plugin in reversed(plan.plugins):
            calls.call_one(plugin.id, "plugin_disabled", actor=actor)
    return plan
