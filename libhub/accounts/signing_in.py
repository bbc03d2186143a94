"""Signing in: the password, other sources of accounts, and the limit on guessing."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, func, select

from libhub.accounts import passwords
from libhub.accounts.accounts import find_user
from libhub.accounts.hashed_secrets import hashed
from libhub.accounts.models import SignInFailure, UserSession
from libhub.accounts.sessions import SESSION_LIFETIME
from libhub.base.db import db, writing
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.moments import now

FAILURE_WINDOW: Final = timedelta(minutes=15)
FAILURES_PER_ACCOUNT: Final = 10
FAILURES_PER_ADDRESS: Final = 60
"""A reading room shares one address, so it is allowed more than one account is."""


class SignInError(LibHubError):
    """The person cannot be signed in; the text says why as far as a stranger may know."""


class TooManyAttempts(SignInError):
    """Guessing was stopped for a while."""


Authenticator = Callable[[str, str], str | None]
"""Asks the plugins: given user name and password, returns the user name that they vouch for."""


def sign_in(
    username: str,
    password: str,
    *,
    address: str,
    browser: str,
    ask_plugins: Authenticator,
    idle: timedelta = SESSION_LIFETIME,
) -> str:
    """Check a password and open a session.

    :param address: the network address, counted against guessing.
    :param ask_plugins: other sources of accounts, asked before the local password.
    :param idle: how long the session goes on without a sign of life.
    :returns: the session's token, for the cookie; only its hash is stored.
    :raises SignInError: wrong password, disabled account, or too many attempts.
    """
    account_key = f"user:{username.strip().lower()[:80]}"
    attempt = count_attempt({account_key: FAILURES_PER_ACCOUNT, f"address:{address}": FAILURES_PER_ADDRESS})
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
        db.session.add(
            UserSession(
                token_hash=hashed(token),
                user_id=user_id,
                expires_at=now() + idle,
                browser=browser[:200],
            )
        )
    return token


def count_attempt(limits: dict[str, int]) -> list[int]:
    """Write the attempt down as failed until it proves right: parallel guesses cannot slip past.

    :returns: the numbers of the rows, for whoever finds that the password was right after all.
    :raises TooManyAttempts: one of the keys was counted as often as its limit within the last minutes.
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
