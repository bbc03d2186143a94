"""The page that reads the audit log."""

import re
from collections import Counter
from datetime import UTC, date, datetime
from typing import Final

from flask import Blueprint, Response, request
from flask_babel import format_date
from sqlalchemy import or_, select

from libhub.base.audit import AuditEntry, subject_labels
from libhub.base.db import db
from libhub.base.i18n import current_locale
from libhub.base.i18n import gettext as _
from libhub.plugging.loading.registry import get_registry
from libhub.web.gate import requires
from libhub.web.paging import page_number
from libhub.web.rendering.moments import moment_text
from libhub.web.rendering.pages import page

blueprint = Blueprint("audit", __name__, url_prefix="/admin/audit")
PAGE_SIZE = 50
ACTIONS = ("create", "update", "delete")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+00:00)?")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


@blueprint.get("/")
@requires("audit.read")
def index() -> Response:
    """List changes, newest first; filtered by words, action and kind of thing."""
    text = request.args.get("q", "").strip()[:80]
    action, subject = request.args.get("action", ""), request.args.get("subject", "")
    query = select(AuditEntry).order_by(AuditEntry.id.desc())
    if text:
        names = (AuditEntry.actor_name, AuditEntry.subject_title)
        query = query.where(or_(*(name.icontains(text, autoescape=True) for name in names)))
    if action in ACTIONS:
        query = query.where(AuditEntry.action == action)
    if subject:
        query = query.where(AuditEntry.subject_type == subject)
    found = db.paginate(query, page=page_number(), per_page=PAGE_SIZE, error_out=False)
    return page(
        "admin/audit.html",
        block="rows",
        entries=found,
        text=text,
        action=action,
        subject=subject,
        subjects=_subjects(),
        actions=ACTIONS,
        in_words=in_words,
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


def in_words(value: object) -> str:
    """Say a value of the log, as JSON has it, as people do; moments are kept in UTC."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = str(value)
    try:
        if _MOMENT.fullmatch(text):
            return moment_text(datetime.fromisoformat(text).replace(tzinfo=UTC))
        if _DAY.fullmatch(text):
            return str(format_date(date.fromisoformat(text)))
    except ValueError:  # somebody typed what only looks like a day
        pass
    return text
