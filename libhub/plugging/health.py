"""Health checks: what the plugins page and ``libhub doctor`` ask."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from libhub.accounts.viewer import Viewer
from libhub.base.errors import let_pass
from libhub.base.moments import now
from libhub.plugging import calls, state
from libhub.plugging.answers import in_words, said
from libhub.plugging.loading.registry import get_registry
from libhub.plugging.records import HealthCheck

logger = logging.getLogger(__name__)
MONTH: Final = timedelta(days=30)


@dataclass(frozen=True)
class Finding:
    """The answer of one check; ``problem`` is None when all is well. A warning is no more than that."""

    label: str
    problem: str | None
    warning: bool = False


def run_checks(checks: Sequence[HealthCheck]) -> list[Finding]:
    """Run checks; one that fails by itself is a red one."""
    findings = []
    for check in checks:
        try:
            problem = said(check.run())
        except BaseException as error:
            let_pass(error)
            logger.exception("health check “%s” failed", check.label)
            problem = in_words(error)
        findings.append(Finding(str(check.label), problem))
    return findings


def plugin_findings() -> dict[str, list[Finding]]:
    """Run the checks of every enabled plugin, by plugin."""
    return {plugin: run_checks(checks) for plugin, checks in calls.call("health_checks")}


def ask_sections(viewer: Viewer) -> None:
    """Ask every section what pages ask it, so that what fails is found before a page asks for it."""
    today = now().date()
    asked: dict[str, dict[str, object]] = {
        "nav_items": {},
        "home_cards": {},
        "calendar_entries": {"start": today, "end": today + MONTH},
        "slot_fragments": {"slot": "search.empty", "ref": {"query": ""}},
        "statistics": {"start": now() - MONTH, "end": now()},
    }
    for hook, arguments in asked.items():
        calls.call(hook, viewer=viewer, **arguments)


def section_findings(findings: Mapping[str, list[Finding]]) -> list[Finding]:
    """Return all that is known to be wrong with sections, by their names: for ``libhub doctor``.

    What is broken and was switched off is none of it.
    """
    registry = get_registry()
    stored = state.states(registry.plugins)
    found = []
    for plugin in registry.plugins.values():
        row = stored.get(plugin.id)
        if plugin.error and state.is_wanted(plugin, row):
            found.append(Finding(plugin.id, plugin.error))
        found += [Finding(plugin.id, str(each), warning=True) for each in plugin.warnings]
        found += [Finding(plugin.id, str(each), each.warning) for each in state.troubles(row)]
        found += [replace(each, label=f"{plugin.id}: {each.label}") for each in findings.get(plugin.id, [])]
    return found
