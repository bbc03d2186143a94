"""A parent's page of the children: what the sections show of each, one more by the code on paper, one less."""

from datetime import timedelta
from typing import Final

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from libhub.accounts import limits, relations
from libhub.accounts.limits import Limit
from libhub.accounts.people import people
from libhub.accounts.permissions import PARENT
from libhub.base.errors import LibHubError, TryLater
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.plugging import calls
from libhub.plugging.records import ChildLine
from libhub.web.errors import with_retry
from libhub.web.forms.form import Form
from libhub.web.forms.once import nothing_kept
from libhub.web.gate import signed_in
from libhub.web.rendering.pages import page
from libhub.web.visitor import current_viewer

CODES: Final = Limit("codes", 10, timedelta(minutes=15))
"""Tries at a code from paper, by the number of who types it."""
CODES_FROM_ADDRESS: Final = Limit("codes-from-address", 60, timedelta(minutes=15))
"""The same by the address, against somebody with many accounts."""
blueprint = Blueprint("children", __name__, url_prefix="/me/children")


class CodeForm(Form):
    """The code from the paper."""

    code = StringField(_l("Code from the paper"), [InputRequired(), Length(max=40)])


@blueprint.get("/")
@signed_in
def index() -> Response:
    """Show a parent the children, and of each what the sections have to show."""
    viewer = current_viewer()
    found = [(child, _lines(child.id)) for child in people(viewer.children)]
    return page("people/children.html", children=found, parent=viewer.role == PARENT)


def _lines(child_id: int) -> dict[str, list[ChildLine]]:
    """Return what the sections show of one's own child, by what it is."""
    viewer = current_viewer()
    found: dict[str, list[ChildLine]] = {}
    if child_id in viewer.children:
        for _plugin, lines in calls.call("child_lines", viewer=viewer, child_id=child_id):
            for line in lines:
                found.setdefault(str(line.label), []).append(line)
    return found


@blueprint.route("/join", methods=["GET", "POST"])
@signed_in
@nothing_kept
def join() -> AnyResponse:
    """Make the visitor the parent of a child by the code that is on the child's paper; ``code`` may come by a QR code."""
    viewer = current_viewer()
    form, status = CodeForm(code=request.args.get("code", "")[:40]), 200
    if form.validate_on_submit():
        assert viewer.user_id is not None
        try:
            limits.attempt_all((CODES, (viewer.user_id,)), (CODES_FROM_ADDRESS, (request.remote_addr or "",)))
            child = relations.use_code(viewer.user_id, form.code.data)
        except TryLater as error:
            form.fail(error)
            return with_retry(page("people/join.html", form=form, parent=viewer.role == PARENT), error)
        except LibHubError as error:
            form.fail(error)
            status = 422
        else:
            flash(_("%(name)s is among your children now.", name=child.name), "success")
            return redirect(url_for("children.index"))
    elif form.is_submitted():
        status = 422
    return page("people/join.html", form=form, parent=viewer.role == PARENT, status=status)


@blueprint.post("/<int:child_id>/part")
@signed_in
def part(child_id: int) -> AnyResponse:
    """Let the visitor be the parent of a child no longer."""
    viewer = current_viewer()
    if viewer.user_id is not None and child_id in viewer.children:
        relations.part(viewer.user_id, child_id)
        flash(
            _("You do not see this child any more. A new code from the librarian brings it back."), "success"
        )
    return redirect(url_for("children.index"))
