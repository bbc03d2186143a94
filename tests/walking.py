"""What the tests walk over: every page of the hub with its sections, filled by the examples of each.

Those of a section are in ``tests/plugins/<id>/examples.py``, those of the core in ``tests/core/examples.py``.
"""

import importlib
from functools import cache
from pathlib import Path
from typing import cast

from flask import Flask

import plugins
from libhub.testing import walking
from libhub.testing.walking import (
    CORE,
    KIOSK,
    PEOPLE,
    ROLES,
    Address,
    Examples,
    Seen,
    Values,
    browser_of,
    content_of,
    leads_to,
    rules,
    see,
    walk,
)

__all__ = [
    "CORE",
    "KIOSK",
    "PEOPLE",
    "ROLES",
    "SECTIONS",
    "Address",
    "Seen",
    "Values",
    "browser_of",
    "content_of",
    "every_example",
    "examples_of",
    "furnish",
    "leads_to",
    "rules",
    "see",
    "walk",
]

SECTIONS = (CORE, *sorted(path.parent.name for path in Path(plugins.__path__[0]).glob("*/plugin.toml")))


@cache
def examples_of(section: str) -> Examples:
    """Return the examples of a section."""
    name = "tests.core.examples" if section == CORE else f"tests.plugins.{section}.examples"
    return cast(Examples, importlib.import_module(name))


def every_example() -> dict[str, Examples]:
    """Return the examples of the core and of all sections that ship."""
    return {section: examples_of(section) for section in SECTIONS}


def furnish(app: Flask) -> tuple[list[Address], Seen]:
    """Fill the hub with all examples, see :func:`libhub.testing.walking.furnish`."""
    return walking.furnish(app, every_example())
