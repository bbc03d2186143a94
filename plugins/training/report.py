"""What training counts for the librarian's report. No Flask."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from libhub.api import db
from libhub.api import gettext as _
from plugins.training.learning.models import Attempt, Enrolment, Progress


def statistics(start: datetime, end: datetime) -> dict[str, int]:
    """Return numbers of a period for the librarian's report."""

    def count(column: InstrumentedAttribute[datetime | None]) -> int:
        return db.session.scalar(select(func.count(column)).where(column >= start, column < end)) or 0

    return {
        _("Lessons done"): count(Progress.completed_at),
        _("Courses finished"): count(Enrolment.completed_at),
        _("Quizzes tried"): count(Attempt.finished_at),
    }
