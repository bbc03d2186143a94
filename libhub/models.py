"""The core's tables, all named ``core_*``."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from libhub.audit import Audited
from libhub.db import UtcDateTime, db, now
from libhub.i18n import lazy_gettext as _l


class User(Audited, db.Model):  # type: ignore[name-defined,misc]
    """A person with an account. Nobody is deleted by accident: an account is disabled."""

    __tablename__ = "core_user"
    __audit_label__ = _l("account")
    __audit_secret__ = frozenset({"password_hash"})
    __audit_title__ = "username"

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
    """One signed-in browser. Deleting the row signs it out, wherever it is."""

    __tablename__ = "core_user_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("core_user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    browser: Mapped[str] = mapped_column(String(200), default="")

    user: Mapped[User] = relationship(back_populates="sessions", lazy="joined")


class SignInFailure(db.Model):  # type: ignore[name-defined,misc]
    """A failed attempt to sign in, kept for as long as it counts towards the limit."""

    __tablename__ = "core_sign_in_failure"
    __table_args__ = (Index("ix_core_sign_in_failure_key_at", "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class PluginState(Audited, db.Model):  # type: ignore[name-defined,misc]
    """Whether a section is switched on, and the last thing that went wrong in it."""

    __tablename__ = "core_plugin_state"
    __audit_label__ = _l("section")
    __audit_ignore__ = frozenset({"changed_at", "starter_loaded", "last_error", "last_error_at"})
    __audit_title__ = "plugin_id"

    plugin_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    enabled: Mapped[bool]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    starter_loaded: Mapped[bool] = mapped_column(default=False, server_default=false())
    last_error: Mapped[str | None] = mapped_column(Text)
    last_error_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SettingValue(Audited, db.Model):  # type: ignore[name-defined,misc]
    """A setting that the librarian changed; what is not here has the default of its declaration."""

    __tablename__ = "core_setting"
    __audit_label__ = _l("setting")
    __audit_title__ = "name"

    plugin_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)


class SearchOutbox(db.Model):  # type: ignore[name-defined,misc]
    """An item that search has to look at again; written in the transaction that changed the item."""

    __tablename__ = "core_search_outbox"
    __table_args__ = {"sqlite_autoincrement": True}  # a number is never given twice

    id: Mapped[int] = mapped_column(primary_key=True)
    plugin_id: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(80))


class Synonym(Audited, db.Model):  # type: ignore[name-defined,misc]
    """A group of words and phrases that search takes for one another, separated by commas."""

    __tablename__ = "core_synonym"
    __audit_label__ = _l("synonyms")
    __audit_title__ = "words"

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(String(1000))


class SearchCount(db.Model):  # type: ignore[name-defined,misc]
    """How often something was searched on one day, by nobody in particular.

    ``results`` is how many there were the last time, ``opened`` how often one of them was opened.
    """

    __tablename__ = "core_search_count"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    text: Mapped[str] = mapped_column(String(200), primary_key=True)
    asked: Mapped[int] = mapped_column(default=0)
    opened: Mapped[int] = mapped_column(default=0)
    results: Mapped[int] = mapped_column(default=0)


class Notice(db.Model):  # type: ignore[name-defined,misc]
    """Something that the hub, or a section of it, has to tell one person."""

    __tablename__ = "core_notice"
    __table_args__ = (Index("ix_core_notice_user_id_read_at", "user_id", "read_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("core_user.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(String(500))
    url: Mapped[str] = mapped_column(String(500), default="")
    plugin_id: Mapped[str] = mapped_column(String(40), default="")
    """Whose notice it is; empty for the core's own."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Computer(Audited, db.Model):  # type: ignore[name-defined,misc]
    """A PC of the reading room, known by a cookie; only the hash of what is in it is kept."""

    __tablename__ = "core_computer"
    __audit_label__ = _l("reading-room PC")
    __audit_title__ = "name"
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
