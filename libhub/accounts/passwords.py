"""Password hashes by Argon2id, with the parameters of RFC 9106's low-memory profile.

Each takes a good part of the computer for a moment. One at a time is worked out in a process, one more waits, and who
comes then is asked to come again: those who guess keep no page of the others waiting.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from libhub.base.errors import LibHubError, TryLater
from libhub.base.i18n import gettext as _
from libhub.base.keyboard_layouts import in_other_layout

MIN_LENGTH = 8
MAX_LENGTH = 200
NONE_YET = ""
"""What is stored for an account that nobody was given a password for yet: none is right."""
PLACES: Final = 2
"""How many passwords may be looked at in a process at once, those that wait included: threads are left to the pages."""
RETRY_SECONDS: Final = 3
_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
# Verified when there is no such account, so that the answer takes as long as for a real one.
_DECOY = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2E$8Bv6yGJmCNf5HkTbOUd8ILE0bFJvh7cXqYhPNGwXsmM"
_places = threading.BoundedSemaphore(PLACES)
_turn = threading.Lock()


class PasswordsBusy(TryLater):
    """As many passwords as may be are being looked at."""

    def __init__(self) -> None:
        super().__init__(
            _("Many people are signing in right now. Try again in a few seconds."), RETRY_SECONDS
        )


def hash_password(password: str) -> str:
    """Return the hash to store.

    :raises LibHubError: the password is shorter than 8 or longer than 200 characters.
    """
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise LibHubError(
            _(
                "The password must have from %(least)d to %(most)d characters.",
                least=MIN_LENGTH,
                most=MAX_LENGTH,
            )
        )
    with _turn:
        return _hasher.hash(password)


@contextmanager
def place() -> Iterator[None]:
    """Take one of the few places for those whose password is looked at, for the length of the block.

    Take it before anything is written down: who is asked to come again costs the hub next to nothing.

    :raises PasswordsBusy: all are taken.
    """
    if not _places.acquire(blocking=False):
        raise PasswordsBusy
    try:
        yield
    finally:
        _places.release()


def verify_password(stored: str | None, password: str) -> bool:
    """Compare a password with a stored hash; no hash, or what is none, costs as much time and is never right."""
    with _turn:
        return _is_right(stored, password[: MAX_LENGTH + 1])


def verify_in_any_layout(stored: str | None, password: str) -> tuple[bool, bool]:
    """Compare a password as it was typed, then as the same keys give it in the other layout of the keyboard.

    :returns: whether it is right, and whether it was typed in the other layout.
    """
    if verify_password(stored, password):
        return True, False
    turned = in_other_layout(password)
    right = turned != password and verify_password(stored, turned)
    return right, right


def _is_right(stored: str | None, password: str) -> bool:
    try:
        return _hasher.verify(stored or _DECOY, password) and bool(stored)
    except InvalidHashError:
        return _is_right(None, password)
    except VerificationError:
        return False
