"""Tables of what people sign in by besides a password, and of sheets that wait to be printed."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from libhub.base.audit import Audited
from libhub.base.db import UtcDateTime, db
from libhub.base.i18n import lazy_gettext as _l
from libhub.base.moments import now


class Card(Audited, db.Model):  # type: ignore[name-defined,misc]
    """The QR card of a pupil; only the hash of what is on it is kept. A new one takes the place of the one before."""

    __tablename__ = "core_card"
    __audit_label__ = _l("sign-in card")
    __audit_title__ = "user_id"
    __audit_called__ = {
        "user_id": _l("Pupil"),
        "token_hash": _l("What is on the card"),
        "made_at": _l("Since"),
    }
    __audit_secret__ = frozenset({"token_hash"})

    user_id: Mapped[int] = mapped_column(ForeignKey("core_user.id", ondelete="CASCADE"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class PictureSecret(db.Model):  # type: ignore[name-defined,misc]
    """The three pictures of a pupil, as a keyed hash, and how often somebody was wrong since they were right last."""

    __tablename__ = "core_picture_secret"

    user_id: Mapped[int] = mapped_column(ForeignKey("core_user.id", ondelete="CASCADE"), primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(64))
    wrong: Mapped[int] = mapped_column(default=0, server_default=text("0"))


class SealedSheet(db.Model):  # type: ignore[name-defined,misc]
    """Slips that somebody prints just now; nobody reads them without what is in that person's browser."""

    __tablename__ = "core_sealed_sheet"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
