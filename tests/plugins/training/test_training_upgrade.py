"""An instance in which lessons had versions of their own is upgraded: every text stands in the history of the lesson."""

from pathlib import Path
from types import ModuleType

from alembic import command
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from libhub.api import db
from libhub.plugging.loading.branches import Branch
from plugins.training.courses import lessons, question_pool
from plugins.training.courses.lessons import LessonData
from plugins.training.models import Lesson, Section, StoredQuestion
from tests.questions import EVERY_KIND


def test_the_texts_of_versions_are_in_the_history(
    app: Flask, librarian: FlaskClient, make: ModuleType
) -> None:
    branch = Branch("training", Path(app.root_path).parent / "plugins" / "training" / "migrations")
    with app.app_context():
        _course, section_id = make.make_course("Курс")
        lesson_id = make.make_lesson(section_id, "Урок", text="Первый текст")
        lessons.save_lesson(LessonData("Урок", "Второй текст"), lesson_id)
        question_pool.add_questions(lesson_id, EVERY_KIND)
        counts = [db.session.query(model).count() for model in (Section, Lesson, StoredQuestion)]
        config = branch.config(db.engine)
        db.session.remove()
        command.downgrade(config, "training_0001")
        with db.engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO training_lesson_version (lesson_id, number, title, text, author_name, saved_at)"
                    " VALUES (:lesson, 1, 'Урок', 'Первый текст', 'Анна', '2026-01-01')"
                ),
                {"lesson": lesson_id},
            )
        command.upgrade(config, "head")
        assert [db.session.query(model).count() for model in (Section, Lesson, StoredQuestion)] == counts
    page = librarian.get(f"/training/lessons/{lesson_id}/history").text
    assert "Первый текст → Второй текст" in page


def test_a_number_that_the_log_knows_is_never_given_twice(app: Flask, make: ModuleType) -> None:
    with app.app_context():
        _course, section_id = make.make_course("Курс")
        lesson_id = make.make_lesson(section_id)
        question_pool.add_questions(lesson_id, EVERY_KIND[:1])
        old = question_pool.pool(lesson_id)[0][0].id
        question_pool.remove_question(lesson_id, old)
        question_pool.add_questions(lesson_id, EVERY_KIND[:1])
        assert question_pool.pool(lesson_id)[0][0].id > old
