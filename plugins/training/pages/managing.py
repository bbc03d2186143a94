"""The table of all courses: drafts, open ones, the archive."""

from flask import Blueprint
from sqlalchemy import and_

from libhub.api import Action, Label, Managed, State, archive_actions
from libhub.api import lazy_gettext as _l
from plugins.training.courses import rules
from plugins.training.courses.audience import AUDIENCES
from plugins.training.models import Course

blueprint = Blueprint("training", __name__, url_prefix="/training")


def _open(course: Course) -> Label:
    return _l("open") if course.published else _l("draft")


Managed(
    model=Course,
    permission="training.edit",
    section=_l("Training"),
    title=_l("Write courses"),
    template="training/manage.html",
    order=(Course.title, Course.id),
    states={
        "": State(_l("All courses"), Course.present),
        "draft": State(_l("Drafts"), lambda: and_(Course.present(), Course.published.is_(False))),
        "open": State(_l("Open courses"), lambda: and_(Course.present(), Course.published)),
        "archived": State(_l("In the archive"), lambda: Course.archived_at.is_not(None)),
    },
    actions={
        "open": Action(
            _l("Open the courses"),
            lambda numbers, _value: rules.set_published(numbers, published=True),
            about=_l("Those for whom the courses are find them and can begin."),
            states=lambda state: state in {"", "draft"},
            present=_open,
        ),
        "draft": Action(
            _l("Make them drafts again"),
            lambda numbers, _value: rules.set_published(numbers, published=False),
            about=_l("Only those who write courses see them. What people did in them is kept."),
            states=lambda state: state in {"", "open"},
            present=_open,
        ),
        **archive_actions(Course),
    },
    context=lambda _rows: {"audiences": AUDIENCES},
).add_to(blueprint)
