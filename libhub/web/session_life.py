"""For how long a session goes on: each sign of life prolongs it, so that it ends some hours after the last one.

At a PC of the reading room these are minutes, and each is written down at once. Elsewhere nobody waits for it: a
session is prolonged when a good part of its time has passed, off the way of the answer.
"""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from flask import Flask, Response, request

from libhub.accounts import sessions
from libhub.accounts.sessions import Lifetime, Session
from libhub.base.application import Extension
from libhub.base.moments import now, today
from libhub.caching.deferred_writes import Later, later_of
from libhub.plugging import settings
from libhub.web import htmx, visitor
from libhub.web.gate import is_static
from libhub.web.this_computer import this_computer

GRACE: Final = timedelta(seconds=15)
"""By which a session at a PC of the reading room outlives the countdown on the page: the page ends it first, and in words."""
_STEP_AT_PC: Final = timedelta(seconds=10)
"""What a moment of use may differ by before it is written down."""
PARTS: Final = 10
"""Elsewhere it may be so much of the time: a session goes on for nine tenths of its hours at least."""
_SILENT: Final = {"kiosk.idle", "auth.session_end"}
"""Asked by scripts of their own accord, or prolonging by themselves."""


@dataclass(frozen=True)
class End:
    """When the visitor's session ends, in seconds from now."""

    left: int
    longest: int
    """Nothing holds it beyond that."""
    idle: int
    """What a sign of life gives it."""


class _Waiting:
    """What this process writes down at the next turn: whose sessions are prolonged, and who was here today."""

    def __init__(self, later: Later) -> None:
        self._later = later
        self._lock = threading.Lock()
        self._tokens: set[str] = set()
        self._visitors: set[int] = set()

    def add(self, *, token: str = "", visitor_id: int | None = None) -> None:
        """Write it down soon; at once where nobody comes to do it."""
        with self._lock:
            self._tokens.update(filter(None, [token]))
            self._visitors.update([] if visitor_id is None else [visitor_id])
        if not self._later.running:
            self.write()

    def write(self) -> None:
        """Write down what waits; if that fails, the next sign of life does it."""
        with self._lock:
            tokens, self._tokens = self._tokens, set()
            visitors, self._visitors = self._visitors, set()
        if tokens:
            sessions.prolong_sessions(tokens, lifetime())
        if visitors:
            sessions.note_visits(visitors)


_WAITING: Final = Extension[_Waiting]("sessions_waiting")


def init_app(app: Flask) -> None:
    """Prolong the session of whoever does something, and tell templates when it ends."""
    waiting = _Waiting(later_of(app))
    _WAITING.install(app, waiting)
    later_of(app).add(waiting.write)
    app.after_request(_notice)
    app.jinja_env.globals["session_end"] = end


def lifetime() -> Lifetime:
    """Return for how long sessions go on, as the settings say."""
    return Lifetime(
        timedelta(hours=settings.get_setting(settings.CORE, "session_hours")),
        timedelta(days=settings.get_setting(settings.CORE, "session_days")),
    )


def end() -> End | None:
    """Return when the visitor's session ends, this sign of life counted in; None for a guest."""
    session, given = visitor.current_session(), lifetime()
    if session is None:
        return None
    return _end(session, given.end(session.opened_at) if _is_due(session, given) else session.expires_at)


def end_as_it_is() -> End | None:
    """Return when the visitor's session ends if nobody does anything; None for a guest, and for one that has ended."""
    session = sessions.load_session(visitor.session_token())
    return _end(session, session.expires_at) if session else None


def _end(session: Session, ends_at: datetime) -> End:
    given = lifetime()
    return End(
        left=_seconds(ends_at - now()),
        longest=_seconds(session.opened_at + given.longest - now()),
        idle=_seconds(given.idle),
    )


def stay() -> None:
    """Prolong the visitor's session now, because somebody said so."""
    token = visitor.session_token()
    if token:
        sessions.prolong_sessions([token], lifetime())


def visit_is_over() -> bool:
    """Say whether the time without a sign of life is up at a PC of the reading room; a guest's is when the page says so."""
    token = visitor.session_token()
    return not token or sessions.session_left(token) <= GRACE


def _notice(response: Response) -> Response:
    if is_static() or response.status_code >= 500 or not _is_sign_of_life():
        return response
    session = visitor.current_session()
    if session is None:
        return response
    token, computer = visitor.session_token(), this_computer()
    if computer is not None:
        idle = computer.idle + GRACE
        if not session.shared_pc or abs(now() + idle - session.expires_at) > _STEP_AT_PC:
            sessions.prolong_on_shared_pc(token, idle, computer.name)
    elif _is_due(session, lifetime()):
        _WAITING.current().add(token=token)
    if session.last_visit_on != today():
        _WAITING.current().add(visitor_id=session.account.id)
    return response


def _is_due(session: Session, given: Lifetime) -> bool:
    if session.shared_pc:
        return False
    return abs(given.end(session.opened_at) - session.expires_at) > given.idle / PARTS


def _is_sign_of_life() -> bool:
    """Say whether a person did something: sent a form or opened a page, and not only a script asked again."""
    if request.endpoint in _SILENT:
        return False
    if request.method == "POST":
        return True
    mode = request.headers.get("Sec-Fetch-Mode")  # browsers tell only those whom they trust
    return mode == "navigate" if mode else not htmx.wants_fragment()


def _seconds(time: timedelta) -> int:
    return max(0, int(time.total_seconds()))
