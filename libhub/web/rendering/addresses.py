"""Addresses of pages, made once: a page has some dozens of them, and most are the same on every page."""

from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode

import flask
from flask import current_app, request
from werkzeug.datastructures import ImmutableDict
from werkzeug.routing import Map

_KNOWN: Final = 4_000
_PLAIN: Final = (str, int)
_READABLE: Final = "!$'()*,/:;?@"
"""What Werkzeug leaves as it is in a query."""


def url_for(endpoint: str, **values: Any) -> str:
    """Return the address of a page, as Flask's function of this name does.

    What depends on the request (an address of the present blueprint, one with the host) and what is not plain
    is made anew each time.
    """
    if endpoint[0] == "." or any(
        type(value) not in _PLAIN or name[0] == "_" for name, value in values.items()
    ):
        return flask.url_for(endpoint, **values)
    site = current_app.url_map, request.script_root
    if values and (fixed := _without_arguments(*site, endpoint)):
        return f"{fixed}?{urlencode(values, safe=_READABLE)}"
    return _made(*site, endpoint, ImmutableDict(values))


@lru_cache(_KNOWN)
def _made(_map: Map, _root: str, endpoint: str, values: ImmutableDict[str, Any]) -> str:
    return flask.url_for(endpoint, **values)


@lru_cache(_KNOWN)
def _without_arguments(site: Map, root: str, endpoint: str) -> str | None:
    """Return the address of a page that has one, whatever the arguments: they all stand in the query."""
    rules = list(site.iter_rules(endpoint))
    plain = len(rules) == 1 and not rules[0].arguments and not rules[0].defaults
    return _made(site, root, endpoint, ImmutableDict()) if plain else None
