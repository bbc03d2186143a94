"""One's own record: certificates, learning elsewhere with scans, the table for attestation."""

from datetime import date

from flask import Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import (
    WORKBOOK_TYPE,
    Cell,
    Invalid,
    LibHubError,
    Person,
    attachments,
    current_viewer,
    detach_all,
    get_setting,
    page,
    people,
    requires,
    today,
    workbook,
    writing,
)
from libhub.api import gettext as _
from plugins.training.courses.audience import BOARD
from plugins.training.learning import certificates, outside_learning, supervision
from plugins.training.learning.outside_learning import ExternalData, Line, external_ref
from plugins.training.pages.forms import ExternalForm
from plugins.training.pages.learning import blueprint, user_id


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


# -- the table for attestation ------------------------------------------------------------------------


@blueprint.get("/record.xlsx")
@requires("training.learn")
def record_xlsx() -> Response:
    """Give my record as a workbook."""
    mine = people([user_id()])
    return _workbook(mine)


@blueprint.get("/board/record.xlsx")
@requires("training.board")
def everybody_xlsx() -> Response:
    """Give the record of all staff as a workbook."""
    return _workbook(supervision.candidates())


@blueprint.get("/record/print")
@requires("training.learn")
def record_print() -> Response:
    """Show a record as one sheet to print: my own, or, to the librarian, somebody's."""
    asked = request.args.get("person", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else user_id()
    if number != user_id() and not current_viewer().can(BOARD):
        abort(403)
    found = people([number])
    if not found:
        abort(404)
    return page("training/record_print.html", person=found[0], lines=_lines(found), day=today())


def _lines(some: list[Person]) -> list[Line]:
    here = str(get_setting("core", "library_name") or "LibHub")
    return outside_learning.record([person.id for person in some], here)


def _workbook(some: list[Person]) -> Response:
    names = {person.id: person.name for person in some}
    header = (
        _("Name"),
        _("Course"),
        _("Where"),
        _("Academic hours"),
        _("Finished"),
        _("Document"),
        _("The document is valid until"),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            names[line.user_id],
            line.title,
            line.organisation,
            line.hours,
            line.completed_on,
            line.document,
            line.expires_on,
        )
        for line in _lines(some)
    ]
    return download(workbook(_("Learning"), header, rows), f"training-{date.isoformat(today())}.xlsx")


def download(content: bytes, name: str) -> Response:
    """Return a workbook to be saved."""
    return Response(
        content, content_type=WORKBOOK_TYPE, headers={"Content-Disposition": f"attachment; filename={name}"}
    )
