"""Lessons: what may be saved, and the archive. Every text that was saved stays as a version. No Flask."""

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import select

from libhub.api import Actor, LibHubError, Viewer, db, now, touch, writing
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.training.courses import drafts, versions
from plugins.training.courses.audience import courses_for, lessons_for
from plugins.training.courses.markdown import MAX_TEXT
from plugins.training.courses.rules import MAX_LESSONS, Invalid, get_section, lesson_ref, title_of
from plugins.training.models import Course, Lesson, Section

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


@dataclass(frozen=True)
class LessonData:
    """A lesson as a form or an archive describes it; files and questions are apart from it."""

    title: str
    text: str = ""
    link: str = ""
    minutes: int = 0
    completion: str = "hand"
    task: bool = False
    asked: int = 0
    attempts: int = 0
    pass_percent: int = 80
    shuffled: bool = True
    published: bool = True


def check(data: LessonData) -> LessonData:
    """Return the data trimmed and in order.

    :raises Invalid: naming every field that will not do.
    """
    problems: dict[str, str] = {}
    try:
        title_of(data.title)
    except Invalid as error:
        problems |= error.problems
    text = data.text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    if len(text) > MAX_TEXT:
        problems["text"] = _("At most %(most)d characters.", most=MAX_TEXT)
    link = data.link.strip()
    if len(link) > MAX_LINK or (link and not _leads_somewhere(link)):
        problems["link"] = _("The address begins with http:// or https://, or with / for a page of the hub.")
    for name, value, least, most in (
        ("minutes", data.minutes, 0, MAX_MINUTES),
        ("asked", data.asked, 0, MAX_LESSONS),
        ("attempts", data.attempts, 0, MAX_ATTEMPTS),
        ("pass_percent", data.pass_percent, 1, 100),
    ):
        if not least <= value <= most:
            problems[name] = _("A number from %(least)d to %(most)d is needed.", least=least, most=most)
    if data.completion not in COMPLETIONS:
        problems["completion"] = _("Choose when the lesson counts as done.")
    elif data.completion == "answer" and not data.task:
        problems["completion"] = _("There is no task in this lesson whose answer could be accepted.")
    if problems:
        raise Invalid(problems)
    return replace(data, title=title_of(data.title), text=text, link=link)


def _leads_somewhere(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    outside = parts.scheme in {"http", "https"} and bool(parts.netloc)
    return outside or (link.startswith("/") and not parts.netloc and "\\" not in link)


def add_lesson(section_id: int, data: LessonData, author: Actor) -> int:
    """Add a lesson at the end of a section; return its number.

    :raises Invalid: see :func:`check`.
    """
    clean = check(data)
    with writing():
        section = get_section(section_id)
        if sum(len(each.lessons) for each in section.course.sections) >= MAX_LESSONS:
            raise LibHubError(_("A course has at most %(most)d lessons.", most=MAX_LESSONS))
        lesson = Lesson(**vars(clean), position=len(section.lessons))
        section.lessons.append(lesson)
        db.session.flush()
        versions.keep(lesson, author)
        touch([lesson_ref(lesson.id)])
        return lesson.id


def save_lesson(lesson_id: int, data: LessonData, author: Actor) -> None:
    """Change a lesson; a new text is a new version, and the author's draft is done with.

    :raises Invalid: see :func:`check`.
    """
    clean = check(data)
    with writing():
        lesson = get_lesson(lesson_id)
        changed = (lesson.title, lesson.text) != (clean.title, clean.text)
        for name, value in vars(clean).items():
            setattr(lesson, name, value)
        if changed:
            versions.keep(lesson, author)
        drafts.drop_draft(lesson_id, author.user_id)
        touch([lesson_ref(lesson_id)])


def data_of(lesson: Lesson) -> LessonData:
    """Return a lesson as data: the opposite of :func:`save_lesson`."""
    return LessonData(**{name: getattr(lesson, name) for name in LessonData.__dataclass_fields__})


def get_lesson(lesson_id: int) -> Lesson:
    """Return a lesson, archived or not.

    :raises LibHubError: there is none with this number.
    """
    lesson = db.session.get(Lesson, lesson_id)
    if lesson is None:
        raise LibHubError(_("There is no such lesson."))
    return lesson


def find_lesson(lesson_id: int, viewer: Viewer, *, archived: bool = False) -> Lesson | None:
    """Return a lesson if this visitor may see it; ``archived``: also one that was taken away."""
    visible = (
        select(Lesson)
        .join(Section, Section.id == Lesson.section_id)
        .join(Course, Course.id == Section.course_id)
        .where(Lesson.id == lesson_id, courses_for(viewer))
    )
    if archived:
        return db.session.scalar(visible.where(Lesson.published))
    return db.session.scalar(visible.where(lessons_for(viewer)))


def set_archived(lesson_id: int, *, archived: bool) -> None:
    """Take a lesson out of its course, or bring it back; what people did in it stays."""
    with writing():
        get_lesson(lesson_id).archived_at = now() if archived else None
        touch([lesson_ref(lesson_id)])


def restore(lesson_id: int, number: int, author: Actor) -> None:
    """Make an old version the text of the lesson again: as a new version, so that nothing is lost."""
    with writing():
        lesson, version = get_lesson(lesson_id), versions.get_version(lesson_id, number)
        data = replace(data_of(lesson), title=version.title, text=version.text)
        save_lesson(lesson_id, data, author)
