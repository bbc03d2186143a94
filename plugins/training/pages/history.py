"""What was changed of courses and lessons."""

from flask import Blueprint, url_for
from sqlalchemy import select

from libhub.api import History, db, deletable
from libhub.api import lazy_gettext as _l
from plugins.training.courses import lessons, rules
from plugins.training.courses.audience import EDIT
from plugins.training.courses.lessons import LessonData
from plugins.training.courses.rules import CourseData
from plugins.training.models import Course, Lesson, Section, StoredQuestion

blueprint = Blueprint("training", __name__, url_prefix="/training")

History(
    model=Course,
    permission=EDIT,
    section=_l("Training"),
    data=CourseData,
    data_of=rules.kept_data_of,
    save=rules.save_course,
    others={
        "published": lambda course, wanted: rules.set_published([course.id], published=wanted),
    },
    refers={"people": "core_user", "requires": "training_course"},
    also={
        Section: lambda course: db.session.scalars(select(Section.id).where(Section.course_id == course.id)),
        Lesson: lambda course: db.session.scalars(
            select(Lesson.id).where(Lesson.of_courses(Course.id == course.id))
        ),
    },
    edit=lambda course: url_for("training.edit", course_id=course.id),
).add_to(blueprint)

History(
    model=Lesson,
    permission=EDIT,
    section=_l("Training"),
    below="lessons",
    data=LessonData,
    save=lessons.save_lesson,
    also={
        StoredQuestion: lambda lesson: db.session.scalars(
            select(StoredQuestion.id).where(StoredQuestion.lesson_id == lesson.id)
        )
    },
    edit=lambda lesson: url_for("training.edit_lesson", lesson_id=lesson.id),
).add_to(blueprint)

deletable(Section, EDIT)
deletable(StoredQuestion, EDIT)
