"""Making an instance ready to serve: schema, starter content, index. Safe to repeat."""

from dataclasses import dataclass, field

from sqlalchemy.exc import DatabaseError, OperationalError

from libhub.base.application import Flask
from libhub.base.db import db, unhurried, writing
from libhub.base.errors import LibHubError, let_pass
from libhub.base.i18n import current_locale
from libhub.base.i18n import gettext as _
from libhub.config import get_config
from libhub.files.reading.parts import parts
from libhub.people.personal_data import erasing
from libhub.people.personal_data.erasing import Replayed
from libhub.plugging import calls, state
from libhub.plugging.answers import in_words
from libhub.plugging.loading import left_out
from libhub.plugging.loading.registry import Plugin, get_registry
from libhub.search.current import get_index
from libhub.search.store.indexer import Indexer, ItemTypes, Progress
from libhub.search.store.time_limit import START_SECONDS, Patience


@dataclass(frozen=True)
class Done:
    """What :func:`prepare` had to do."""

    upgraded: list[str]
    filled: list[str]
    erased: Replayed = field(default_factory=Replayed)


def indexer(kinds: ItemTypes | None = None) -> Indexer:
    """Return the writing side of search of the running application.

    :param kinds: who is asked for what is to be indexed; as a rule all that the plugins declare.
    """
    return Indexer(get_index(), kinds or get_registry().item_types, calls.note_failure, parts)


def update_index(progress: Progress) -> None:
    """Index what is waiting, for a command that changed much: perhaps no hub runs that would do it.

    Where one runs, it is at it already, and there is nothing to do here.
    """
    indexer().drain(progress)


def upgrade() -> list[str]:
    """Bring the tables of the core and of every plugin up to date; return the ids of those changed.

    A plugin over which that fails is left out, until the next time.

    :raises LibHubError: the database cannot be used, or is from a newer version of the hub.
    """
    from libhub.plugging.loading import migrations  # 11 MB that no worker needs

    config = get_config()
    get_registry().take_back()
    try:
        done = migrations.upgrade(get_registry(), db.engine, config.instance / "upgrade.lock")
    except (OperationalError, DatabaseError) as error:
        raise LibHubError(
            _("The database %(uri)s cannot be used: %(error)s", uri=config.database_uri, error=error.orig)
        ) from error
    left_out.write(config.left_out_file, get_registry().left_out())
    return [branch.id for branch in done]


def prepare(app: Flask, progress: Progress) -> Done:
    """Migrate, load the starter content that was not loaded yet, and build the index where there is none.

    Who was erased, and is in the database again because an older copy of it was restored, is erased once more.

    A plugin over which that fails is left out, until the next time; the rest is ready.

    Without sections there is no first content, nothing to find, and what went wrong is what somebody looks for:
    only the core's tables are made ready.

    :raises LibHubError: see :func:`upgrade`.
    """
    with app.app_context():
        upgraded = upgrade()
        if get_config().safe:
            return Done(upgraded, [])
        state.forget_troubles()
        registry = get_registry()
        filled = [plugin.id for plugin in registry.working() if not plugin.error and _fill(plugin)]
        left_out.write(get_config().left_out_file, registry.left_out())
        erased = erasing.replay()
        in_time = indexer(Patience(app, START_SECONDS).kinds(registry.item_types))
        if get_index().is_damaged():
            in_time.rebuild(progress)
        else:
            in_time.drain()
        return Done(upgraded, filled, erased)


def _fill(plugin: Plugin) -> bool:
    try:
        with unhurried(), writing():
            row = state.row_of(plugin.id)
            if row.starter_loaded:
                return False
            calls.call_one(plugin.id, "starter_content", locale=current_locale())
            row.starter_loaded = True
    except BaseException as error:  # noqa: BLE001 - the policy "mark": whatever it is, the hub starts
        let_pass(error)
        reason = _(
            "its first content cannot be written: %(error)s. Nothing of it was kept. "
            "Mend the section or bring its former version back, then start the hub again.",
            error=in_words(error.__cause__ or error).rstrip("."),
        )
        get_registry().leave_out(plugin, reason, error)
        return False
    return True
