"""Making an instance ready to serve: schema, starter content, index. Safe to repeat."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy.exc import DatabaseError, OperationalError

from libhub.app import get_config
from libhub.db import clock, db, writing
from libhub.errors import LibHubError
from libhub.files.parts import parts
from libhub.i18n import current_locale
from libhub.i18n import gettext as _
from libhub.models import PluginState
from libhub.noting import note
from libhub.plugging import calls
from libhub.plugging.registry import Plugin, get_registry
from libhub.search.indexer import Indexer, Progress
from libhub.search.service import get_index


@dataclass(frozen=True)
class Done:
    """What :func:`prepare` had to do."""

    upgraded: list[str]
    filled: list[str]


def indexer() -> Indexer:
    """Return the writing side of search of the running application."""
    return Indexer(get_index(), get_registry().item_types, calls.note_failure, parts)


def update_index(progress: Progress) -> None:
    """Index what is waiting, for a command that changed much: perhaps no hub runs that would do it.

    Where one runs, it is at it already, and there is nothing to do here.
    """
    indexer().drain(progress)


def instance_path(*names: str) -> Path:
    """Return a place in the instance folder."""
    return get_config().instance.joinpath(*names)


def school_zone() -> ZoneInfo:
    """Return the time zone of the school: in it the clock on the wall is read."""
    return ZoneInfo(get_config().timezone)


def today() -> date:
    """Return the day that it is at the school."""
    day = _Day(school_zone())
    note(day)
    return day()


@dataclass(frozen=True)
class _Day:
    zone: ZoneInfo

    def __call__(self) -> date:
        return clock().astimezone(self.zone).date()


def upgrade() -> list[str]:
    """Bring the tables of the core and of every plugin up to date; return the ids of those changed.

    :raises LibHubError: the database cannot be used, or is from a newer version.
    """
    from libhub.plugging import migrations  # 11 MB that no worker needs

    config = get_config()
    try:
        done = migrations.upgrade(get_registry(), db.engine, config.instance / "upgrade.lock")
    except (OperationalError, DatabaseError) as error:
        raise LibHubError(
            _("The database %(uri)s cannot be used: %(error)s", uri=config.database_uri, error=error.orig)
        ) from error
    return [branch.id for branch in done]


def prepare(app: Flask, progress: Progress) -> Done:
    """Migrate, load the starter content that was not loaded yet, and build the index where there is none.

    :raises LibHubError: see :func:`upgrade`.
    """
    with app.app_context():
        upgraded = upgrade()
        filled = [plugin.id for plugin in get_registry().working() if _fill(plugin)]
        if get_index().is_damaged():
            indexer().rebuild(progress)
        else:
            indexer().drain()
        return Done(upgraded, filled)


def _fill(plugin: Plugin) -> bool:
    with writing():
        row = db.session.get(PluginState, plugin.id)
        if row is None:
            row = PluginState(
                plugin_id=plugin.id, enabled=bool(plugin.manifest and plugin.manifest.default_enabled)
            )
            db.session.add(row)
        if row.starter_loaded:
            return False
        calls.call_one(plugin.id, "starter_content", locale=current_locale())
        row.starter_loaded = True
    return True
