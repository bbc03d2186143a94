"""Sessions: a row for each browser that is signed in. Where its end is brought forward, it is signed out, wherever it is.

A row stays for a day after its end, so that whoever goes on in a page from before is recognised, and is let in nowhere.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, bindparam, delete, or_, select, update

from libhub.accounts.hashed_secrets import hashed
from libhub.accounts.models import SchoolClass, User, UserSession
from libhub.base.db import db, read_rows, writing
from libhub.base.dependencies import do_not_keep
from libhub.base.moments import now, today
from libhub.caching.remembering import remember

SESSION_LIFETIME: Final = timedelta(hours=12)
"""Of a session that nobody prolongs; on a shared PC the longest of all."""
MOST: Final = 20
"""Sessions of one person; whoever opens one more ends the oldest."""
_REFERENCE: Final = 16
"""So many signs of the hash of a token say which session of a person is meant."""
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
    last_visit_on: date | None
    account: Account


@dataclass(frozen=True)
class Listed:
    """A session that goes on, as its owner is shown it.

    :param reference: by which the owner ends it; it lets nobody in.
    :param computer: what the PC of the reading room is called on which it goes on; empty for any other.
    """

    reference: str
    opened_at: datetime
    browser: str
    computer: str
    here: bool


_FROM_CLASS: Final = {
    "grade": SchoolClass.__table__.c.grade,
    "class_letter": SchoolClass.__table__.c.letter,
}
_SESSION: Final = (
    select(
        UserSession.__table__.c.created_at,
        UserSession.__table__.c.expires_at,
        UserSession.__table__.c.shared_pc,
        User.__table__.c.last_visit_on,
        *(
            _FROM_CLASS[each.name] if each.name in _FROM_CLASS else User.__table__.c[each.name]
            for each in fields(Account)
        ),
    )
    .join_from(UserSession.__table__, User.__table__)
    .outerjoin(SchoolClass.__table__, SchoolClass.__table__.c.id == User.__table__.c.class_id)
    .where(UserSession.__table__.c.token_hash == bindparam("hash"), User.__table__.c.active)
)


def open_session(
    user_id: int, *, browser: str, idle: timedelta = SESSION_LIFETIME, by_card: bool = False
) -> str:
    """Open a session for somebody who was recognised; where there are too many of this person, the oldest ends.

    :param browser: how it calls itself.
    :param idle: how long the session goes on without a sign of life.
    :param by_card: opened by the pupil's card.
    :returns: the session's token, for the cookie; only its hash is stored.
    """
    token = secrets.token_urlsafe(32)
    with writing():
        older = _newest_first(user_id).with_only_columns(UserSession.token_hash).offset(MOST - 1)
        _end(UserSession.token_hash.in_(db.session.scalars(older).all()))
        db.session.add(
            UserSession(
                token_hash=hashed(token),
                user_id=user_id,
                expires_at=now() + idle,
                browser=browser[:200],
                by_card=by_card,
            )
        )
        note_visits([user_id])
    return token


def note_visits(user_ids: Iterable[int]) -> None:
    """Write down that people were here today: the day, and nothing finer."""
    day = today()
    with writing():
        before = or_(User.last_visit_on.is_(None), User.last_visit_on < day)
        db.session.execute(update(User).where(User.id.in_(list(user_ids)), before).values(last_visit_on=day))


def list_sessions(user_id: int, *, token: str = "") -> list[Listed]:
    """Return the sessions of a person that go on, the newest first.

    :param token: of the one that asks.
    """
    here = hashed(token)
    return [
        Listed(row.token_hash[:_REFERENCE], row.created_at, row.browser, row.computer, row.token_hash == here)
        for row in db.session.scalars(_newest_first(user_id))
    ]


def _newest_first(user_id: int) -> Select[UserSession]:
    going_on = select(UserSession).where(UserSession.user_id == user_id, UserSession.expires_at > now())
    return going_on.order_by(UserSession.created_at.desc(), UserSession.token_hash)


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
    opened_at, expires_at, shared_pc, last_visit_on, *account = row
    return Session(opened_at, expires_at, shared_pc, last_visit_on, Account(*account))


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


def prolong_on_shared_pc(token: str, idle: timedelta, computer: str = "") -> None:
    """Let a session that goes on do so for a short time from now, here and wherever its token is taken.

    Each sign of life prolongs it: one that is forgotten ends by itself.

    :param computer: what the PC is called.
    """
    _hold(token, Lifetime(idle, SESSION_LIFETIME), computer, shared_pc=True)


def leave_shared_pc(token: str, lifetime: Lifetime) -> None:
    """Let a session be an ordinary one again: the PC on which it goes on is no shared one any more."""
    _hold(token, lifetime, "", shared_pc=False)


def _hold(token: str, lifetime: Lifetime, computer: str, *, shared_pc: bool) -> None:
    with writing():
        for row in _going_on([token]):
            row.expires_at, row.shared_pc, row.computer = lifetime.end(row.created_at), shared_pc, computer


def _going_on(tokens: Iterable[str]) -> Sequence[UserSession]:
    kept = [hashed(token) for token in tokens]
    query = select(UserSession).where(UserSession.token_hash.in_(kept), UserSession.expires_at > now())
    return db.session.scalars(query).all()


def sign_out(token: str) -> None:
    """End one session."""
    _end(UserSession.token_hash == hashed(token))


def sign_out_one(user_id: int, reference: str) -> None:
    """End one session of a person, as it is called in :class:`Listed`; one that ended already is none."""
    if len(reference) == _REFERENCE:
        _end((UserSession.user_id == user_id) & UserSession.token_hash.startswith(reference, autoescape=True))


def sign_out_everywhere(user_id: int, *, but: str = "") -> None:
    """End every session of an account, but for the one with this token."""
    _end((UserSession.user_id == user_id) & (UserSession.token_hash != hashed(but)))


def sign_out_all(user_ids: Iterable[int]) -> None:
    """End every session of some accounts."""
    _end(UserSession.user_id.in_(list(user_ids)))


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
