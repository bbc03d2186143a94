"""Three pictures in place of a password, for those who cannot write yet.

Three different ones of twelve in their order are 1,320 secrets: what protects is not their number but that somebody may
be wrong five times, then the librarian has to allow it again; that it works only at the PCs of the reading room, and
only in grades 1 and 2. The pictures are kept as a hash with the key of the instance, so that the database alone does not tell
them; a slow hash would be worked through in two minutes and costs a class the same time.
"""

import hmac
import secrets
from collections.abc import Sequence
from datetime import timedelta
from enum import Enum
from hashlib import sha256
from typing import Final

from sqlalchemy import select

from libhub.accounts import accounts, classes, limits, sessions
from libhub.accounts.limits import Limit
from libhub.accounts.models import SchoolClass, User
from libhub.accounts.permissions import STUDENT
from libhub.accounts.signing_in import SignInError
from libhub.base.db import db, writing
from libhub.base.i18n import LazyString
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.people.credentials.models import PictureSecret
from libhub.plugging import settings

PICTURES: Final[dict[str, LazyString]] = {
    "cat": _l("cat"),
    "ball": _l("ball"),
    "apple": _l("apple"),
    "house": _l("house"),
    "sun": _l("sun"),
    "fish": _l("fish"),
    "car": _l("car"),
    "tree": _l("tree"),
    "star": _l("star"),
    "cup": _l("cup"),
    "key": _l("key"),
    "umbrella": _l("umbrella"),
}
"""The twelve, by the names of their files, as they are said."""
CHOSEN: Final = 3
GRADES: Final = frozenset({1, 2})
TRIES: Final = 5
WRONG_PICTURES: Final = Limit("wrong-pictures", 60, timedelta(minutes=15))
"""By the address, against guessing through a class."""


class PicturesClosed(SignInError):
    """Somebody was wrong too often; whatever is chosen now, the librarian has to allow it again."""


class _Found(Enum):
    RIGHT, WRONG, CLOSED = range(3)


def are_given() -> bool:
    """Say whether the library lets the youngest sign in by pictures."""
    return bool(settings.get_setting(settings.CORE, "picture_sign_in"))


def may_have(user: User) -> bool:
    """Say whether this is somebody who signs in by pictures: a pupil of the youngest grades with an open account."""
    return user.active and user.role == STUDENT and accounts.grade_of(user) in GRADES


def new_pictures(user_id: int, key: str) -> tuple[str, ...]:
    """Give somebody three pictures, none twice, within the transaction that is open; those from before are no longer theirs.

    :param key: the secret of this instance.
    """
    chosen = tuple(secrets.SystemRandom().sample(list(PICTURES), CHOSEN))
    kept = db.session.get(PictureSecret, user_id) or PictureSecret(user_id=user_id)
    kept.secret_hash, kept.wrong = _hashed(user_id, chosen, key), 0
    db.session.add(kept)
    return chosen


def pictures_of(user_id: int) -> PictureSecret | None:
    """Return what is kept of somebody's pictures."""
    return db.session.get(PictureSecret, user_id)


def allow_again(user_id: int) -> None:
    """Let somebody try again who was wrong too often."""
    with writing():
        kept = db.session.get(PictureSecret, user_id)
        if kept is not None:
            kept.wrong = 0


def take_away(user_id: int) -> None:
    """Let somebody sign in by pictures no longer."""
    with writing():
        kept = db.session.get(PictureSecret, user_id)
        if kept is not None:
            db.session.delete(kept)


def classes_with_pictures() -> list[SchoolClass]:
    """Return the classes in which somebody can sign in by pictures, in the order of the school."""
    having = select(User.class_id).join(PictureSecret, PictureSecret.user_id == User.id).where(User.active)
    numbers = set(db.session.scalars(having))
    return [each for each in classes.every_class() if each.id in numbers and each.grade in GRADES]


def pupils_with_pictures(class_id: int) -> list[User]:
    """Return the pupils of a class who have pictures, by name."""
    having = set(db.session.scalars(select(PictureSecret.user_id)))
    return [each for each in classes.members([class_id]) if each.id in having and may_have(each)]


def sign_in(
    user_id: int, chosen: Sequence[str], *, key: str, address: str, browser: str, idle: timedelta
) -> str:
    """Open a session by three pictures in their order.

    :param address: the network address, counted against guessing through a class.
    :returns: the session's token, for the cookie.
    :raises SignInError: they are wrong.
    :raises PicturesClosed: after five wrong tries, whatever is chosen, until the librarian allows it again.
    :raises TooManyAttempts: too many wrong ones came from there.
    """
    limits.attempt(WRONG_PICTURES, address)
    with writing():  # counted and compared in one: two at once are two tries
        user, kept = db.session.get(User, user_id), db.session.get(PictureSecret, user_id)
        found, token = _Found.WRONG, ""
        if user is None or kept is None or not may_have(user) or kept.wrong >= TRIES:
            found = _Found.CLOSED
        elif hmac.compare_digest(kept.secret_hash, _hashed(user_id, chosen, key)):
            found, kept.wrong = _Found.RIGHT, 0
            limits.take_back((WRONG_PICTURES, (address,)))
            token = sessions.open_session(user_id, browser=browser, idle=idle)
        else:
            kept.wrong += 1
    if found is _Found.WRONG:
        raise SignInError(_("These are other pictures. Look at your slip and try again."))
    if found is _Found.CLOSED:
        raise PicturesClosed(_("The pictures do not open any more. Ask the librarian."))
    return token


def _hashed(user_id: int, chosen: Sequence[str], key: str) -> str:
    return hmac.new(f"pictures {key}".encode(), f"{user_id} {' '.join(chosen)}".encode(), sha256).hexdigest()
