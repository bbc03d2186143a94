"""Lessons: what may be saved, and the archive. No Flask."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlsplit

from sqlalchemy import select

from libhub.api import (
    Data,
    LibHubError,
    Must,
    OneOf,
    Text,
    Viewer,
    Within,
    db,
    find_row,
    find_visible,
    markdown,
    touch,
    writing,
)
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.training.courses.rules import MAX_LESSONS, NO_LESSON, Title, get_section
from plugins.training.models import Course, Lesson

COMPLETIONS: Final = {
    "hand": _l("The person says that it is done"),
    "view": _l("It was opened"),
    "score": _l("Its quiz was passed"),
    "answer": _l("The answer to its task was accepted"),
    "section": _l("Everything else of its section is done"),
    "none": _l("It need not be done"),
}
"""When a lesson counts as done."""
MAX_MINUTES: Final = 600
MAX_ATTEMPTS: Final = 20
MAX_LINK: Final = 1_000


_NO_ADDRESS: Final = _l("The address begins with http:// or https://, or with / for a page of the hub.")


def _leads_somewhere(link: str) -> bool:
    if not link:
        return True
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    outside = parts.scheme in {"http", "https"} and bool(parts.netloc)
    return outside or (link.startswith("/") and not parts.netloc and "\\" not in link)


@dataclass(frozen=True)
class LessonData(Data):
    """A lesson as a form or an archive describes it; files and questions are apart from it."""

    called = {
        "title": _l("Title"),
        "text": _l("Text"),
        "link": _l("Link to open beside it"),
        "minutes": _l("How many minutes it takes"),
        "completion": _l("When it counts as done"),
        "task": _l("An answer is needed: text or files"),
        "asked": _l("Questions in one attempt"),
        "attempts": _l("How many attempts"),
        "pass_percent": _l("Pass mark, per cent"),
        "shuffled": _l("Shuffle the questions"),
        "published": _l("Open to those who take the course"),
    }

    title: Title
    text: Annotated[str, Text(markdown.MAX_TEXT)] = ""
    link: Annotated[str, Text(MAX_LINK, 0, _NO_ADDRESS), Must(_leads_somewhere, _NO_ADDRESS)] = ""
    minutes: Annotated[int, Within(0, MAX_MINUTES)] = 0
    completion: Annotated[str, OneOf(COMPLETIONS)] = "hand"
    task: bool = False
    asked: Annotated[int, Within(0, MAX_LESSONS)] = 0
    attempts: Annotated[int, Within(0, MAX_ATTEMPTS)] = 0
    pass_percent: Annotated[int, Within(1, 100)] = 80
    shuffled: bool = True
    published: bool = True

    def conflicts(self) -> Mapping[str, str]:
        """Refuse a lesson that waits for an answer to no task."""
        if self.completion == "answer" and not self.task:
            return {"completion": _("There is no task in this lesson whose answer could be accepted.")}
        return {}


def add_lesson(section_id: int, data: LessonData) -> int:
    """Add a lesson at the end of a section; return its number.

    :raises Invalid: naming every field that will not do.
    """
    clean = data.checked()
    with writing():
        section = get_section(section_id)
        if sum(len(each.lessons) for each in section.course.sections) >= MAX_LESSONS:
            raise LibHubError(_("A course has at most %(most)d lessons.", most=MAX_LESSONS))
        lesson = Lesson(**vars(clean), position=len(section.lessons))
        section.lessons.append(lesson)
        db.session.flush()
        touch([lesson.ref])
        return lesson.id


def save_lesson(data: LessonData, lesson_id: int) -> None:
    """Change a lesson.

    :raises Invalid: naming every field that will not do.
    """
    clean = data.checked()
    with writing():
        lesson = get_lesson(lesson_id)
        clean.into(lesson)
        touch([lesson.ref])


def get_lesson(lesson_id: int) -> Lesson:
    """Return a lesson, archived or not.

    :raises LibHubError: there is none with this number.
    """
    return find_row(Lesson, lesson_id, NO_LESSON)


def find_lesson(lesson_id: int, viewer: Viewer, *, archived: bool = False) -> Lesson | None:
    """Return a lesson if this visitor may see it; ``archived``: also one that was taken away."""
    if not archived:
        return find_visible(Lesson, lesson_id, viewer)
    in_sight = Lesson.of_courses(Course.visible_to(viewer))
    return db.session.scalar(select(Lesson).where(Lesson.id == lesson_id, Lesson.published, in_sight))
