"""Names of the interface that will go: they work, and whoever uses them is told once, by the section's name.

docs/hooks.md says how long they stay.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from libhub.base.checked_types import Label
from libhub.base.i18n import lazy_gettext as _l

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Deprecated:
    """A name that will go: what it is, what is used instead, since which interface, and with which it goes."""

    value: Callable[[], Any]
    instead: str
    since: str
    until: str


_told: dict[str, dict[str, Label]] = {}
"""What every section was told, by name."""


def use(section: str, name: str, deprecated: Deprecated) -> Any:
    """Return what the name stands for; tell the section, the first time."""
    text = _l(
        "It uses “%(name)s” of libhub.api, which is outdated since interface %(since)s and goes with %(until)s. "
        "Use instead: %(instead)s.",
        name=name,
        since=deprecated.since,
        until=deprecated.until,
        instead=deprecated.instead,
    )
    tell(section, name, text)
    return deprecated.value()


def tell(section: str, name: str, text: Label) -> None:
    """Tell a section, the first time, of an outdated way in which it uses something."""
    told = _told.setdefault(section, {})
    if name not in told:
        told[name] = text
        logger.warning("plugin %s: %s", section or "(none)", text)


def told(section: str) -> list[Label]:
    """Return what a section was told so far."""
    return list(_told.get(section, {}).values())
