"""Health checks: what the plugins page and ``libhub doctor`` ask."""

import logging
from dataclasses import dataclass

from libhub.plugging import calls
from libhub.plugging.records import HealthCheck

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Finding:
    """The answer of one check; ``problem`` is None when all is well."""

    label: str
    problem: str | None


def run_checks(checks: list[HealthCheck]) -> list[Finding]:
    """Run checks; one that fails by itself is a red one."""
    findings = []
    for check in checks:
        try:
            problem = check.run()
        except Exception as error:
            logger.exception("health check “%s” failed", check.label)
            problem = f"{type(error).__name__}: {error}"
        findings.append(Finding(str(check.label), problem))
    return findings


def plugin_findings() -> dict[str, list[Finding]]:
    """Run the checks of every enabled plugin, by plugin."""
    return {plugin: run_checks(list(checks)) for plugin, checks in calls.call("health_checks")}
