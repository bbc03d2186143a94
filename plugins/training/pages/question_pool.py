"""The editor of a quiz's pool of questions, with GIFT and Aiken files."""

from collections.abc import Callable, Sequence

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import (
    Label,
    LibHubError,
    QuestionForm,
    as_seen,
    attempt,
    editor,
    ngettext,
    page,
    quizzes,
    requires,
)
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
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
    asked = request.values.get("kind", "")
    kind = asked if asked in quizzes.KINDS else quizzes.Single.kind
    another = url_for("training.add_question", lesson_id=lesson_id, kind=kind)
    return _question_page(
        lesson_or_404(lesson_id),
        lambda: quizzes.editing.Draft(kind),
        lambda draft: question_pool.add_questions(lesson_id, [quizzes.editing.question_of(draft)]),
        told=_l("The question is in the pool."),
        then=another if "another" in request.form else "",
    )


@blueprint.route("/lessons/<int:lesson_id>/questions/<int:question_id>", methods=["GET", "POST"])
@requires("training.edit")
def edit_question(lesson_id: int, question_id: int) -> AnyResponse:
    """Change a question."""
    lesson = lesson_or_404(lesson_id)
    name = _question_or_404(lesson_id, question_id).name
    return _question_page(
        lesson,
        lambda: quizzes.editing.draft_of(_question_or_404(lesson_id, question_id)),
        lambda draft: question_pool.change_question(
            lesson_id, question_id, quizzes.editing.question_of(draft, name=name)
        ),
        question_id=question_id,
        told=_l("Saved."),
    )


def _question_page(
    lesson: Lesson,
    stored: Callable[[], quizzes.editing.Draft],
    save: Callable[[quizzes.editing.Draft], object],
    *,
    told: Label,
    question_id: int | None = None,
    then: str = "",
) -> AnyResponse:
    return editor(
        "training/question.html",
        lambda: QuestionForm(stored()),
        lambda form: save(form.draft),
        lambda _saved: then or url_for("training.questions", lesson_id=lesson.id),
        told=told,
        lesson=lesson,
        course=lesson.section.course,
        kinds=quizzes.LABELS,
        question_id=question_id,
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
