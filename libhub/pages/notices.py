"""The page on which people read what the hub told them."""

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.base.db import db
from libhub.notices import notices
from libhub.plugging import state
from libhub.web.gate import signed_in
from libhub.web.outside import safe_target
from libhub.web.paging import page_number
from libhub.web.rendering.pages import page
from libhub.web.visitor import current_viewer

blueprint = Blueprint("notices", __name__, url_prefix="/notices")
PAGE_SIZE = 30


@blueprint.get("/")
@signed_in
def index() -> Response:
    """List the visitor's notices, the newest first."""
    query = notices.listing(_user_id(), state.enabled_plugins())
    found = db.paginate(query, page=page_number(), per_page=PAGE_SIZE, error_out=False)
    return page("notices.html", notices=found, said=notices.said)


@blueprint.get("/<int:notice_id>")
@signed_in
def show(notice_id: int) -> AnyResponse:
    """Mark a notice as read and go where it leads."""
    notice = notices.open_notice(_user_id(), notice_id, state.enabled_plugins())
    if notice is None:
        abort(404)
    return redirect(safe_target(notice.url) if notice.url else url_for("notices.index"))


@blueprint.post("/read")
@signed_in
def read_all() -> AnyResponse:
    """Mark all of them as read, but for those that came after the page was loaded."""
    until = request.form.get("until", "")
    if until.isascii() and until.isdigit() and len(until) < 19:
        notices.mark_all_read(_user_id(), until=int(until))
    return redirect(url_for("notices.index"))


def _user_id() -> int:
    user_id = current_viewer().user_id
    assert user_id is not None  # the gate let only accounts in
    return user_id
