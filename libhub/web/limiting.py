"""How often a page may be asked for, or a form be sent, by one person; by one address where nobody signed in.

Refused is whoever does it too often, in words that say how long to wait, before anything of it is done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeVar

from flask import Flask, current_app, request

from libhub.accounts import limits
from libhub.accounts.limits import Limit
from libhub.web.visitor import current_viewer

_LIMITED: Final = "libhub_limited"
_View = TypeVar("_View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Declared:
    """How often a route may be used, and which methods count."""

    most: int
    window: timedelta
    methods: frozenset[str]


def limited(most: int, *, minutes: int = 1, methods: tuple[str, ...] = ("POST",)) -> Callable[[_View], _View]:
    """Declare how often one person may use a route, guests by their address; others are told to wait, with the status 429.

    :param most: so often at once; within so many minutes all of it is given back, evenly.
    :param methods: what is counted.
    """

    def mark(view: _View) -> _View:
        setattr(view, _LIMITED, Declared(most, timedelta(minutes=minutes), frozenset(methods)))
        return view

    return mark


def limit_of(app: Flask, endpoint: str) -> Declared | None:
    """Return how often a route may be used; None where nothing is counted."""
    found: Declared | None = getattr(app.view_functions.get(endpoint), _LIMITED, None)
    return found


def init_app(app: Flask) -> None:
    """Count before anything is done; goes behind the gate."""
    app.before_request(_count)


def _count() -> None:
    endpoint = request.endpoint or ""
    declared = limit_of(current_app, endpoint)
    if declared is not None and request.method in declared.methods:
        limits.attempt(Limit(f"route {endpoint}", declared.most, declared.window), who())


def who() -> str:
    """Return by whom something is counted: the person, or the address where nobody signed in."""
    viewer = current_viewer()
    return f"person {viewer.user_id}" if viewer.signed_in else f"address {request.remote_addr}"
