"""Drawn pictures inside the page itself: a list of two dozen covers costs no request, and compresses well."""

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import quote

from flask import Flask

from libhub import covers
from libhub.plugging.loading.registry import get_registry
from libhub.web.rendering.assets import static_folder

_PLAIN: Final = "/:;=,'()@!$*+?&~-._"
_BETWEEN: Final = re.compile(r">\s+<")


def init_app(app: Flask) -> None:
    """Give the templates the addresses."""
    app.jinja_env.globals.update(cover_url=cover_url, drawing_url=drawing_url)


def cover_url(section: str, key: str | int) -> str:
    """Return the cover that is drawn for a thing of a section, as a ``data:`` address: the same for the same key."""
    plugin = get_registry().plugins.get(section)
    scenes = plugin.manifest.covers if plugin and plugin.manifest else ()
    return _drawn(section, covers.mark_of(section, str(key)), scenes)


def drawing_url(endpoint: str, filename: str) -> str:
    """Return an SVG file of a section's static folder as a ``data:`` address.

    :raises FileNotFoundError: there is no such file.
    """
    return _read(static_folder(endpoint) / filename)


@lru_cache(maxsize=256)
def _drawn(section: str, mark: str, scenes: tuple[str, ...]) -> str:
    drawn = covers.draw(section, mark, scenes)
    assert drawn is not None, section
    return _data(drawn)


@cache
def _read(path: Path) -> str:
    return _data(path.read_text(encoding="utf-8"))


def _data(svg: str) -> str:
    """Write a drawing into an address as RFC 2397 and 3986 want it; quotes of one kind need no escape there."""
    plain = _BETWEEN.sub("><", svg.strip()).replace('"', "'")
    return f"data:image/svg+xml,{quote(plain, safe=_PLAIN)}"
