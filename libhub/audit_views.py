"""The page that reads the audit log."""

from flask import Blueprint, Response, request
from sqlalchemy import or_, select

from libhub.audit import AuditEntry, subject_labels
from libhub.db import db
from libhub.web.gate import requires
from libhub.web.paging import page_number
from libhub.web.render import page

blueprint = Blueprint("audit", __name__, url_prefix="/admin/audit")
PAGE_SIZE = 50
ACTIONS = ("create", "update", "delete")


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
        subjects=subject_labels(),
        actions=ACTIONS,
    )
