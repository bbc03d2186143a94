"""The editor of a lesson: text with preview and autosave, files."""

from typing import Any, Final

from flask import Blueprint, Response, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import (
    Attachment,
    as_seen,
    attachments,
    attempt,
    db,
    editor,
    fields,
    find_draft,
    keep_draft,
    markdown,
    page,
    requires,
    set_archived,
)
from libhub.api import gettext as _
from plugins.training.courses import drafts, lessons, rules
from plugins.training.courses.lessons import LessonData
from plugins.training.models import Lesson
from plugins.training.pages.forms import LessonForm
from plugins.training.pages.learning import addresses, pictures, user_id

blueprint = Blueprint("training", __name__, url_prefix="/training")

_TEMPLATE: Final = "training/edit_lesson.html"


@blueprint.route("/lessons/<int:lesson_id>/edit", methods=["GET", "POST"])
@requires("training.edit")
def edit_lesson(lesson_id: int) -> AnyResponse:
    """Write a lesson. What is typed is kept meanwhile; pressing “Save” makes it the lesson's text."""
    lesson = lesson_or_404(lesson_id)
    here = url_for("training.edit_lesson", lesson_id=lesson_id)

    def form() -> LessonForm:
        return LessonForm(**vars(LessonData.of(lesson)))

    if "preview" in request.form:
        draft_id = keep_draft()
        return redirect(url_for("training.edit_lesson", lesson_id=lesson_id, draft=draft_id, preview=1))
    drafts.hand_over(lesson_id, user_id(), here, form)
    return editor(
        _TEMPLATE,
        form,
        lambda typed: lessons.save_lesson(fields.typed_data(typed, LessonData), lesson_id),
        lambda _saved: here,
        **_about(lesson),
        preview=_typed_preview(lesson),
    )


def _typed_preview(lesson: Lesson) -> Markup | None:
    """Return what the draft that the address names will look like, where that is asked for."""
    typed = find_draft(request.args.get("draft", "")) if "preview" in request.args else None
    return _html(lesson, next(iter(typed.get("text", ())), "")) if typed else None


def _about(lesson: Lesson) -> dict[str, Any]:
    return {
        "lesson": lesson,
        "course": lesson.section.course,
        "ref": lesson.ref,
        "files": files_of(lesson),
        "questions": len(lesson.questions),
    }


def _html(lesson: Lesson, text: str) -> Markup:
    files = files_of(lesson)
    return markdown.to_html(text, addresses(files), pictures(files))


@blueprint.post("/lessons/<int:lesson_id>/preview")
@requires("training.edit")
def preview(lesson_id: int) -> Response:
    """Show what the typed text will look like."""
    html = _html(lesson_or_404(lesson_id), request.form.get("text", ""))
    return page("training/preview.html", html=html)


@blueprint.post("/lessons/<int:lesson_id>/archive")
@requires("training.edit")
def archive_lesson(lesson_id: int) -> AnyResponse:
    """Take a lesson out of its course, or bring it back."""
    lesson = lesson_or_404(lesson_id)
    wanted = request.form.get("archived") == "1"
    told = (
        _("“%(title)s” was taken out of the course; below you can bring it back.", title=lesson.title)
        if wanted
        else _("“%(title)s” is back.", title=lesson.title)
    )
    course_url = url_for("training.edit", course_id=lesson.section.course_id)
    return attempt(lambda: set_archived(Lesson, [lesson_id], archived=wanted), course_url, told)


@blueprint.post("/lessons/<int:lesson_id>/<any(up, down):direction>")
@requires("training.edit")
def move_lesson(lesson_id: int, direction: str) -> AnyResponse:
    """Move a lesson up or down."""
    lesson = lesson_or_404(lesson_id)
    course_id, step = lesson.section.course_id, -1 if direction == "up" else 1
    return attempt(
        lambda: as_seen(
            lambda: rules.order_of(rules.get_course(course_id)), lambda: rules.move_lesson(lesson_id, step)
        ),
        url_for("training.edit", course_id=course_id),
    )


def files_of(lesson: Lesson) -> list[Attachment]:
    """Return the files of a lesson."""
    return attachments([lesson.ref])[lesson.ref]


def lesson_or_404(lesson_id: int) -> Lesson:
    """Return a lesson, archived or not; an unknown number is a page that does not exist."""
    found: Lesson = db.get_or_404(Lesson, lesson_id)
    return found
