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
    current_viewer,
    db,
    editor,
    fields,
    markdown,
    page,
    requires,
    set_archived,
    wants_fragment,
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
    form = LessonForm(**vars(LessonData.of(lesson)))
    if form.is_submitted() and "preview" in request.form:
        shown = _html(lesson, form.text.data or "")
        return page(_TEMPLATE, form=form, **_about(lesson), preview=shown)
    return editor(
        _TEMPLATE,
        form,
        lambda: lessons.save_lesson(lesson_id, fields.typed_data(form, LessonData), current_viewer().actor),
        lambda _saved: url_for("training.edit_lesson", lesson_id=lesson_id),
        **_about(lesson),
        draft=None if form.is_submitted() else drafts.find_draft(lesson, user_id()),
    )


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


@blueprint.post("/lessons/<int:lesson_id>/draft")
@requires("training.edit")
def draft(lesson_id: int) -> AnyResponse:
    """Keep what is being typed."""
    text = request.form.get("text", "").replace("\r\n", "\n")[: markdown.MAX_TEXT]
    kept = drafts.keep_draft(lesson_or_404(lesson_id).id, user_id(), text)
    if wants_fragment():
        return page("training/draft_kept.html", kept=kept)
    return redirect(url_for("training.edit_lesson", lesson_id=lesson_id))


@blueprint.post("/lessons/<int:lesson_id>/draft/<any(take, drop):action>")
@requires("training.edit")
def settle_draft(lesson_id: int, action: str) -> AnyResponse:
    """Go on with what was typed and not saved, or forget it."""
    lesson, user = lesson_or_404(lesson_id), user_id()
    found = drafts.find_draft(lesson, user)
    if action == "take" and found is not None:
        form = LessonForm(None, **vars(LessonData.of(lesson, text=found.text)))
        return page(_TEMPLATE, form=form, **_about(lesson))
    drafts.drop_draft(lesson_id, user)
    return redirect(url_for("training.edit_lesson", lesson_id=lesson_id))


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
