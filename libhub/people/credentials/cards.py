"""QR cards: a pupil shows one to a scanner or a camera and is signed in, without a password.

On the card stands an address of the hub with a long random token; only its hash is kept. A new card takes the place of the
one before, and each sign-in ends the sessions that the card opened before: it is one pupil's, and one at a time.
"""

import re
import secrets
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from libhub.accounts import limits, sessions
from libhub.accounts.hashed_secrets import hashed
from libhub.accounts.limits import Limit
from libhub.accounts.models import User
from libhub.accounts.permissions import STUDENT
from libhub.accounts.sessions import sign_out_of_card
from libhub.accounts.signing_in import SignInError
from libhub.base.db import db, writing
from libhub.base.i18n import gettext as _
from libhub.base.keyboard_layouts import to_english
from libhub.people.credentials.models import Card
from libhub.plugging import settings
from libhub.plugging.core_settings import ANYWHERE, AT_COMPUTERS, NOWHERE

UNKNOWN_CARDS: Final = Limit("unknown-cards", 60, timedelta(minutes=15))
"""By the address; a card that holds is not counted."""
PATH: Final = "/auth/card/"
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz0123456789"
"""The same keys in every layout, capital or not: a scanner types them as a keyboard does."""
_LENGTH: Final = 24
_SCANNED: Final = re.compile(rf"{PATH}([a-z0-9]{{{_LENGTH}}})/?$")
"""The end of a card's address, whatever the hub is called."""


def may_be_used(*, on_shared_pc: bool) -> bool:
    """Say whether cards open anything here, as the setting says."""
    allowed = settings.get_setting(settings.CORE, "card_sign_in")
    return bool(allowed == ANYWHERE or (allowed == AT_COMPUTERS and on_shared_pc))


def are_given() -> bool:
    """Say whether the library has cards at all."""
    return bool(settings.get_setting(settings.CORE, "card_sign_in") != NOWHERE)


def new_card(user_id: int) -> str:
    """Make somebody's card within the transaction that is open, and return what stands on it; the one before ends."""
    token = "".join(secrets.choice(_LETTERS) for _place in range(_LENGTH))
    revoke(user_id)
    db.session.flush()
    db.session.add(Card(user_id=user_id, token_hash=hashed(token)))
    return token


def card_of(user_id: int) -> Card | None:
    """Return somebody's card."""
    return db.session.get(Card, user_id)


def revoke(user_id: int) -> None:
    """End somebody's card, and what it opened."""
    with writing():
        card = db.session.get(Card, user_id)
        if card is not None:
            db.session.delete(card)
        sign_out_of_card(user_id)


def token_in(typed: str) -> str | None:
    """Return what stands on the card that was scanned into a field, in whatever layout; None for any other text."""
    small = typed.strip().lower()
    found = next(filter(None, map(_SCANNED.search, (small, *to_english(small)))), None)
    return found[1] if found else None


def owner_of(token: str) -> User | None:
    """Return the pupil whose card this is; None for no card that holds, and for closed accounts."""
    return db.session.scalar(
        select(User)
        .join(Card, Card.user_id == User.id)
        .where(Card.token_hash == hashed(token), User.active, User.role == STUDENT)
    )


def sign_in(token: str, *, address: str, browser: str, idle: timedelta) -> str:
    """Open a session by a card, and end those that it opened before.

    :param address: the network address, counted against guessing.
    :returns: the session's token, for the cookie.
    :raises SignInError: no such card holds.
    :raises TooManyAttempts: too many cards that do not hold came from there.
    """
    limits.attempt(UNKNOWN_CARDS, address)
    with writing():
        user = owner_of(token)
        if user is None:
            raise SignInError(_("This card does not hold any more. Ask the librarian for a new one."))
        limits.take_back((UNKNOWN_CARDS, (address,)))
        sign_out_of_card(user.id)
        return sessions.open_session(user.id, browser=browser, idle=idle, by_card=True)
