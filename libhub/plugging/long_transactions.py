"""Whose code it is: found in the stack, so that nobody has to say beforehand whom he calls."""

import logging
import traceback
from pathlib import Path

from libhub.base.application import Flask
from libhub.base.db import tell_of_long_writing
from libhub.base.i18n import gettext as _
from libhub.plugging import calls
from libhub.plugging.loading.registry import get_registry

logger = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Tell by name of a section that kept all others from writing to the database for long."""
    tell_of_long_writing(app, _held_long)


def section_in_stack() -> str | None:
    """Return the section whose code called this function, directly or not: the innermost one."""
    folders = {str(plugin.folder): plugin.id for plugin in get_registry().plugins.values()}
    for frame, _line in traceback.walk_stack(None):
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
