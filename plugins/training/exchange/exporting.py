"""A course out: ``course.json``, a Markdown file for each lesson, a GIFT file for each quiz, the attached files. No Flask."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import IO

from libhub.api import Attachment, attachments, open_file, quizzes
from plugins.training.courses import rules
from plugins.training.exchange.archive import Content, write
from plugins.training.exchange.course_format import COURSE_FIELDS, COURSE_FILE, LESSON_FIELDS
from plugins.training.models import Course, Lesson


def write_archive(course_id: int, stream: IO[bytes]) -> None:
    """Write a course, with everything but what people did in it, as one archive."""
    write(stream, dict(_members(rules.get_course(course_id))))


def _members(course: Course) -> Iterator[tuple[str, Content]]:
    sections = []
    refs = [lesson.ref for section in course.sections for lesson in section.lessons]
    files = attachments(refs)
    for number, section in enumerate(course.sections, 1):
        lessons_here = []
        present = [lesson for lesson in section.lessons if lesson.archived_at is None]
        for place, lesson in enumerate(present, 1):
            key = f"{number:02}-{place:02}"
            yield f"lessons/{key}.md", Content.of(lesson.text.encode())
            if lesson.questions:
                written = quizzes.gift_writing.write(questions_of(lesson))
                yield f"lessons/{key}.gift", Content.of(written.encode())
            own = {
                f"files/{key}/{index:02}{Path(each.name).suffix.lower()}": each
                for index, each in enumerate(files[lesson.ref], 1)
            }
            for path, each in own.items():
                yield path, Content(partial(open_file, each.id), each.size, each.sha256)
            lessons_here.append(_lesson_entry(lesson, key, own))
        sections.append({"title": section.title, "lessons": lessons_here})
    values = {name: _plain(getattr(course, ours)) for name, ours in COURSE_FIELDS.items()}
    described = {"format": "libhub-course", "version": 1, **values, "sections": sections}
    yield COURSE_FILE, Content.of(json.dumps(described, ensure_ascii=False, indent=1).encode())


def _lesson_entry(lesson: Lesson, key: str, own: Mapping[str, Attachment]) -> Mapping[str, object]:
    return {
        "title": lesson.title,
        "text": f"lessons/{key}.md",
        **({"questions": f"lessons/{key}.gift"} if lesson.questions else {}),
        **{name: getattr(lesson, name) for name in LESSON_FIELDS if name != "title"},
        "files": [{"path": path, "name": each.name, "place": each.place} for path, each in own.items()],
    }


def questions_of(lesson: Lesson) -> list[quizzes.Question]:
    """Return the pool of a lesson's quiz."""
    return [quizzes.from_dict(stored.data) for stored in lesson.questions]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
