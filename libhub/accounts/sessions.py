"""Sessions: a row for each browser that is signed in. Where its end is brought forward, it is signed out, wherever it is.

A row stays for a day after its end, so that whoever goes on in a page from before is recognised, and is let in nowhere.
"""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, bindparam, delete, select, update

from libhub.accounts.hashed_secrets import hashed
from libhub.accounts.models import User, UserSession
from libhub.base.db import db, read_rows, writing
from libhub.base.dependencies import do_not_keep
from libhub.base.moments import now
from libhub.caching.remembering import remember

SESSION_LIFETIME: Final = timedelta(hours=12)
REMEMBERED: Final = timedelta(days=1)
"""For how long after its end it is known whose session one was."""


@dataclass(frozen=True)
class Account:
    """What of an account every request needs to know; ``expires_at`` is when its session ends."""

    id: int
    username: str
    name: str
    role: str
    age_limit: int | None
    grade: int | None
    class_letter: str
    must_change_password: bool
    expires_at: datetime


_SESSION: Final = (
    select(
        *(User.__table__.c[each.name] for each in fields(Account) if each.name != "expires_at"),
        UserSession.__table__.c.expires_at,
    )
    .join_from(UserSession.__table__, User.__table__)
    .where(UserSession.__table__.c.token_hash == bindparam("hash"), User.__table__.c.active)
)


def load_session(token: str) -> Account | None:
    """Return the account behind a session's token, or ``None``: unknown, expired, revoked, disabled."""
    kept = hashed(token)
    account = remember(("session", kept), lambda: _read_session(kept))
    return account if account and account.expires_at > now() else None


def _read_session(hashed: str) -> Account | None:
    row = next(iter(read_rows(_SESSION, {"hash": hashed})), None)
    if row is None:
        do_not_keep()  # strangers' guesses are many, and each is made once
        return None
    return Account(*row)


def session_left(token: str) -> timedelta:
    """Return how long a session goes on if nothing is done; nothing for one that has ended."""
    account = load_session(token)
    return account.expires_at - now() if account else timedelta(0)


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


def prolong_session(token: str, lifetime: timedelta) -> None:
    """Let a session that goes on end so long from now, or with its longest lifetime if that is sooner.

    For a shared PC, where each sign of life prolongs a short session: one that is forgotten ends by itself.
    """
    with writing():
        row = db.session.get(UserSession, hashed(token))
        if row is not None and row.expires_at > now():
            row.expires_at = min(now() + lifetime, row.created_at + SESSION_LIFETIME)


def sign_out(token: str) -> None:
    """End one session."""
    _end(UserSession.token_hash == hashed(token))


def sign_out_everywhere(user_id: int, *, but: str = "") -> None:
    """End every session of an account, but for the one with this token."""
    _end((UserSession.user_id == user_id) & (UserSession.token_hash != hashed(but)))


def _end(which: ColumnElement[bool]) -> None:
    with writing():
        going_on = UserSession.expires_at > now()
        db.session.execute(update(UserSession).where(which, going_on).values(expires_at=now()))


def forget_old() -> None:
    """Delete the sessions that ended so long ago that nobody has to be recognised by them."""
    with writing():
        db.session.execute(delete(UserSession).where(UserSession.expires_at <= now() - REMEMBERED))
