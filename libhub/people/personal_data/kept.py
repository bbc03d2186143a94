"""What is kept of a person, with what for and for how long: by the hub itself and by every section, also by those that are off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from libhub.accounts import accounts, relations
from libhub.accounts.models import Guardian, User
from libhub.accounts.permissions import ROLES
from libhub.base.audit import AuditEntry, audit_read, changed_by
from libhub.base.checked_types import Label
from libhub.base.db import db, writing
from libhub.base.i18n import current_locale
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.files import personal_data as files
from libhub.kit.jobs import starting
from libhub.notices import notices
from libhub.people.credentials import means
from libhub.people.personal_data import consents
from libhub.plugging import calls
from libhub.plugging.loading.registry import get_registry
from libhub.plugging.records import KeptData
from libhub.submissions import drafts

_DELETED: Final = _l("until the account is deleted")
_CALLED: Final[Mapping[str, Label]] = {
    "name": _l("Name"),
    "username": _l("User name"),
    "role": _l("Role"),
    "class": _l("Class"),
    "class_group": _l("Group in the class"),
    "birth_date": _l("Date of birth"),
    "school_number": _l("Number in the school's own list"),
    "age_limit": _l("Age limit of its own"),
    "active": _l("May sign in"),
    "created_at": _l("Added on"),
    "last_visit_on": _l("Last visit"),
    "opened": _l("Opened on"),
    "ends": _l("Ends on"),
    "browser": _l("Browser"),
    "computer": _l("PC of the reading room"),
    "at": _l("When"),
    "text": _l("Text"),
    "page": _l("Page"),
    "fields": _l("What was typed"),
    "place": _l("Up to where"),
    "what": _l("What"),
    "arguments": _l("With what"),
    "action": _l("What was done"),
    "title": _l("Title"),
    "kind": _l("What for"),
    "giver": _l("From whom"),
    "given_on": _l("Given on"),
    "until": _l("Valid until"),
    "withdrawn_on": _l("Withdrawn on"),
    "note": _l("Note"),
    "who": _l("Who"),
}

ACTIONS: Final[Mapping[str, Label]] = {
    "create": _l("added"),
    "update": _l("changed"),
    "delete": _l("deleted"),
    "read": _l("looked at what is kept"),
}


@dataclass(frozen=True)
class Kept:
    """One kind of what is kept, as the page shows it.

    :param section: what the section is called; empty for the hub itself.
    :param hidden: how many there are, where only the person sees them.
    """

    section: str
    section_id: str
    name: str
    data: KeptData
    hidden: int | None = None

    @property
    def values(self) -> Any:
        """What is kept; nothing where it is hidden."""
        return self.data.values if self.hidden is None else []


def kept_of(user_id: int, asked_by: int | None) -> list[Kept]:
    """Return all that is kept of a person; what only the person sees is counted for others, and of one parent another knows nothing.

    :param asked_by: the account of whoever wants to know it.

    :raises LibHubError: a section cannot say it, or none is loaded.
    """
    user = accounts.get_user(user_id)
    answers = calls.call_installed("personal_data", user_id=user_id)
    plugins, locale = get_registry().plugins, current_locale()
    found = [Kept("", "", name, data) for name, data in _own(user, asked_by).items()]
    for section, told in answers:
        title = plugins[section].name(locale)
        found += [Kept(title, section, name, _described(name, value)) for name, value in told.items()]
    return [each if asked_by == user_id or not each.data.private else _hidden(each) for each in found]


def as_json(kept: Sequence[Kept]) -> dict[str, Any]:
    """Return the same for a file: values by name, those of sections under ``sections``; what they are for under ``about``."""
    told: dict[str, Any] = {"sections": {}, "about": {}}
    for each in kept:
        place = told["sections"].setdefault(each.section_id, {}) if each.section_id else told
        place[each.name] = each.values if each.hidden is None else {"hidden": each.hidden}
        told["about"][f"{each.section_id}.{each.name}".lstrip(".")] = {
            "label": str(each.data.label),
            "purpose": str(each.data.purpose),
            "term": str(each.data.term),
        }
    return told


def note_request(user_id: int) -> None:
    """Write into the log that somebody looked at what is kept of a person; who it is, the log knows."""
    with writing():
        audit_read(accounts.get_user(user_id))


def _described(name: str, value: Any) -> KeptData:
    if isinstance(value, KeptData):
        return value
    return KeptData(name, value, _("the section does not say it"), _("the section does not say it"))


def _hidden(kept: Kept) -> Kept:
    values = kept.data.values
    number = len(values) if isinstance(values, list | dict) else int(bool(values))
    return Kept(kept.section, kept.section_id, kept.name, kept.data, number)


def _own(user: User, asked_by: int | None) -> dict[str, KeptData]:
    account = accounts.personal_data(user)
    sessions = account.pop("sessions")
    account["role"] = str(ROLES.get(user.role, user.role))
    own_files = files.personal_data(user.id)
    return {
        "account": KeptData(
            _l("Account"),
            account,
            _l("to sign in, and to see what is meant for one's class and age"),
            _DELETED,
            _CALLED,
        ),
        "sessions": KeptData(
            _l("Browsers that are signed in"),
            sessions,
            _l("so that one need not sign in for each page"),
            _l("until one signs out, or a day after the session ended"),
            _CALLED,
        ),
        "cards": KeptData(
            _l("What opens the account besides the password"),
            means.personal_data(user.id),
            _l("so that pupils sign in with a card or with pictures"),
            _l("until it is taken away, or the account is deleted"),
            {"card_since": _l("QR card, since"), "pictures": _l("Pictures")},
        ),
        "family": KeptData(
            _l("Parents and children"),
            _family(user, asked_by),
            _l("so that parents see what their child is signed up for, and sign it up"),
            _l("until the relation is ended, or an account is deleted"),
        ),
        "consents": KeptData(
            _l("Consents on paper"),
            _consents(user.id, asked_by),
            _l("to know what was agreed to"),
            _DELETED,
            _CALLED,
        ),
        "notices": KeptData(
            _l("Notices"),
            notices.personal_data(user.id),
            _l("to tell what happened"),
            _l("90 days after they were read, a year at the longest"),
            _CALLED,
        ),
        "files": KeptData(
            _l("Files: uploaded, and how far they were read"),
            {name: some for name, some in own_files.items() if some} and own_files,
            _l("to know whose file it is, and to go on reading where one stopped"),
            _DELETED,
            {**_CALLED, "uploaded": _l("Uploaded"), "read": _l("Read")},
        ),
        "drafts": KeptData(
            _l("What was typed and is not saved"),
            drafts.personal_data(user.id),
            _l("so that nothing typed is lost"),
            _l("30 days"),
            _CALLED,
            private=True,
        ),
        "jobs": KeptData(
            _l("Long work that was started"),
            starting.personal_data(user.id),
            _l("to tell when it is done"),
            _l("30 days after it ended"),
            _CALLED,
        ),
        "changes": KeptData(
            _l("What the person changed in the hub"),
            [
                {**each, "action": str(ACTIONS.get(each["action"], each["action"]))}
                for each in changed_by(user.id)
            ],
            _l("to know who changed what, and to bring back how it was"),
            _l("for good; when the account is deleted, without the name"),
            _CALLED,
        ),
        "requests": KeptData(
            _l("Who looked at this page"),
            _requests(user.id, asked_by),
            _l("so that the person knows it"),
            _l("for good; when the account is deleted, without the name"),
            _CALLED,
        ),
    }


def _is_parent(user_id: int, asked_by: int | None) -> bool:
    return asked_by is not None and db.session.get(Guardian, (asked_by, user_id)) is not None


def _family(user: User, asked_by: int | None) -> list[str]:
    alone = _is_parent(user.id, asked_by)
    parents = [each for each in relations.parents_of(user.id) if not alone or each.id == asked_by]
    query = (
        select(User.name).join(Guardian, Guardian.child_id == User.id).where(Guardian.parent_id == user.id)
    )
    children = db.session.scalars(query.order_by(User.sort_name))
    return [
        *(_("Parent: %(name)s", name=each.name) for each in parents),
        *(_("Child: %(name)s", name=name) for name in children),
    ]


def _consents(user_id: int, asked_by: int | None) -> list[dict[str, Any]]:
    alone = _is_parent(user_id, asked_by)
    rows = consents.of_person(user_id)
    return [
        {**told, "giver": told["giver"] if not alone or row.giver_id == asked_by else ""}
        for row, told in zip(rows, consents.personal_data(rows), strict=True)
    ]


def _requests(user_id: int, asked_by: int | None) -> list[dict[str, str]]:
    query = select(AuditEntry.at, AuditEntry.actor_name).where(
        AuditEntry.subject_type == User.__tablename__,
        AuditEntry.subject_key == str(user_id),
        AuditEntry.action == "read",
    )
    if _is_parent(user_id, asked_by):
        query = query.where(AuditEntry.actor_id == asked_by)
    rows = db.session.execute(query.order_by(AuditEntry.id.desc()))
    return [{"at": at.isoformat(), "who": name or _("somebody who was erased")} for at, name in rows]
