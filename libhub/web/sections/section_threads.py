"""How many of a worker's threads the pages of one section may take: never the last ones.

A section of which every page blocks would otherwise take thread after thread, and with the last the whole hub. All
but two may be inside one section (of a few threads, one). Whoever comes then waits for a moment: a class that
opens a page at once is no blockade, and goes on as soon as somebody is through. Only when nobody came through for
``PATIENCE_SECONDS`` is it refused, at once and with words, until one of them is.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from flask import Flask, request
from werkzeug.wrappers import Response

from libhub.base.application import Extension
from libhub.base.i18n import gettext as _
from libhub.caching.gathering import Waiting
from libhub.plugging import calls
from libhub.web import gate

OTHERS: Final = 2
"""Threads that are always left to the rest of the hub."""
PATIENCE_SECONDS: Final = 3.0
RETRY_SECONDS: Final = 10
_PLACE: Final = "libhub.place"
"""Under this name the place that a request takes lies in its WSGI environment."""


class SectionIsBusy(Exception):
    """As many requests as may be are inside a section and do not come out."""


@dataclass
class Share:
    """The requests that are inside each section now, in one process."""

    most: int
    """How many may be inside one section."""
    _inside: dict[str, set["Place"]] = field(default_factory=dict)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def take(self, section: str, endpoint: str) -> "Place":
        """Go in, perhaps after a moment.

        :raises SectionIsBusy: nobody came out for so long. The message names the routes that are being answered.
        """
        place = Place(self, section, endpoint)
        with self._changed:
            inside = self._inside.setdefault(section, set())
            while len(inside) >= self.most:
                last_came = max(other.since for other in inside)
                patience = last_came + PATIENCE_SECONDS - time.monotonic()
                if patience <= 0:
                    raise SectionIsBusy(_counted(other.endpoint for other in inside))
                self._changed.wait(patience)
            place.since = time.monotonic()
            inside.add(place)
        return place

    def give_back(self, place: "Place") -> None:
        """Come out; a second time does nothing."""
        with self._changed:
            inside = self._inside[place.section]
            if place in inside:
                inside.remove(place)
                self._changed.notify_all()


@dataclass(eq=False)
class Place:
    """What one request takes while it is inside a section."""

    share: Share
    section: str
    endpoint: str
    since: float = 0.0
    streamed: bool = False
    """Whether the section goes on working while its answer is being sent."""

    def give_back(self) -> None:
        """Leave it to the next."""
        self.share.give_back(self)


SHARE: Final = Extension[Share]("section_threads")


def init_app(app: Flask, threads: int) -> None:
    """Count from the gate to the end of the answer. Call after the gate's own: who is refused there takes nothing.

    :param threads: of this process.
    """
    SHARE.install(app, Share(max(1, threads - OTHERS)))
    app.before_request(_take)
    app.after_request(_look_whether_streamed)
    app.teardown_request(_give_back)
    app.wsgi_app = partial(_send, app.wsgi_app)  # type: ignore[method-assign]


def _take() -> None:
    endpoint = request.endpoint
    section = gate.owner_of(endpoint) if endpoint else None
    if section is None or endpoint is None or gate.is_static():
        return
    try:
        request.environ[_PLACE] = SHARE.current().take(section, endpoint)
    except SectionIsBusy as error:
        _TOLD.put(section, str(error))
        raise


def _look_whether_streamed(response: Response) -> Response:
    place = request.environ.get(_PLACE)
    if place is not None:
        place.streamed = response.is_streamed and not response.direct_passthrough
    return response


def _give_back(_error: BaseException | None) -> None:
    place = request.environ.get(_PLACE)
    if place is not None and not place.streamed:
        place.give_back()


def _send(answer: Callable[..., Iterable[bytes]], environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    """Answer a request; what is streamed keeps its place until it was sent, or nobody wants it any more."""
    try:
        body = answer(environ, start)
    except BaseException:
        place = environ.get(_PLACE)
        if place is not None:
            place.give_back()
        raise
    place = environ.get(_PLACE)
    return _Streamed(body, place) if place is not None and place.streamed else body


class _Streamed:
    """A body that gives a place back at its end, or when it is closed before."""

    def __init__(self, body: Iterable[bytes], place: Place) -> None:
        self._body, self._parts, self._place = body, iter(body), place

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._parts)
        except BaseException:
            self._place.give_back()
            raise

    def close(self) -> None:
        try:
            close = getattr(self._body, "close", None)
            if close is not None:
                close()
        finally:
            self._place.give_back()


def _counted(endpoints: Iterable[str]) -> str:
    """Return the routes, each with how often it is being answered."""
    counts = Counter(endpoints)
    return ", ".join(f"{endpoint} × {counts[endpoint]}" for endpoint in sorted(counts))


def _tell(refused: Mapping[str, str]) -> None:
    for section, inside in refused.items():
        text = _(
            "pages that do not come to an end take all threads that the section may take: %(pages)s",
            pages=inside,
        )
        calls.note_failure(section, "pages", SectionIsBusy(text))


# Told later: what blocks may hold the lock of the database, and then telling waits, too.
_TOLD: Final = Waiting(_tell, lambda _older, newer: newer)
