"""The PCs of the reading room: adding, changing and removing them, and knowing one by its cookie. No Flask."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, select

from libhub.accounts.hashed_secrets import hashed
from libhub.base.db import db, writing
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.moments import now
from libhub.kiosk.models import ASK, OUTSIDE, Computer

LEAST_MINUTES: Final = 1
MOST_MINUTES: Final = 120
USUAL_MINUTES: Final = 5
CODE_LIFETIME: Final = timedelta(days=1)
_CODE_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""No look-alikes: a code is copied from a screen by hand."""
_LONGEST_NAME: Final = 80


@dataclass(frozen=True)
class Details:
    """What the librarian says of a PC."""

    name: str
    minutes: int = USUAL_MINUTES
    outside: str = ASK


@dataclass(frozen=True)
class ThisComputer:
    """The PC that a request comes from, as plain data; ``idle`` ends a visit."""

    id: int
    name: str
    idle: timedelta
    outside: str
    seen_on: date | None


def every() -> list[Computer]:
    """Return all PCs by name."""
    return list(db.session.scalars(select(Computer).order_by(func.lower(Computer.name), Computer.id)))


def get(computer_id: int) -> Computer:
    """Return a PC.

    :raises LibHubError: there is none with this number.
    """
    found = db.session.get(Computer, computer_id)
    if found is None:
        raise LibHubError(_("There is no such computer. Somebody may have removed it just now."))
    return found


def add(details: Details) -> int:
    """Add a PC, which no browser is yet, and return its number.

    :raises LibHubError: a detail does not do, or the name is taken.
    """
    clean = _clean(details)
    with writing():
        _refuse_taken(clean.name, except_id=None)
        computer = Computer()
        _apply(computer, clean)
        db.session.add(computer)
        db.session.flush()
        return computer.id


def change(computer_id: int, details: Details) -> None:
    """Change a PC; its next request obeys.

    :raises LibHubError: a detail does not do, the name is taken, or there is no such PC.
    """
    clean = _clean(details)
    with writing():
        _refuse_taken(clean.name, except_id=computer_id)
        _apply(get(computer_id), clean)


def remove(computer_id: int) -> str:
    """Make a PC an ordinary one and return its name.

    :raises LibHubError: there is no such PC.
    """
    with writing():
        computer = get(computer_id)
        name = computer.name
        db.session.delete(computer)
    return name


def settle(computer_id: int) -> str:
    """Make a browser this PC: return the token for its cookie. A browser that was it before no longer is.

    :raises LibHubError: there is no such PC.
    """
    token = secrets.token_urlsafe(32)
    with writing():
        computer = get(computer_id)
        computer.token_hash, computer.code_hash, computer.code_until = hashed(token), None, None
    return token


def new_code(computer_id: int) -> str:
    """Return a code for the address that makes a browser this PC: once, within a day; earlier ones end.

    :raises LibHubError: there is no such PC.
    """
    code = "".join(secrets.choice(_CODE_LETTERS) for _place in range(8))
    with writing():
        computer = get(computer_id)
        computer.code_hash, computer.code_until = hashed(code), now() + CODE_LIFETIME
    return f"{code[:4]}-{code[4:]}"


def find_by_code(code: str) -> Computer | None:
    """Return the PC for which a code was given out, while it works."""
    plain = code.strip().lower().replace("-", "")
    return _find((Computer.code_hash == hashed(plain)) & (Computer.code_until > now()))


def find_by_token(token: str) -> ThisComputer | None:
    """Return the PC that has this token in its cookie."""
    found = _find(Computer.token_hash == hashed(token))
    if found is None:
        return None
    return ThisComputer(
        found.id, found.name, timedelta(seconds=found.idle_seconds), found.outside, found.seen_on
    )


def note_seen(computer_id: int, day: date) -> None:
    """Write down that a PC was used on this day."""
    with writing():
        computer = db.session.get(Computer, computer_id)
        if computer is not None:
            computer.seen_on = day


def _find(condition: ColumnElement[bool]) -> Computer | None:
    return db.session.scalars(select(Computer).where(condition)).one_or_none()


def _clean(details: Details) -> Details:
    """Return the details trimmed, or say what is wrong with them."""
    name = " ".join(details.name.split())
    if not 1 <= len(name) <= _LONGEST_NAME:
        raise LibHubError(_("Give the computer a name of up to %(most)d characters.", most=_LONGEST_NAME))
    if not LEAST_MINUTES <= details.minutes <= MOST_MINUTES:
        raise LibHubError(
            _("From %(least)d to %(most)d minutes without use.", least=LEAST_MINUTES, most=MOST_MINUTES)
        )
    if details.outside not in OUTSIDE:
        raise LibHubError(_("Choose what becomes of links that leave the library."))
    return Details(name, details.minutes, details.outside)


def _apply(computer: Computer, clean: Details) -> None:
    computer.name, computer.idle_seconds, computer.outside = clean.name, clean.minutes * 60, clean.outside


def _refuse_taken(name: str, except_id: int | None) -> None:
    taken = db.session.scalars(select(Computer).where(func.lower(Computer.name) == name.lower())).first()
    if taken is not None and taken.id != except_id:
        raise LibHubError(_("There is a computer “%(name)s” already.", name=name))
