"""Links that leave the hub: on a PC of the reading room they follow what the school chose for it.

Everywhere else, and where links simply open, an address stays as it is. An address that goes through the page in
between is signed by the hub: that page leads nowhere but to what the hub itself has shown.
"""

import html
import re
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from markupsafe import Markup

from libhub.kiosk.models import OPEN
from libhub.web.this_computer import this_computer

_LINK: Final = re.compile(r'(<a\s[^>]*?href=")([^"]+)(")')


def init_app(app: Flask) -> None:
    """Give the templates the links, and let no redirect of whatever section go past what the school chose."""
    app.jinja_env.globals["outside_url"] = outside_url
    app.jinja_env.filters["outside_links"] = outside_links
    app.after_request(_watch_redirect)


def _watch_redirect(response: Response) -> Response:
    if response.location and request.endpoint != "kiosk.away":
        response.location = outside_url(response.location)
    return response


def outside_url(url: str) -> str:
    """Return the address for a link to ``url``: itself, or that of the page in between."""
    computer = this_computer()
    if computer is None or computer.outside == OPEN or not leaves(url):
        return url
    return url_for("kiosk.away", to=_serializer().dumps(url))


def outside_links(text: Markup) -> Markup:
    """Return HTML that was cleaned already, with the addresses of its links as :func:`outside_url` gives them."""

    def replace(found: re.Match[str]) -> str:
        return found[1] + html.escape(outside_url(html.unescape(found[2]))) + found[3]

    return Markup(_LINK.sub(replace, str(text)))  # noqa: S704 - only addresses are changed, and escaped


def leaves(url: str) -> bool:
    """Say whether an address is on another host than this hub."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"", "http", "https"} and parts.netloc not in {"", request.host}


def target_of(signed: str) -> str | None:
    """Return the address that the hub signed; None for anything else."""
    try:
        return str(_serializer().loads(signed))
    except BadSignature:
        return None


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="libhub.outside")


def safe_target(target: str | None) -> str:
    """Return ``target`` if it is a path of this hub, else the home page: no redirect leads elsewhere."""
    if target and target.startswith("/") and not target.startswith(("//", "/\\")):
        parts = urlsplit(target)
        if not parts.scheme and not parts.netloc and not any(ord(char) < 32 for char in target):
            return target
    return url_for("home.index")
