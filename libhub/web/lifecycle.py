"""The life of a request, from the socket to the bytes that go out: what happens in which order is said here, once.

    tidy       what came as text, in the form and in the address    (here)
    recognise  the PC of the reading room, if it is one              (kiosk)
    token      a form comes from a page of this hub                  (forms)
    gate       the section is on, the route is for this visitor      (gate, visitor)
    limit      nobody does it too often                              (limiting)
    place      no section takes the last threads                     (section_threads)
    once       what was sent before is not done again               (forms)
    view       reads the request, asks the rules                     (libhub.pages, a section's pages)
    page       from values to text                                   (rendering)
    after      cookies and rules of the PC, the session goes on, addresses that leave the hub, how long files are kept, headers, then packed
    errors     whatever was raised becomes a page in words           (errors)

Flask calls what goes before a view in the order in which it was given, and what goes after it in the opposite one.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from flask import Flask
from htmx_flask import Htmx
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from libhub.base.text import tidied
from libhub.web import (
    compression,
    errors,
    gate,
    kiosk,
    limiting,
    outside,
    paging,
    session_life,
    visitor,
)
from libhub.web.forms import once, returned, tokens
from libhub.web.rendering import assets, drawings, looks, moments, shell, tables
from libhub.web.sections import section_threads

EXACT: Final = frozenset({"username", "password", "old", "new", "again"})
"""Fields by which somebody is recognised: they are compared as they were sent."""


class TidyValues(ImmutableMultiDict[str, Any]):
    """Values by name as somebody sent them, without signs that no table or page can show."""

    def __init__(
        self, mapping: MultiDict[str, Any] | Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None
    ) -> None:
        sent = MultiDict(mapping).items(multi=True)
        super().__init__((tidied(name), value if name in EXACT else tidied(value)) for name, value in sent)


def init_app(app: Flask, threads: int) -> None:
    """Put the steps into their order, and give templates what pages are rendered with.

    :param threads: those of a worker.
    """
    compression.init_app(app)  # given first, so done last
    Htmx(app)
    # whatever class of requests an extension brought
    app.request_class = type("TidyRequest", (app.request_class,), {"parameter_storage_class": TidyValues})
    kiosk.init_app(app)  # before what may refuse a request: its rules hold for that page, too
    visitor.init_app(app)
    tokens.init_app(app)
    session_life.init_app(app)
    gate.init_app(app)
    limiting.init_app(app)
    returned.init_app(app)
    once.init_app(app)
    section_threads.init_app(app, threads)
    errors.init_app(app)
    outside.init_app(app)
    for part in (paging, shell, assets, tables, moments, drawings, looks):
        part.init_app(app)
