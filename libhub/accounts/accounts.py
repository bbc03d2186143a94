"""Accounts: adding and changing them, signing in and out, and the limit on guessing passwords."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, func, select

from libhub.accounts import passwords
from libhub.accounts.models import SignInFailure, User, UserSession
from libhub.accounts.permissions import ACCOUNT_ROLES, ADMINISTRATOR, AGE_MARKS
from libhub.accounts.school_class import SchoolClass, parse_class
from libhub.accounts.tokens import hashed
from libhub.base.db import db, read_rows, writing
from libhub.base.dependencies import do_not_keep
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.moments import now
from libhub.caching.remembering import remember

SESSION_LIFETIME: Final = timedelta(hours=12)
FAILURE_WINDOW: Final = timedelta(minutes=15)
FAILURES_PER_ACCOUNT: Final = 10
FAILURES_PER_ADDRESS: Final = 60
"""A reading room shares one address, so it is allowed more than one account is."""
_USERNAME = re.compile(r"[\w.@-]{2,80}")


class SignInError(LibHubError):
    """The person cannot be signed in; the text says why as far as a stranger may know."""


class TooManyAttempts(SignInError):
    """Guessing was stopped for a while."""


@dataclass(frozen=True)
class UserDetails:
    """What the users page and the command line say of an account."""

    username: str
    name: str
    role: str
    age_limit: int | None = None
    school_class: str = ""


def _clean(details: UserDetails) -> UserDetails:
    """Return the details trimmed, or say what is wrong with them."""
    username, name = details.username.strip(), " ".join(details.name.split())
    if not _USERNAME.fullmatch(username):
        raise LibHubError(_("A user name has 2 to 80 letters, digits and the signs . _ - @, without spaces."))
    if not 1 <= len(name) <= 200:
        raise LibHubError(_("Write the person's name, up to 200 characters."))
    if details.role not in ACCOUNT_ROLES:
        raise LibHubError(
            _(
                "There is no role “%(role)s”; choose one of: %(roles)s.",
                role=details.role,
                roles=", ".join(ACCOUNT_ROLES),
            )
        )
    if details.age_limit is not None and details.age_limit not in AGE_MARKS:
        raise LibHubError(_("The age limit is one of 0, 6, 12, 16 and 18."))
    known = parse_class(details.school_class)
    return UserDetails(username, name, details.role, details.age_limit, str(known or ""))


def _apply(user: User, clean: UserDetails) -> None:
    user.username, user.name, user.role = clean.username, clean.name, clean.role
    user.age_limit = clean.age_limit
    school_class = parse_class(clean.school_class)
    user.grade = school_class.grade if school_class else None
    user.class_letter = school_class.letter if school_class else ""


def class_of(user: "User | Account") -> str:
    """Return the class of an account as the school writes it; empty for none."""
    return str(SchoolClass(user.grade, user.class_letter)) if user.grade else ""


def find_user(username: str) -> User | None:
    """Find an account by its user name; capital letters make no difference."""
    return db.session.scalar(select(User).where(func.lower(User.username) == username.strip().lower()))


def get_user(user_id: int) -> User:
    """Return an account.

    :raises LibHubError: there is none with this number.
    """
    user = db.session.get(User, user_id)
    if user is None:
        raise LibHubError(_("There is no such account."))
    return user


def add_user(details: UserDetails, password: str, *, must_change_password: bool = False) -> User:
    """Create an account.

    :raises LibHubError: a detail or the password does not do, or the user name is taken.
    """
    clean = _clean(details)
    password_hash = passwords.hash_password(password)
    with writing():
        _refuse_taken(clean.username, except_id=None)
        user = User(password_hash=password_hash, must_change_password=must_change_password)
        _apply(user, clean)
        db.session.add(user)
    return user


def add_first_administrator(details: UserDetails, password: str) -> User:
    """Create the account that the setup link is for.

    :raises LibHubError: there is an administrator already, so the link is used up.
    """
    with writing():
        if administrator_exists():
            raise LibHubError(_("The setup link was used already. Sign in as the administrator."))
        return add_user(details, password)


def administrator_exists() -> bool:
    """Say whether somebody can administer the hub, so that the setup link is closed."""
    query = select(User.id).where(User.role == ADMINISTRATOR, User.active).limit(1)
    return db.session.scalar(query) is not None


def change_user(user_id: int, details: UserDetails, *, active: bool) -> None:
    """Change an account; a disabled one is signed out everywhere.

    :raises LibHubError: a detail does not do, or nobody would be left to administer the hub.
    """
    clean = _clean(details)
    with writing():
        user = get_user(user_id)
        _refuse_taken(clean.username, except_id=user_id)
        administered = administrator_exists()
        _apply(user, clean)
        user.active = active
        db.session.flush()
        if administered and not administrator_exists():
            raise LibHubError(_("The hub needs at least one active administrator."))
        if not active:
            sign_out_everywhere(user_id)


def set_password(user_id: int, password: str, *, must_change_password: bool) -> None:
    """Give an account a new password and sign it out everywhere."""
    password_hash = passwords.hash_password(password)
    with writing():
        user = get_user(user_id)
        user.password_hash, user.must_change_password = password_hash, must_change_password
        sign_out_everywhere(user_id)


def change_own_password(user_id: int, old: str, new: str, *, keep_token: str) -> None:
    """Change one's own password; the other browsers of this account are signed out.

    :raises LibHubError: the old password is wrong or the new one does not do.
    """
    if not passwords.verify_password(get_user(user_id).password_hash, old):
        raise LibHubError(_("The current password is wrong."))
    password_hash = passwords.hash_password(new)
    with writing():
        user = get_user(user_id)
        user.password_hash, user.must_change_password = password_hash, False
        db.session.execute(
            delete(UserSession).where(
                UserSession.user_id == user_id, UserSession.token_hash != hashed(keep_token)
            )
        )


def personal_data(user: User) -> dict[str, object]:
    """Return what the core keeps of a person, as plain values."""
    return {
        "username": user.username,
        "name": user.name,
        "role": user.role,
        "age_limit": user.age_limit,
        "class": class_of(user),
        "active": user.active,
        "created_at": user.created_at.isoformat(),
        "sessions": [{"opened": row.created_at.isoformat(), "browser": row.browser} for row in user.sessions],
    }


def erase(user_id: int) -> None:
    """Delete an account; the audit log keeps what was done, without a link to the person.

    :raises LibHubError: nobody would be left to administer the hub.
    """
    with writing():
        db.session.delete(get_user(user_id))
        db.session.flush()
        if not administrator_exists():
            raise LibHubError(_("The hub needs at least one active administrator."))


def random_password() -> str:
    """Return a password that is easy to dictate: no look-alike letters."""
    return "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _place in range(10))


def _refuse_taken(username: str, except_id: int | None) -> None:
    taken = find_user(username)
    if taken is not None and taken.id != except_id:
        raise LibHubError(_("The user name “%(name)s” is taken.", name=username))


Authenticator = Callable[[str, str], str | None]
"""Asks the plugins: given user name and password, returns the user name that they vouch for."""


def sign_in(username: str, password: str, *, address: str, browser: str, ask_plugins: Authenticator) -> str:
    """Check a password and open a session.

    :param address: the network address, counted against guessing.
    :param ask_plugins: other sources of accounts, asked before the local password.
    :returns: the session's token, for the cookie; only its hash is stored.
    :raises SignInError: wrong password, disabled account, or too many attempts.
    """
    account_key = f"user:{username.strip().lower()[:80]}"
    attempt = _count_attempt({account_key: FAILURES_PER_ACCOUNT, f"address:{address}": FAILURES_PER_ADDRESS})
    vouched = ask_plugins(username, password)
    user = find_user(vouched or username)
    known = passwords.verify_password(user.password_hash if user else None, password) if not vouched else True
    if user is None or not known:
        raise SignInError(_("Wrong user name or password."))
    if not user.active:
        raise SignInError(_("This account is disabled. Ask the librarian."))
    user_id = user.id
    token = secrets.token_urlsafe(32)
    with writing():
        db.session.execute(
            delete(SignInFailure).where((SignInFailure.key == account_key) | SignInFailure.id.in_(attempt))
        )
        db.session.execute(delete(UserSession).where(UserSession.expires_at < now()))
        db.session.add(
            UserSession(
                token_hash=hashed(token),
                user_id=user_id,
                expires_at=now() + SESSION_LIFETIME,
                browser=browser[:200],
            )
        )
    return token


def _count_attempt(limits: dict[str, int]) -> list[int]:
    """Write the attempt down as failed until it proves right: parallel guesses cannot slip past.

    :returns: the numbers of the rows, for whoever finds that the password was right after all.
    """
    since = now() - FAILURE_WINDOW
    with writing():
        counted = select(SignInFailure.key, func.count()).where(
            SignInFailure.key.in_(limits), SignInFailure.at >= since
        )
        counts = {key: number for key, number in db.session.execute(counted.group_by(SignInFailure.key))}
        if any(counts.get(key, 0) >= limit for key, limit in limits.items()):
            minutes = int(FAILURE_WINDOW.total_seconds() // 60)
            raise TooManyAttempts(
                _("Too many attempts. Wait %(minutes)d minutes or ask the librarian.", minutes=minutes)
            )
        db.session.execute(delete(SignInFailure).where(SignInFailure.at < since))
        rows = [SignInFailure(key=key) for key in limits]
        db.session.add_all(rows)
        db.session.flush()
        return [row.id for row in rows]


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


def prolong_session(token: str, lifetime: timedelta) -> None:
    """Let a session end so long from now, or with its longest lifetime if that is sooner.

    For a shared PC, where each sign of life prolongs a short session: one that is forgotten ends by itself.
    """
    with writing():
        row = db.session.get(UserSession, hashed(token))
        if row is not None:
            row.expires_at = min(now() + lifetime, row.created_at + SESSION_LIFETIME)


def sign_out(token: str) -> None:
    """Close one session."""
    with writing():
        db.session.execute(delete(UserSession).where(UserSession.token_hash == hashed(token)))


def sign_out_everywhere(user_id: int) -> None:
    """Close every session of an account."""
    with writing():
        db.session.execute(delete(UserSession).where(UserSession.user_id == user_id))
