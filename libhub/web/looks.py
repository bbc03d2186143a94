"""How a visitor wants pages to look: light or dark, and the version for low-vision visitors. Kept in a cookie.

Links set it, so that it works without scripts; the stylesheet does the rest from attributes of ``<html>``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final, cast
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Flask, Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.i18n import gettext as _
from libhub.web.choices import keep_choice
from libhub.web.gate import public
from libhub.web.home import safe_target
from libhub.web.render import page

blueprint = Blueprint("looks", __name__)
COOKIE: Final = "libhub_look"
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "theme": ("auto", "light", "dark"),
    "vision": ("0", "1"),
    "size": ("150", "100", "200"),
    "colours": ("white", "black", "blue"),
    "spacing": ("normal", "wide", "widest"),
    "images": ("1", "0"),
}
"""What can be chosen; the first of each holds where nothing was."""


@dataclass(frozen=True)
class Look:
    """What a visitor chose, each one of :data:`CHOICES`; all but ``theme`` counts only where ``vision`` is 1."""

    theme: str = "auto"
    vision: str = "0"
    size: str = "150"
    colours: str = "white"
    spacing: str = "normal"
    images: str = "1"

    @property
    def low_vision(self) -> bool:
        """Say whether this is the version for low-vision visitors."""
        return self.vision == "1"

    @property
    def shown_theme(self) -> str:
        """Return the theme of the stylesheet; the colours of the low-vision version decide it there."""
        if not self.low_vision:
            return self.theme
        return "dark" if self.colours == "black" else "light"

    @property
    def attributes(self) -> dict[str, str]:
        """Return what ``<html>`` says, for the stylesheet."""
        if not self.low_vision:
            return {}
        return {f"data-{name}": getattr(self, name) for name in ("size", "colours", "spacing", "images")}


def parse(text: str) -> Look:
    """Read a cookie or the query of a link; what is not a choice does not count."""
    return _chosen(dict(parse_qsl(text[:500])))


def _chosen(values: Mapping[str, str], before: Look | None = None) -> Look:
    known = {field.name: getattr(before or Look(), field.name) for field in fields(Look)}
    return Look(
        **{name: values[name] if values.get(name) in CHOICES[name] else known[name] for name in known}
    )


def current_look() -> Look:
    """Return how this visitor's pages look."""
    if "look" not in g:
        g.look = parse(request.cookies.get(COOKIE, ""))
    return cast(Look, g.look)


def init_app(app: Flask) -> None:
    """Give every template the look, and links that change it."""
    app.context_processor(lambda: {"look": current_look()})
    app.jinja_env.globals["vision_panel"] = vision_panel


def vision_panel() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return the rows of the low-vision panel: name of the choice, its label, values with their labels.

    The panel itself shows samples instead of the labels, which are long in large letters.
    """
    return [
        ("size", _("Text"), [(size, f"{size} %") for size in ("100", "150", "200")]),
        (
            "colours",
            _("Colours"),
            [("white", _("black on white")), ("black", _("white on black")), ("blue", _("blue on blue"))],
        ),
        (
            "spacing",
            _("Spacing"),
            [("normal", _("usual")), ("wide", _("wide")), ("widest", _("very wide"))],
        ),
        ("images", _("Pictures"), [("1", _("shown")), ("0", _("hidden"))]),
    ]


@blueprint.get("/look")
@public
def index() -> Response:
    """Show everything that can be chosen about the look of pages."""
    return page(
        "look.html",
        themes=[("auto", _("As on this computer")), ("light", _("Light theme")), ("dark", _("Dark theme"))],
    )


@blueprint.get("/look/change")
@public
def change() -> AnyResponse:
    """Remember a choice and go back to the page."""
    look = _chosen(request.args, current_look())
    response = redirect(safe_target(request.args.get("next") or url_for("looks.index")))
    kept = {name: getattr(look, name) for name in CHOICES if getattr(look, name) != CHOICES[name][0]}
    if kept:
        keep_choice(response, COOKIE, urlencode(kept))
    else:
        response.delete_cookie(COOKIE, httponly=True, samesite="Lax")
    return response
