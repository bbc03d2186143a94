"""Static files under addresses that say what is in them: browsers keep them for a year, and never a stale one.

The stylesheet of every page is one file made of several, and icons stand in the page itself: a first view takes few
requests.
"""

import re
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from flask import Flask, Response, current_app, request, url_for
from markupsafe import Markup

from libhub.web.gate import is_static

THEMES: Final = ("auto", "light", "dark")
_STATIC: Final = Path(__file__).parents[2] / "static"
_STYLES: Final = ("typeface", "tokens", "base", "shell", "components", "quizzes", "home", "print")
_DARK: Final = "(prefers-color-scheme: dark)"
_DARK_WHEN: Final = {"auto": _DARK, "light": "not all", "dark": "all"}
_ADDRESS: Final = re.compile(r'url\("((?!data:)[^"]+)"\)')
_SYMBOL: Final = re.compile(r'<symbol id="([^"]+)" viewBox="([^"]+)">(.*?)</symbol>', re.S)
_SPACE: Final = re.compile(r"/\*.*?\*/|\n\s*|(?<=[{};,>])\s+|\s+(?=[{}>])|(?<=:) +", re.S)
"""Comments of a stylesheet, its indentation, and spaces that part nothing."""
_REMARKS: Final = re.compile(r"^\s*//.*\n|^\s+", re.M)
"""Lines of a script that are comments, and its indentation."""
FOR_GOOD: Final = "public, max-age=31536000, immutable"


def init_app(app: Flask) -> None:
    """Give every template the addresses."""
    app.jinja_env.globals.update(
        static_url=static_url, stylesheet_url=stylesheet_url, script_url=script_url, draw_icon=draw_icon
    )
    app.after_request(_say_for_how_long)


def _say_for_how_long(response: Response) -> Response:
    """Let browsers keep a static file for good under the address of its content; under another they ask again."""
    if is_static() and response.status_code in (200, 304):
        filename = str((request.view_args or {})["filename"])
        present = static_url(str(request.endpoint), filename).rpartition("=")[2]
        fixed = request.args.get("v") == present
        response.headers["Cache-Control"] = FOR_GOOD if fixed else "no-cache"
    return response


def static_url(endpoint: str, filename: str) -> str:
    """Return the address of a static file with a mark of its content."""
    return _static_url(endpoint, filename, static_folder(endpoint), request.script_root)


def static_folder(endpoint: str) -> Path:
    """Return the folder from which a route of static files, the core's or a section's, sends them."""
    blueprint = current_app.blueprints.get(endpoint.rpartition(".")[0])
    return Path((blueprint or current_app).static_folder or "")


@cache
def _static_url(endpoint: str, filename: str, folder: Path, _root: str) -> str:
    return url_for(endpoint, filename=filename, v=digest((folder / filename).read_bytes()))


def stylesheet_url(theme: str) -> str:
    """Return the address of the stylesheet of all pages: light, dark, or as the visitor's system is."""
    return _asset_url(theme, request.script_root)


def script_url() -> str:
    """Return the address of the script of all pages."""
    return url_for("assets.script", mark=digest(script_text()))


@cache
def _asset_url(theme: str, root: str) -> str:
    return url_for("assets.stylesheet", theme=theme, mark=digest(stylesheet_text(theme, root).encode()))


def draw_icon(name: str) -> Markup:
    """Return one of the icons of the sheet (``/styleguide`` shows them).

    :raises KeyError: there is none of that name.
    """
    return _icons()[name]


@cache
def _icons() -> dict[str, Markup]:
    sheet = (_STATIC / "vendor" / "icons.svg").read_text(encoding="utf-8")
    return {
        name: Markup(f'<svg class="icon" viewBox="{box}" aria-hidden="true">{shapes}</svg>')  # noqa: S704 - our file
        for name, box, shapes in _SYMBOL.findall(sheet)
    }


def icon_names() -> list[str]:
    """Return the names of all icons."""
    return list(_icons())


@cache
def script_text() -> bytes:
    """Return the script without its comments, which are a fifth of what goes over the wire."""
    return _REMARKS.sub("", (_STATIC / "libhub.js").read_text(encoding="utf-8")).encode()


@cache
def stylesheet_text(theme: str, _root: str) -> str:
    """Put the stylesheet of a theme together; without comments and indentation it is half as long."""
    own = "".join((_STATIC / "css" / f"{name}.css").read_text(encoding="utf-8") for name in _STYLES)
    own = _SPACE.sub("", own.replace(_DARK, _DARK_WHEN[theme]))
    text = (_STATIC / "vendor" / "pico.css").read_text(encoding="utf-8") + own
    return _ADDRESS.sub(lambda match: f'url("{static_url("static", match[1].removeprefix("../"))}")', text)


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:12]
