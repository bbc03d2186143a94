"""What ``course.json`` may say: the description of a course that travels as files. No Flask."""

from datetime import date
from typing import Final, Literal

from plugins.training.exchange.archive import Strict

COURSE_FILE: Final = "course.json"


class FileEntry(Strict):
    """A file of a lesson: where it lies in the archive, and what the lesson calls it."""

    path: str
    name: str
    place: str = ""


class LessonEntry(Strict):
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
    files: tuple[FileEntry, ...] = ()


class SectionEntry(Strict):
    """A section with its lessons."""

    title: str
    lessons: tuple[LessonEntry, ...] = ()


class CourseEntry(Strict):
    """What ``course.json`` says. People and prerequisites are of one hub, so they stay there."""

    format: Literal["libhub-course"]
    version: Literal[1]
    title: str
    summary: str = ""
    hours: int = 1
    audience: str = "staff"
    age: int | None = None
    in_order: bool = False
    certificate: bool = True
    written_on: date | None = None
    checked_on: date | None = None
    sections: tuple[SectionEntry, ...]


COURSE_FIELDS: Final = {
    name: {"audience": "for_whom"}.get(name, name)
    for name in CourseEntry.model_fields
    if name not in {"format", "version", "sections"}
}
"""What the fields of a course are called here, by their names in the file."""
LESSON_FIELDS: Final = tuple(
    name for name in LessonEntry.model_fields if name not in {"text", "questions", "files"}
)
