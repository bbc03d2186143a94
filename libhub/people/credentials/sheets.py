"""Sheets of slips between the press that makes them and the printer: sealed, for ten minutes, for whoever made them.

A sheet is larger than a cookie, and is read by whatever worker is asked, so it waits in the database. It is sealed with
a key that the hub does not keep: one half is in the address of the sheet's page, the other is the token of the session that
made it, which is in that browser's cookie alone. A copy of the database opens none, nor does the address in somebody else's
browser, and after signing out nobody reads it any more.
"""

import hmac
import secrets
from datetime import timedelta
from hashlib import sha256, shake_256
from typing import Final

from sqlalchemy import delete

from libhub.accounts.hashed_secrets import hashed
from libhub.base.db import db, writing
from libhub.base.moments import now
from libhub.people.credentials.models import SealedSheet

LIFETIME: Final = timedelta(minutes=10)
_NONCE_BYTES: Final = 16
_TAG_BYTES: Final = 32


def new_address() -> str:
    """Return the half of a sheet's key that stands in an address."""
    return secrets.token_urlsafe(32)


def key_of(address: str, session_token: str) -> str:
    """Return the key of a sheet from its two halves."""
    return hashed(f"key of a sheet: {address} {session_token}")


def keep(key: str, content: str) -> None:
    """Keep a sheet for ten minutes from now, in place of what was kept under this key."""
    with writing():
        row = db.session.get(SealedSheet, _name(key)) or SealedSheet(id=_name(key))
        row.sealed, row.until = _sealed(key, content), now() + LIFETIME
        db.session.add(row)
        db.session.execute(delete(SealedSheet).where(SealedSheet.until <= now()))


def read(key: str) -> str | None:
    """Return what was kept under this key; None for nothing, and after ten minutes."""
    row = db.session.get(SealedSheet, _name(key))
    return _opened(key, row.sealed) if row is not None and row.until > now() else None


def throw_away(key: str) -> None:
    """Keep a sheet no longer."""
    with writing():
        db.session.execute(delete(SealedSheet).where(SealedSheet.id == _name(key)))


def forget_old() -> None:
    """Delete the sheets whose ten minutes are over."""
    with writing():
        db.session.execute(delete(SealedSheet).where(SealedSheet.until <= now()))


def _name(key: str) -> str:
    return hashed(f"name of a sheet: {key}")


def _sealed(key: str, content: str) -> bytes:
    """Return a text that nobody reads or changes without the key: SHAKE-256 gives a stream for each writing, HMAC a seal."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    hidden = _combined(key, nonce, content.encode())
    return nonce + _tag(key, nonce + hidden) + hidden


def _opened(key: str, sealed: bytes) -> str | None:
    nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    tag, hidden = rest[:_TAG_BYTES], rest[_TAG_BYTES:]
    if not hmac.compare_digest(tag, _tag(key, nonce + hidden)):
        return None
    return _combined(key, nonce, hidden).decode()


def _combined(key: str, nonce: bytes, some: bytes) -> bytes:
    stream = shake_256(f"stream {key} ".encode() + nonce).digest(len(some))
    return bytes(one ^ other for one, other in zip(some, stream, strict=True))


def _tag(key: str, what: bytes) -> bytes:
    return hmac.digest(f"seal {key}".encode(), what, sha256)
