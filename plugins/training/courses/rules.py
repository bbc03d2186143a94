"""Courses and their sections: what may be saved, in which order, and what is in the archive. No Flask."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Final, TypeAlias

from sqlalchemy import select

from libhub.api import (
    AgeMarkOrNone,
    Data,
    LibHubError,
    OneLine,
    OneOf,
    Text,
    Within,
    db,
    find_row,
    people,
    rows_for,
    touch,
    writing,
)
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.training.courses.audience import AUDIENCES, NAMED
from plugins.training.models import Course, CoursePerson, Lesson, Prerequisite, Section

PLUGIN: Final = "training"
MAX_TITLE: Final = 200
MAX_SUMMARY: Final = 500
MAX_HOURS: Final = 1_000
MAX_SECTIONS: Final = 100
MAX_LESSONS: Final = 500
NO_LESSON: Final = _l("There is no such lesson.")


Title: TypeAlias = Annotated[
    str, OneLine(MAX_TITLE, 1, _l("A title of 1 to %(most)d characters is needed.", most=MAX_TITLE))
]


@dataclass(frozen=True)
class SectionData(Data):
    """A section of a course as somebody calls it."""

    title: Title


@dataclass(frozen=True)
class CourseData(Data):
    """A course as a form or an archive describes it; ``people`` and ``requires`` are numbers of rows."""

    called = {
        "title": _l("Title"),
        "summary": _l("What it is about, in one or two sentences"),
        "hours": _l("Academic hours"),
        "for_whom": _l("Meant for"),
        "people": _l("Named people"),
        "in_order": _l("Lessons open one after another"),
        "certificate": _l("Who finishes it gets a certificate"),
        "written_on": _l("Date of the material"),
        "checked_on": _l("Checked on"),
        "requires": _l("Courses that have to be finished before"),
    }

    title: Title
    summary: Annotated[str, Text(MAX_SUMMARY)] = ""
    hours: Annotated[int, Within(0, MAX_HOURS)] = 1
    for_whom: Annotated[str, OneOf(AUDIENCES)] = "staff"
    people: frozenset[int] = frozenset()
    age: AgeMarkOrNone = None
    in_order: bool = False
    certificate: bool = True
    written_on: date | None = None
    checked_on: date | None = None
    requires: frozenset[int] = frozenset()


def title_of(text: str) -> str:
    """Return a title in one line.

    :raises Invalid: it is empty or too long.
    """
    return SectionData(text).checked().title


def check(data: CourseData, course_id: int | None = None) -> CourseData:
    """Return the data trimmed and in order.

    :raises Invalid: naming every field that will not do.
    """
    circle = _leads_to(data.requires, course_id)
    clean = data.checked(
        requires=_("Each of these courses would wait for the other: nobody could begin.") if circle else ""
    )
    return clean if clean.for_whom == NAMED else replace(clean, people=frozenset())


def _leads_to(required: Collection[int], course_id: int | None) -> bool:
    """Say whether a course, along what its prerequisites require, would wait for itself."""
    if course_id is None or not required:
        return False
    links: dict[int, set[int]] = {}
    for course, needs in db.session.execute(select(Prerequisite.course_id, Prerequisite.required_id)):
        links.setdefault(course, set()).add(needs)
    waiting, seen = set(required), set()
    while waiting:
        here = waiting.pop()
        if here == course_id:
            return True
        seen.add(here)
        waiting |= links.get(here, set()) - seen
    return False


def save_course(data: CourseData, course_id: int | None = None) -> int:
    """Add a course with an empty first section, or change one; return its number.

    :raises Invalid: see :func:`check`.
    :raises LibHubError: there is no such course.
    """
    clean = check(data, course_id)
    with writing():
        if course_id is None:
            course = Course(sections=[Section(title=_("Lessons"))])
            db.session.add(course)
        else:
            course = get_course(course_id)
        clean.into(course, "people", "requires")
        course.named = rows_for(
            sorted(person.id for person in people(clean.people)),
            course.named,
            lambda row: row.user_id,
            lambda number: CoursePerson(user_id=number),
        )
        course.required = rows_for(
            db.session.scalars(select(Course.id).where(Course.id.in_(clean.requires))),
            course.required,
            lambda row: row.required_id,
            lambda number: Prerequisite(required_id=number),
        )
        db.session.flush()
        touch(course.concerned())
        return course.id


def data_of(course: Course) -> CourseData:
    """Return a course as data: the opposite of :func:`save_course`."""
    return CourseData.of(
        course,
        people=frozenset(row.user_id for row in course.named),
        requires=required_by(course.id),
    )


def kept_data_of(course: Course) -> CourseData:
    """Return a course as data as it is kept, with all that it requires: also of one that is in no database."""
    return CourseData.of(
        course,
        people=frozenset(row.user_id for row in course.named),
        requires=frozenset(row.required_id for row in course.required),
    )


def required_by(course_id: int) -> frozenset[int]:
    """Return the courses that have to be finished before this one. Archived ones do not count."""
    query = (
        select(Prerequisite.required_id)
        .join(Course, Course.id == Prerequisite.required_id)
        .where(Prerequisite.course_id == course_id, Course.present())
    )
    return frozenset(db.session.scalars(query))


def get_course(course_id: int) -> Course:
    """Return a course, archived or not.

    :raises LibHubError: there is none with this number.
    """
    return find_row(Course, course_id, _l("There is no such course."))


def set_published(course_ids: Iterable[int], *, published: bool) -> int:
    """Open courses to those they are for, or close them to all but their editors; return how many changed."""
    changed = 0
    with writing():
        for course in db.session.scalars(select(Course).where(Course.id.in_(list(course_ids)))).all():
            if course.published != published:
                course.published = published
                touch(course.concerned())
                changed += 1
    return changed


# -- sections -----------------------------------------------------------------------------------------


def add_section(course_id: int, title: str) -> int:
    """Add a section after the others; return its number."""
    with writing():
        course = get_course(course_id)
        if len(course.sections) >= MAX_SECTIONS:
            raise LibHubError(_("A course has at most %(most)d sections.", most=MAX_SECTIONS))
        section = Section(title=title_of(title), position=len(course.sections))
        course.sections.append(section)
        db.session.flush()
        return section.id


def get_section(section_id: int) -> Section:
    """Return a section.

    :raises LibHubError: there is none with this number.
    """
    return find_row(Section, section_id, _l("There is no such section."))


def rename_section(section_id: int, title: str) -> None:
    """Call a section something else."""
    with writing():
        section = get_section(section_id)
        section.title = title_of(title)
        touch(section.course.concerned())


def remove_section(section_id: int) -> None:
    """Remove an empty section.

    :raises LibHubError: there are lessons in it, maybe in the archive; or it is the last one.
    """
    with writing():
        section = get_section(section_id)
        if section.lessons:
            raise LibHubError(
                _("Move the lessons of this section to another one first, also those in the archive.")
            )
        if len(section.course.sections) == 1:
            raise LibHubError(_("A course has at least one section."))
        db.session.delete(section)


def arrange(course_id: int, order: Sequence[tuple[int, Sequence[int]]]) -> None:
    """Put sections and their lessons in this order; what is not named keeps its place behind the others."""
    with writing():
        course = get_course(course_id)
        sections = {section.id: section for section in course.sections}
        lessons = {lesson.id: lesson for section in course.sections for lesson in section.lessons}
        for place, (section_id, lesson_ids) in enumerate(order):
            if section_id not in sections:
                continue
            sections[section_id].position = place
            for position, lesson_id in enumerate(lesson_ids):
                if lesson_id in lessons:
                    lessons[lesson_id].section_id = section_id
                    lessons[lesson_id].position = position
        touch(course.concerned())


def order_of(course: Course) -> list[tuple[int, list[int]]]:
    """Return the order of a course as :func:`arrange` takes it."""
    return [(section.id, [lesson.id for lesson in section.lessons]) for section in course.sections]


def move_section(section_id: int, step: int) -> None:
    """Move a section up (-1) or down (1)."""
    with writing():
        course = get_section(section_id).course
        order = order_of(course)
        place = next(place for place, (each, _lessons) in enumerate(order) if each == section_id)
        if 0 <= place + step < len(order):
            order.insert(place + step, order.pop(place))
            arrange(course.id, order)


def move_lesson(lesson_id: int, step: int) -> None:
    """Move a lesson up (-1) or down (1), at the end of a section into the next one."""
    with writing():
        lesson = find_row(Lesson, lesson_id, NO_LESSON)
        order = order_of(lesson.section.course)
        place = next(place for place, (_section, lessons) in enumerate(order) if lesson_id in lessons)
        here = order[place][1]
        position = here.index(lesson_id)
        if 0 <= position + step < len(here):
            here.insert(position + step, here.pop(position))
        elif 0 <= place + step < len(order):
            here.remove(lesson_id)
            order[place + step][1].insert(0 if step > 0 else len(order[place + step][1]), lesson_id)
        arrange(lesson.section.course_id, order)
