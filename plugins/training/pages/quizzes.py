"""Quizzes: trying one, seeing what was right, and the editor of a pool with GIFT and Aiken files."""

from flask import Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import LibHubError, ngettext, page, quizzes, requires
from libhub.api import gettext as _
from plugins.training.courses import lessons
from plugins.training.learning import quiz_attempts
from plugins.training.models import Attempt, Lesson
from plugins.training.pages.learning import after_progress, blueprint, lesson_page, open_lesson, user_id
from plugins.training.pages.lesson_editing import lesson_or_404

SHOWN_NOTES = 100


@blueprint.post("/lessons/<int:lesson_id>/quiz")
@requires("training.learn")
def begin_quiz(lesson_id: int) -> AnyResponse:
    """Begin an attempt, or go on with the one that is open."""
    lesson = open_lesson(lesson_id)
    if lesson is None:
        return lesson_page(lesson_id)
    try:
        attempt = quiz_attempts.begin(lesson, user_id())
    except LibHubError as error:
        flash(str(error), "error")
        return redirect(url_for("training.lesson", lesson_id=lesson_id))
    return redirect(url_for("training.quiz", attempt_id=attempt.id))


@blueprint.route("/quizzes/<int:attempt_id>", methods=["GET", "POST"])
@requires("training.learn")
def quiz(attempt_id: int) -> AnyResponse:
    """Show the questions of one's own attempt, or what was right when it is finished."""
    attempt = _own_attempt(attempt_id)
    if attempt.finished_at is not None:
        return redirect(url_for("training.quiz_result", attempt_id=attempt_id))
    if request.method == "POST":
        answers = [
            quizzes.read_answer(
                question, request.form, name=f"q{place}", seed=quiz_attempts.seed_of(attempt, place)
            )
            for place, question in enumerate(quiz_attempts.questions_of(attempt))
        ]
        if "finish" not in request.form:
            quiz_attempts.keep(attempt_id, answers)
            flash(_("Your answers are saved. Go on when you like."), "success")
            return redirect(url_for("training.lesson", lesson_id=attempt.lesson_id))
        quiz_attempts.finish(attempt_id, answers)
        return redirect(url_for("training.quiz_result", attempt_id=attempt_id))
    lesson = lessons.get_lesson(attempt.lesson_id)
    kept = [quizzes.from_json(answer) for answer in attempt.answers]
    shown = [
        quizzes.as_form(
            question,
            name=f"q{place}",
            seed=quiz_attempts.seed_of(attempt, place),
            answer=kept[place] if place < len(kept) else quizzes.NOTHING,
        )
        for place, question in enumerate(quiz_attempts.questions_of(attempt))
    ]
    return page(
        "training/quiz.html", lesson=lesson, course=lesson.section.course, attempt=attempt, questions=shown
    )


@blueprint.get("/quizzes/<int:attempt_id>/result")
@requires("training.learn")
def quiz_result(attempt_id: int) -> AnyResponse:
    """Show what was right. The answers are told when the quiz was passed, or no attempt is left."""
    attempt = _own_attempt(attempt_id)
    if attempt.finished_at is None:
        return redirect(url_for("training.quiz", attempt_id=attempt_id))
    lesson = lessons.get_lesson(attempt.lesson_id)
    state = quiz_attempts.state_of(lesson, user_id())
    tell = attempt.passed or not lesson.attempts or state is None or state.left == 0
    shown = [
        quizzes.as_checked(
            question, seed=quiz_attempts.seed_of(attempt, place), answer=quizzes.from_json(answer), tell=tell
        )
        for place, (question, answer) in enumerate(
            zip(quiz_attempts.questions_of(attempt), attempt.answers, strict=True)
        )
    ]
    return page(
        "training/quiz_result.html",
        lesson=lesson,
        course=lesson.section.course,
        attempt=attempt,
        questions=shown,
        state=state,
        tell=tell,
    )


@blueprint.post("/lessons/<int:lesson_id>/quiz/next")
@requires("training.learn")
def after_quiz(lesson_id: int) -> AnyResponse:
    """Go on after a quiz that was passed."""
    return lesson_page(lesson_id) if open_lesson(lesson_id) is None else after_progress(lesson_id, True)


def _own_attempt(attempt_id: int) -> Attempt:
    attempt = quiz_attempts.find(attempt_id, user_id())
    if attempt is None:
        abort(404)
    return attempt


# -- the pool -----------------------------------------------------------------------------------------


@blueprint.get("/lessons/<int:lesson_id>/questions")
@requires("training.edit")
def questions(lesson_id: int) -> Response:
    """Show the pool of a lesson's quiz."""
    return _pool(lesson_or_404(lesson_id))


def _pool(
    lesson: Lesson, *, reading: quizzes.Reading | None = None, problem: str = "", pasted: str = ""
) -> Response:
    rows = quiz_attempts.pool(lesson.id)
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
        quiz_attempts.add_questions(lesson_id, [quizzes.editing.question_of(draft)])
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
        return _question_page(lesson, quizzes.editing.draft_of(before), question_id=question_id)
    draft = quizzes.editing.read_draft(request.form)
    try:
        quiz_attempts.change_question(
            lesson_id, question_id, quizzes.editing.question_of(draft, name=before.name)
        )
    except LibHubError as error:
        return _question_page(lesson, draft, question_id=question_id, problem=str(error))
    flash(_("Saved."), "success")
    return redirect(url_for("training.questions", lesson_id=lesson_id))


def _question_page(
    lesson: Lesson, draft: quizzes.editing.Draft, *, question_id: int | None = None, problem: str = ""
) -> Response:
    return page(
        "training/question.html",
        lesson=lesson,
        course=lesson.section.course,
        draft=draft,
        kinds=quizzes.LABELS,
        question_id=question_id,
        problem=problem,
        status=422 if problem else 200,
    )


@blueprint.post("/lessons/<int:lesson_id>/questions/<int:question_id>/<any(up, down, remove):action>")
@requires("training.edit")
def arrange_question(lesson_id: int, question_id: int, action: str) -> AnyResponse:
    """Move a question, or take it out of the pool."""
    lesson_or_404(lesson_id)
    _question_or_404(lesson_id, question_id)
    if action == "remove":
        quiz_attempts.remove_question(lesson_id, question_id)
    else:
        quiz_attempts.move_question(lesson_id, question_id, -1 if action == "up" else 1)
    return redirect(url_for("training.questions", lesson_id=lesson_id))


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
        quiz_attempts.add_questions(lesson_id, reading.questions)
    except LibHubError as error:
        return _pool(lesson, problem=str(error), pasted=pasted)
    flash(_added(len(reading.questions)), "success")
    if reading.notes:
        return _pool(lesson, reading=reading)
    return redirect(url_for("training.questions", lesson_id=lesson_id))


def _added(number: int) -> str:
    return ngettext("%(num)d question was added.", "%(num)d questions were added.", number)


@blueprint.get("/lessons/<int:lesson_id>/questions.gift")
@requires("training.edit")
def export_questions(lesson_id: int) -> Response:
    """Give the pool as a GIFT file."""
    some = [question for _row, question in quiz_attempts.pool(lesson_or_404(lesson_id).id)]
    return Response(
        quizzes.gift_writing.write(some),
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename=questions-{lesson_id}.gift"},
    )


def _question_or_404(lesson_id: int, question_id: int) -> quizzes.Question:
    try:
        return quizzes.from_dict(quiz_attempts.get_question(lesson_id, question_id).data)
    except LibHubError:
        abort(404)
