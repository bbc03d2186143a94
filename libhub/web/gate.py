"""The gate: every route says who may use it, and every request passes here first.

A route without a declaration does not get past: forgetting it can only close a page, never open one.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from flask import Flask, abort, current_app, g, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from libhub.base.audit import current_actor
from libhub.plugging import state
from libhub.plugging.loading.registry import get_registry
from libhub.web import htmx
from libhub.web.visitor import current_viewer

_ACCESS: Final = "libhub_access"
FOR_EVERYBODY: Final = "public"
FOR_ACCOUNTS: Final = "signed-in"
_View = TypeVar("_View", bound=Callable[..., Any])


class ClosedSection(Exception):
    """A page of a section that the librarian switched off."""


class SignInFirst(Exception):
    """A form that came from nobody, for a page that is not for guests."""


def _declare(access: str) -> Callable[[_View], _View]:
    def mark(view: _View) -> _View:
        setattr(view, _ACCESS, access)
        return view

    return mark


def public(view: _View) -> _View:
    """Declare a route for everybody, guests too."""
    return _declare(FOR_EVERYBODY)(view)


def signed_in(view: _View) -> _View:
    """Declare a route for everybody who has an account."""
    return _declare(FOR_ACCOUNTS)(view)


def requires(permission: str) -> Callable[[_View], _View]:
    """Declare a route for those who have the named permission."""
    return _declare(permission)


def access_of(app: Flask, endpoint: str) -> str | None:
    """Return what a route declares: ``public``, ``signed-in`` or a permission; None when it says nothing."""
    if sends_files(app, endpoint):
        return FOR_EVERYBODY
    access = getattr(app.view_functions.get(endpoint), _ACCESS, None)
    return str(access) if access else None


def sends_files(app: Flask, endpoint: str) -> bool:
    """Say whether a route is the one by which Flask sends static files, and no view of that name."""
    place, _dot, name = endpoint.rpartition(".")
    if name != "static":
        return False
    owner = app.blueprints.get(place) if place else app
    return owner is not None and owner.has_static_folder


def needs_account(path: str) -> bool:
    """Say whether a page of this hub, by its address, is only for those who sign in."""
    pages = current_app.url_map.bind("")
    try:
        endpoint, _values = pages.match(path.partition("?")[0], method="GET")
    except HTTPException:
        return False
    return access_of(current_app, endpoint) != FOR_EVERYBODY


def is_static() -> bool:
    """Say whether this request is for a static file."""
    endpoint = request.endpoint
    return endpoint is not None and sends_files(current_app, endpoint)


def owner_of(endpoint: str) -> str | None:
    """Return the plugin to which a route belongs, or None for the core's."""
    return get_registry().owners.get(endpoint)


def init_app(app: Flask) -> None:
    """Put the gate before every request."""
    app.before_request(_check)
    app.teardown_request(_forget_actor)


def _check() -> Response | None:
    endpoint = request.endpoint
    if endpoint is None:
        return None
    owner = owner_of(endpoint)
    if owner is not None and owner not in state.enabled_plugins():
        raise ClosedSection(owner)
    access = access_of(current_app, endpoint)
    if access is None:
        current_app.logger.error("route %s declares no permission", endpoint)
        abort(403)
    if sends_files(current_app, endpoint):
        return None
    viewer = current_viewer()
    g.actor_token = current_actor.set(viewer.actor)
    if viewer.must_change_password and not endpoint.startswith("auth."):
        return htmx.go(url_for("auth.password"))
    if access == FOR_EVERYBODY or (access == FOR_ACCOUNTS and viewer.signed_in) or viewer.can(access):
        return None
    if not viewer.signed_in:
        if request.method == "GET":
            return htmx.go(url_for("auth.sign_in", next=request.full_path.rstrip("?")))
        raise SignInFirst
    abort(403)


def _forget_actor(_error: BaseException | None) -> None:
    """Make nobody answer for what this thread does after the request."""
    token = g.pop("actor_token", None)
    if token is not None:
        current_actor.reset(token)
