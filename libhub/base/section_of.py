"""To whom a module of Python belongs: the core, or a section. Texts and names are told apart by it."""

import traceback
from collections.abc import Iterable
from typing import Final

SECTIONS: Final = "plugins"
"""The package in which every section is one of its own, wherever its folder lies."""


def section_of(module: str) -> str:
    """Return the id of the section to which the module of this full name belongs; empty for all others."""
    top, _dot, below = module.partition(".")
    return below.partition(".")[0] if top == SECTIONS else ""


def owner_of(name: str, ids: Iterable[str]) -> str:
    """Return whose a name is that begins with an id and an underscore, the longest of several; empty for nobody's.

    A table, say: ``news_archive_post`` is that of ``news_archive`` where there is one, else of ``news``.
    """
    return max((each for each in ids if name.startswith(f"{each}_")), key=len, default="")


def asking_section() -> str:
    """Return the section whose code called this function, directly or not: the innermost one; empty for the core."""
    modules = (frame.f_globals.get("__name__", "") for frame, _line in traceback.walk_stack(None))
    return next(filter(None, map(section_of, modules)), "")
