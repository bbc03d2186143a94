"""A lesson out of a document of a word processor."""

import io
from contextlib import ExitStack

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import LibHubError, attach, receive, requires, writing
from libhub.api import gettext as _
from plugins.training.courses import lessons
from plugins.training.courses.lessons import LessonData
from plugins.training.courses.word_import import read_docx
from plugins.training.models import Lesson
from plugins.training.pages.lesson_editing import files_of, lesson_or_404

blueprint = Blueprint("training", __name__, url_prefix="/training")


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
        data = LessonData.of(lesson, text=f"{before}\n\n{imported.text}".strip())
        data.checked()
        with ExitStack() as received:
            pictures = [
                received.enter_context(receive(name, io.BytesIO(content)))
                for name, content in imported.pictures
            ]
            with writing():
                for picture in pictures:
                    attach(Lesson.ref_of(lesson_id), picture)
                lessons.save_lesson(data, lesson_id)
    except LibHubError as error:
        flash(str(error), "error")
    else:
        flash(_("The document is in the lesson. The text before it is in what was changed."), "success")
        if imported.left_out:
            flash(
                _("Pictures that no browser shows were left out: %(number)d.", number=imported.left_out),
                "error",
            )
    return redirect(url_for("training.edit_lesson", lesson_id=lesson_id))
