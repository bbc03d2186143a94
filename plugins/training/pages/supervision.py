"""The librarian's overview: who is where, late, finished; giving courses to people and telling them something."""

from functools import partial

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import (
    ADMINISTRATOR,
    LIBRARIAN,
    TEACHER,
    Cell,
    LibHubError,
    as_seen,
    attempt,
    db,
    editor,
    fields,
    give_workbook,
    limited,
    list_url,
    ngettext,
    page,
    parse_number,
    requires,
    today,
)
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.training.learning import assignment, reminders, supervision, tasks
from plugins.training.models import Course
from plugins.training.pages.forms import AssignForm
from plugins.training.pages.learning import pages_of

blueprint = Blueprint("training", __name__, url_prefix="/training")

PAGE_ROWS = 100
ROLES = {
    TEACHER: _l("All teachers"),
    LIBRARIAN: _l("All librarians"),
    ADMINISTRATOR: _l("All administrators"),
}


@blueprint.get("/board")
@requires("training.board")
def show_board() -> Response:
    """Show where everybody is."""
    return _board()


def _board(problem: str = "", typed: str = "") -> Response:
    course_id, state = _filters()
    found = supervision.rows(course_id, state)
    rows, number, pages = pages_of(found, PAGE_ROWS)
    return page(
        "training/board.html",
        block="rows",
        rows=rows,
        total=len(found),
        people=[row.person.id for row in found],
        number=number,
        pages=pages,
        page_url=partial(list_url, "training.show_board", {"course": course_id or "", "state": state}),
        courses=assignment.courses(),
        course_id=course_id,
        state=state,
        states=supervision.STATES,
        waiting=len(tasks.waiting()),
        problem=problem,
        typed=typed,
        status=422 if problem else 200,
    )


def _filters() -> tuple[int | None, str]:
    course_id, state = parse_number(request.values.get("course", "")), request.values.get("state", "")
    return course_id, state if state in supervision.STATES else ""


@blueprint.route("/board/assign", methods=["GET", "POST"])
@requires("training.board")
def assign() -> AnyResponse:
    """Give a course to people, or to everybody with a role."""
    open_courses = [course for course in assignment.courses() if course.published]
    form = AssignForm(course=_filters()[0])
    form.course.choices = fields.choices({course.id: course.title for course in open_courses})
    form.people.choices = fields.choices({person.id: person.name for person in assignment.candidates()})
    form.roles.choices = fields.choices(ROLES)
    return editor(
        "training/assign.html",
        form,
        lambda: assignment.assign(
            form.course.data, form.people.data or (), form.roles.data or (), form.due_on.data
        ),
        lambda _number: url_for("training.show_board", course=form.course.data),
        told=lambda number: ngettext(
            "%(num)d person was given the course and told about it.",
            "%(num)d people were given the course and told about it.",
            number,
        ),
        courses=open_courses,
    )


@blueprint.post("/board/<int:course_id>/<int:person_id>/withdraw")
@requires("training.board")
def withdraw(course_id: int, person_id: int) -> AnyResponse:
    """Take a course back from somebody."""
    db.get_or_404(Course, course_id)
    url = url_for("training.show_board", course=course_id)
    told = _("Taken back. What the person did in the course is kept.")
    return attempt(lambda: assignment.withdraw(course_id, person_id), url, told)


@blueprint.post("/board/tell")
@requires("training.board")
def tell() -> AnyResponse:
    """Send a message to everybody in the list."""
    course_id, state = _filters()
    text = request.form.get("message", "")
    try:
        if course_id is None:
            raise LibHubError(_("Choose a course first: the message leads to it."))
        number = as_seen(
            lambda: [row.person.id for row in supervision.rows(course_id, state)],
            lambda: reminders.tell(course_id, state, text),
            _l(
                "There are others in this list by now. Your message is still here: look at the list, and send it once more."
            ),
        )
    except LibHubError as error:
        return _board(str(error), text)
    flash(ngettext("%(num)d person was told.", "%(num)d people were told.", number), "success")
    return redirect(url_for("training.show_board", course=course_id, state=state))


@blueprint.get("/board.xlsx")
@requires("training.board")
@limited(20, methods=("GET",))
def board_xlsx() -> Response:
    """Give the board as a workbook."""
    header = (
        _("Name"),
        _("Course"),
        _("State"),
        _("Lessons done"),
        _("Lessons in all"),
        _("Due on"),
        _("Last seen"),
        _("Finished"),
        _("Certificate"),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            row.person.name,
            row.course.title,
            str(supervision.STATES[row.state]),
            row.done,
            row.total,
            row.due_on,
            row.touched_at.date(),
            row.completed_at.date() if row.completed_at else None,
            row.certificate,
        )
        for row in supervision.rows(*_filters())
    ]
    return give_workbook(f"training-board-{today().isoformat()}", _("Training"), header, rows)
