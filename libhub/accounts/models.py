"""Tables of accounts: people, their classes, who belongs to whom, sessions, how often something was tried."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, cast, false, text, true
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from libhub.accounts.names import folded_login, folded_name
from libhub.accounts.permissions import ROLES
from libhub.base.audit import Audited
from libhub.base.db import UtcDateTime, db
from libhub.base.i18n import lazy_gettext as _l
from libhub.base.moments import now

_PRESENT = text("archived_at IS NULL")
"""What the migration says for PostgreSQL as well; said here, every worker would load that engine."""


class SchoolClass(Audited, db.Model):  # type: ignore[name-defined,misc]
    """A class of the school; it stays the same one when its grade becomes one higher in September."""

    __tablename__ = "core_class"
    __table_args__ = (
        Index(
            "uq_core_class_grade_letter",
            "grade",
            "letter",
            unique=True,
            sqlite_where=_PRESENT,
        ),
    )
    __audit_label__ = _l("class")
    __audit_title__ = "name"
    __audit_called__ = {
        "grade": _l("Grade"),
        "letter": _l("Letter of the class"),
        "school_year": _l("School year that began in"),
        "teacher_id": _l("Class teacher"),
        "archived_at": _l("Left the school on"),
    }

    id: Mapped[int] = mapped_column(primary_key=True)
    grade: Mapped[int]
    letter: Mapped[str] = mapped_column(String(1), default="", server_default=text("''"))
    school_year: Mapped[int]
    """The year in which the school year began that the grade belongs to."""
    teacher_id: Mapped[int | None] = mapped_column(
        ForeignKey(
            "core_user.id", ondelete="SET NULL", use_alter=True, name="fk_core_class_teacher_id_core_user"
        ),
        index=True,
    )
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it left the school; its grade is the last one that it was in."""

    @hybrid_property
    def name(self) -> str:
        """The class as the school writes it: ``5А``."""
        return f"{self.grade}{self.letter}"

    @name.inplace.expression
    @classmethod
    def _name(cls) -> Any:
        return cast(cls.grade, String) + cls.letter


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
        "class_id": _l("Class"),
        "class_group": _l("Group in the class"),
        "birth_date": _l("Date of birth"),
        "school_number": _l("Number in the school's own list"),
        "grade": _l("Grade"),
        "class_letter": _l("Letter of the class"),
        "active": _l("May sign in"),
        "must_change_password": _l("Has to choose a password"),
    }
    __audit_values__ = {"role": ROLES}
    __audit_ignore__ = frozenset({"sort_name", "login_key", "last_visit_on"})

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(80), unique=True)
    login_key: Mapped[str] = mapped_column(String(80), index=True)
    """The user name as it is compared: small letters, ё as е."""
    name: Mapped[str] = mapped_column(String(200))
    sort_name: Mapped[str] = mapped_column(String(200), index=True)
    """The name as it is sorted and looked for: small letters, ё as е."""
    role: Mapped[str] = mapped_column(String(40))
    password_hash: Mapped[str] = mapped_column(String(255))
    age_limit: Mapped[int | None]
    """Chosen by hand; None: what the birth date, the grade or the role gives."""
    class_id: Mapped[int | None] = mapped_column(
        ForeignKey("core_class.id", ondelete="SET NULL", name="fk_core_user_class_id_core_class"), index=True
    )
    class_group: Mapped[str] = mapped_column(String(40), default="", server_default=text("''"))
    """A part of the class, as the school calls it."""
    birth_date: Mapped[date | None]
    school_number: Mapped[str | None] = mapped_column(String(40), unique=True)
    """By which next year's table of the school finds the same person."""
    active: Mapped[bool] = mapped_column(default=True, server_default=true())
    must_change_password: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    last_visit_on: Mapped[date | None]
    """The last day of a visit: nothing finer is kept."""

    school_class: Mapped[SchoolClass | None] = relationship(foreign_keys=[class_id], lazy="joined")

    @validates("username", "name")
    def _fold(self, column: str, text: str) -> str:
        """Keep what is compared beside what is shown, whoever sets it."""
        if column == "username":
            self.login_key = folded_login(text)
        else:
            self.sort_name = folded_name(text)
        return text

    sessions: Mapped[list["UserSession"]] = relationship(
        back_populates="user", cascade="all, delete-orphan", passive_deletes=True
    )


class Guardian(Audited, db.Model):  # type: ignore[name-defined,misc]
    """Somebody is the parent of a pupil."""

    __tablename__ = "core_guardian"
    __audit_label__ = _l("parent of a child")
    __audit_title__ = "child_id"
    __audit_called__ = {"parent_id": _l("Parent"), "child_id": _l("Child"), "since": _l("Since")}

    parent_id: Mapped[int] = mapped_column(ForeignKey("core_user.id", ondelete="CASCADE"), primary_key=True)
    child_id: Mapped[int] = mapped_column(
        ForeignKey("core_user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    since: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class GuardianCode(db.Model):  # type: ignore[name-defined,misc]
    """A code on paper that makes whoever types it first the parent of a child; only its hash is kept."""

    __tablename__ = "core_guardian_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("core_user.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime)


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
    computer: Mapped[str] = mapped_column(String(80), default="", server_default=text("''"))
    """What that PC is called; empty elsewhere."""
    by_card: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Opened by the pupil's card: the next one that the card opens ends it."""

    user: Mapped[User] = relationship(back_populates="sessions", lazy="joined")


class LimitCount(db.Model):  # type: ignore[name-defined,misc]
    """How often something was tried that has a limit, kept for as long as it counts; see ``limits``."""

    __tablename__ = "core_limit"

    key: Mapped[str] = mapped_column(String(400), primary_key=True)
    number: Mapped[int]
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """From then on it may be tried again."""
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    """From then on nothing is known of it."""
