"""Sessions: a row for each browser that is signed in. Where its end is brought forward, it is signed out, wherever it is.

A row stays for a day after its end, so that whoever goes on in a page from before is recognised, and is let in nowhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, bindparam, delete, select, update

from libhub.accounts.hashed_secrets import hashed
from libhub.accounts.models import SchoolClass, User, UserSession
from libhub.base.db import db, read_rows, writing
from libhub.base.dependencies import do_not_keep
from libhub.base.moments import now
from libhub.caching.remembering import remember

SESSION_LIFETIME: Final = timedelta(hours=12)
"""Of a session that nobody prolongs; on a shared PC the longest of all."""
REMEMBERED: Final = timedelta(days=1)
"""For how long after its end it is known whose session one was."""


@dataclass(frozen=True)
class Lifetime:
    """For how long a session goes on: after the last sign of life, and at the longest."""

    idle: timedelta
    longest: timedelta

    def end(self, opened_at: datetime) -> datetime:
        """Return when a session ends that somebody uses now."""
        return min(now() + self.idle, opened_at + self.longest)


@dataclass(frozen=True)
class Account:
    """What of an account every request needs to know."""

    id: int
    username: str
    name: str
    role: str
    age_limit: int | None
    grade: int | None
    class_letter: str | None
    class_id: int | None
    birth_date: date | None
    must_change_password: bool


@dataclass(frozen=True)
class Session:
    """A session that goes on, as every request needs to know it."""

    opened_at: datetime
    expires_at: datetime
    shared_pc: bool
    account: Account


_FROM_CLASS: Final = {
    "grade": SchoolClass.__table__.c.grade,
    "class_letter": SchoolClass.__table__.c.letter,
}
_SESSION: Final = (
    select(
        UserSession.__table__.c.created_at,
        UserSession.__table__.c.expires_at,
        UserSession.__table__.c.shared_pc,
        *(
            _FROM_CLASS[each.name] if each.name in _FROM_CLASS else User.__table__.c[each.name]
            for each in fields(Account)
        ),
    )
    .join_from(UserSession.__table__, User.__table__)
    .outerjoin(SchoolClass.__table__, SchoolClass.__table__.c.id == User.__table__.c.class_id)
    .where(UserSession.__table__.c.token_hash == bindparam("hash"), User.__table__.c.active)
)


def load_session(token: str) -> Session | None:
    """Return the session of a token, or ``None``: unknown, expired, revoked, disabled."""
    kept = hashed(token)
    session = remember(("session", kept), lambda: _read_session(kept))
    return session if session and session.expires_at > now() else None


def _read_session(hashed: str) -> Session | None:
    row = next(iter(read_rows(_SESSION, {"hash": hashed})), None)
    if row is None:
        do_not_keep()  # strangers' guesses are many, and each is made once
        return None
    opened_at, expires_at, shared_pc, *account = row
    return Session(opened_at, expires_at, shared_pc, Account(*account))


def session_left(token: str) -> timedelta:
    """Return how long a session goes on if nothing is done; nothing for one that has ended."""
    session = load_session(token)
    return session.expires_at - now() if session else timedelta(0)


def ended_account(token: str) -> int | None:
    """Return the account whose session this was, for a day after its end; None for one that goes on, and for closed accounts.

    Nobody is let in by it.
    """
    ended_at = now()
    return db.session.scalar(
        select(UserSession.user_id)
        .join(User)
        .where(
            UserSession.token_hash == hashed(token),
            UserSession.expires_at <= ended_at,
            UserSession.expires_at > ended_at - REMEMBERED,
            User.active,
        )
    )


def prolong_sessions(tokens: Iterable[str], lifetime: Lifetime) -> None:
    """Let sessions that go on do so from now for their lifetime; those of shared PCs stay as short as they are."""
    with writing():
        for row in _going_on(tokens):
            if not row.shared_pc:
                row.expires_at = lifetime.end(row.created_at)


def prolong_on_shared_pc(token: str, idle: timedelta) -> None:
    """Let a session that goes on do so for a short time from now, here and wherever its token is taken.

    Each sign of life prolongs it: one that is forgotten ends by itself.
    """
    _hold(token, Lifetime(idle, SESSION_LIFETIME), shared_pc=True)


def leave_shared_pc(token: str, lifetime: Lifetime) -> None:
    """Let a session be an ordinary one again: the PC on which it goes on is no shared one any more."""
    _hold(token, lifetime, shared_pc=False)


def _hold(token: str, lifetime: Lifetime, *, shared_pc: bool) -> None:
    with writing():
        for row in _going_on([token]):
            row.expires_at, row.shared_pc = lifetime.end(row.created_at), shared_pc


def _going_on(tokens: Iterable[str]) -> Sequence[UserSession]:
    kept = [hashed(token) for token in tokens]
    query = select(UserSession).where(UserSession.token_hash.in_(kept), UserSession.expires_at > now())
    return db.session.scalars(query).all()


def sign_out(token: str) -> None:
    """End one session."""
    _end(UserSession.token_hash == hashed(token))


def sign_out_everywhere(user_id: int, *, but: str = "") -> None:
    """End every session of an account, but for the one with this token."""
    _end((UserSession.user_id == user_id) & (UserSession.token_hash != hashed(but)))


def sign_out_of_card(user_id: int) -> None:
    """End the sessions of an account that its card opened."""
    _end((UserSession.user_id == user_id) & UserSession.by_card)


def _end(which: ColumnElement[bool]) -> None:
    with writing():
        going_on = UserSession.expires_at > now()
        db.session.execute(update(UserSession).where(which, going_on).values(expires_at=now()))


def forget_old() -> None:
    """Delete the sessions that ended so long ago that nobody has to be recognised by them."""
    with writing():
        db.session.execute(delete(UserSession).where(UserSession.expires_at <= now() - REMEMBERED))
