"""Accounts: adding and changing them, their passwords, what is kept of a person, erasing them."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select

from libhub.accounts import classes, limits, passwords
from libhub.accounts.limits import GUESSES_WITHIN
from libhub.accounts.models import SchoolClass, User
from libhub.accounts.names import folded_login
from libhub.accounts.permissions import ACCOUNT_ROLES, ADMINISTRATOR, AGE_MARKS
from libhub.accounts.school_class import ClassName, parse_class
from libhub.accounts.sessions import Account, sign_out_everywhere
from libhub.base.db import db, writing
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.lookalikes import unmixed
from libhub.base.text import one_line, tidied

_USERNAME = re.compile(r"[\w.@-]{2,80}")


@dataclass(frozen=True)
class UserDetails:
    """What the users page, a table and the command line say of an account.

    :param school_class: as people write it; a class that is not there yet is made.
    :param class_group: a part of the class, as the school calls it.
    :param school_number: by which the school's own list knows the person; no two have the same.
    """

    username: str
    name: str
    role: str
    age_limit: int | None = None
    school_class: str = ""
    class_group: str = ""
    birth_date: date | None = None
    school_number: str = ""


def clean_details(details: UserDetails) -> UserDetails:
    """Return the details trimmed.

    :raises LibHubError: one of them does not do.
    """
    username, name = details.username.strip(), unmixed(one_line(details.name))
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
    return replace(
        details,
        username=username,
        name=name,
        school_class=str(known or ""),
        class_group=one_line(details.class_group)[:40],
        school_number=one_line(details.school_number)[:40],
    )


def apply_details(
    user: User, clean: UserDetails, class_called: Callable[[ClassName], SchoolClass] = classes.find_or_make
) -> None:
    """Let an account be what clean details say, within the transaction that is open.

    :param class_called: returns the class that is called so.
    """
    user.username, user.name, user.role = clean.username, clean.name, clean.role
    user.age_limit, user.birth_date = clean.age_limit, clean.birth_date
    named = parse_class(clean.school_class)
    user.school_class = class_called(named) if named else None
    user.class_group = clean.class_group if named else ""
    user.school_number = clean.school_number or None


def class_of(user: User | Account) -> str:
    """Return the class of an account as the school writes it; empty for none."""
    if isinstance(user, User):
        return user.school_class.name if user.school_class else ""
    return str(ClassName(user.grade, user.class_letter or "")) if user.grade else ""


def grade_of(user: User | Account) -> int | None:
    """Return the grade of an account; None where it has no class."""
    if isinstance(user, User):
        return user.school_class.grade if user.school_class else None
    return user.grade


def find_user(username: str) -> User | None:
    """Find an account by its user name; capital letters and ё make no difference, a sign that no name has does."""
    if tidied(username) != username:
        return None  # the database would be asked for the name without it
    same: User | None = db.session.scalar(
        select(User).where(func.lower(User.username) == username.strip().lower())
    )
    if same is not None:
        return same
    alike = db.session.scalars(select(User).where(User.login_key == folded_login(username)).limit(2)).all()
    return alike[0] if len(alike) == 1 else None


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
    clean = clean_details(details)
    password_hash = passwords.hash_password(password)  # slow: before anybody has to wait for it
    with writing():
        if first and administrator_exists():
            raise LibHubError(_("The setup link was used already. Sign in as the administrator."))
        _refuse_taken(clean, except_id=None)
        user = User(password_hash=password_hash, must_change_password=must_change_password)
        apply_details(user, clean)
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
    clean = clean_details(details)
    with writing():
        user = get_user(user_id)
        _refuse_taken(clean, except_id=user_id)
        administered = administrator_exists()
        apply_details(user, clean)
        user.active = active
        db.session.flush()
        if administered and not administrator_exists():
            raise LibHubError(_("The hub needs at least one active administrator."))
        if not active:
            sign_out_everywhere(user_id)


def set_password(user_id: int, password: str, *, must_change_password: bool) -> None:
    """Give an account a new password and sign it out everywhere; whatever somebody guessed before does not count."""
    password_hash = passwords.hash_password(password)
    with writing():
        apply_password(get_user(user_id), password_hash, must_change_password=must_change_password)


def apply_password(user: User, password_hash: str, *, must_change_password: bool) -> None:
    """Give an account a password and sign it out everywhere, within the transaction that is open.

    Whatever somebody guessed before does not count.
    """
    user.password_hash, user.must_change_password = password_hash, must_change_password
    limits.forget_guesses(user.id)
    sign_out_everywhere(user.id)


def change_own_password(user_id: int, old: str, new: str, *, keep_token: str) -> None:
    """Change one's own password; the other browsers of this account are signed out.

    :raises TryLater: it was tried too often.
    :raises LibHubError: the old password is wrong or the new one does not do.
    """
    with passwords.place():
        limits.attempt(GUESSES_WITHIN, user_id)
        right, _turned = passwords.verify_in_any_layout(get_user(user_id).password_hash, old)
    if not right:
        raise LibHubError(_("The current password is wrong."))
    limits.clear(GUESSES_WITHIN, user_id)
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
        "class_group": user.class_group,
        "birth_date": user.birth_date.isoformat() if user.birth_date else None,
        "school_number": user.school_number,
        "last_visit_on": user.last_visit_on.isoformat() if user.last_visit_on else None,
        "active": user.active,
        "created_at": user.created_at.isoformat(),
        "sessions": [
            {
                "opened": row.created_at.isoformat(),
                "ends": row.expires_at.isoformat(),
                "browser": row.browser,
                "computer": row.computer,
            }
            for row in user.sessions
        ],
    }


def erase(user_id: int) -> None:
    """Delete an account; the audit log keeps what was done, without a link to the person.

    :raises LibHubError: nobody would be left to administer the hub.
    """
    with writing():
        administered = administrator_exists()
        db.session.delete(get_user(user_id))
        db.session.flush()
        if administered and not administrator_exists():
            raise LibHubError(_("The hub needs at least one active administrator."))


def random_password() -> str:
    """Return a password that is easy to dictate: no look-alike letters."""
    return "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _place in range(10))


def _refuse_taken(clean: UserDetails, except_id: int | None) -> None:
    taken = find_user(clean.username)
    if taken is not None and taken.id != except_id:
        raise LibHubError(_("The user name “%(name)s” is taken.", name=clean.username))
    if not clean.school_number:
        return
    other = db.session.scalar(select(User).where(User.school_number == clean.school_number))
    if other is not None and other.id != except_id:
        raise LibHubError(
            _(
                "%(name)s has the number %(number)s in the school's list already.",
                name=other.name,
                number=clean.school_number,
            )
        )
