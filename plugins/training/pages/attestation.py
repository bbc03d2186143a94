"""The record for attestation: as a table and on paper."""

from dataclasses import astuple

from flask import Blueprint, Response, abort, request

from libhub.api import (
    Person,
    current_viewer,
    get_setting,
    give_workbook,
    limited,
    page,
    parse_number,
    people,
    requires,
    today,
)
from libhub.api import gettext as _
from plugins.training.courses.audience import SUPERVISE
from plugins.training.learning import assignment, outside_learning
from plugins.training.learning.outside_learning import Line
from plugins.training.pages.learning import user_id

blueprint = Blueprint("training", __name__, url_prefix="/training")


@blueprint.get("/record.xlsx")
@requires("training.learn")
@limited(20, methods=("GET",))
def record_xlsx() -> Response:
    """Give my record as a workbook."""
    mine = people([user_id()])
    return _workbook(mine)


@blueprint.get("/board/record.xlsx")
@requires("training.board")
@limited(20, methods=("GET",))
def everybody_xlsx() -> Response:
    """Give the record of all staff as a workbook."""
    return _workbook(assignment.candidates())


@blueprint.get("/record/print")
@requires("training.learn")
def record_print() -> Response:
    """Show a record as one sheet to print: my own, or, to the librarian, somebody's."""
    asked = parse_number(request.args.get("person", ""))
    number = user_id() if asked is None else asked
    if number != user_id() and not current_viewer().can(SUPERVISE):
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
    rows = [(names[each.user_id], *astuple(each)[1:]) for each in _lines(some)]
    return give_workbook(f"training-{today().isoformat()}", _("Learning"), header, rows)
