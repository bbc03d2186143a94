"""One's own record: certificates, learning elsewhere with scans."""

from flask import Blueprint, Response, abort, flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import (
    WORKBOOK_TYPE,
    Invalid,
    LibHubError,
    attachments,
    detach_all,
    page,
    requires,
    today,
    writing,
)
from libhub.api import gettext as _
from plugins.training.learning import certificates, outside_learning
from plugins.training.learning.outside_learning import ExternalData, external_ref
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
        files=attachments([external_ref(row.id) for row in rows]),
        ref=external_ref,
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


def _edit(external_id: int | None) -> AnyResponse:
    before = ExternalData("", None)
    if external_id is not None:
        before = outside_learning.data_of(outside_learning.get(external_id, user_id()))
    form = ExternalForm(**vars(before))
    if form.validate_on_submit():
        try:
            saved = outside_learning.save(form.data_typed(), user_id(), external_id)
        except Invalid as error:
            form.show_problems(error.problems)
        else:
            if external_id is None:
                flash(_("Saved. Now you can attach the scan of the document."), "success")
                return redirect(url_for("training.edit_external", external_id=saved))
            flash(_("Saved."), "success")
            return redirect(url_for("training.record"))
    ref = external_ref(external_id) if external_id is not None else None
    return page(
        "training/edit_external.html",
        form=form,
        ref=ref,
        files=attachments([ref])[ref] if ref else [],
        external_id=external_id,
        status=422 if form.is_submitted() else 200,
    )


@blueprint.post("/record/<int:external_id>/remove")
@requires("training.learn")
def remove_external(external_id: int) -> AnyResponse:
    """Delete a record of one's own, with its scan."""
    _own_or_404(external_id)
    with writing():
        detach_all([external_ref(external_id)])
        outside_learning.remove(external_id, user_id())
    flash(_("The record was deleted."), "success")
    return redirect(url_for("training.record"))


def _own_or_404(external_id: int) -> int:
    try:
        return outside_learning.get(external_id, user_id()).id
    except LibHubError:
        abort(404)


def download(content: bytes, name: str) -> Response:
    """Return a workbook to be saved."""
    return Response(
        content, content_type=WORKBOOK_TYPE, headers={"Content-Disposition": f"attachment; filename={name}"}
    )
