"""Putting a section in its place, and taking it away: by renaming, and back when it does not work there.

Everything happens in ``installing/`` of the instance, beside ``plugins/``: what is new is made ready there, and what is
replaced waits there until the new one is in place and was tried. Both are one renaming away.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from libhub.base.audit import AuditEntry, current_actor
from libhub.base.db import db, writing
from libhub.base.errors import LibHubError
from libhub.base.file_lock import HeldElsewhere, file_lock
from libhub.base.i18n import gettext as _
from libhub.config import Config, get_config
from libhub.installing import checks, renewal, section_data
from libhub.installing.candidate import Candidate, unpacked
from libhub.plugging import state
from libhub.plugging.loading import left_out
from libhub.plugging.loading.registry import get_registry
from libhub.plugging.models import PluginState
from libhub.plugging.switching import switch

FOLDER: Final = "installing"
ASIDE: Final = "aside"
TRIAL_SECONDS: Final = 600


@dataclass(frozen=True)
class Placed:
    """What was put in place: the section, its version, and the one before it (empty where there was none)."""

    id: str
    version: str
    former: str


@contextmanager
def looked_at(source: Path, place: Path | None = None) -> Iterator[Candidate]:
    """Unpack a section that somebody brings and say what it is; nothing of it stays.

    :param place: where it is unpacked, so that it can be moved from there.
    :raises LibHubError: it is none, or could not work here.
    """
    with unpacked(source, place) as candidate:
        checks.refuse_unfit(candidate)
        yield candidate


def former_version(plugin_id: str) -> str:
    """Return the version that is in place now; empty where there is none, a mark where it cannot be told."""
    plugin = get_registry().plugins.get(plugin_id)
    if plugin is None:
        return "—" if (get_config().plugin_folder / plugin_id).exists() else ""
    return plugin.manifest.version if plugin.manifest else "—"


def put_in_place(source: Path, *, update: bool | None = None, sha256: str = "") -> Placed:
    """Install a section, or put a new version of it in the place of the old one; then try it.

    :param update: whether it has to be there already; None: as it is.
    :param sha256: what was shown; something else is refused.
    :raises LibHubError: it was refused, or does not work; everything is as it was then.
    """
    config = get_config()
    with _alone(config), looked_at(source, config.instance / FOLDER) as candidate:
        if sha256 and candidate.sha256 != sha256:
            raise LibHubError(_("This is not the file that was shown. Look at it once more."))
        former = former_version(candidate.id)
        if update is False and former:
            raise LibHubError(
                _(
                    "“%(id)s” is installed already, version %(version)s. To replace it: update.",
                    id=candidate.id,
                    version=former,
                )
            )
        if update and not former:
            raise LibHubError(_("“%(id)s” is not installed, so there is nothing to update.", id=candidate.id))
        _swap(config, candidate)
        _log(candidate.id, former, candidate.manifest.version)
        renewal.ask(config)
        return Placed(candidate.id, candidate.manifest.version, former)


def take_away(plugin_id: str, *, delete_data: bool = False, export: Path | None = None) -> None:
    """Remove a section from outside: switched off first, so that nobody meets half of it.

    :param delete_data: delete its tables, settings and files as well; without it, they wait for its return.
    :param export: where its tables are written as a ZIP file before.
    :raises LibHubError: it is none from outside, others need it, or its data cannot be written.
    """
    config, plugin = get_config(), state.get_plugin(plugin_id)
    checks.refuse_shipped(plugin)
    checks.refuse_needed(plugin_id)
    with _alone(config):
        if export is not None:
            section_data.export(plugin_id, export)
        switch(plugin_id, enable=False, actor=current_actor.get())
        with writing():  # broken or off already: whoever comes with this id again begins as a new one
            row = state.row_of(plugin_id)
            row.enabled = False
        away = config.instance / FOLDER / plugin_id
        away.parent.mkdir(exist_ok=True)
        _rename(plugin.folder, away)
        if delete_data:
            try:
                section_data.delete_all(plugin_id)
            except BaseException:
                _rename(away, plugin.folder)
                raise
        _log(plugin_id, plugin.manifest.version if plugin.manifest else "—", "")
        renewal.ask(config)


def recover(config: Config) -> None:
    """Bring back what was set aside when the power went in the middle; does nothing while somebody installs."""
    try:
        with _alone(config):
            pass
    except LibHubError:
        return


@contextmanager
def _alone(config: Config) -> Iterator[None]:
    """Let one person at a time change sections.

    :raises LibHubError: somebody else does.
    """
    with ExitStack() as held:
        try:
            held.enter_context(file_lock(config.instance / "installing.lock", seconds=0))
        except HeldElsewhere as error:
            raise LibHubError(
                _("Somebody else installs or removes a section at this moment. Try again in a minute.")
            ) from error
        _tidy(config)
        try:
            yield
        finally:
            _tidy(config)


def _tidy(config: Config) -> None:
    """Put back what was set aside and has no follower in its place; the rest is not needed any more."""
    folder = config.instance / FOLDER
    for path in sorted((folder / ASIDE).glob("*")):
        if not (config.plugin_folder / path.name).exists():
            _rename(path, config.plugin_folder / path.name)
    shutil.rmtree(folder, ignore_errors=True)  # a file that is open (Windows) goes the next time


def _swap(config: Config, candidate: Candidate) -> None:
    place, aside = config.plugin_folder / candidate.id, config.instance / FOLDER / ASIDE / candidate.id
    aside.parent.mkdir(parents=True, exist_ok=True)
    was_there, left_out_before = place.exists(), left_out.read(config.left_out_file)
    if was_there:
        _rename(place, aside)
    try:
        _rename(candidate.folder, place)
        if not was_there:
            _begin_anew(candidate)
        _try(config, candidate.id)
    except BaseException:
        if place.exists():
            _rename(place, candidate.folder)
        if was_there:
            _rename(aside, place)
        left_out.write(config.left_out_file, left_out_before)  # the trial said there what is true no more
        raise


def _rename(path: Path, to: Path) -> None:
    """Move a folder within the instance.

    :raises LibHubError: a program has a file of it open, or the folder may not be written.
    """
    try:
        path.rename(to)
    except OSError as error:
        raise LibHubError(
            _("The folder %(path)s cannot be moved: %(error)s", path=path, error=error.strerror or error)
        ) from error


def _begin_anew(candidate: Candidate) -> None:
    """Let a section that was removed once be as if it came for the first time: on, if it says so."""
    with writing():
        row = db.session.get(PluginState, candidate.id)
        if row is not None:
            row.enabled = candidate.manifest.default_enabled


def _try(config: Config, plugin_id: str) -> None:
    """Prepare the instance as the next start will, in another process: this one has the former version in memory.

    :raises LibHubError: the section does not work.
    """
    db.session.rollback()  # the other process writes
    try:
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "libhub", "plugins", "try", plugin_id],
            env={**os.environ, "LIBHUB_INSTANCE": str(config.instance)},
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=TRIAL_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise LibHubError(
            _("“%(id)s” did not begin within %(seconds)d s.", id=plugin_id, seconds=TRIAL_SECONDS)
        ) from error
    if done.returncode != 0:
        said = done.stderr.strip() or _("it ended with code %(code)d", code=done.returncode)
        raise LibHubError(
            _(
                "“%(id)s” does not work here, and everything is as it was before. %(error)s",
                id=plugin_id,
                error=said[-1000:],
            )
        )


def _log(plugin_id: str, former: str, version: str) -> None:
    actor = current_actor.get()
    with writing():
        db.session.add(
            AuditEntry(
                actor_id=actor.user_id,
                actor_name=actor.name,
                action="update" if former and version else "create" if version else "delete",
                subject_type=PluginState.__tablename__,
                subject_key=plugin_id,
                subject_title=plugin_id,
                before={"version": former} if former else None,
                after={"version": version} if version else None,
            )
        )
