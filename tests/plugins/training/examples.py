"""What fills the addresses of training."""

import io
from collections.abc import Mapping
from datetime import date

from flask import url_for

from libhub.accounts.permissions import LIBRARIAN, TEACHER
from libhub.api import adopt_draft, attach, db, set_archived, today
from plugins.training.courses import lessons, question_pool
from plugins.training.learning import (
    assignment,
    certificates,
    notes,
    outside_learning,
    progress,
    quiz_attempts,
    tasks,
)
from plugins.training.learning.outside_learning import ExternalData
from plugins.training.models import Lesson, StoredQuestion
from tests.files import documents
from tests.plugins.training import factory
from tests.questions import EVERY_KIND
from tests.walking import Values

NO_PAGES = {
    "training.board_xlsx": "a workbook",
    "training.everybody_xlsx": "a workbook",
    "training.export_course": "a file",
    "training.export_questions": "a file",
    "training.go_on": "goes to a lesson",
    "training.record_xlsx": "a workbook",
}
FORMS_THAT_STAY = {
    "training.edit_lesson preview=1": "shows what was typed as readers will see it, and changes nothing",
    "training.settle_draft": "puts a draft into the editor, and changes nothing",
}
PATHS = ()
TEXT = """## Где искать

В каталоге **по алфавиту**, на полке по шифру:

1. найдите карточку;
2. запишите шифр.

| Раздел | Полка |
|---|---|
| Сказки | 3 |

> Не нашли? Спросите библиотекаря.
"""


def make(people: Mapping[str, int]) -> Values:
    """Make a course with every kind of lesson: one is done, one is tried, one is answered, one is closed."""
    teacher = people[TEACHER]
    course, section = factory.make_course("Каталог и карточка", summary="Как найти книгу", hours=2)
    read = factory.make_lesson(section, "Карточка", text=TEXT, minutes=10)
    quiz = factory.make_lesson(section, "Проверьте себя", completion="score", attempts=3)
    task = factory.make_lesson(section, "Задание", task=True, completion="answer", text="Составьте список.")
    finished_course, finished_section = factory.make_course("Короткий курс")
    finished = factory.make_lesson(finished_section, "Единственный урок")
    later, later_section = factory.make_course("Курс по порядку", in_order=True)
    factory.make_lesson(later_section, "Сначала это")
    closed = factory.make_lesson(later_section, "Потом это")
    gone = factory.make_lesson(later_section, "Убранный урок")
    set_archived(Lesson, [gone], archived=True)
    lessons.save_lesson(lessons.LessonData("Карточка", f"{TEXT}\n\nИ ещё раз."), read)
    adopt_draft(
        people[LIBRARIAN],
        url_for("training.edit_lesson", lesson_id=read),
        {"title": ["Карточка"], "text": ["черновик урока"]},
    )
    files = [
        attach(Lesson.ref_of(read), name, io.BytesIO(content))
        for name, content in (
            ("памятка.pdf", documents.pdf(["Памятка"])),
            ("памятка.docx", documents.docx(["Дед посадил репку."] * 20, headings=["Начало", "Конец"])),
        )
    ]
    question_pool.add_questions(quiz, EVERY_KIND)
    over = quiz_attempts.begin(lessons.get_lesson(quiz), teacher).id
    quiz_attempts.finish(over, [()] * len(EVERY_KIND))
    going = quiz_attempts.begin(lessons.get_lesson(quiz), teacher).id
    notes.keep_note(teacher, read, "Спросить про шифр")
    tasks.keep_answer(task, teacher, "Мой список: сказки, стихи.", send=True)
    progress.complete(lessons.get_lesson(finished), teacher)
    number = certificates.number_of(teacher, finished_course)
    elsewhere = outside_learning.save(
        ExternalData("Курсы повышения квалификации", date(2026, 5, 20), "Институт", 36), teacher
    )
    assignment.assign(course, [teacher], [], today())
    questions = db.session.scalars(db.select(StoredQuestion.id).where(StoredQuestion.lesson_id == quiz)).all()
    of_course, of_quiz = {"course_id": course}, {"lesson_id": quiz}
    some = [{"lesson_id": each} for each in (read, quiz, task, finished, closed, gone)]
    return {
        "file_editing.index": [{"plugin": "training", "kind": "lesson", "key": read}],
        "reader.read": [{"attachment_id": files[1].id}],
        "training.add_question": [{**of_quiz, "kind": question.kind} for question in EVERY_KIND],
        "training.assign": [{}, {"course": course}],
        "training.certificate": [{"number": number}],
        "training.course": [of_course, {"course_id": finished_course}, {"course_id": later}],
        "training.edit": [of_course],
        "training.edit_external": [{"external_id": elsewhere}],
        "training.edit_lesson": some[:3],
        "training.edit_question": [{**of_quiz, "question_id": each} for each in questions],
        "training.export_course": [of_course],
        "training.export_questions": [of_quiz],
        "training.go_on": [of_course],
        "training.lesson": some,
        "training.questions": some[:2],
        "training.quiz": [{"attempt_id": going}],
        "training.quiz_result": [{"attempt_id": over}],
        "training.record_print": [{}, {"person": teacher}],
        "training.settings": [of_course],
        "training.show_board": [{}, {"course": course}],
        "training.verify": [{"number": number}, {"number": "AAAA-BBBB-CCCC-DDDD"}],
    }
