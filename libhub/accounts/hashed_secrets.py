"""Secrets that the hub makes itself: of sessions, of PCs, of addresses. Only their hash is kept."""

import hashlib


def hashed(secret: str) -> str:
    """Return what is stored of a secret, and looked for; what a visitor sends as one may be any text.

    Nobody guesses a secret that is random and long, so that a quick hash will do; a password needs a slow one.
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
