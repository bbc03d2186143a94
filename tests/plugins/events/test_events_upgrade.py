"""An instance whose tables gave numbers of deleted rows again is upgraded: nothing is lost, and no number comes twice."""

from pathlib import Path
from types import ModuleType

from alembic import command
from flask import Flask
from sqlalchemy import inspect, text

from libhub.api import db, writing
from libhub.plugging.loading.branches import Branch
from plugins.events.schedule import categories


def counted() -> dict[str, int]:
    with db.engine.connect() as connection:
        names = [name for name in inspect(connection).get_table_names() if name.startswith("events_")]
        return {name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in names}


def test_nothing_is_lost_and_no_number_comes_twice(app: Flask, factory: ModuleType) -> None:
    branch = Branch("events", Path(app.root_path).parent / "plugins" / "events" / "migrations")
    with app.app_context():
        factory.make_items(5)
        before = counted()
        config = branch.config(db.engine)
        db.session.remove()
        command.downgrade(config, "events_0001")
        first = categories.save("Прежняя", "red", "star")
        with writing():  # the tables are old: what the hub says of events now would not do
            db.session.execute(text("DELETE FROM events_category WHERE id = :number"), {"number": first})
        assert categories.save("Другая", "red", "star") == first, "so it was"
        db.session.remove()
        command.upgrade(config, "head")
        assert counted() == before | {"events_category": before["events_category"] + 1}
        gone = categories.save("Лишняя", "red", "star")
        categories.delete(gone)
        assert categories.save("Новая", "red", "star") > gone
