"""The editor of a quiz's pool of questions, with GIFT and Aiken files."""

from collections.abc import Sequence

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import (
    TYPED_STAYS,
    LibHubError,
    StaleView,
    as_seen,
    attempt,
    mark_of,
    ngettext,
    page,
    quizzes,
    requires,
)
from libhub.api import gettext as _
from plugins.training.courses import question_pool
from plugins.training.models import Lesson
from plugins.training.pages.lesson_editing import lesson_or_404

blueprint = Blueprint("training", __name__, url_prefix="/training")


SHOWN_NOTES = 100
TOLD_NOTES = 5
"""Notes that are told on the next page, to which they go with a cookie."""


@blueprint.get("/lessons/<int:lesson_id>/questions")
@requires("training.edit")
def questions(lesson_id: int) -> Response:
    """Show the pool of a lesson's quiz."""
    return _pool(lesson_or_404(lesson_id))


def _pool(
    lesson: Lesson, *, reading: quizzes.Reading | None = None, problem: str = "", pasted: str = ""
) -> Response:
    rows = question_pool.pool(lesson.id)
    return page(
        "training/questions.html",
        lesson=lesson,
        course=lesson.section.course,
        rows=[
            (
                row.id,
                quizzes.LABELS[question.kind],
                quizzes.as_checked(question, seed=0, answer=_right(question)),
            )
            for row, question in rows
        ],
        kinds=quizzes.LABELS,
        reading=reading,
        notes=SHOWN_NOTES,
        problem=problem,
        pasted=pasted,
        status=422 if problem or (reading and reading.problems) else 200,
    )


def _right(question: quizzes.Question) -> quizzes.Answer:
    """Return the right answer, so that the pool shows what it is."""
    if isinstance(question, quizzes.Single):
        return (question.right,)
    if isinstance(question, quizzes.Several):
        return tuple(sorted(question.right))
    if isinstance(question, quizzes.Order):
        return tuple(range(len(question.items)))
    if isinstance(question, quizzes.Match):
        return tuple(question.targets.index(right) for _left, right in question.pairs)
    return question.accepted[0].text if isinstance(question, quizzes.Short) else str(question.value)


@blueprint.route("/lessons/<int:lesson_id>/questions/add", methods=["GET", "POST"])
@requires("training.edit")
def add_question(lesson_id: int) -> AnyResponse:
    """Add a question of the kind that was chosen."""
    lesson = lesson_or_404(lesson_id)
    if request.method == "GET":
        kind = request.args.get("kind", "")
        blank = quizzes.editing.Draft(kind if kind in quizzes.KINDS else "single")
        return _question_page(lesson, quizzes.editing.with_spare_rows(blank))
    draft = quizzes.editing.read_draft(request.form)
    try:
        question_pool.add_questions(lesson_id, [quizzes.editing.question_of(draft)])
    except LibHubError as error:
        return _question_page(lesson, draft, problem=str(error))
    flash(_("The question is in the pool."), "success")
    if "another" in request.form:
        return redirect(url_for("training.add_question", lesson_id=lesson_id, kind=draft.kind))
    return redirect(url_for("training.questions", lesson_id=lesson_id))


@blueprint.route("/lessons/<int:lesson_id>/questions/<int:question_id>", methods=["GET", "POST"])
@requires("training.edit")
def edit_question(lesson_id: int, question_id: int) -> AnyResponse:
    """Change a question."""
    lesson = lesson_or_404(lesson_id)
    before = _question_or_404(lesson_id, question_id)
    if request.method == "GET":
        return _question_page(
            lesson, quizzes.editing.draft_of(before), question_id=question_id, seen=mark_of(before)
        )
    draft = quizzes.editing.read_draft(request.form)

    def change() -> None:
        question = quizzes.editing.question_of(draft, name=before.name)
        question_pool.change_question(lesson_id, question_id, question)

    try:
        as_seen(lambda: _question_or_404(lesson_id, question_id), change, TYPED_STAYS)
    except StaleView as error:
        now, there = _question_or_404(lesson_id, question_id), str(error)
        return _question_page(
            lesson, draft, question_id=question_id, problem=f"{there} {now.text}", seen=mark_of(now)
        )
    except LibHubError as error:
        return _question_page(
            lesson, draft, question_id=question_id, problem=str(error), seen=request.form.get("seen", "")
        )
    flash(_("Saved."), "success")
    return redirect(url_for("training.questions", lesson_id=lesson_id))


