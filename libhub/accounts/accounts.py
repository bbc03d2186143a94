"""Accounts: adding and changing them, their passwords, what is kept of a person, erasing them."""

import re
import secrets
from dataclasses import dataclass

from sqlalchemy import func, select

from libhub.accounts import passwords
from libhub.accounts.models import User
from libhub.accounts.permissions import ACCOUNT_ROLES, ADMINISTRATOR, AGE_MARKS
from libhub.accounts.school_class import SchoolClass, parse_class
from libhub.accounts.sessions import Account, sign_out_everywhere
from libhub.base.db import db, writing
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.text import one_line, tidied

_USERNAME = re.compile(r"[\w.@-]{2,80}")


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
    username, name = details.username.strip(), one_line(details.name)
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


def class_of(user: User | Account) -> str:
    """Return the class of an account as the school writes it; empty for none."""
    return str(SchoolClass(user.grade, user.class_letter)) if user.grade else ""


def find_user(username: str) -> User | None:
    """Find an account by its user name; capital letters make no difference, a sign that no name has does."""
    if tidied(username) != username:
        return None  # the database would be asked for the name without it
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
    return _add(details, password, must_change_password=must_change_password)


def _add(
    details: UserDetails, password: str, *, must_change_password: bool = False, first: bool = False
) -> User:
    clean = _clean(details)
    password_hash = passwords.hash_password(password)  # slow: before anybody has to wait for it
    with writing():
        if first and administrator_exists():
            raise LibHubError(_("The setup link was used already. Sign in as the administrator."))
        _refuse_taken(clean.username, except_id=None)
        user = User(password_hash=password_hash, must_change_password=must_change_password)
        _apply(user, clean)
        db.session.add(user)
    return user


def add_first_administrator(details: UserDetails, password: str) -> User:
    """Create the account that the setup link is for.

    :raises LibHubError: there is an administrator already, so the link is used up.
    """
    return _add(details, password, first=True)


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
        sign_out_everywhere(user_id, but=keep_token)


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
        "sessions": [
            {
                "opened": row.created_at.isoformat(),
                "ends": row.expires_at.isoformat(),
                "browser": row.browser,
            }
            for row in user.sessions
        ],
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
