"""Cookies of the hub: what a visitor chose for this browser, which PC of the reading room it is, and the session's name.

Browsers tell no ports apart, so the names carry the instance: two hubs on one host do not take each other's for their own.
"""

from hashlib import sha256
from pathlib import Path
from typing import Final

from flask import current_app, request
from werkzeug.wrappers import Response

PREFIX: Final = "LIBHUB_COOKIES"
"""Where the application keeps, among the settings of Flask, what the names begin with."""
LOCALE: Final = "locale"
LOOK: Final = "look"
COMPUTER: Final = "computer"
READER_SIZE: Final = "reader_size"
READER_THEME: Final = "reader_theme"
SLIP: Final = "slip"
KNOWN: Final = "known"
CHOICES: Final = (LOCALE, LOOK, COMPUTER, READER_SIZE, READER_THEME, SLIP, KNOWN)
"""All that a browser keeps besides the session."""
_BEFORE: Final = "libhub_"
"""What the names began with when they did not carry the instance; browsers may keep such a cookie for a year."""
_YEAR_SECONDS: Final = 365 * 24 * 3600


def settings(secret_key: str, instance: Path) -> dict[str, str]:
    """Return what the names of an instance begin with, and the one of its session, as settings of Flask.

    Where it lies counts, too: somebody who tries a copy beside the hub, with the same key in it, signs in to both.
    """
    prefix = f"{_BEFORE}{_mark(secret_key)}_{_mark(str(instance.resolve()))}_"
    return {PREFIX: prefix, "SESSION_COOKIE_NAME": f"{prefix}session"}


def _mark(of: str) -> str:
    return sha256(f"name of a cookie: {of}".encode()).hexdigest()[:6]


def name_of(what: str) -> str:
    """Return the name of one of :data:`CHOICES` in this hub."""
    assert what in CHOICES
    return f"{current_app.config[PREFIX]}{what}"


def _names(what: str) -> list[str]:
    """Return the names under which the browser sent a choice: the hub's own, one from where it lay before, one from before."""
    own = name_of(what)
    moved = f"{own.rsplit('_', what.count('_') + 2)[0]}_"
    kin = [name for name in request.cookies if name.startswith(moved) and name.endswith(f"_{what}")]
    return [name for name in dict.fromkeys((own, *kin, f"{_BEFORE}{what}")) if name in request.cookies]


def sent(what: str) -> str:
    """Return what the browser keeps of one of :data:`CHOICES`; empty for nothing."""
    return next((request.cookies[name] for name in _names(what)), "")


def every() -> frozenset[tuple[str, str]]:
    """Return all that the browser keeps for this hub besides the session."""
    return frozenset((what, sent(what)) for what in CHOICES)


def keep_choice(response: Response, what: str, value: str) -> None:
    """Remember a choice for a year; scripts do not read it."""
    response.set_cookie(name_of(what), value, max_age=_YEAR_SECONDS, httponly=True, samesite="Lax")


def forget_choice(response: Response, what: str) -> None:
    """Have the browser forget a choice, whenever it was made."""
    for name in _names(what):
        response.delete_cookie(name, httponly=True, samesite="Lax")
