"""The editor of a lesson: text with preview and autosave, versions, a document from a word processor, files."""

import io
from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import (
    Attachment,
    Invalid,
    LibHubError,
    attach,
    attachments,
    current_viewer,
    page,
    requires,
    wants_fragment,
)
from libhub.api import gettext as _
from plugins.training.courses import lessons, rules, versions
from plugins.training.courses.lessons import LessonData
from plugins.training.courses.markdown import MAX_TEXT, to_html
from plugins.training.courses.rules import lesson_ref
from plugins.training.courses.word_import import read_docx
from plugins.training.models import Lesson
from plugins.training.pages.forms import LessonForm
from plugins.training.pages.learning import addresses, blueprint, pictures, user_id


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
    draft = None if form.is_submitted() else versions.find_draft(lesson, user_id())
    return page(
        "training/edit_lesson.html",
        lesson=lesson,
        course=lesson.section.course,
        form=form,
        ref=lesson_ref(lesson.id),
        files=files,
        draft=draft,
        preview=None if preview is None else to_html(preview, addresses(files), pictures(files)),
        questions=len(lesson.questions),
        status=status,
    )


@blueprint.post("/lessons/<int:lesson_id>/preview")
@requires("training.edit")
def preview(lesson_id: int) -> Response:
    """Show what the typed text will look like."""
    lesson = lesson_or_404(lesson_id)
    files = files_of(lesson)
    html = to_html(request.form.get("text", ""), addresses(files), pictures(files))
    return page("training/preview.html", html=html)


@blueprint.post("/lessons/<int:lesson_id>/draft")
@requires("training.edit")
def draft(lesson_id: int) -> AnyResponse:
    """Keep what is being typed."""
    text = request.form.get("text", "").replace("\r\n", "\n")[:MAX_TEXT]
    kept = versions.keep_draft(lesson_or_404(lesson_id).id, user_id(), text)
    if wants_fragment():
        return page("training/draft_kept.html", kept=kept)
    return redirect(url_for("training.edit_lesson", lesson_id=lesson_id))


@blueprint.post("/lessons/<int:lesson_id>/draft/<any(take, drop):action>")
@requires("training.edit")
def settle_draft(lesson_id: int, action: str) -> AnyResponse:
    """Go on with what was typed and not saved, or forget it."""
    lesson, user = lesson_or_404(lesson_id), user_id()
    found = versions.find_draft(lesson, user)
    if action == "take" and found is not None:
        form = LessonForm(None, **{**vars(lessons.data_of(lesson)), "text": found.text})
        return _editor(lesson, form)
    versions.drop_draft(lesson_id, user)
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


# -- versions -----------------------------------------------------------------------------------------


@blueprint.get("/lessons/<int:lesson_id>/versions")
@requires("training.edit")
def show_versions(lesson_id: int) -> Response:
    """List the versions of a lesson, and compare one with the present text."""
    lesson = lesson_or_404(lesson_id)
    chosen = None
    if request.args.get("version", "").isdecimal():
        chosen = _version_or_404(lesson_id, int(request.args["version"][:9]))
    return page(
        "training/versions.html",
        lesson=lesson,
        course=lesson.section.course,
        versions=versions.versions(lesson_id),
        chosen=chosen,
        changes=list(versions.compare(chosen.text, lesson.text)) if chosen else [],
    )


@blueprint.post("/lessons/<int:lesson_id>/versions/<int:number>")
@requires("training.edit")
def restore_version(lesson_id: int, number: int) -> AnyResponse:
    """Make an old version the text of the lesson again."""
    lesson_or_404(lesson_id)
    _version_or_404(lesson_id, number)
    lessons.restore(lesson_id, number, current_viewer().actor)
    flash(
        _("Version %(number)d is the text of the lesson again; the newer ones are kept.", number=number),
        "success",
    )
    return redirect(url_for("training.edit_lesson", lesson_id=lesson_id))


def _version_or_404(lesson_id: int, number: int) -> Any:
    try:
        return versions.get_version(lesson_id, number)
    except LibHubError:
        abort(404)


# -- a document ---------------------------------------------------------------------------------------


@blueprint.post("/lessons/<int:lesson_id>/docx")
@requires("training.edit")
def import_docx(lesson_id: int) -> AnyResponse:
    """Put the text and the pictures of a document at the end of the lesson, or in the place of its text."""
    lesson = lesson_or_404(lesson_id)
    sent = request.files.get("document")
    try:
        if sent is None or not sent.filename:
            raise LibHubError(_("Choose a file first."))
        imported = read_docx(sent.stream, [each.name for each in files_of(lesson)])
        before = "" if request.form.get("replace") else lesson.text
        data = LessonData(**{**vars(lessons.data_of(lesson)), "text": f"{before}\n\n{imported.text}".strip()})
        data.checked()
        for name, content in imported.pictures:
            attach(lesson_ref(lesson_id), name, io.BytesIO(content))
        lessons.save_lesson(lesson_id, data, current_viewer().actor)
    except LibHubError as error:
        flash(str(error), "error")
    else:
        flash(_("The document is in the lesson. The text before it is among the versions."), "success")
        if imported.left_out:
            flash(
                _("Pictures that no browser shows were left out: %(number)d.", number=imported.left_out),
                "error",
            )
    return redirect(url_for("training.edit_lesson", lesson_id=lesson_id))


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
