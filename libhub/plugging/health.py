"""Health checks: what the plugins page and ``libhub doctor`` ask."""

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from libhub.accounts.viewer import Viewer
from libhub.base.application import Extension, Flask, for_another_thread
from libhub.base.errors import let_pass
from libhub.base.i18n import gettext as _
from libhub.base.moments import now
from libhub.plugging import calls, state
from libhub.plugging.answers import in_words, said
from libhub.plugging.loading.registry import get_registry
from libhub.plugging.records import HealthCheck

logger = logging.getLogger(__name__)
MONTH: Final = timedelta(days=30)
SECONDS: Final = 5.0
"""For which the checks of sections are waited for, all of them together."""


@dataclass(frozen=True)
class Finding:
    """The answer of one check; ``problem`` is None when all is well. A warning is no more than that."""

    label: str
    problem: str | None
    warning: bool = False


def run_checks(checks: Sequence[HealthCheck]) -> list[Finding]:
    """Run checks; one that fails by itself is a red one."""
    return [_run(check) for check in checks]


def _run(check: HealthCheck) -> Finding:
    try:
        problem = said(check.run())
    except BaseException as error:
        let_pass(error)
        logger.exception("health check “%s” failed", check.label)
        problem = in_words(error)
    return Finding(str(check.label), problem)


@dataclass
class _Round:
    """The checks of one section being run, in a thread that nobody can end."""

    checks: Sequence[HealthCheck]
    done: list[Finding] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        try:
            for check in self.checks:
                self.done.append(_run(check))
        finally:
            self.ended.set()

    def findings(self) -> list[Finding]:
        """Return what is known now: a check that goes on is a red one, those after it are not told of."""
        found = list(self.done)
        if not self.ended.is_set() and len(found) < len(self.checks):
            label = str(self.checks[len(found)].label)
            found.append(Finding(label, _("does not answer within %(seconds)d s", seconds=SECONDS)))
        return found


_ROUNDS: Final = Extension[dict[str, _Round]]("health")
"""Those that did not end, by section: it is asked nothing more until they do."""


def init_app(app: Flask) -> None:
    """Remember with the application which checks do not end."""
    _ROUNDS.install(app, {})


def plugin_findings() -> dict[str, list[Finding]]:
    """Run the checks of every enabled plugin, by plugin; one that never ends keeps nobody waiting for more than a moment."""
    endless = _ROUNDS.current()
    rounds = {}
    deadline = time.monotonic() + SECONDS
    for plugin, checks in calls.call("health_checks"):
        before = endless.pop(plugin, None)
        if before and not before.ended.is_set():
            rounds[plugin] = endless[plugin] = before
            continue
        rounds[plugin] = _Round(checks)
        threading.Thread(
            target=for_another_thread(rounds[plugin].run), daemon=True, name=f"checks of {plugin}"
        ).start()
    for plugin, each in rounds.items():
        if plugin not in endless and not each.ended.wait(deadline - time.monotonic()):
            endless[plugin] = each
    return {plugin: each.findings() for plugin, each in rounds.items()}


def ask_sections(viewer: Viewer) -> None:
    """Ask every section what pages ask it, so that what fails is found before a page asks for it."""
    today = now().date()
    asked: dict[str, dict[str, object]] = {
        "nav_items": {},
        "home_cards": {},
        "personal_lines": {},
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
