"""Tables and migrations of the core and of every plugin."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect

from libhub.app import create_app
from libhub.base.db import Base, db
from libhub.base.mapping import every_mapper
from libhub.plugging.loading import migrations
from libhub.plugging.loading.branches import Branch
from libhub.plugging.loading.registry import get_registry
from libhub.testing import config_of, release


@pytest.fixture
def empty_app(tmp_path: Path) -> Iterator[Flask]:
    """An application whose database has no table yet."""
    app = create_app(config_of(tmp_path / "empty"))
    with app.app_context():
        yield app
    release(app)


def upgraded(app: Flask) -> list[Branch]:
    migrations.upgrade(get_registry(), db.engine, Path(app.instance_path) / "upgrade.lock")
    return migrations.branches(get_registry())


def tables(branch: Branch) -> set[str]:
    return {name for name in inspect(db.engine).get_table_names() if branch.owns(name)}


def test_tables_have_the_prefix_and_point_only_to_their_own(empty_app: Flask, folder: Path) -> None:
    prefix = f"{folder.name}_"
    for table in Base.metadata.tables.values():
        owners = {
            mapper.class_.__module__ for mapper in every_mapper(Base.registry) if mapper.local_table is table
        }
        if not any(owner.startswith(f"plugins.{folder.name}.") for owner in owners):
            assert not table.name.startswith(prefix), f"{table.name} belongs to another module"
            continue
        assert table.name.startswith(prefix)
        for key in table.foreign_keys:
            target = key.target_fullname
            assert target.startswith(prefix) or target == "core_user.id", f"{table.name} points to {target}"


def test_every_migration_goes_down_and_up_again(empty_app: Flask) -> None:
    every = upgraded(empty_app)
    for branch in reversed(every):
        before = tables(branch)
        assert before
        command.downgrade(branch.config(db.engine), "base")
        assert not tables(branch), f"the way down of {branch.id} leaves tables"
        db.engine.dispose()
        assert [each.id for each in migrations.pending(get_registry(), db.engine)] == [branch.id]
        command.upgrade(branch.config(db.engine), "head")
        assert tables(branch) == before
    assert not migrations.pending(get_registry(), db.engine)


def test_migrations_make_the_schema_of_the_models(empty_app: Flask) -> None:
    for branch in upgraded(empty_app):

        def mine(_object: Any, name: str | None, kind: str, *_rest: Any, owner: Branch = branch) -> bool:
            return kind != "table" or (name is not None and owner.owns(name))

        with db.engine.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"include_object": mine, "version_table": branch.version_table}
            )
            found = [
                each for each in compare_metadata(context, Base.metadata) if not _takes_no_unmarked(each)
            ]
            assert found == [], branch.id


def _takes_no_unmarked(difference: Any) -> bool:
    """Say whether all that differs is that an age mark is needed: so it was before things could be without one."""
    changes = difference if isinstance(difference, list) else [difference]
    return all(
        (each[0], each[3:4], each[5:]) == ("modify_nullable", ("age",), (False, True)) for each in changes
    )


def test_a_plugin_with_models_has_migrations(empty_app: Flask, folder: Path) -> None:
    if (folder / "models.py").exists():
        assert folder.name in {branch.id for branch in migrations.branches(get_registry())}
