"""Tasks: answering one under its lesson, and the librarian's list of what waits."""

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import LibHubError, attachments, current_viewer, db, page, requires
from libhub.api import gettext as _
from plugins.training.learning import tasks
from plugins.training.learning.models import TaskAnswer
from plugins.training.pages.learning import lesson_page, open_lesson, user_id

blueprint = Blueprint("training", __name__, url_prefix="/training")


@blueprint.post("/lessons/<int:lesson_id>/answer")
@requires("training.learn")
def answer(lesson_id: int) -> AnyResponse:
    """Keep an answer, and send it if that was the button; files are attached on the same page."""
    lesson = open_lesson(lesson_id)
    if lesson is None:
        return lesson_page(lesson_id)
    if not lesson.task:
        abort(404)
    text, send = request.form.get("text", ""), "send" in request.form
    try:
        if send:
            _refuse_empty(lesson_id, text)
        tasks.keep_answer(lesson_id, user_id(), text, send=send)
    except LibHubError as error:
        return lesson_page(lesson_id, 422, answer_problem=str(error), answer_typed=text)
    flash(
        _("Sent. You will be told what the librarian says.")
        if send
        else _("Saved. Now you can attach files."),
        "success",
    )
    return redirect(url_for("training.lesson", lesson_id=lesson_id, _anchor="answer"))


def _refuse_empty(lesson_id: int, text: str) -> None:
    """Refuse to send nothing.

    :raises LibHubError: there is neither a text nor a file.
    """
    found = tasks.find_answer(lesson_id, user_id())
    if not text.strip() and not (found and attachments([found.ref])[found.ref]):
        raise LibHubError(_("Write something or attach a file first."))


@blueprint.get("/answers")
@requires("training.board")
def answers() -> Response:
    """Show the answers that wait for a decision."""
    return _list()


def _list(problem: str = "", about: int = 0, typed: str = "") -> Response:
    waiting = tasks.waiting()
    files = attachments([row.answer.ref for row in waiting])
    return page(
        "training/answers.html",
        rows=[(row, files[row.answer.ref]) for row in waiting],
        problem=problem,
        about=about,
        typed=typed,
        status=422 if problem else 200,
    )


@blueprint.post("/answers/<int:answer_id>")
@requires("training.board")
def decide(answer_id: int) -> AnyResponse:
    """Accept an answer, or give it back with a remark."""
    remark = request.form.get("remark", "")
    accepted = "accept" in request.form
    db.get_or_404(TaskAnswer, answer_id)
    try:
        tasks.decide(answer_id, current_viewer().actor, accepted=accepted, remark=remark)
    except LibHubError as error:
        return _list(str(error), answer_id, remark)
    flash(
        _("Accepted. The person was told.") if accepted else _("Given back. The person was told."), "success"
    )
    return redirect(url_for("training.answers"))
