"""One's own record: certificates, learning elsewhere with scans."""

from flask import Blueprint, Response, abort, flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import (
    attachments,
    db,
    detach_all,
    editor,
    fields,
    page,
    requires,
    today,
    writing,
)
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.training.learning import certificates, outside_learning
from plugins.training.learning.models import ExternalLearning
from plugins.training.learning.outside_learning import ExternalData
from plugins.training.pages.forms import ExternalForm
from plugins.training.pages.learning import user_id

blueprint = Blueprint("training", __name__, url_prefix="/training")


@blueprint.get("/record")
@requires("training.learn")
def record() -> Response:
    """Show everything that I learned, here and elsewhere."""
    rows = outside_learning.of_person(user_id())
    return page(
        "training/record.html",
        certificates=certificates.of_person(user_id()),
        rows=rows,
        files=attachments([row.ref for row in rows]),
        soon=today() + outside_learning.REMIND_BEFORE,
        today=today(),
    )


@blueprint.route("/record/add", methods=["GET", "POST"])
@requires("training.learn")
def add_external() -> AnyResponse:
    """Add a course taken elsewhere."""
    return _edit(None)


@blueprint.route("/record/<int:external_id>", methods=["GET", "POST"])
@requires("training.learn")
def edit_external(external_id: int) -> AnyResponse:
    """Change a record of one's own, and attach the scan."""
    return _edit(_own_or_404(external_id))


def _edit(row: ExternalLearning | None) -> AnyResponse:
    number, ref = (row.id, row.ref) if row else (None, None)
    return editor(
        "training/edit_external.html",
        lambda: ExternalForm(**vars(ExternalData.of(row) if row else ExternalData("", None))),
        lambda typed: outside_learning.save(fields.typed_data(typed, ExternalData), user_id(), number),
        lambda saved: (
            url_for("training.record") if row else url_for("training.edit_external", external_id=saved)
        ),
        told=_l("Saved.") if row else _l("Saved. Now you can attach the scan of the document."),
        ref=ref,
        files=attachments([ref])[ref] if ref else [],
        external_id=number,
    )


@blueprint.post("/record/<int:external_id>/remove")
@requires("training.learn")
def remove_external(external_id: int) -> AnyResponse:
    """Delete a record of one's own, with its scan."""
    row = _own_or_404(external_id)
    with writing():
        detach_all([row.ref])
        outside_learning.remove(external_id, user_id())
    flash(_("The record was deleted."), "success")
    return redirect(url_for("training.record"))


def _own_or_404(external_id: int) -> ExternalLearning:
    row: ExternalLearning | None = db.session.get(ExternalLearning, external_id)
    return row if row and row.user_id == user_id() else abort(404)
