"""A course in, from an archive of another hub or a folder of the starter content: all of it or nothing. No Flask.

Both come in by the same door, and what was exported comes in unchanged.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Protocol

from pydantic import ValidationError
from sqlalchemy import select

from libhub.api import (
    Actor,
    HostileArchive,
    ImportReport,
    LibHubError,
    acting_as,
    attach,
    check_upload,
    db,
    detach_all,
    quizzes,
    writing,
)
from libhub.api import gettext as _
from plugins.training.courses import lessons, rules
from plugins.training.courses.lessons import LessonData
from plugins.training.courses.rules import CourseData
from plugins.training.exchange.archive import Archive, problem_of
from plugins.training.exchange.course_format import (
    COURSE_FIELDS,
    COURSE_FILE,
    LESSON_FIELDS,
    CourseEntry,
    FileEntry,
    LessonEntry,
)
from plugins.training.models import Course, Lesson, StoredQuestion

MAX_TEXT_BYTES: Final = 2 * 1024**2
STARTER_AUTHOR: Final = Actor(None, "LibHub")


class Source(Protocol):
    """Where the files of a course are read from."""

    def read(self, name: str, most: int) -> bytes:
        """Return a file of at most ``most`` bytes.

        :raises LibHubError: it cannot be had.
        """


class Folder:
    """A course in a folder of this program."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, name: str, most: int) -> bytes:  # noqa: ARG002 - our own files are of a sensible size
        """Return a file."""
        return (self.path / name).read_bytes()


@dataclass(frozen=True)
class _Plan:
    """A course that was read and found good, before anything of it is written."""

    course: CourseData
    sections: tuple[tuple[str, tuple["_LessonPlan", ...]], ...]

    @property
    def lessons(self) -> list["_LessonPlan"]:
        """Every lesson in order."""
        return [lesson for _title, some in self.sections for lesson in some]

    def told(self) -> list[str]:
        """Return what would come in, in sentences."""
        files = [each.name for lesson in self.lessons for each in lesson.files]
        counts = _(
            "Sections: %(sections)d, lessons: %(lessons)d, questions of quizzes: %(questions)d, files: %(files)d",
            sections=len(self.sections),
            lessons=len(self.lessons),
            questions=sum(len(lesson.questions) for lesson in self.lessons),
            files=len(files),
        )
        contents = (
            f"{title}: {'; '.join(each.data.title for each in some)}" for title, some in self.sections
        )
        named = [_("Files: %(names)s", names=", ".join(files))] if files else []
        return [_("Course: %(title)s", title=self.course.title), counts, *contents, *named]


@dataclass(frozen=True)
class _LessonPlan:
    data: LessonData
    questions: tuple[quizzes.Question, ...]
    files: tuple[FileEntry, ...]


def read_archive(stream: IO[bytes], *, dry_run: bool = False) -> ImportReport:
    """Bring a course in as a draft, or say what would come in.

    :raises LibHubError: the archive is damaged, hostile, or of a course that would not do; nothing was taken then.
    """
    archive = Archive(stream)
    archive.check()
    plan = _read(archive)
    report = ImportReport(added=1, notes=plan.told())
    same = select(Course.id).where(Course.title == plan.course.title).order_by(Course.id)
    report.saw("course", db.session.scalars(same).all())  # it comes in once, whoever presses how often
    if dry_run:
        for each in (each for lesson in plan.lessons for each in lesson.files):
            with archive.open(each.path) as content:
                check_upload(each.name, content)
    else:
        report.one = _bring_in(archive, plan)
    return report


def _bring_in(archive: Archive, plan: _Plan) -> int:
    """Write a course with its files; return its number."""
    course_id, lesson_ids = _build(plan)
    try:
        for lesson_id, planned in zip(lesson_ids, plan.lessons, strict=True):
            for each in planned.files:
                with archive.open(each.path) as content:
                    attach(Lesson.ref_of(lesson_id), each.name, content, place=each.place, exact=True)
    except BaseException:
        with writing():
            detach_all(map(Lesson.ref_of, lesson_ids))
            db.session.delete(rules.get_course(course_id))
        raise
    return course_id


def load_starter(folder: Path) -> None:
    """Add the courses that a new school finds on the first day, open to those they are for."""
    plans = [_read(Folder(each.parent)) for each in sorted(folder.glob(f"*/{COURSE_FILE}"))]
    with writing(), acting_as(STARTER_AUTHOR):
        for plan in plans:
            course_id, _lessons = _build(plan)
            rules.set_published([course_id], published=True)


def _read(source: Source) -> _Plan:
    """Read and check everything before anything is written."""
    try:
        described = CourseEntry.model_validate_json(source.read(COURSE_FILE, MAX_TEXT_BYTES))
    except ValidationError as error:
        raise HostileArchive(
            _("The description of the course will not do: %(problem)s", problem=problem_of(error))
        ) from error
    if not described.sections or len(described.sections) > rules.MAX_SECTIONS:
        raise LibHubError(_("A course has at least one section."))
    if sum(len(section.lessons) for section in described.sections) > rules.MAX_LESSONS:
        raise LibHubError(_("A course has at most %(most)d lessons.", most=rules.MAX_LESSONS))
    data = {ours: getattr(described, name) for name, ours in COURSE_FIELDS.items()}
    return _Plan(
        CourseData(**data).checked(),
        tuple(
            (
                rules.title_of(section.title),
                tuple(_lesson_plan(source, lesson) for lesson in section.lessons),
            )
            for section in described.sections
        ),
    )


def _lesson_plan(source: Source, lesson: LessonEntry) -> _LessonPlan:
    values = {name: getattr(lesson, name) for name in LESSON_FIELDS}
    questions: tuple[quizzes.Question, ...] = ()
    if lesson.questions:
        reading = quizzes.gift.read(_text(source, lesson.questions))
        if reading.problems:
            first = reading.problems[0]
            raise LibHubError(
                _(
                    "%(name)s, line %(line)d: %(text)s",
                    name=lesson.questions,
                    line=first.line,
                    text=first.text,
                )
            )
        questions = reading.questions
    data = LessonData(**values, text=_text(source, lesson.text)).checked()
    return _LessonPlan(data, questions, lesson.files)


def _text(source: Source, name: str) -> str:
    try:
        return source.read(name, MAX_TEXT_BYTES).decode("utf-8")
    except UnicodeDecodeError as error:
        raise HostileArchive(_("The file %(name)s is no text.", name=name[:80])) from error


def _build(plan: _Plan) -> tuple[int, list[int]]:
    """Write a course, all of it or nothing; return its number and those of its lessons in order."""
    made: list[int] = []
    with writing():
        course_id = rules.save_course(plan.course)
        first = rules.get_course(course_id).sections[0]
        for place, (title, planned) in enumerate(plan.sections):
            if place:
                section_id = rules.add_section(course_id, title)
            else:
                section_id, first.title = first.id, title
            for each in planned:
                lesson_id = lessons.add_lesson(section_id, each.data)
                made.append(lesson_id)
                db.session.add_all(
                    StoredQuestion(lesson_id=lesson_id, position=position, data=quizzes.to_dict(question))
                    for position, question in enumerate(each.questions)
                )
        return course_id, made
