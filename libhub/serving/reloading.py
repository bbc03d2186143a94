"""``libhub serve --reload``: whoever edits the hub or a section sees it at once, without a restart by hand.

Templates are looked at by Jinja itself. When anything else changes, all processes end and begin anew, and the instance is
made ready in between; the socket stays open, so a request meanwhile waits and is not refused.
"""

import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import click

import libhub
import plugins
from libhub.base.catalogs import compile_catalog, is_stale
from libhub.base.i18n import gettext as _
from libhub.config import Config
from libhub.serving.supervisor import Restart

SUFFIXES: Final = frozenset({".py", ".po", ".toml", ".css", ".js", ".svg"})
_NAMED: Final = 5


class Watch:
    """Files below some folders, and when each was changed last."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._folders = list(folders)
        self._seen = self._look()

    def changed(self) -> list[Path]:
        """Return what was changed, added or removed since the last look."""
        before, self._seen = self._seen, self._look()
        return sorted(path for path in {*before, *self._seen} if before.get(path) != self._seen.get(path))

    def _look(self) -> Mapping[Path, tuple[int, int]]:
        seen = {}
        for path in (each for folder in self._folders for each in folder.rglob("*")):
            if path.suffix in SUFFIXES:
                try:
                    known = path.stat()
                except FileNotFoundError:  # just now: an editor puts a new one in its place
                    continue
                seen[path] = (known.st_mtime_ns, known.st_size)
        return seen


def restart(config: Config) -> Restart:
    """Return when the processes of an instance begin anew: when the hub or one of its sections was edited."""
    folders = [Path(libhub.__file__).parent, Path(plugins.__path__[0]), config.plugin_folder]
    _compile_catalogs(folders)
    watch = Watch(folders)

    def due() -> bool:
        changed = watch.changed()
        if changed:
            names = ", ".join(path.name for path in changed[:_NAMED]) + (" …" if changed[_NAMED:] else "")
            click.echo(_("Changed: %(names)s; the hub begins anew.", names=names))
        return bool(changed)

    def between() -> None:
        _compile_catalogs(folders)
        # a process of its own: this one has the code of its start
        subprocess.run(
            [sys.executable, "-m", "libhub", "setup", "--yes"],
            stdout=subprocess.DEVNULL,
            check=False,
        )

    return Restart(due, between)


def _compile_catalogs(folders: Iterable[Path]) -> None:
    for source in (each for folder in folders for each in folder.rglob("*.po")):
        try:
            if is_stale(source):
                compile_catalog(source)
        except OSError as error:
            click.secho(str(error), fg="red", err=True)
