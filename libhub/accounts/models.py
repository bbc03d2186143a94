"""Tables of accounts: people, their sessions, failed sign-ins."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from libhub.accounts.permissions import ROLES
from libhub.base.audit import Audited
from libhub.base.db import UtcDateTime, db
from libhub.base.i18n import lazy_gettext as _l
from libhub.base.moments import now


class User(Audited, db.Model):  # type: ignore[name-defined,misc]
    """A person with an account. Nobody is deleted by accident: an account is disabled."""

    __tablename__ = "core_user"
    __audit_label__ = _l("account")
    __audit_secret__ = frozenset({"password_hash"})
    __audit_title__ = "username"
    __audit_called__ = {
        "username": _l("Sign-in name"),
        "role": _l("Role"),
        "password_hash": _l("Password"),
        "age_limit": _l("Age limit of its own"),
        "grade": _l("Grade"),
        "class_letter": _l("Letter of the class"),
        "active": _l("May sign in"),
        "must_change_password": _l("Has to choose a password"),
    }
    __audit_values__ = {"role": ROLES}

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(40))
    password_hash: Mapped[str] = mapped_column(String(255))
    age_limit: Mapped[int | None]
    grade: Mapped[int | None]
    class_letter: Mapped[str] = mapped_column(String(1), default="", server_default=text("''"))
    """The class at school is grade and letter; see ``auth/school_class.py``."""
    active: Mapped[bool] = mapped_column(default=True, server_default=true())
    must_change_password: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    sessions: Mapped[list["UserSession"]] = relationship(
        back_populates="user", cascade="all, delete-orphan", passive_deletes=True
    )


class UserSession(db.Model):  # type: ignore[name-defined,misc]
    """One signed-in browser, until ``expires_at``; whoever signs it out brings that forward."""

    __tablename__ = "core_user_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("core_user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    browser: Mapped[str] = mapped_column(String(200), default="")
    shared_pc: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Used at a PC of the reading room: it stays short."""

    user: Mapped[User] = relationship(back_populates="sessions", lazy="joined")


class SignInFailure(db.Model):  # type: ignore[name-defined,misc]
    """A failed attempt to sign in, kept for as long as it counts towards the limit."""

    __tablename__ = "core_sign_in_failure"
    __table_args__ = (Index("ix_core_sign_in_failure_key_at", "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
