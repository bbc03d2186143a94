"""Quizzes: the questions on one page, the answers checked on the server, and the editor of questions."""

import secrets

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import (
    TYPED_STAYS,
    LibHubError,
    StaleView,
    as_seen,
    attempt,
    current_viewer,
    db,
    mark_of,
    page,
    public,
    quizzes,
    requires,
    today,
)
from libhub.api import gettext as _
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
def answer(activity_id: int) -> Response:
    """Check the answers and explain them; the result is kept for those who signed in."""
    activity = visible_or_404(activity_id)
    asked = activity_quizzes.questions(activity.questions)
    if not asked:
        abort(404)
    typed = request.form.get("seed", "")
    seed = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 12 else 0
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
    draft = quizzes.editing.read_draft(request.args if request.method == "GET" else request.form)
    return _question(activity_id, None, draft)


@blueprint.route("/<int:activity_id>/questions/<int:place>", methods=["GET", "POST"])
@requires("crafts.edit")
def edit_question(activity_id: int, place: int) -> AnyResponse:
    """Change a question."""
    stored = activity_quizzes.questions(db.get_or_404(Activity, activity_id).questions)
    if place >= len(stored):
        abort(404)
    read = quizzes.editing.read_draft
    draft = read(request.form) if request.method == "POST" else quizzes.editing.draft_of(stored[place])
    return _question(activity_id, place, draft)


def _question(activity_id: int, place: int | None, draft: quizzes.editing.Draft) -> AnyResponse:
    activity, problem = db.get_or_404(Activity, activity_id), ""

    def present() -> object:
        """Return what is at the place now; nothing for a new question, or where there is none any more."""
        some = rules.get(activity_id).questions
        return some[place] if place is not None and place < len(some) else None

    def put() -> None:
        activity_quizzes.put(activity_id, place, quizzes.editing.question_of(draft))

    seen = request.form.get("seen", "") if request.method == "POST" else mark_of(present())
    if request.method == "POST":
        try:
            put() if place is None else as_seen(present, put, TYPED_STAYS)
        except StaleView as error:
            there = present()
            problem = f"{error} {there['text']}" if isinstance(there, dict) else str(error)
            seen = mark_of(there)
        except LibHubError as error:
            problem = str(error)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("crafts.question_list", activity_id=activity_id))
    return page(
        "crafts/question.html",
        activity=activity,
        draft=draft,
        place=place,
        kinds=quizzes.LABELS,
        problem=problem,
        seen=seen,
        status=422 if problem else 200,
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
