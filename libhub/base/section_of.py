"""To whom a module of Python belongs: the core, or a section. Texts and names are told apart by it."""

from typing import Final

SECTIONS: Final = "plugins"
"""The package in which every section is one of its own, wherever its folder lies."""


def section_of(module: str) -> str:
    """Return the id of the section to which the module of this full name belongs; empty for all others."""
    top, _dot, below = module.partition(".")
    return below.partition(".")[0] if top == SECTIONS else ""
