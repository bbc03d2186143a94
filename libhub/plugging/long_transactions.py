"""Whose code it is: found in the stack, so that nobody has to say beforehand whom he calls."""

import logging
import traceback
from pathlib import Path

from libhub.base.application import Flask
from libhub.base.db import tell_of_long_writing
from libhub.base.i18n import gettext as _
from libhub.caching.deferred_writes import later_of
from libhub.plugging import calls
from libhub.plugging.loading.registry import get_registry

logger = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Tell by name of a section that kept all others from writing to the database for long, or could not write later."""
    tell_of_long_writing(app, _held_long)
    later_of(app).tell = _lost


def section_in_stack(error: BaseException | None = None) -> str | None:
    """Return the section whose code called this function, directly or not, or raised an error: the innermost one."""
    frames = reversed(list(traceback.walk_tb(error.__traceback__))) if error else traceback.walk_stack(None)
    folders = {str(plugin.folder): plugin.id for plugin in get_registry().plugins.values()}
    for frame, _line in frames:
        for parent in Path(frame.f_code.co_filename).parents:
            if str(parent) in folders:
                return folders[str(parent)]
    return None


def _held_long(seconds: float) -> None:
    section = section_in_stack()
    if section is None:
        logger.warning("the database was locked for %.0f s", seconds, stack_info=True)
    else:
        text = _("let nobody else write to the database for %(seconds)d s", seconds=seconds)
        calls.note_failure(section, "writing", TimeoutError(text))


def _lost(error: BaseException) -> None:
    section = section_in_stack(error)
    if section is None:
        logger.error("what was counted could not be written and is lost", exc_info=error)
    else:
        calls.note_failure(section, "writing later", error)
