"""Signing in: the password, other sources of accounts, and the limits on guessing.

A stranger who guesses shuts nobody out: tries are counted for an account *and* the address they come from, and after
some wrong ones there are pauses, each longer than the one before. A browser from which this person signed in before is
counted by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from libhub.accounts import limits, passwords, sessions
from libhub.accounts.accounts import find_user
from libhub.accounts.hashed_secrets import hashed
from libhub.accounts.limits import GUESSES, GUESSES_FROM_ALL, Limit, Try
from libhub.accounts.models import User
from libhub.accounts.names import folded_login
from libhub.accounts.sessions import SESSION_LIFETIME
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.keyboard_layouts import in_other_layout

UNKNOWN_NAMES: Final = Limit("unknown-names", 60, timedelta(minutes=15))
"""By the address: a reading room shares one, and only names that nobody has are counted for all of it."""


class SignInError(LibHubError):
    """The person cannot be signed in; the text says why as far as a stranger may know."""


Authenticator = Callable[[str, str], str | None]
"""Asks the plugins: given user name and password, returns the user name that they vouch for."""
KnownAs = Callable[[User], str]
"""Asks the browser: returns its number if this person signed in from it before, else nothing."""


@dataclass(frozen=True)
class Checked:
    """Somebody whose password is right.

    :param other_layout: what was typed is right only in the other layout of the keyboard.
    """

    user_id: int
    other_layout: bool = False


def sign_in(
    username: str,
    password: str,
    *,
    address: str,
    browser: str,
    ask_plugins: Authenticator,
    idle: timedelta = SESSION_LIFETIME,
) -> str:
    """Check a password and open a session, see :func:`check` and :func:`libhub.accounts.sessions.open_session`."""
    known = check(username, password, address=address, ask_plugins=ask_plugins)
    return sessions.open_session(known.user_id, browser=browser, idle=idle)


def check(
    username: str,
    password: str,
    *,
    address: str,
    ask_plugins: Authenticator,
    known_as: KnownAs = lambda _user: "",
) -> Checked:
    """Check a password. A name and a password of the keyboard's other layout are right, too.

    :param address: the network address, counted against guessing.
    :param ask_plugins: other sources of accounts, asked before the local password.
    :raises SignInError: wrong password, or disabled account.
    :raises TryLater: too many attempts; or too many passwords are being looked at, so that this one was not.
    """
    named, name_turned = _find(username)
    tries = _tries(username, named, address, known_as)
    with passwords.place():
        limits.attempt_all(*tries)
        vouched = ask_plugins(username, password)
        if vouched:
            user, right, turned = find_user(vouched), True, False
        else:
            user = named
            right, turned = passwords.verify_in_any_layout(named.password_hash if named else None, password)
    if user is None or not right:
        raise SignInError(
            _("Wrong user name or password. Look which layout the keyboard has, and whether Caps Lock is on.")
        )
    if not user.active:
        raise SignInError(_("This account is disabled. Ask the librarian."))
    known = Checked(user.id, turned or (name_turned and not vouched))
    first, *rest = tries
    limits.forget(first)
    limits.take_back(*rest)
    return known


def _find(username: str) -> tuple[User | None, bool]:
    """Return whose name it is, as it was typed or in the other layout, and whether it was that."""
    named, turned = find_user(username), in_other_layout(username)
    if named is None and turned != username:
        named = find_user(turned)
        return named, named is not None
    return named, False


def _tries(username: str, named: User | None, address: str, known_as: KnownAs) -> list[Try]:
    """Return as what a try is counted: first what is forgotten when it was right."""
    if named is None:
        name = hashed(folded_login(username))
        return [(GUESSES, (f"?{name}", f"address {address}")), (UNKNOWN_NAMES, (address,))]
    known_browser = known_as(named)
    if known_browser:
        return [(GUESSES, (named.id, f"browser {known_browser}"))]
    return [(GUESSES, (named.id, f"address {address}")), (GUESSES_FROM_ALL, (named.id,))]
