"""Password hashes by Argon2id, with the parameters of RFC 9106's low-memory profile."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _

MIN_LENGTH = 8
MAX_LENGTH = 200
NONE_YET = ""
"""What is stored for an account that nobody was given a password for yet: none is right."""
_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
# Verified when there is no such account, so that the answer takes as long as for a real one.
_DECOY = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2E$8Bv6yGJmCNf5HkTbOUd8ILE0bFJvh7cXqYhPNGwXsmM"


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
    return _hasher.hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Compare a password with a stored hash; no hash costs as much time and is never right."""
    try:
        return _hasher.verify(stored or _DECOY, password[: MAX_LENGTH + 1]) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False
