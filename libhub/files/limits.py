"""What may be attached, and how much room the files of each plugin take and may take."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select

from libhub.base.db import db
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.config import get_config
from libhub.files import types
from libhub.files.models import FileAttachment, StoredFile
from libhub.plugging import core_settings, settings

MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What may be attached."""

    most_bytes: int
    types: frozenset[str]


def upload_limits() -> Limits:
    """Return what the librarian allows, within what the installation allows."""
    megabytes = min(
        int(settings.get_setting(settings.CORE, "file_mb")),
        get_config().max_upload_mb,
    )
    permitted = types.allowed(str(settings.get_setting(settings.CORE, "file_types")))
    return Limits(megabytes * MEGABYTE, permitted)


@dataclass(frozen=True)
class Use:
    """The files of a plugin: how many, their bytes with each content counted once, and the limit; 0 is none."""

    files: int
    bytes: int
    most_bytes: int


def uses() -> dict[str, Use]:
    """Return what every plugin that has files uses of the disk."""
    each = (
        select(FileAttachment.plugin_id, StoredFile.size, func.count().label("files"))
        .join(StoredFile)
        .where(FileAttachment.detached_at.is_(None))
        .group_by(FileAttachment.plugin_id, StoredFile.sha256, StoredFile.size)
        .subquery()
    )
    total = select(each.c.plugin_id, func.sum(each.c.files), func.sum(each.c.size)).group_by(each.c.plugin_id)
    return {
        plugin_id: Use(files, size, _most_bytes(plugin_id))
        for plugin_id, files, size in db.session.execute(total)
    }


def refuse_excess(plugin_id: str, sha256: str, size: int) -> None:
    """Make sure that a content still fits into a plugin's room; one that the plugin has already costs nothing.

    :raises LibHubError: it does not fit.
    """
    most = _most_bytes(plugin_id)
    if not most:
        return
    here = select(FileAttachment.sha256).where(
        FileAttachment.plugin_id == plugin_id, FileAttachment.detached_at.is_(None)
    )
    used = db.session.scalar(select(func.sum(StoredFile.size)).where(StoredFile.sha256.in_(here))) or 0
    known = db.session.scalar(here.where(FileAttachment.sha256 == sha256).limit(1))
    if known is None and used + size > most:
        raise LibHubError(
            _(
                "There is no room for the file: the files of this section may take %(most)d MB, and %(left)d MB are "
                "left. Remove files that are not needed, or ask the librarian for more room.",
                most=most // MEGABYTE,
                left=max(0, most - used) // MEGABYTE,
            )
        )


def _most_bytes(plugin_id: str) -> int:
    if core_settings.FILES_QUOTA.name not in settings.declared(plugin_id):
        return 0
    return int(settings.get_setting(plugin_id, core_settings.FILES_QUOTA.name)) * MEGABYTE
