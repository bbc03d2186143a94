"""Answers go over the wire compressed, where the browser reads that: a page quickly, a static file once and as well as can be.

So are pages that are the same for everybody who is not signed in: the second visitor gets what was packed for the first.

Python's own zlib: a page of 80 KB takes it a quarter of a millisecond. Libraries for this bring compiled packages for
encodings that save a few kilobytes of what browsers keep for a year anyway.
"""

import zlib
from functools import lru_cache
from hashlib import sha256
from typing import Final

from flask import Flask, Response, g, request

from libhub.caching.remembering import remember
from libhub.web.gate import is_static

_LEAST: Final = 500
"""Bytes that are not worth it."""
_QUICK: Final = 3
_BEST: Final = 9
_GZIP: Final = 31
"""The window of zlib that writes the head and the tail of gzip."""
_TYPES: Final = frozenset(
    {
        "text/html",
        "text/css",
        "text/javascript",
        "text/plain",
        "text/calendar",
        "text/csv",
        "application/json",
        "application/javascript",
        "application/xml",
        "image/svg+xml",
    }
)


def init_app(app: Flask) -> None:
    """Compress after everything else was done to an answer: registered first, called last."""
    app.after_request(_compress)


def pack_once() -> None:
    """Pack the answer to this request as well as can be: others will get the same one."""
    g.pack_once = True


def _compress(response: Response) -> Response:
    if response.mimetype not in _TYPES or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    streamed = response.direct_passthrough or response.is_streamed
    if response.status_code != 200 or not request.accept_encodings["gzip"] or (streamed and not is_static()):
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < _LEAST:
        return response
    if response.cache_control.immutable:
        packed = _once(body)
    elif g.get("pack_once"):
        packed = remember(("packed", sha256(body).digest()), lambda: _compressed(body, _BEST), len)
    else:
        packed = _compressed(body, _QUICK)
    response.set_data(packed)
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Accept-Ranges", None)
    etag, _weak = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)  # the same content, but not the same bytes
    return response


@lru_cache(300)
def _once(body: bytes) -> bytes:
    return _compressed(body, _BEST)


def _compressed(body: bytes, level: int) -> bytes:
    writer = zlib.compressobj(level, zlib.DEFLATED, _GZIP)
    return writer.compress(body) + writer.flush()
