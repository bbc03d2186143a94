"""An instance in which the archive was a state of its own is upgraded: everything is where it was, and comes back."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from libhub.api import db, writing
from libhub.base.audit import AuditEntry
from libhub.plugging.loading.branches import Branch
from plugins.crafts import rules

Made = Callable[..., int]
PUT_AWAY = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)


@pytest.fixture
def branch(app: Flask) -> Branch:
    """The migrations of the workshop."""
    return Branch("crafts", Path(app.root_path).parent / "plugins" / "crafts" / "migrations")


def logged(number: int, before: dict[str, str], after: dict[str, str], at: datetime = PUT_AWAY) -> AuditEntry:
    return AuditEntry(
        at=at,
        actor_name="Анна",
        action="update",
        subject_type="crafts_activity",
        subject_key=str(number),
        subject_title="",
        before=before,
        after=after,
    )


def test_what_was_in_the_archive_is_what_it_was_before(
    app: Flask, branch: Branch, client: FlaskClient, librarian: FlaskClient, made: Made
) -> None:
    known, drafted, forgotten, shown = (
        made(title) for title in ("Известное", "Черновое", "Забытое", "Видное")
    )
    with app.app_context():
        steps = [len(rules.get(number).steps) for number in (known, drafted, forgotten, shown)]
        config = branch.config(db.engine)
        command.downgrade(config, "crafts_0001")
        with db.engine.begin() as connection:
            archived = "UPDATE crafts_activity SET state = 'archived' WHERE id IN (:a, :b, :c)"
            connection.execute(text(archived), {"a": known, "b": drafted, "c": forgotten})
        earlier = PUT_AWAY.replace(year=2025)
        with writing():
            db.session.add_all(
                [
                    logged(known, {"state": "draft"}, {"state": "archived"}, earlier),
                    logged(known, {"state": "published", "title": "Прежнее"}, {"state": "archived"}),
                    logged(known, {"title": "Так"}, {"title": "Известное"}),
                    logged(drafted, {"state": "draft"}, {"state": "archived"}),
                ]
            )
        command.upgrade(config, "head")
        for number, state in ((known, "published"), (drafted, "draft"), (forgotten, "draft")):
            activity = rules.get(number)
            assert (activity.standing, activity.state) == ("archived", state)
            assert activity.archived_at is not None
            assert (activity.archived_at == PUT_AWAY) is (number != forgotten)
        assert rules.get(shown).standing == "published"
        assert [len(rules.get(number).steps) for number in (known, drafted, forgotten, shown)] == steps
    for number, seen in ((known, 200), (drafted, 404), (forgotten, 404)):
        assert client.get(f"/crafts/{number}").status_code == 404
        librarian.post(f"/crafts/{number}/restore")
        assert client.get(f"/crafts/{number}").status_code == seen


def test_titles_are_sorted_as_those_that_are_saved_now(app: Flask, branch: Branch, made: Made) -> None:
    titles = {"(Не)обычная": "не)обычная", "№ 1": "1", "…": "…", "«Ёж»": "еж»"}
    numbers = {made(title): folded for title, folded in titles.items()}
    with app.app_context():
        command.downgrade(branch.config(db.engine), "crafts_0001")
        with db.engine.begin() as connection:
            old = text("UPDATE crafts_activity SET sort_title = :old WHERE id = :id")
            for number, title in zip(numbers, ("(не)обычная", "№ 1", "…", "еж»"), strict=True):
                connection.execute(old, {"old": title, "id": number})
        command.upgrade(branch.config(db.engine), "head")
        assert {number: rules.get(number).sort_title for number in numbers} == numbers


def test_the_way_back_keeps_what_is_in_the_archive(
    app: Flask, branch: Branch, librarian: FlaskClient, made: Made
) -> None:
    number = made("Туда и назад")
    librarian.post(f"/crafts/{number}/archive")
    with app.app_context():
        command.downgrade(branch.config(db.engine), "crafts_0001")
        with db.engine.connect() as connection:
            state = connection.execute(
                text("SELECT state FROM crafts_activity WHERE id = :id"), {"id": number}
            ).scalar()
        assert state == "archived"
        command.upgrade(branch.config(db.engine), "head")
        activity = rules.get(number)
        assert (activity.standing, activity.state) == ("archived", "draft"), (
            "no log says that it was published"
        )
