"""The life of a request, from the socket to the bytes that go out: what happens in which order is said here, once.

    tidy       what came as text, in the form and in the address    (typed_text)
    recognise  the PC of the reading room, if it is one              (kiosk)
    token      a form comes from a page of this hub                  (Flask-WTF)
    gate       the section is on, the route is for this visitor      (gate, visitor)
    place      no section takes the last threads                     (section_threads)
    view       reads the request, asks the rules                     (libhub.pages, a section's pages)
    page       from values to text                                   (rendering)
    after      cookies and rules of the PC, addresses that leave the hub, how long files are kept, headers, then packed
    errors     whatever was raised becomes a page in words           (errors)

Flask calls what goes before a view in the order in which it was given, and what goes after it in the opposite one.
"""

from flask import Flask
from flask_wtf import CSRFProtect
from htmx_flask import Htmx

from libhub.web import (
    compression,
    errors,
    gate,
    kiosk,
    looks,
    outside,
    paging,
    section_threads,
    typed_text,
    visitor,
)
from libhub.web.rendering import assets, drawings, moments, pages, shell, tables


def init_app(app: Flask, threads: int) -> None:
    """Put the steps into their order, and give templates what pages are rendered with.

    :param threads: those of a worker.
    """
    compression.init_app(app)  # given first, so done last
    Htmx(app)
    typed_text.init_app(app)  # after whoever has a class of requests of their own
    kiosk.init_app(app)  # before what may refuse a request: its rules hold for that page, too
    CSRFProtect(app)
    visitor.init_app(app)
    gate.init_app(app)
    section_threads.init_app(app, threads)
    errors.init_app(app)
    outside.init_app(app)
    for part in (pages, paging, shell, assets, tables, moments, drawings, looks):
        part.init_app(app)
