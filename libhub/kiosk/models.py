"""The table of the reading room's PCs."""

from datetime import date, datetime
from typing import Final

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from libhub.base.audit import Audited
from libhub.base.db import UtcDateTime, db
from libhub.base.i18n import lazy_gettext as _l

OPEN: Final = "open"
ASK: Final = "ask"
QR: Final = "qr"
OUTSIDE: Final = {
    OPEN: _l("open them as any other"),
    ASK: _l("ask first, with the address in sight"),
    QR: _l("show a QR code and the address, to open on one's own phone"),
}
"""What becomes of links that leave the hub."""


class Computer(Audited, db.Model):  # type: ignore[name-defined,misc]
    """A PC of the reading room, known by a cookie; only the hash of what is in it is kept."""

    __tablename__ = "core_computer"
    __audit_label__ = _l("reading-room PC")
    __audit_title__ = "name"
    __audit_called__ = {
        "idle_seconds": _l("A visit ends after, seconds"),
        "outside": _l("Links that leave the hub"),
        "token_hash": _l("Key of the PC"),
        "code_hash": _l("Address by which it joins"),
    }
    __audit_values__ = {"outside": OUTSIDE}
    __audit_ignore__ = frozenset({"seen_on", "code_until"})
    __audit_secret__ = frozenset({"token_hash", "code_hash"})

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    idle_seconds: Mapped[int]
    """After so long without being used, a visit ends; pages speak of minutes."""
    outside: Mapped[str] = mapped_column(String(10))
    """What becomes of links that leave the hub; see ``kiosk/computers.py``."""
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Of the address that makes a PC this one; it works once, until ``code_until``."""
    code_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_on: Mapped[date | None]
    """The last day on which it was used: nothing finer is kept."""
