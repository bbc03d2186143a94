"""What the web has to know of a PC of the reading room: which it is, when a visit ends, what must not be left.

A session that is used there is short (see :mod:`libhub.web.session_life`), so that one that was forgotten ends by
itself, scripts or not. Nothing of what somebody saw may be kept by the browser.
"""

import re
from datetime import date
from typing import Final

from flask import Flask, Response, g, redirect, request, url_for
from flask_babel import to_user_timezone
from werkzeug.wrappers import Response as AnyResponse

from libhub.base.moments import now
from libhub.kiosk import computers
from libhub.web import cookies, visitor
from libhub.web.gate import is_static
from libhub.web.this_computer import this_computer
from libhub.web.visitor import session_token

_COOKIE_SECONDS: Final = 400 * 24 * 3600
"""The longest that browsers allow; renewed on every day on which the PC is used."""
_FORM: Final = re.compile(rb'<form\b(?! autocomplete="off")')


def init_app(app: Flask) -> None:
    """Know the PC before every request, and keep its rules after it; goes before the gate."""
    app.before_request(_recognize)
    app.after_request(_finish)
    app.context_processor(lambda: {"kiosk": this_computer()})


def settle(response: AnyResponse, computer_id: int) -> None:
    """Make the browser that asks this PC, in place of what it was."""
    _set_cookie(response, computers.settle(computer_id))
    g.computer = None  # its rules hold from the next request on


def leave() -> None:
    """Let the browser that asks be an ordinary one: its cookie goes with the answer."""
    g.computer = None


def end_visit() -> AnyResponse:
    """Sign the visitor out and go to the first page; on a PC of the reading room the browser forgets everything."""
    visitor.sign_out_browser(leave_nothing=this_computer() is not None)
    response = redirect(url_for("home.index"))
    # Browsers obey this header over HTTPS and on the hub's own PC; kiosk.js empties the storage everywhere.
    response.headers["Clear-Site-Data"] = '"cache", "storage"' if this_computer() else '"cache"'
    if this_computer():
        cookies.forget_choice(response, cookies.LOCALE)
    return response


def _recognize() -> None:
    if not is_static():
        this_computer()
        g.recognized = True  # and not: the database cannot be read


def _finish(response: Response) -> Response:
    if "recognized" not in g or response.status_code >= 500:
        return response
    computer = this_computer()
    if computer is None:
        own = cookies.name_of(cookies.COMPUTER)
        if own in request.cookies and not _sets_cookie(response):
            response.delete_cookie(own)  # the librarian removed the PC, or there never was one
        return response
    today = to_user_timezone(now()).date()
    if computer.seen_on != today:
        _note_seen(response, computer.id, today)
    _offer_nothing(response)
    if session_token() and not response.cache_control.public:  # as the stylesheet is, which tells of nobody
        response.headers["Cache-Control"] = "no-store"
    return response


def _offer_nothing(response: Response) -> None:
    """Let the forms of a page offer nobody what others typed into them, whoever wrote the page."""
    if response.mimetype == "text/html" and not response.is_streamed:
        response.set_data(_FORM.sub(b'<form autocomplete="off"', response.get_data()))


def _note_seen(response: Response, computer_id: int, today: date) -> None:
    computers.note_seen(computer_id, today)
    _set_cookie(response, cookies.sent(cookies.COMPUTER))


def _sets_cookie(response: Response) -> bool:
    return any(
        header.startswith(f"{cookies.name_of(cookies.COMPUTER)}=")
        for header in response.headers.getlist("Set-Cookie")
    )


def _set_cookie(response: AnyResponse, token: str) -> None:
    response.set_cookie(
        cookies.name_of(cookies.COMPUTER),
        token,
        max_age=_COOKIE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
