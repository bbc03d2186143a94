"""How a visitor wants pages to look: light or dark, and the version for low-vision visitors. Kept in a cookie.

Links set it, so that it works without scripts; the stylesheet does the rest from attributes of ``<html>``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final, cast
from urllib.parse import parse_qsl

from flask import Flask, g

from libhub.base.i18n import gettext as _
from libhub.web import cookies

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
    return chosen(dict(parse_qsl(text[:500])))


def chosen(values: Mapping[str, str], before: Look | None = None) -> Look:
    """Return the look that these values say; what is not a choice stays as it was before."""
    known = {field.name: getattr(before or Look(), field.name) for field in fields(Look)}
    return Look(
        **{name: values[name] if values.get(name) in CHOICES[name] else known[name] for name in known}
    )


def current_look() -> Look:
    """Return how this visitor's pages look."""
    if "look" not in g:
        g.look = parse(cookies.sent(cookies.LOOK))
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
