"""Schema upgrades of the core and of every installed plugin, on or off, each with a version table of its own."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine, inspect, text

from libhub.base.errors import LibHubError, let_pass
from libhub.base.file_lock import file_lock
from libhub.base.i18n import gettext as _
from libhub.caching import table_tokens
from libhub.plugging.answers import in_words
from libhub.plugging.loading.branches import SCRIPTS, Branch
from libhub.plugging.loading.registry import Registry

LOCK_TIMEOUT_SECONDS = 60


def branches(registry: Registry) -> list[Branch]:
    """Return the core's branch and those of the plugins that have tables, in loading order."""
    known = frozenset(("core", *(plugin.id for plugin in registry.working())))
    return [
        Branch("core", SCRIPTS / "versions", known),
        *(
            Branch(plugin.id, plugin.folder / "migrations", known)
            for plugin in registry.working()
            if any((plugin.folder / "migrations").glob("*.py"))
        ),
    ]


def pending(registry: Registry, engine: Engine) -> list[Branch]:
    """Return the branches whose tables are not yet those of the code.

    A plugin of which that cannot be said is left out.

    :raises LibHubError: the database was upgraded by a newer version of the hub.
    """
    return [
        branch
        for branch in branches(registry)
        if _on_its_own(registry, branch, partial(_lags, branch, engine))
    ]


def _lags(branch: Branch, engine: Engine) -> bool:
    return _applied(branch, engine) != _head(branch, engine)


def _on_its_own(registry: Registry, branch: Branch, act: Callable[[], bool]) -> bool:
    """Do something with a branch; a plugin over which it fails is left out, and the others go on."""
    plugin = registry.plugins.get(branch.id)
    if plugin is None:  # the core, without which nothing goes on
        return act()
    if plugin.error:  # it needs one that failed a moment ago
        return False
    try:
        return act()
    except BaseException as error:  # noqa: BLE001 - the policy "mark": whatever it is, the hub starts
        let_pass(error)
        reason = _(
            "its tables cannot be brought up to date: %(error)s. They are as they were. "
            "Mend the section or bring its former version back, then start the hub again.",
            error=in_words(error).rstrip("."),
        )
        registry.leave_out(plugin, reason, error)
        return False


def _head(branch: Branch, engine: Engine) -> str | None:
    return ScriptDirectory.from_config(branch.config(engine)).get_current_head()


def _applied(branch: Branch, engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table(branch.version_table):
            return None
        rows = connection.execute(text(f'SELECT version_num FROM "{branch.version_table}"'))  # noqa: S608
        applied = rows.scalar()
    if applied is None:
        return None
    try:
        ScriptDirectory.from_config(branch.config(engine)).get_revision(applied)
    except CommandError as error:
        raise LibHubError(
            _(
                "The database was used by a newer version of “%(id)s” (migration %(number)s). "
                "Install that version again, or restore a backup made before the update.",
                id=branch.id,
                number=applied,
            )
        ) from error
    return str(applied)


def upgrade(registry: Registry, engine: Engine, lock: Path) -> list[Branch]:
    """Bring every table up to date, one process at a time, and return the branches that were changed.

    Each branch has a transaction of its own. A plugin over which it fails is left out.

    :raises LibHubError: the database is from a newer version of the hub; nothing was changed then.
    """

    def brought_up(branch: Branch) -> bool:
        if not _lags(branch, engine):
            return False
        command.upgrade(branch.config(engine), "head")
        return True

    with file_lock(lock, seconds=LOCK_TIMEOUT_SECONDS):
        done = [
            branch
            for branch in branches(registry)
            if _on_its_own(registry, branch, partial(brought_up, branch))
        ]
        if done:
            table_tokens.everything_changed(engine)
        return done
