"""Quizzes: trying one, and seeing what was right."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import LibHubError, page, quizzes, requires
from libhub.api import gettext as _
from plugins.training.courses import lessons
from plugins.training.learning import quiz_attempts
from plugins.training.learning.models import Attempt
from plugins.training.pages.learning import after_progress, lesson_page, open_lesson, user_id

blueprint = Blueprint("training", __name__, url_prefix="/training")


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
    return quiz_attempts.find(attempt_id, user_id()) or abort(404)