def _question_page(
    lesson: Lesson,
    draft: quizzes.editing.Draft,
    *,
    question_id: int | None = None,
    problem: str = "",
    seen: str = "",
) -> Response:
    return page(
        "training/question.html",
        lesson=lesson,
        course=lesson.section.course,
        draft=draft,
        kinds=quizzes.LABELS,
        question_id=question_id,
        problem=problem,
        seen=seen,
        status=422 if problem else 200,
    )


@blueprint.post("/lessons/<int:lesson_id>/questions/<int:question_id>/<any(up, down, remove):action>")
@requires("training.edit")
def arrange_question(lesson_id: int, question_id: int, action: str) -> AnyResponse:
    """Move a question, or take it out of the pool."""
    lesson_or_404(lesson_id)
    _question_or_404(lesson_id, question_id)

    def change() -> None:
        if action == "remove":
            question_pool.remove_question(lesson_id, question_id)
        else:
            question_pool.move_question(lesson_id, question_id, -1 if action == "up" else 1)

    def order() -> list[int]:
        return [row.id for row, _question in question_pool.pool(lesson_id)]

    return attempt(lambda: as_seen(order, change), url_for("training.questions", lesson_id=lesson_id))


@blueprint.post("/lessons/<int:lesson_id>/questions/import")
@requires("training.edit")
def import_questions(lesson_id: int) -> AnyResponse:
    """Add the questions of a GIFT or Aiken file. With an error in it nothing is added, and each is told by its line."""
    lesson = lesson_or_404(lesson_id)
    sent = request.files.get("file")
    pasted = request.form.get("text", "")
    try:
        if sent is not None and sent.filename:
            pasted = quizzes.decode(sent.read())
        if not pasted.strip():
            raise LibHubError(_("Choose a file, or paste its text."))
        read = quizzes.aiken.read if request.form.get("format") == "aiken" else quizzes.gift.read
        reading = read(pasted.replace("\r\n", "\n"))
        if reading.problems:
            return _pool(lesson, reading=reading, pasted=pasted)
        if not reading.questions:
            raise LibHubError(_("There is no question in it."))
        question_pool.add_questions(lesson_id, reading.questions)
    except LibHubError as error:
        return _pool(lesson, problem=str(error), pasted=pasted)
    flash(_added(len(reading.questions)), "success")
    if reading.notes:
        flash(_understood(reading.notes), "info")
    return redirect(url_for("training.questions", lesson_id=lesson_id))


def _understood(notes: Sequence[quizzes.Note]) -> str:
    """Return what was understood otherwise than it is written, the first of it."""
    told = [_("line %(line)d: %(text)s", line=note.line, text=note.text) for note in notes[:TOLD_NOTES]]
    if len(notes) > len(told):
        told.append(ngettext("and %(num)d more", "and %(num)d more", len(notes) - len(told)))
    return " ".join([_("Some of it was understood otherwise than it is written:"), "; ".join(told)])


def _added(number: int) -> str:
    return ngettext("%(num)d question was added.", "%(num)d questions were added.", number)


@blueprint.get("/lessons/<int:lesson_id>/questions.gift")
@requires("training.edit")
def export_questions(lesson_id: int) -> Response:
    """Give the pool as a GIFT file."""
    some = [question for _row, question in question_pool.pool(lesson_or_404(lesson_id).id)]
    return Response(
        quizzes.gift_writing.write(some),
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename=questions-{lesson_id}.gift"},
    )


def _question_or_404(lesson_id: int, question_id: int) -> quizzes.Question:
    try:
        return quizzes.from_dict(question_pool.get_question(lesson_id, question_id).data)
    except LibHubError:
        abort(404)
