"""Writing courses: their list, what is said of one, and the order of its sections and lessons."""

import re
from collections.abc import Callable
from typing import Final

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import Invalid, LibHubError, current_viewer, db, page, requires, wants_fragment
from libhub.api import gettext as _
from plugins.training.courses import lessons, rules
from plugins.training.courses.audience import AUDIENCES
from plugins.training.courses.lessons import COMPLETIONS, LessonData
from plugins.training.courses.rules import CourseData
from plugins.training.learning import assignment
from plugins.training.models import Course
from plugins.training.pages.forms import CourseForm, course_values, numbered

blueprint = Blueprint("training", __name__, url_prefix="/training")

_ORDER: Final = re.compile(r"\d{1,9}:(?:\d{1,9}(?:,\d{1,9})*)?")


@blueprint.get("/manage")
@requires("training.edit")
def manage() -> Response:
    """List every course: open, drafts, archive."""
    courses = db.session.scalars(select(Course).order_by(Course.title)).all()
    return page(
        "training/manage.html",
        courses=[course for course in courses if course.archived_at is None],
        archived=[course for course in courses if course.archived_at],
        audiences=AUDIENCES,
    )


@blueprint.route("/add", methods=["GET", "POST"])
@requires("training.edit")
def add() -> AnyResponse:
    """Add a course."""
    return _settings(None)


@blueprint.route("/<int:course_id>/settings", methods=["GET", "POST"])
@requires("training.edit")
def settings(course_id: int) -> AnyResponse:
    """Change what is said of a course as a whole."""
    return _settings(course_or_404(course_id))


def _settings(course: Course | None) -> AnyResponse:
    before = rules.data_of(course) if course else CourseData("")
    form = CourseForm(**course_values(before))
    others = [each for each in assignment.courses() if course is None or each.id != course.id]
    form.offer(numbered(assignment.candidates(), "name"), numbered(others, "title"))
    if form.validate_on_submit():
        try:
            course_id = rules.save_course(form.data_typed(), course.id if course else None)
        except Invalid as error:
            form.show_problems(error.problems)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("training.edit", course_id=course_id))
    return page(
        "training/settings.html", form=form, course=course, status=422 if form.is_submitted() else 200
    )


@blueprint.get("/<int:course_id>/edit")
@requires("training.edit")
def edit(course_id: int) -> Response:
    """Show the sections and lessons of a course, to be ordered, added to and opened."""
    return edit_page(course_id)


def edit_page(course_id: int, problem: str = "", typed: str = "") -> Response:
    """Show the structure of a course, maybe with what would not do."""
    course = course_or_404(course_id)
    archived = [lesson for section in course.sections for lesson in section.lessons if lesson.archived_at]
    return page(
        "training/edit.html",
        course=course,
        archived=archived,
        completions=COMPLETIONS,
        audiences=AUDIENCES,
        problem=problem,
        typed=typed,
        status=422 if problem else 200,
    )


@blueprint.post("/<int:course_id>/publish")
@requires("training.edit")
def publish(course_id: int) -> AnyResponse:
    """Open a course to those it is for, or close it again."""
    wanted = request.form.get("published") == "1"
    rules.set_published(course_or_404(course_id).id, published=wanted)
    flash(_("The course is open now.") if wanted else _("The course is a draft again."), "success")
    return redirect(url_for("training.edit", course_id=course_id))


@blueprint.post("/<int:course_id>/archive")
@requires("training.edit")
def archive(course_id: int) -> AnyResponse:
    """Put a course away, or bring it back; nothing that anybody did in it is lost."""
    course = course_or_404(course_id)
    wanted = request.form.get("archived") == "1"
    rules.set_archived(course_id, archived=wanted)
    if wanted:
        flash(_("“%(title)s” is in the archive. It can be restored there.", title=course.title), "success")
        return redirect(url_for("training.manage"))
    flash(_("“%(title)s” is back.", title=course.title), "success")
    return redirect(url_for("training.edit", course_id=course_id))


# -- sections and order -------------------------------------------------------------------------------


@blueprint.post("/<int:course_id>/sections")
@requires("training.edit")
def add_section(course_id: int) -> AnyResponse:
    """Add a section."""
    course_or_404(course_id)
    return _change(course_id, lambda: rules.add_section(course_id, request.form.get("title", "")))


@blueprint.post("/<int:course_id>/sections/<int:section_id>/<any(rename, remove, up, down):action>")
@requires("training.edit")
def change_section(course_id: int, section_id: int, action: str) -> AnyResponse:
    """Rename, remove or move a section."""
    _section_or_404(course_id, section_id)
    actions: dict[str, Callable[[], object]] = {
        "rename": lambda: rules.rename_section(section_id, request.form.get("title", "")),
        "remove": lambda: rules.remove_section(section_id),
        "up": lambda: rules.move_section(section_id, -1),
        "down": lambda: rules.move_section(section_id, 1),
    }
    return _change(course_id, actions[action])


@blueprint.post("/<int:course_id>/sections/<int:section_id>/lessons")
@requires("training.edit")
def add_lesson(course_id: int, section_id: int) -> AnyResponse:
    """Add a lesson and go on to writing it; it is a draft until somebody opens it."""
    _section_or_404(course_id, section_id)
    title = request.form.get("title", "")
    try:
        lesson_id = lessons.add_lesson(section_id, LessonData(title, published=False), current_viewer().actor)
    except LibHubError as error:
        return edit_page(course_id, str(error), title)
    return redirect(url_for("training.edit_lesson", lesson_id=lesson_id))


@blueprint.post("/<int:course_id>/order")
@requires("training.edit")
def order(course_id: int) -> AnyResponse:
    """Take over an order that was dragged: ``3:5,6;4:7`` are sections with their lessons."""
    course_or_404(course_id)
    parts = [part for part in request.form.get("order", "")[:20_000].split(";") if _ORDER.fullmatch(part)]
    wanted = []
    for part in parts:
        section, _colon, some = part.partition(":")
        wanted.append((int(section), [int(each) for each in some.split(",") if each]))
    rules.arrange(course_id, wanted)
    if wants_fragment():
        return page("training/order_kept.html")
    return redirect(url_for("training.edit", course_id=course_id))


def _change(course_id: int, change: Callable[[], object]) -> AnyResponse:
    try:
        change()
    except LibHubError as error:
        return edit_page(course_id, str(error), request.form.get("title", ""))
    return redirect(url_for("training.edit", course_id=course_id))


def course_or_404(course_id: int) -> Course:
    """Return a course, archived or not; an unknown number is a page that does not exist."""
    try:
        return rules.get_course(course_id)
    except LibHubError:
        abort(404)


def _section_or_404(course_id: int, section_id: int) -> None:
    if section_id not in {section.id for section in course_or_404(course_id).sections}:
        abort(404)
