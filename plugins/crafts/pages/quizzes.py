"""Quizzes: the questions on one page, the answers checked on the server, and the editor of questions."""

import secrets
from collections.abc import Callable

from flask import Blueprint, Response, abort, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import (
    QuestionForm,
    as_seen,
    attempt,
    current_viewer,
    db,
    editor,
    limited,
    page,
    parse_number,
    public,
    quizzes,
    requires,
    today,
)
from libhub.api import lazy_gettext as _l
from plugins.crafts import activity_quizzes, rules
from plugins.crafts.models import Activity
from plugins.crafts.pages.browsing import visible_or_404

blueprint = Blueprint("crafts", __name__, url_prefix="/crafts")


@blueprint.get("/<int:activity_id>/quiz")
@public
def quiz(activity_id: int) -> Response:
    """Ask the questions, in another order of answers each time."""
    activity = visible_or_404(activity_id)
    asked = activity_quizzes.questions(activity.questions)
    if not asked:
        abort(404)
    seed = secrets.randbelow(activity_quizzes.MOST_SEED)
    viewer = current_viewer()
    return page(
        "crafts/quiz.html",
        activity=activity,
        shown=activity_quizzes.as_form(asked, seed),
        seed=seed,
        attempts=activity_quizzes.attempts(activity_id, viewer.user_id) if viewer.user_id else [],
    )


@blueprint.post("/<int:activity_id>/quiz")
@public
@limited(30, minutes=5)
def answer(activity_id: int) -> Response:
    """Check the answers and explain them; the result is kept for those who signed in."""
    activity = visible_or_404(activity_id)
    asked = activity_quizzes.questions(activity.questions)
    if not asked:
        abort(404)
    seed = parse_number(request.form.get("seed", "")) or 0
    result = activity_quizzes.checked(asked, request.form, seed)
    viewer = current_viewer()
    if viewer.user_id is not None:
        activity_quizzes.keep(activity_id, viewer.user_id, result)
    rules.count(activity_id, "made", today())
    return page("crafts/quiz_result.html", activity=activity, result=result)


@blueprint.get("/<int:activity_id>/questions")
@requires("crafts.edit")
def question_list(activity_id: int) -> Response:
    """Show the questions of an activity to be edited."""
    activity = db.get_or_404(Activity, activity_id)
    return page(
        "crafts/questions.html",
        activity=activity,
        questions=activity_quizzes.questions(activity.questions),
        kinds=quizzes.LABELS,
    )


@blueprint.route("/<int:activity_id>/questions/add", methods=["GET", "POST"])
@requires("crafts.edit")
def add_question(activity_id: int) -> AnyResponse:
    """Add a question of the kind that was chosen."""
    return _question(
        activity_id, None, lambda: quizzes.editing.Draft(_kind(request.values.get("kind", "")), "")
    )


@blueprint.route("/<int:activity_id>/questions/<int:place>", methods=["GET", "POST"])
@requires("crafts.edit")
def edit_question(activity_id: int, place: int) -> AnyResponse:
    """Change a question."""

    def stored() -> quizzes.editing.Draft:
        questions = activity_quizzes.questions(db.get_or_404(Activity, activity_id).questions)
        return quizzes.editing.draft_of(questions[place]) if place < len(questions) else abort(404)

    return _question(activity_id, place, stored)


def _kind(asked: str) -> str:
    return asked if asked in quizzes.KINDS else quizzes.Single.kind


def _question(
    activity_id: int, place: int | None, stored: Callable[[], quizzes.editing.Draft]
) -> AnyResponse:
    return editor(
        "crafts/question.html",
        lambda: QuestionForm(stored()),
        lambda form: activity_quizzes.put(activity_id, place, quizzes.editing.question_of(form.draft)),
        lambda _saved: url_for("crafts.question_list", activity_id=activity_id),
        told=_l("Saved."),
        activity=db.get_or_404(Activity, activity_id),
        place=place,
        kinds=quizzes.LABELS,
    )


@blueprint.post("/<int:activity_id>/questions/<int:place>/<what>")
@requires("crafts.edit")
def arrange_question(activity_id: int, place: int, what: str) -> AnyResponse:
    """Move a question up or down, or remove it."""
    db.get_or_404(Activity, activity_id)
    return attempt(
        lambda: as_seen(
            lambda: rules.get(activity_id).questions,
            lambda: activity_quizzes.arrange(activity_id, place, what),
        ),
        url_for("crafts.question_list", activity_id=activity_id),
    )
