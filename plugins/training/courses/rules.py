"""Courses and their sections: what may be saved, in which order, and what is in the archive. No Flask."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, Final, TypeAlias

from sqlalchemy import delete, select

from libhub.api import (
    AGE_MARKS,
    Data,
    ItemRef,
    LibHubError,
    Must,
    OneLine,
    Text,
    Viewer,
    Within,
    db,
    now,
    people,
    touch,
    writing,
)
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.training.courses.audience import AUDIENCES, courses_for
from plugins.training.models import Course, CoursePerson, Lesson, Prerequisite, Section

PLUGIN: Final = "training"
MAX_TITLE: Final = 200
MAX_SUMMARY: Final = 500
MAX_HOURS: Final = 1_000
MAX_SECTIONS: Final = 100
MAX_LESSONS: Final = 500


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

    title: Title
    summary: Annotated[str, Text(MAX_SUMMARY)] = ""
    hours: Annotated[int, Within(0, MAX_HOURS)] = 1
    audience: Annotated[str, Must(AUDIENCES.__contains__, _l("Choose for whom the course is."))] = "staff"
    people: frozenset[int] = frozenset()
    age: Annotated[int, Must(AGE_MARKS.__contains__, _l("Choose one of the age marks."))] = 0
    in_order: bool = False
    certificate: bool = True
    written_on: date | None = None
    checked_on: date | None = None
    requires: frozenset[int] = frozenset()


def course_ref(course_id: int) -> ItemRef:
    """Return the address of a course in search."""
    return ItemRef(PLUGIN, "course", str(course_id))


def lesson_ref(lesson_id: int) -> ItemRef:
    """Return the address of a lesson in search and of its files."""
    return ItemRef(PLUGIN, "lesson", str(lesson_id))


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
    return clean if clean.audience == "named" else replace(clean, people=frozenset())


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
        db.session.flush()
        _set_links(CoursePerson, CoursePerson.user_id.key, course.id, _existing_people(clean.people))
        _set_links(Prerequisite, Prerequisite.required_id.key, course.id, _existing_courses(clean.requires))
        touch_course(course.id)
        return course.id


def _existing_people(ids: Collection[int]) -> set[int]:
    return {person.id for person in people(ids)}


def _existing_courses(ids: Collection[int]) -> set[int]:
    return set(db.session.scalars(select(Course.id).where(Course.id.in_(ids))))


def _set_links(table: Any, column: str, course_id: int, wanted: Collection[int]) -> None:
    db.session.execute(delete(table).where(table.course_id == course_id))
    db.session.add_all(table(course_id=course_id, **{column: number}) for number in sorted(wanted))


def data_of(course: Course) -> CourseData:
    """Return a course as data: the opposite of :func:`save_course`."""
    return CourseData.of(
        course,
        people=frozenset(people_of([course.id])[course.id]),
        requires=frozenset(required_by([course.id])[course.id]),
    )


def people_of(course_ids: Sequence[int]) -> dict[int, list[int]]:
    """Return the people whom courses name, by course; one query."""
    found: dict[int, list[int]] = {course_id: [] for course_id in course_ids}
    query = select(CoursePerson.course_id, CoursePerson.user_id).where(CoursePerson.course_id.in_(course_ids))
    for course_id, user_id in db.session.execute(query.order_by(CoursePerson.user_id)):
        found[course_id].append(user_id)
    return found


def required_by(course_ids: Sequence[int]) -> dict[int, list[int]]:
    """Return the courses that have to be finished before, by course; one query. Archived ones do not count."""
    found: dict[int, list[int]] = {course_id: [] for course_id in course_ids}
    query = (
        select(Prerequisite.course_id, Prerequisite.required_id)
        .join(Course, Course.id == Prerequisite.required_id)
        .where(Prerequisite.course_id.in_(course_ids), Course.archived_at.is_(None))
    )
    for course_id, required in db.session.execute(query.order_by(Course.title)):
        found[course_id].append(required)
    return found


def get_course(course_id: int) -> Course:
    """Return a course, archived or not.

    :raises LibHubError: there is none with this number.
    """
    course = db.session.get(Course, course_id)
    if course is None:
        raise LibHubError(_("There is no such course."))
    return course


def find_course(course_id: int, viewer: Viewer) -> Course | None:
    """Return a course if this visitor may see it."""
    return db.session.scalar(select(Course).where(Course.id == course_id, courses_for(viewer)))


def set_published(course_id: int, *, published: bool) -> None:
    """Open a course to those it is for, or close it to all but its editors."""
    with writing():
        get_course(course_id).published = published
        touch_course(course_id)


def set_archived(course_id: int, *, archived: bool) -> None:
    """Put a course away, or bring it back. Nothing that anybody did in it is lost."""
    with writing():
        get_course(course_id).archived_at = now() if archived else None
        touch_course(course_id)


def touch_course(course_id: int) -> None:
    """Let search look at a course and at all its lessons."""
    lessons = db.session.scalars(
        select(Lesson.id).join(Section, Section.id == Lesson.section_id).where(Section.course_id == course_id)
    )
    touch([course_ref(course_id), *map(lesson_ref, lessons)])


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
    section = db.session.get(Section, section_id)
    if section is None:
        raise LibHubError(_("There is no such section."))
    return section


def rename_section(section_id: int, title: str) -> None:
    """Call a section something else."""
    with writing():
        section = get_section(section_id)
        section.title = title_of(title)
        touch_course(section.course_id)


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
        touch_course(course_id)


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
        lesson = db.session.get(Lesson, lesson_id)
        if lesson is None:
            raise LibHubError(_("There is no such lesson."))
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
