"""Writing courses: what is said of one, and the order of its sections and lessons."""

import re
from collections.abc import Callable
from functools import partial
from typing import Final

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import (
    LibHubError,
    StaleView,
    add_archiving,
    as_seen,
    db,
    editor,
    fields,
    page,
    requires,
    wants_fragment,
)
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.training.courses import lessons, rules
from plugins.training.courses.audience import AUDIENCES
from plugins.training.courses.lessons import COMPLETIONS, LessonData
from plugins.training.courses.rules import CourseData
from plugins.training.learning import assignment
from plugins.training.models import Course
from plugins.training.pages.forms import CourseForm

blueprint = Blueprint("training", __name__, url_prefix="/training")

_ORDER: Final = re.compile(r"\d{1,9}:(?:\d{1,9}(?:,\d{1,9})*)?")


@blueprint.route("/add", methods=["GET", "POST"])
@requires("training.edit")
def add() -> AnyResponse:
    """Add a course."""
    return _settings(None)


@blueprint.route("/<int:course_id>/settings", methods=["GET", "POST"])
@requires("training.edit")
def settings(course_id: int) -> AnyResponse:
    """Change what is said of a course as a whole."""
    return _settings(db.get_or_404(Course, course_id))


def _settings(course: Course | None) -> AnyResponse:
    def form() -> CourseForm:
        made = CourseForm(**vars(rules.data_of(course) if course else CourseData("")))
        made.people.choices = fields.choices({each.id: each.name for each in assignment.candidates()})
        others = {each.id: each.title for each in assignment.courses() if each != course}
        made.requires.choices = fields.choices(others)
        return made

    return editor(
        "training/settings.html",
        form,
        lambda typed: rules.save_course(fields.typed_data(typed, CourseData), course.id if course else None),
        lambda number: url_for("training.edit", course_id=number),
        told=_l("Saved."),
        course=course,
    )


@blueprint.get("/<int:course_id>/edit")
@requires("training.edit")
def edit(course_id: int) -> Response:
    """Show the sections and lessons of a course, to be ordered, added to and opened."""
    return edit_page(course_id)


def edit_page(course_id: int, problem: str = "", typed: str = "") -> Response:
    """Show the structure of a course, maybe with what would not do."""
    course = db.get_or_404(Course, course_id)
    archived = [lesson for section in course.sections for lesson in section.lessons if lesson.archived_at]
    return page(
        "training/edit.html",
        course=course,
        archived=archived,
        order=rules.order_of(course),
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
    rules.set_published([db.get_or_404(Course, course_id).id], published=wanted)
    flash(_("The course is open now.") if wanted else _("The course is a draft again."), "success")
    return redirect(url_for("training.edit", course_id=course_id))


add_archiving(
    blueprint,
    Course,
    "training.edit",
    archived=lambda _course: url_for("training.manage", state="archived"),
    restored=lambda course: url_for("training.edit", course_id=course.id),
    back=_l("“%(title)s” is back."),
)


# -- sections and order -------------------------------------------------------------------------------


@blueprint.post("/<int:course_id>/sections")
@requires("training.edit")
def add_section(course_id: int) -> AnyResponse:
    """Add a section."""
    db.get_or_404(Course, course_id)
    return _change(course_id, lambda: rules.add_section(course_id, request.form.get("title", "")))


@blueprint.post("/<int:course_id>/sections/<int:section_id>/<any(rename, remove, up, down):action>")
@requires("training.edit")
def change_section(course_id: int, section_id: int, action: str) -> AnyResponse:
    """Rename, remove or move a section."""
    _section_or_404(course_id, section_id)

    def in_order(step: int) -> None:
        as_seen(partial(_order, course_id), lambda: rules.move_section(section_id, step))

    def rename() -> None:
        title = request.form.get("title", "")
        as_seen(lambda: rules.get_section(section_id).title, lambda: rules.rename_section(section_id, title))

    actions: dict[str, Callable[[], object]] = {
        "rename": rename,
        "remove": lambda: rules.remove_section(section_id),
        "up": lambda: in_order(-1),
        "down": lambda: in_order(1),
    }
    return _change(course_id, actions[action])


@blueprint.post("/<int:course_id>/sections/<int:section_id>/lessons")
@requires("training.edit")
def add_lesson(course_id: int, section_id: int) -> AnyResponse:
    """Add a lesson and go on to writing it; it is a draft until somebody opens it."""
    _section_or_404(course_id, section_id)
    title = request.form.get("title", "")
    try:
        lesson_id = lessons.add_lesson(section_id, LessonData(title, published=False))
    except LibHubError as error:
        return edit_page(course_id, str(error), title)
    return redirect(url_for("training.edit_lesson", lesson_id=lesson_id))


@blueprint.post("/<int:course_id>/order")
@requires("training.edit")
def order(course_id: int) -> AnyResponse:
    """Take over an order that was dragged: ``3:5,6;4:7`` are sections with their lessons."""
    db.get_or_404(Course, course_id)
    parts = [part for part in request.form.get("order", "")[:20_000].split(";") if _ORDER.fullmatch(part)]
    wanted = []
    for part in parts:
        section, _colon, some = part.partition(":")
        wanted.append((int(section), [int(each) for each in some.split(",") if each]))
    present = partial(_order, course_id)
    try:
        as_seen(present, lambda: rules.arrange(course_id, wanted))
    except StaleView as error:
        flash(str(error), "error")
        if wants_fragment():
            return Response(status=409)
    else:
        if wants_fragment():
            return page("training/order_kept.html", order=present())
    return redirect(url_for("training.edit", course_id=course_id))


def _order(course_id: int) -> list[tuple[int, list[int]]]:
    return rules.order_of(rules.get_course(course_id))


def _change(course_id: int, change: Callable[[], object]) -> AnyResponse:
    try:
        change()
    except LibHubError as error:
        return edit_page(course_id, str(error), request.form.get("title", ""))
    return redirect(url_for("training.edit", course_id=course_id))


def _section_or_404(course_id: int, section_id: int) -> None:
    if section_id not in {section.id for section in db.get_or_404(Course, course_id).sections}:
        abort(404)
