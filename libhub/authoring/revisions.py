"""The next migration of a section, written from what its models say and what its migrations make so far.

Both are compared in a database that is made for it and thrown away: what stands in the instance plays no part.
"""

import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine

from libhub.base.db import prepare_engine
from libhub.base.errors import LibHubError, let_pass
from libhub.base.i18n import gettext as _
from libhub.base.text import one_line
from libhub.plugging.answers import in_words
from libhub.plugging.loading.branches import SCRIPTS, Branch
from libhub.plugging.loading.registry import Plugin, get_registry

_NUMBER: Final = re.compile(r"_(\d+)$")


def write_revision(plugin: Plugin, what: str) -> Path | None:
    """Write the next migration of a section that is loaded, and return its file; None where nothing changed.

    :param what: what it does, in a few words; the file's name and its first line say it.
    :raises LibHubError: the section did not load, or its migrations so far do not work.
    """
    if plugin.error:
        raise LibHubError(
            _("The section “%(id)s” does not load: %(error)s", id=plugin.id, error=plugin.error)
        )
    branch = Branch(
        plugin.id, plugin.folder / "migrations", frozenset(each.id for each in get_registry().working())
    )
    branch.versions.mkdir(exist_ok=True)
    said = one_line(what).replace('"', "'").replace("\\", "/")
    with TemporaryDirectory() as scratch:
        engine = create_engine(f"sqlite:///{Path(scratch, 'scratch.db').as_posix()}")
        prepare_engine(engine)
        try:
            with redirect_stdout(StringIO()):  # Alembic tells of itself, in English
                return _compared(branch, engine, said)
        except BaseException as error:
            let_pass(error)
            raise LibHubError(
                _("The migrations of “%(id)s” cannot be run: %(error)s", id=plugin.id, error=in_words(error))
            ) from error
        finally:
            engine.dispose()


def _compared(branch: Branch, engine: Engine, said: str) -> Path | None:
    for each in (Branch("core", SCRIPTS / "versions"), branch):
        command.upgrade(each.config(engine), "head")
    config = branch.config(engine)
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")

    def drop_empty(_context: Any, _revision: Any, directives: list[Any]) -> None:
        if directives[0].upgrade_ops.is_empty():
            directives.clear()

    made = command.revision(
        config,
        said,
        autogenerate=True,
        rev_id=_next_number(branch, engine),
        version_path=str(branch.versions),
        process_revision_directives=drop_empty,
    )
    written = made if isinstance(made, list) else [made]
    return next((Path(each.path) for each in written if each), None)


def _next_number(branch: Branch, engine: Engine) -> str:
    """Return the name of the next migration: ``<id>_0002`` after ``<id>_0001``."""
    head = ScriptDirectory.from_config(branch.config(engine)).get_current_head() or ""
    counted = _NUMBER.search(head)
    return f"{branch.id}_{int(counted[1]) + 1 if counted else 1:04}"
