"""What training shows on a person's own page: the courses to go on with, and the newest certificates."""

from typing import Final

from flask import url_for
from flask_babel import format_date

from libhub.api import PersonalLine, PersonalLines, Viewer
from libhub.api import gettext as _
from plugins.training.courses import audience
from plugins.training.learning import certificates, course_list
from plugins.training.learning.course_list import Card

MOST: Final = 5


def personal_lines(viewer: Viewer) -> list[PersonalLines]:
    """Return the courses and the certificates of a viewer."""
    if viewer.user_id is None or not viewer.can(audience.LEARN):
        return []
    waiting = [card for card in course_list.my_courses(viewer) if not card.completed_at][:MOST]
    courses = [
        PersonalLine(card.course.title, url_for("training.course", course_id=card.course.id), _note(card))
        for card in waiting
    ]
    papers = [
        PersonalLine(
            each.course_title,
            url_for("training.certificate", number=each.number),
            str(format_date(each.completed_on, "d MMMM y")),
        )
        for each in certificates.of_person(viewer.user_id)[:MOST]
    ]
    return [
        PersonalLines(_("My courses"), url_for("training.index"), courses, order=40),
        PersonalLines(_("My certificates"), url_for("training.record"), papers, order=50),
    ]


def _note(card: Card) -> str:
    if card.due_on is not None:
        day = format_date(card.due_on)
        return _("late: it was due on %(day)s", day=day) if card.late else _("due on %(day)s", day=day)
    return f"{card.percent} %" if card.started else ""
