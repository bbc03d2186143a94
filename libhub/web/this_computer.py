"""Which PC of the reading room asks, known by its cookie."""

from typing import cast

from flask import g, has_request_context

from libhub.base.dependencies import do_not_keep
from libhub.caching.remembering import remember
from libhub.kiosk import computers
from libhub.kiosk.computers import ThisComputer
from libhub.web import cookies


def this_computer() -> ThisComputer | None:
    """Return the PC of the reading room that asks; None for every other computer."""
    if not has_request_context():
        return None
    if "computer" in g:
        return cast(ThisComputer | None, g.computer)
    token = cookies.sent(cookies.COMPUTER)
    return remember(("computer", token), lambda: _find(token)) if token else None


def _find(token: str) -> ThisComputer | None:
    found = computers.find_by_token(token)
    if found is None:
        do_not_keep()  # made-up cookies are many
    return found
