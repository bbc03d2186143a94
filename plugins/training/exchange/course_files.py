"""A course as files: ``course.json``, a Markdown file for each lesson, a GIFT file for each quiz. No Flask.

The starter content is such a folder; another hub is given the same as one archive. Both come in by the same
door, and what was carried out comes in unchanged.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import IO, Final, Literal, Protocol

from pydantic import ValidationError

from libhub.api import (
    Actor,
    Attachment,
    LibHubError,
    acting_as,
    attach,
    attachments,
    db,
    detach_all,
    open_file,
    quizzes,
    writing,
)
from libhub.api import gettext as _
from plugins.training.courses import lessons, rules
from plugins.training.courses.lessons import LessonData
from plugins.training.courses.rules import CourseData, lesson_ref
from plugins.training.exchange.archive import Archive, Content, HostileArchive, Strict, problem_of, write
from plugins.training.models import Course, Lesson, StoredQuestion

COURSE_FILE: Final = "course.json"
MAX_TEXT_BYTES: Final = 2 * 1024**2
STARTER_AUTHOR: Final = Actor(None, "LibHub")


class CarriedFile(Strict):
    """A file of a lesson: where it lies in the archive, and what the lesson calls it."""

    path: str
    name: str
    place: str = ""


class CarriedLesson(Strict):
    """A lesson; its text and its questions lie in files of their own.

    The fields are those of ``LessonData``, written down once more on purpose: files that exist keep their form
    when the program changes.
    """

    title: str
    text: str
    questions: str = ""
    link: str = ""
    minutes: int = 0
    completion: str = "hand"
    task: bool = False
    asked: int = 0
    attempts: int = 0
    pass_percent: int = 80
    shuffled: bool = True
    published: bool = True
    files: tuple[CarriedFile, ...] = ()


class CarriedSection(Strict):
    """A section with its lessons."""

    title: str
    lessons: tuple[CarriedLesson, ...] = ()


class CarriedCourse(Strict):
    """What ``course.json`` says. People and prerequisites are of one hub, so they stay there."""

    format: Literal["libhub-course"]
    version: Literal[1]
    title: str
    summary: str = ""
    hours: int = 1
    audience: str = "staff"
    age: int = 0
    in_order: bool = False
    certificate: bool = True
    written_on: date | None = None
    checked_on: date | None = None
    sections: tuple[CarriedSection, ...]


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


@dataclass(frozen=True)
class _LessonPlan:
    data: LessonData
    questions: tuple[quizzes.Question, ...]
    files: tuple[CarriedFile, ...]


def read_archive(stream: IO[bytes], author: Actor) -> int:
    """Bring a course in as a draft; return its number.

    :raises LibHubError: the archive is damaged, hostile, or of a course that would not do; nothing was taken then.
    """
    archive = Archive(stream)
    archive.check()
    plan = _read(archive)
    course_id, lesson_ids = _build(plan, author)
    try:
        for lesson_id, planned in zip(lesson_ids, plan.lessons, strict=True):
            for each in planned.files:
                with archive.open(each.path) as content:
                    attach(lesson_ref(lesson_id), each.name, content, place=each.place, exact=True)
    except BaseException:
        with writing():
            detach_all(map(lesson_ref, lesson_ids))
            db.session.delete(rules.get_course(course_id))
        raise
    return course_id


def load_starter(folder: Path) -> None:
    """Add the courses that a new school finds on the first day, open to those they are for."""
    with writing(), acting_as(STARTER_AUTHOR):
        for path in sorted(each.parent for each in folder.glob(f"*/{COURSE_FILE}")):
            course_id, _lessons = _build(_read(Folder(path)), STARTER_AUTHOR)
            rules.set_published(course_id, published=True)


def _read(source: Source) -> _Plan:
    """Read and check everything before anything is written."""
    try:
        carried = CarriedCourse.model_validate_json(source.read(COURSE_FILE, MAX_TEXT_BYTES))
    except ValidationError as error:
        raise HostileArchive(
            _("The description of the course will not do: %(problem)s", problem=problem_of(error))
        ) from error
    if not carried.sections or len(carried.sections) > rules.MAX_SECTIONS:
        raise LibHubError(_("A course has at least one section."))
    if sum(len(section.lessons) for section in carried.sections) > rules.MAX_LESSONS:
        raise LibHubError(_("A course has at most %(most)d lessons.", most=rules.MAX_LESSONS))
    data = {name: getattr(carried, name) for name in _COURSE_FIELDS}
    return _Plan(
        rules.check(CourseData(**data)),
        tuple(
            (
                rules.title_of(section.title),
                tuple(_lesson_plan(source, lesson) for lesson in section.lessons),
            )
            for section in carried.sections
        ),
    )


_COURSE_FIELDS: Final = tuple(
    name for name in CarriedCourse.model_fields if name not in {"format", "version", "sections"}
)
_LESSON_FIELDS: Final = tuple(
    name for name in CarriedLesson.model_fields if name not in {"text", "questions", "files"}
)


def _lesson_plan(source: Source, lesson: CarriedLesson) -> _LessonPlan:
    values = {name: getattr(lesson, name) for name in _LESSON_FIELDS}
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


def _build(plan: _Plan, author: Actor) -> tuple[int, list[int]]:
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
                lesson_id = lessons.add_lesson(section_id, each.data, author)
                made.append(lesson_id)
                db.session.add_all(
                    StoredQuestion(lesson_id=lesson_id, position=position, data=quizzes.to_dict(question))
                    for position, question in enumerate(each.questions)
                )
        return course_id, made


# -- out ----------------------------------------------------------------------------------------------


def write_archive(course_id: int, stream: IO[bytes]) -> None:
    """Write a course, with everything but what people did in it, as one archive."""
    write(stream, dict(_members(rules.get_course(course_id))))


def _members(course: Course) -> Iterator[tuple[str, Content]]:
    sections = []
    refs = [lesson_ref(lesson.id) for section in course.sections for lesson in section.lessons]
    files = attachments(refs)
    for number, section in enumerate(course.sections, 1):
        carried = []
        present = [lesson for lesson in section.lessons if lesson.archived_at is None]
        for place, lesson in enumerate(present, 1):
            key = f"{number:02}-{place:02}"
            yield f"lessons/{key}.md", Content.of(lesson.text.encode())
            if lesson.questions:
                written = quizzes.gift_writing.write(questions_of(lesson))
                yield f"lessons/{key}.gift", Content.of(written.encode())
            own = {
                f"files/{key}/{index:02}{Path(each.name).suffix.lower()}": each
                for index, each in enumerate(files[lesson_ref(lesson.id)], 1)
            }
            for path, each in own.items():
                yield path, Content(partial(open_file, each.id), each.size, each.sha256)
            carried.append(_carried_lesson(lesson, key, own))
        sections.append({"title": section.title, "lessons": carried})
    values = {name: _plain(getattr(course, name)) for name in _COURSE_FIELDS}
    described = {"format": "libhub-course", "version": 1, **values, "sections": sections}
    yield COURSE_FILE, Content.of(json.dumps(described, ensure_ascii=False, indent=1).encode())


def _carried_lesson(lesson: Lesson, key: str, own: Mapping[str, Attachment]) -> Mapping[str, object]:
    return {
        "title": lesson.title,
        "text": f"lessons/{key}.md",
        **({"questions": f"lessons/{key}.gift"} if lesson.questions else {}),
        **{name: getattr(lesson, name) for name in _LESSON_FIELDS if name != "title"},
        "files": [{"path": path, "name": each.name, "place": each.place} for path, each in own.items()],
    }


def questions_of(lesson: Lesson) -> list[quizzes.Question]:
    """Return the pool of a lesson's quiz."""
    return [quizzes.from_dict(stored.data) for stored in lesson.questions]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
