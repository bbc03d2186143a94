"""Attempts at a lesson's quiz: which questions, how often, what is right, and when the lesson is done. No Flask."""

import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from libhub.api import LibHubError, db, now, quizzes, writing
from libhub.api import gettext as _
from plugins.training.courses import lessons
from plugins.training.learning import progress
from plugins.training.learning.models import Attempt
from plugins.training.models import Lesson


@dataclass(frozen=True)
class State:
    """What a person did with a quiz so far; ``left`` is None where one may try as often as one likes."""

    questions: int
    asked: int
    attempts: tuple[Attempt, ...]
    open: Attempt | None
    best: int | None
    passed: bool
    left: int | None


def state_of(lesson: Lesson, user_id: int) -> State | None:
    """Return a person's state in the quiz of a lesson; None where it has none."""
    questions = len(lesson.questions)
    if not questions:
        return None
    query = select(Attempt).where(Attempt.lesson_id == lesson.id, Attempt.user_id == user_id)
    attempts = tuple(db.session.scalars(query.order_by(Attempt.id.desc())))
    finished = tuple(attempt for attempt in attempts if attempt.finished_at)
    results = [attempt.percent or 0 for attempt in finished]
    return State(
        questions,
        min(lesson.asked or questions, questions),
        finished,
        next((attempt for attempt in attempts if attempt.finished_at is None), None),
        max(results, default=None),
        any(attempt.passed for attempt in finished),
        max(0, lesson.attempts - len(finished)) if lesson.attempts else None,
    )


def begin(lesson: Lesson, user_id: int) -> Attempt:
    """Begin an attempt, or go on with the one that is open: its questions stay the same.

    :raises LibHubError: there is no quiz, or no attempt is left.
    """
    with writing():
        state = state_of(lesson, user_id)
        if state is None:
            raise LibHubError(_("This lesson has no quiz any more."))
        if state.open is not None:
            return state.open
        if state.left == 0:
            raise LibHubError(_("No attempt is left. Ask the librarian for more."))
        seed = secrets.randbelow(2**31)
        pool = [stored.data for stored in lesson.questions]
        attempt = Attempt(
            lesson_id=lesson.id,
            user_id=user_id,
            seed=seed,
            questions=_chosen(pool, state.asked, lesson, seed),
        )
        db.session.add(attempt)
        db.session.flush()
        return attempt


def _chosen(pool: list[dict[str, Any]], number: int, lesson: Lesson, seed: int) -> list[dict[str, Any]]:
    dice = random.Random(seed)  # noqa: S311 - chooses questions, guards nothing
    places = sorted(dice.sample(range(len(pool)), number))
    if lesson.shuffled:
        dice.shuffle(places)
    return [pool[place] for place in places]


def questions_of(attempt: Attempt) -> list[quizzes.Question]:
    """Return the questions of an attempt as they were when it began."""
    return [quizzes.from_dict(data) for data in attempt.questions]


def seed_of(attempt: Attempt, place: int) -> int:
    """Return what the answers of one question are shuffled with."""
    return attempt.seed + place


def find(attempt_id: int, user_id: int) -> Attempt | None:
    """Return a person's own attempt."""
    query = select(Attempt).where(Attempt.id == attempt_id, Attempt.user_id == user_id)
    return db.session.scalar(query)


def keep(attempt_id: int, answers: Sequence[quizzes.Answer]) -> None:
    """Keep what was answered so far; an attempt that is finished stays as it is."""
    with writing():
        attempt = db.session.get(Attempt, attempt_id)
        if attempt is not None and attempt.finished_at is None:
            attempt.answers = [answer if isinstance(answer, str) else list(answer) for answer in answers]


def finish(attempt_id: int, answers: Sequence[quizzes.Answer]) -> Attempt:
    """Finish an attempt with these answers; finishing it a second time changes nothing.

    :raises LibHubError: there is no such attempt any more.
    """
    with writing():
        keep(attempt_id, answers)
        attempt = db.session.get(Attempt, attempt_id)
        if attempt is None:
            raise LibHubError(_("There is no such attempt any more."))
        if attempt.finished_at is None:
            lesson = lessons.get_lesson(attempt.lesson_id)
            checked = zip(questions_of(attempt), attempt.answers, strict=True)
            shares = [
                quizzes.check(question, quizzes.from_json(answer)).share for question, answer in checked
            ]
            attempt.percent = int(100 * sum(shares) / len(shares) + 1e-9)  # never rounded up to a pass
            attempt.passed = attempt.percent >= lesson.pass_percent
            attempt.finished_at = now()
            if attempt.passed and lesson.completion == "score":
                progress.complete(lesson, attempt.user_id)
        return attempt
