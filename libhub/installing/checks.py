"""What has to hold before a section is put in place, or taken away. Nothing of it is imported."""

import ast
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import inspect, text

from libhub.base.db import db
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.config import get_config
from libhub.installing.candidate import Candidate
from libhub.plugging.loading.branches import Branch
from libhub.plugging.loading.registry import Plugin, get_registry


def refuse_unfit(candidate: Candidate) -> None:
    """Refuse a section that could not work here.

    :raises LibHubError: it is one of the hub's own, needs what is not here, or is older than its tables.
    """
    installed = get_registry().plugins
    if (here := installed.get(candidate.id)) is not None:
        refuse_shipped(here)
    missing = [each for each in candidate.manifest.requires if each not in installed]
    if missing:
        raise LibHubError(
            _(
                "“%(id)s” needs sections that are not installed: %(ids)s. Install them first.",
                id=candidate.id,
                ids=", ".join(missing),
            )
        )
    _refuse_older_than_tables(candidate)


def refuse_shipped(plugin: Plugin) -> None:
    """Refuse to change a section that did not come from outside.

    :raises LibHubError: it is part of the hub, or of a package.
    """
    if plugin.folder.parent != get_config().plugin_folder:
        raise LibHubError(
            _(
                "The section “%(id)s” is no section from outside: it lies in %(folder)s. It can be switched off.",
                id=plugin.id,
                folder=plugin.folder,
            )
        )


def refuse_needed(plugin_id: str) -> None:
    """Refuse to take away what others need.

    :raises LibHubError: there are some.
    """
    needing = [each.id for each in get_registry().plugins.values() if plugin_id in each.requires]
    if needing:
        raise LibHubError(
            _(
                "These sections need “%(id)s”, remove them first: %(ids)s",
                id=plugin_id,
                ids=", ".join(needing),
            )
        )


def _refuse_older_than_tables(candidate: Candidate) -> None:
    branch = Branch(candidate.id, candidate.folder / "migrations")
    if not inspect(db.engine).has_table(branch.version_table):
        return
    with db.engine.connect() as connection:
        applied = connection.execute(text(f'SELECT version_num FROM "{branch.version_table}"')).scalar()  # noqa: S608
    if applied is not None and applied not in set(_revisions(branch.versions)):
        raise LibHubError(
            _(
                "This version of “%(id)s” is older than its tables in the database (migration %(number)s): it would "
                "not understand them. Take a newer one.",
                id=candidate.id,
                number=applied,
            )
        )


def _revisions(folder: Path) -> Iterator[str]:
    """Yield the ids of the migrations in a folder, read and not run."""
    for path in folder.glob("*.py"):
        for node in ast.parse(path.read_bytes()).body:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            value = getattr(node, "value", None)
            if any(isinstance(each, ast.Name) and each.id == "revision" for each in targets) and isinstance(
                value, ast.Constant
            ):
                yield str(value.value)
