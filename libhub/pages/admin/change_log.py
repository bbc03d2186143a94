"""The page that reads the audit log."""

from collections import Counter

from flask import Blueprint, Response, request, url_for
from sqlalchemy import ColumnElement, and_, or_, select
from werkzeug.wrappers import Response as AnyResponse

from libhub.accounts.models import User
from libhub.base.audit import AuditEntry, subject_labels
from libhub.base.db import db
from libhub.base.i18n import current_locale
from libhub.base.i18n import gettext as _
from libhub.kit.history import reverting
from libhub.kit.history.reading import changes_of
from libhub.kit.history.setting_changes import TABLE as SETTINGS
from libhub.kit.history.setting_changes import keys_called
from libhub.kit.pages.editing import attempt
from libhub.kit.pages.history import history_url
from libhub.plugging.loading.registry import get_registry
from libhub.web.gate import requires
from libhub.web.outside import safe_target
from libhub.web.paging import page_number
from libhub.web.rendering.pages import page
from libhub.web.visitor import current_viewer

blueprint = Blueprint("audit", __name__, url_prefix="/admin/audit")
PAGE_SIZE = 50
ACTIONS = ("create", "update", "delete", "read")


@blueprint.get("/")
@requires("audit.read")
def index() -> Response:
    """List changes, newest first; filtered by words, by person, by thing, by what was done."""
    text = request.args.get("q", "").strip()[:80]
    action, subject = request.args.get("action", ""), request.args.get("subject", "")
    key = request.args.get("key", "")[:120] if subject else ""
    person = request.args.get("person", "")
    person = person if person.isascii() and person.isdigit() and len(person) < 10 else ""
    query = select(AuditEntry).order_by(AuditEntry.id.desc())
    if text:
        query = query.where(_says(text))
    if action in ACTIONS:
        query = query.where(AuditEntry.action == action)
    if subject:
        query = query.where(AuditEntry.subject_type == subject)
    if key:
        query = query.where(AuditEntry.subject_key == key)
    if person:
        query = query.where(AuditEntry.actor_id == int(person))
    found = db.paginate(query, page=page_number(), per_page=PAGE_SIZE, error_out=False)
    chosen = {"q": text, "action": action, "subject": subject, "key": key, "person": person}
    return page(
        "admin/audit.html",
        block="rows",
        entries=found,
        changes=changes_of(found.items),
        chosen=chosen,
        subjects=_subjects(),
        actions=ACTIONS,
        history_url=history_url,
        who=db.session.scalar(select(User.name).where(User.id == int(person))) if person else "",
    )


def _says(text: str) -> ColumnElement[bool]:
    """Return the condition on entries in which a text occurs: in the person, the thing, or what a setting is called."""
    names = (AuditEntry.actor_name, AuditEntry.subject_title)
    settings = and_(AuditEntry.subject_type == SETTINGS, AuditEntry.subject_key.in_(keys_called(text)))
    return or_(*(name.icontains(text, autoescape=True) for name in names), settings)


@blueprint.post("/<int:entry>/back")
@requires("audit.read")
def bring_back(entry: int) -> AnyResponse:
    """Make a row again that was deleted, as the log has it."""
    return attempt(
        lambda: reverting.bring_back(entry, current_viewer().can),
        safe_target(request.form.get("next") or url_for("audit.index", action="delete")),
        lambda title: _("“%(title)s” is there again.", title=title),
    )


def _subjects() -> dict[str, str]:
    """Return what people call the rows of every table; what two sections call alike is told with its section."""
    labels = subject_labels()
    often = Counter(label for label, _section in labels.values())
    plugins, locale = get_registry().plugins, current_locale()
    return {
        table: f"{label} ({plugins[section].name(locale)})"
        if often[label] > 1 and section in plugins
        else label
        for table, (label, section) in labels.items()
    }
