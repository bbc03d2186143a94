"""The editor of a lesson: text with preview and autosave, files."""

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import (
    Attachment,
    Invalid,
    LibHubError,
    attachments,
    current_viewer,
    markdown,
    page,
    requires,
    wants_fragment,
)
from libhub.api import gettext as _
from plugins.training.courses import drafts, lessons, rules
from plugins.training.courses.rules import lesson_ref
from plugins.training.models import Lesson
from plugins.training.pages.forms import LessonForm
from plugins.training.pages.learning import addresses, pictures, user_id

blueprint = Blueprint("training", __name__, url_prefix="/training")


@blueprint.route("/lessons/<int:lesson_id>/edit", methods=["GET", "POST"])
@requires("training.edit")
def edit_lesson(lesson_id: int) -> AnyResponse:
    """Write a lesson. What is typed is kept meanwhile; pressing “Save” makes it the lesson's text."""
    lesson = lesson_or_404(lesson_id)
    form = LessonForm(**vars(lessons.data_of(lesson)))
    if form.is_submitted() and "preview" in request.form:
        return _editor(lesson, form, preview=form.text.data or "")
    if form.validate_on_submit():
        try:
            lessons.save_lesson(lesson_id, form.data_typed(), current_viewer().actor)
        except Invalid as error:
            form.show_problems(error.problems)
        else:
            flash(_("Saved. Search finds it within a second."), "success")
            return redirect(url_for("training.edit_lesson", lesson_id=lesson_id))
    return _editor(lesson, form, status=422 if form.is_submitted() else 200)


def _editor(lesson: Lesson, form: LessonForm, *, preview: str | None = None, status: int = 200) -> Response:
    files = files_of(lesson)
    draft = None if form.is_submitted() else drafts.find_draft(lesson, user_id())
    return page(
        "training/edit_lesson.html",
        lesson=lesson,
        course=lesson.section.course,
        form=form,
        ref=lesson_ref(lesson.id),
        files=files,
        draft=draft,
        preview=None if preview is None else markdown.to_html(preview, addresses(files), pictures(files)),
        questions=len(lesson.questions),
        status=status,
    )


@blueprint.post("/lessons/<int:lesson_id>/preview")
@requires("training.edit")
def preview(lesson_id: int) -> Response:
    """Show what the typed text will look like."""
    lesson = lesson_or_404(lesson_id)
    files = files_of(lesson)
    html = markdown.to_html(request.form.get("text", ""), addresses(files), pictures(files))
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
        form = LessonForm(None, **{**vars(lessons.data_of(lesson)), "text": found.text})
        return _editor(lesson, form)
    drafts.drop_draft(lesson_id, user)
    return redirect(url_for("training.edit_lesson", lesson_id=lesson_id))


@blueprint.post("/lessons/<int:lesson_id>/archive")
@requires("training.edit")
def archive_lesson(lesson_id: int) -> AnyResponse:
    """Take a lesson out of its course, or bring it back."""
    lesson = lesson_or_404(lesson_id)
    wanted = request.form.get("archived") == "1"
    lessons.set_archived(lesson_id, archived=wanted)
    if wanted:
        flash(
            _("“%(title)s” was taken out of the course; below you can bring it back.", title=lesson.title),
            "success",
        )
    else:
        flash(_("“%(title)s” is back.", title=lesson.title), "success")
    return redirect(url_for("training.edit", course_id=lesson.section.course_id))


@blueprint.post("/lessons/<int:lesson_id>/<any(up, down):direction>")
@requires("training.edit")
def move_lesson(lesson_id: int, direction: str) -> AnyResponse:
    """Move a lesson up or down."""
    lesson = lesson_or_404(lesson_id)
    rules.move_lesson(lesson_id, -1 if direction == "up" else 1)
    return redirect(url_for("training.edit", course_id=lesson.section.course_id))


def files_of(lesson: Lesson) -> list[Attachment]:
    """Return the files of a lesson."""
    ref = lesson_ref(lesson.id)
    return attachments([ref])[ref]


def lesson_or_404(lesson_id: int) -> Lesson:
    """Return a lesson, archived or not; an unknown number is a page that does not exist."""
    try:
        return lessons.get_lesson(lesson_id)
    except LibHubError:
        abort(404)
