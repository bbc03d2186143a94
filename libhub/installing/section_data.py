"""What a section leaves in the database: written into a ZIP file, or deleted. The section itself is not asked."""

import base64
import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from sqlalchemy import MetaData, Table, delete, inspect, select, text, update

from libhub.base.db import db, writing
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.moments import now
from libhub.base.section_of import owner_of
from libhub.files.models import FileAttachment
from libhub.notices.models import Notice
from libhub.plugging import state
from libhub.plugging.loading.branches import Branch, ids_in
from libhub.plugging.loading.registry import get_registry
from libhub.plugging.models import SettingValue


def tables_of(plugin_id: str) -> list[str]:
    """Return the names of a section's tables; those of one whose id begins with the same word are not among them."""
    names = inspect(db.engine).get_table_names()
    known = {*get_registry().plugins, plugin_id, *ids_in(names)}
    return sorted(name for name in names if owner_of(name, known) == plugin_id)


def export(plugin_id: str, path: Path) -> None:
    """Write the tables of a section into a file, see :func:`write`.

    :raises LibHubError: the file is there already, or cannot be written.
    """
    try:
        with path.open("xb") as file:
            write(plugin_id, file)
    except OSError as error:
        raise LibHubError(
            _("Cannot write %(path)s: %(error)s", path=path, error=error.strerror or error)
        ) from error


def write(plugin_id: str, stream: IO[bytes]) -> None:
    """Write every table of a section, as JSON and as CSV, as a ZIP file. Attached files are not in it."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive, db.engine.connect() as connection:
        for table in _reflected(plugin_id).sorted_tables:
            rows = [
                {name: _plain(value) for name, value in row.items()}
                for row in connection.execute(select(table)).mappings()
            ]
            content = json.dumps(rows, ensure_ascii=False, indent=1)
            archive.writestr(f"{table.name}.json", content.encode(errors="backslashreplace"))
            archive.writestr(f"{table.name}.csv", _csv(table, rows))


def delete_all(plugin_id: str) -> None:
    """Delete a section's tables and settings, what it told people, and what was attached to its things.

    Attached files go as removed ones do, and the change log stays.
    """
    with writing():
        connection = db.session.connection()
        metadata = MetaData()
        metadata.reflect(connection, only=tables_of(plugin_id))
        own = [table for table in reversed(metadata.sorted_tables) if table.name in tables_of(plugin_id)]
        for table in own:
            table.drop(connection)
        connection.execute(text(f'DROP TABLE IF EXISTS "{Branch(plugin_id, Path()).version_table}"'))
        for model in (SettingValue, Notice):
            db.session.execute(delete(model).where(model.plugin_id == plugin_id))
        db.session.execute(
            update(FileAttachment)
            .where(FileAttachment.plugin_id == plugin_id, FileAttachment.detached_at.is_(None))
            .values(detached_at=now())
        )
        state.row_of(plugin_id).starter_loaded = False


def _reflected(plugin_id: str) -> MetaData:
    metadata = MetaData()
    metadata.reflect(db.engine, only=tables_of(plugin_id))
    for table in set(metadata.sorted_tables) - {metadata.tables[name] for name in tables_of(plugin_id)}:
        metadata.remove(table)  # the core's, to which they refer
    return metadata


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: moments and numbers of another kind as texts, bytes as Base64."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)


def _csv(table: Table, rows: Sequence[Mapping[str, Any]]) -> str:
    body = io.StringIO()
    writer = csv.DictWriter(body, [column.name for column in table.columns])
    writer.writeheader()
    writer.writerows({name: _safe(value) for name, value in row.items()} for row in rows)
    return body.getvalue()


def _safe(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula; the JSON beside it has every value as it is."""
    return (
        f"'{value}"
        if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
        else value
    )
