"""Things of training for the contract suite."""

from datetime import date

from libhub.api import Actor, db, writing
from plugins.training.courses import lessons, rules
from plugins.training.courses.lessons import LessonData
from plugins.training.courses.rules import CourseData
from plugins.training.learning import certificates, notes, progress
from plugins.training.learning.models import Attempt, ExternalLearning, TaskAnswer
from plugins.training.models import LessonDraft

READER = "teacher"
"""Who may find what :func:`make_items` makes: nothing of training is for guests."""
PERSONAL_WORDS = ("черновикурока", "заметкадлясебя", "ответнаэтюд", "курсвархиве")
"""What :func:`make_personal_data` lets the person write."""
AUTHOR = Actor(None, "Проверка")


def make_course(title: str = "Курс", **more: object) -> tuple[int, int]:
    """Make an open course; return its number and that of its section."""
    course_id = rules.save_course(CourseData(title=title, **more))  # type: ignore[arg-type]
    rules.set_published([course_id], published=True)
    return course_id, rules.get_course(course_id).sections[0].id


def make_lesson(section_id: int, title: str = "Урок", **more: object) -> int:
    """Make a lesson; return its number."""
    return lessons.add_lesson(section_id, LessonData(title=title, **more))  # type: ignore[arg-type]


def make_items(number: int) -> None:
    """Make courses for all staff; the lesson of each is a draft, so that a reader finds as many as were made."""
    for place in range(number):
        _course, section_id = make_course(f"Курс номер {place}")
        make_lesson(section_id, f"Урок номер {place}", text="Как искать **сказки**", published=False)


def make_personal_data(user_id: int) -> None:
    """Make one row of everything that training keeps of a person."""
    course_id, section_id = make_course("Личный", for_whom="named", people=frozenset({user_id}))
    lesson_id = lessons.add_lesson(section_id, LessonData("Урок"))
    with writing():
        db.session.add(LessonDraft(lesson_id=lesson_id, user_id=user_id, text=PERSONAL_WORDS[0]))
    progress.visit(lessons.get_lesson(lesson_id), user_id)
    notes.keep_note(user_id, lesson_id, PERSONAL_WORDS[1])
    with writing():
        certificates.issue(rules.get_course(course_id), user_id)
        db.session.add(Attempt(lesson_id=lesson_id, user_id=user_id, seed=1, questions=[]))
        db.session.add(
            TaskAnswer(lesson_id=lesson_id, user_id=user_id, reviewer_id=user_id, text=PERSONAL_WORDS[2])
        )
        db.session.add(
            ExternalLearning(user_id=user_id, title=PERSONAL_WORDS[3], completed_on=date(2026, 9, 1))
        )
