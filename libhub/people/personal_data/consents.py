"""The register of consents on paper: whose, for what, from whom, from when till when. It says nothing about the law."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, ForeignKey, String, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from libhub.accounts.models import Guardian, User
from libhub.accounts.names import folded_name
from libhub.base.audit import Audited
from libhub.base.checked_types import Label
from libhub.base.db import db, writing
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.base.moments import today
from libhub.base.text import one_line

SETTING: Final = "consents"
KINDS: Final[dict[str, Label]] = {
    "account": _l("an account in the library's hub"),
    "works": _l("works with first name and class in the gallery"),
    "photos": _l("photographs of what happens in the library"),
    "names": _l("first name and surname in news and results of competitions"),
}
"""What a consent is for."""
EXPIRES_SOON: Final = timedelta(days=30)
STANDINGS: Final[dict[str, Label]] = {
    "none": _l("there is none"),
    "holds": _l("holds"),
    "soon": _l("ends soon"),
    "ended": _l("ended"),
    "withdrawn": _l("withdrawn"),
}


class Consent(Audited, db.Model):  # type: ignore[name-defined,misc]
    """A consent that somebody gave on paper."""

    __tablename__ = "core_consent"
    __audit_label__ = _l("consent")
    __audit_title__ = "user_id"
    __audit_called__ = {
        "kind": _l("What for"),
        "giver": _l("From whom"),
        "giver_id": _l("Account of the one who gave it"),
        "given_on": _l("Given on"),
        "until": _l("Valid until"),
        "withdrawn_on": _l("Withdrawn on"),
        "note": _l("Note"),
    }
    __audit_values__ = {"kind": KINDS}
    __audit_person__ = frozenset({"user_id", "giver_id"})

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("core_user.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    giver: Mapped[str] = mapped_column(String(200), default="")
    """The name of who signed."""
    giver_id: Mapped[int | None] = mapped_column(ForeignKey("core_user.id", ondelete="SET NULL"), index=True)
    given_on: Mapped[date]
    until: Mapped[date | None]
    """The last day; None: no end was agreed on."""
    withdrawn_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(300), default="")

    @property
    def standing(self) -> str:
        """How it stands with it today: a name of ``STANDINGS``."""
        if self.withdrawn_on is not None:
            return "withdrawn"
        if self.until is None or self.until > today() + EXPIRES_SOON:
            return "holds"
        return "soon" if self.until >= today() else "ended"


@dataclass(frozen=True)
class NewConsent:
    """What is written down of a paper."""

    kind: str
    given_on: date
    until: date | None = None
    giver: str = ""
    note: str = ""


def record(user_ids: Collection[int], new: NewConsent) -> int:
    """Write down that consents were given, one for each person; return how many.

    One of the same kind and the same days is not written down twice.

    :raises LibHubError: nobody was chosen, or what was typed will not do.
    """
    giver, note = one_line(new.giver)[:200], one_line(new.note)[:300]
    if not user_ids:
        raise LibHubError(_("Tick at least one person."))
    if new.kind not in KINDS:
        raise LibHubError(_("Choose what the consent is for."))
    if new.given_on > today():
        raise LibHubError(_("A consent cannot be given in the future."))
    if new.until is not None and new.until < new.given_on:
        raise LibHubError(_("It would end before it was given."))
    with writing():
        there = set(
            db.session.scalars(
                select(Consent.user_id).where(
                    Consent.user_id.in_(user_ids),
                    Consent.kind == new.kind,
                    Consent.given_on == new.given_on,
                    Consent.until == new.until if new.until else Consent.until.is_(None),
                    Consent.withdrawn_on.is_(None),
                )
            )
        )
        known = set(db.session.scalars(select(User.id).where(User.id.in_(user_ids))))
        for number in sorted(known - there):
            parent = _parent_named(number, giver)
            db.session.add(
                Consent(
                    user_id=number,
                    kind=new.kind,
                    giver=giver,
                    giver_id=parent,
                    given_on=new.given_on,
                    until=new.until,
                    note=note,
                )
            )
        return len(known - there)


def _parent_named(child_id: int, name: str) -> int | None:
    """Return the account of the child's parent who is called so."""
    query = select(User.id).join(Guardian, Guardian.parent_id == User.id)
    same = query.where(Guardian.child_id == child_id, User.sort_name == folded_name(name))
    return db.session.scalar(same.limit(1)) if name else None


def withdraw(consent_id: int, on: date) -> Consent:
    """Write down that a consent was withdrawn.

    :raises LibHubError: there is no such consent, or it was not given yet on that day.
    """
    with writing():
        row = db.session.get(Consent, consent_id)
        if row is None:
            raise LibHubError(_("There is no such consent."))
        if not row.given_on <= on <= today():
            raise LibHubError(_("It is withdrawn between the day when it was given and today."))
        row.withdrawn_on = on
        return row


def find(consent_id: int) -> Consent | None:
    """Return a consent; None where there is none with this number."""
    return db.session.get(Consent, consent_id)


def of_person(user_id: int) -> list[Consent]:
    """Return a person's consents, the newest first."""
    query = select(Consent).where(Consent.user_id == user_id)
    return list(db.session.scalars(query.order_by(Consent.given_on.desc(), Consent.id.desc())))


def latest(user_ids: Collection[int], kind: str) -> dict[int, Consent]:
    """Return for each of these people the consent of a kind that counts: one that holds, else the newest."""
    query = select(Consent).where(Consent.user_id.in_(user_ids), Consent.kind == kind)
    order = {"holds": 0, "soon": 1, "ended": 2, "withdrawn": 2}
    found: dict[int, Consent] = {}
    for row in db.session.scalars(query.order_by(Consent.given_on.desc(), Consent.id.desc())):
        other = found.get(row.user_id)
        if other is None or order[row.standing] < order[other.standing]:
            found[row.user_id] = row
    return found


def forget_giver(user_id: int, name: str) -> None:
    """Keep that a consent was given, but not by whom: a parent is erased. Call inside ``writing()``."""
    children = select(Guardian.child_id).where(Guardian.parent_id == user_id)
    signed: ColumnElement[bool] = or_(Consent.giver_id == user_id, Consent.user_id.in_(children))
    with writing():
        for row in db.session.scalars(select(Consent).where(signed)):
            if row.giver_id == user_id or folded_name(row.giver) == folded_name(name):
                row.giver, row.giver_id, row.note = "", None, ""


def personal_data(rows: Iterable[Consent]) -> list[dict[str, Any]]:
    """Return consents as plain values."""
    return [
        {
            "kind": str(KINDS.get(row.kind, row.kind)),
            "giver": row.giver,
            "given_on": row.given_on.isoformat(),
            "until": row.until.isoformat() if row.until else None,
            "withdrawn_on": row.withdrawn_on.isoformat() if row.withdrawn_on else None,
            "note": row.note,
        }
        for row in rows
    ]
