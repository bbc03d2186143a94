"""Quizzes of activities: asked, checked here and never in the browser, results of those who signed in. No Flask here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, select

from libhub.api import LibHubError, db, quizzes, touch, writing
from libhub.api import gettext as _
from plugins.crafts import rules
from plugins.crafts.activity_data import MOST_QUESTIONS
from plugins.crafts.models import Activity, ActivityAttempt

MOST_SEED: Final = 2**31
SHOWN_ATTEMPTS: Final = 10


def questions(stored: Sequence[dict[str, Any]]) -> list[quizzes.Question]:
    """Return the questions of an activity.

    :raises InvalidQuestion: one of them is none.
    """
    return [quizzes.from_dict(each) for each in stored]


def field(number: int) -> str:
    """Return the prefix of the fields of a question (counted from 0)."""
    return f"q{number}"


def as_form(asked: Sequence[quizzes.Question], seed: int) -> list[quizzes.Shown]:
    """Return the questions to be answered."""
    return [
        quizzes.as_form(question, name=field(number), seed=seed + number)
        for number, question in enumerate(asked)
    ]


@dataclass(frozen=True)
class Checked:
    """A quiz that was answered: the questions with what was right, and how many were."""

    shown: list[quizzes.Shown]
    points: int

    @property
    def most(self) -> int:
        """How many questions there are."""
        return len(self.shown)


def checked(asked: Sequence[quizzes.Question], form: Any, seed: int) -> Checked:
    """Check what a form says."""
    shown = [
        quizzes.as_checked(
            question,
            seed=seed + number,
            answer=quizzes.read_answer(question, form, name=field(number), seed=seed + number),
        )
        for number, question in enumerate(asked)
    ]
    return Checked(shown, sum(bool(each.result and each.result.right) for each in shown))


def keep(activity_id: int, user_id: int, result: Checked) -> None:
    """Keep the result of somebody who signed in."""
    with writing():
        db.session.add(
            ActivityAttempt(activity_id=activity_id, user_id=user_id, points=result.points, most=result.most)
        )


def attempts(activity_id: int, user_id: int) -> list[ActivityAttempt]:
    """Return somebody's results of a quiz, the last one first."""
    query = (
        select(ActivityAttempt)
        .where(ActivityAttempt.activity_id == activity_id, ActivityAttempt.user_id == user_id)
        .order_by(ActivityAttempt.id.desc())
    )
    return list(db.session.scalars(query.limit(SHOWN_ATTEMPTS)))


def put(activity_id: int, place: int | None, question: quizzes.Question) -> None:
    """Put a question into an activity: at its place, or after the others for None.

    :raises LibHubError: there are too many already, or there is no such place.
    """
    with writing():
        activity = rules.get(activity_id)
        some = list(activity.questions)
        if place is None:
            if len(some) >= MOST_QUESTIONS:
                raise LibHubError(_("At most %(most)d questions.", most=MOST_QUESTIONS))
            some.append(quizzes.to_dict(question))
        elif place < len(some):
            some[place] = quizzes.to_dict(question)
        else:
            raise LibHubError(_("There is no such question any more."))
        _store(activity, some)


def arrange(activity_id: int, place: int, what: str) -> None:
    """Move a question ``up`` or ``down``, or ``remove`` it; what cannot be done changes nothing."""
    with writing():
        activity = rules.get(activity_id)
        some = list(activity.questions)
        if not 0 <= place < len(some):
            return
        other = {"up": place - 1, "down": place + 1}.get(what, -1)
        if what == "remove":
            del some[place]
        elif 0 <= other < len(some):
            some[place], some[other] = some[other], some[place]
        _store(activity, some)


def _store(activity: Activity, some: list[dict[str, Any]]) -> None:
    activity.questions = some
    touch([activity.ref])


def kept_results(user_id: int) -> list[str]:
    """Return the results that are kept of a person."""
    rows = db.session.execute(
        select(ActivityAttempt, Activity.title)
        .join(Activity, Activity.id == ActivityAttempt.activity_id)
        .where(ActivityAttempt.user_id == user_id)
    )
    return [f"{title}: {row.points}/{row.most}" for row, title in rows]


def erase(user_id: int) -> None:
    """Delete the results of a person."""
    with writing():
        db.session.execute(delete(ActivityAttempt).where(ActivityAttempt.user_id == user_id))
