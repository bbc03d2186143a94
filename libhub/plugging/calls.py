"""The only place that calls hooks: enabled plugins, a stable order, one failure policy per hook."""

import logging
from collections.abc import Iterator
from typing import Any

from flask import g, has_request_context
from sqlalchemy.exc import SQLAlchemyError

from libhub.base.db import db
from libhub.base.dependencies import do_not_keep
from libhub.plugging import hookspecs, state
from libhub.plugging.registry import get_registry

logger = logging.getLogger(__name__)


def call(hook: str, /, **arguments: Any) -> list[tuple[str, Any]]:
    """Call a hook of every enabled plugin; return plugin ids and answers, ``None`` left out."""
    return list(_answers(hook, state.enabled_plugins(), arguments))


def call_first(hook: str, /, **arguments: Any) -> Any:
    """Call a hook of one enabled plugin after another until one answers; return that answer or ``None``."""
    return next((answer for _plugin, answer in _answers(hook, state.enabled_plugins(), arguments)), None)


def call_one(plugin_id: str, hook: str, /, **arguments: Any) -> Any:
    """Call a hook of one plugin, on or off; ``None`` where it has no such hook."""
    return next((answer for _plugin, answer in _answers(hook, (plugin_id,), arguments)), None)


def call_installed(hook: str, /, **arguments: Any) -> list[tuple[str, Any]]:
    """Call a hook of every plugin that works, also of those that are off."""
    working = tuple(plugin.id for plugin in get_registry().working())
    return list(_answers(hook, working, arguments))


def _answers(hook: str, plugin_ids: tuple[str, ...], arguments: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    policy = getattr(getattr(hookspecs, hook), hookspecs.POLICY_ATTRIBUTE)
    registry = get_registry()
    implementations = {
        implementation.plugin_name: implementation
        for implementation in registry.manager.hook.__dict__[hook].get_hookimpls()
    }
    for plugin_id in plugin_ids:
        implementation = implementations.get(plugin_id)
        if implementation is None:
            continue
        try:
            answer = implementation.function(**{name: arguments[name] for name in implementation.argnames})
            if isinstance(answer, Iterator):
                answer = list(answer)  # a generator fails only when it runs: let it run here
        except Exception as error:
            if policy == "raise":
                raise
            note_failure(plugin_id, hook, error)
            continue
        if answer is not None:
            yield plugin_id, answer


def note_failure(plugin_id: str, place: str, error: Exception) -> None:
    """Log a plugin's error with its name, and remember it for the plugins page.

    Inside a request the row is written after the page was made (see :func:`store_failures`).
    """
    do_not_keep()
    logger.error("plugin %s failed in %s", plugin_id, place, exc_info=error)
    text = f"{place}: {type(error).__name__}: {error}"
    if has_request_context():
        g.setdefault("plugin_failures", {})[plugin_id] = text
    else:
        _store({plugin_id: text})


def store_failures() -> None:
    """Write down what failed while a request was answered."""
    failures = g.pop("plugin_failures", None)
    if failures:
        db.session.rollback()  # whatever the failed page left half-way is not written with it
        _store(failures)


def _store(failures: dict[str, str]) -> None:
    known = state.states(failures)
    for plugin_id, text in failures.items():
        if plugin_id in known and known[plugin_id].last_error == text:
            continue  # the same failure on every page must not become a write on every page
        try:
            state.record_error(plugin_id, text)
        except SQLAlchemyError:
            db.session.rollback()
            logger.exception("the failure of plugin %s could not be stored", plugin_id)
