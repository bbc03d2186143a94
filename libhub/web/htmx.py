"""Every HX-* header in one place (htmx 4 names; the reading side is htmx-flask's)."""

from typing import Final

from flask import Response, make_response, redirect
from htmx_flask import request
from werkzeug.wrappers import Response as AnyResponse

VARY: Final = "HX-Request"
QUIET: Final = "LibHub-Quiet"


def wants_fragment() -> bool:
    """Say whether only a part of the page is asked for: htmx, and not a restored history entry."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def is_quiet() -> bool:
    """Say whether this is sent by itself while somebody types (``hx-headers='{"LibHub-Quiet": "1"}'``): nobody is taken elsewhere by it."""
    return QUIET in request.headers


def redirect_browser(response: Response, url: str) -> None:
    """Make htmx load a whole page, as after signing out in another window."""
    response.headers["HX-Redirect"] = url


def go(url: str) -> AnyResponse:
    """Send the browser to another page, also when htmx asked only for a fragment of this one."""
    if wants_fragment():
        response = make_response("", 401)
        redirect_browser(response, url)
        return response
    return redirect(url)
