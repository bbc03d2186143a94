"""Browsers from which somebody signed in before: guesses of strangers do not hold them up.

The browser keeps a number of its own and a mark of each person, signed by the hub. The mark says nothing to whoever
reads it, and ends with the password: with a new one every browser is a stranger. At a PC of the reading room nothing
is kept.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from libhub.accounts import accounts
from libhub.accounts.hashed_secrets import hashed
from libhub.accounts.models import User
from libhub.web import cookies
from libhub.web.this_computer import this_computer

LIFETIME: Final = timedelta(days=365)
MOST_PEOPLE: Final = 6
"""Of a family's browser; more of them are forgotten, the oldest first."""
PATH: Final = "/auth"
"""Only signing in asks: no other page is sent the cookie."""
_SALT: Final = "libhub.known_browser"
_MARK: Final = 20


@dataclass(frozen=True)
class KnownBrowser:
    """What the browser keeps: its number, and the marks of the people, the newest first."""

    number: str
    marks: tuple[str, ...] = ()


def known_as(user: User) -> str:
    """Return the number of the browser that asks if this person signed in from it before, else nothing."""
    kept = _sent()
    return kept.number if kept is not None and _mark(user) in kept.marks else ""


def remember(response: Response, user_id: int) -> None:
    """Have the browser that asks be known as one of this person."""
    if this_computer() is not None:
        return
    kept, mark = _sent() or KnownBrowser(secrets.token_urlsafe(9)), _mark(accounts.get_user(user_id))
    marks = [mark, *(each for each in kept.marks if each != mark)][:MOST_PEOPLE]
    response.set_cookie(
        cookies.name_of(cookies.KNOWN),
        str(_serializer().dumps([kept.number, *marks])),
        max_age=int(LIFETIME.total_seconds()),
        path=PATH,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )


def _sent() -> KnownBrowser | None:
    sent = cookies.sent(cookies.KNOWN)
    if not sent or this_computer() is not None:
        return None
    try:
        number, *marks = _serializer().loads(sent, max_age=int(LIFETIME.total_seconds()))
    except BadSignature:
        return None
    return KnownBrowser(number, tuple(marks))


def _mark(user: User) -> str:
    return hashed(f"{user.id} {user.password_hash}")[:_MARK]


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=_SALT)
