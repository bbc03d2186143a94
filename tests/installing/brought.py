"""A section as somebody brings it, and ways to spoil it."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path


def files_of(
    plugin_id: str = "news", version: str = "1.0", *, manifest: str = "", migrations: int = 1
) -> dict[str, str]:
    """Return the files of a complete section with a table, first content and pages, by name in its folder."""
    tables = {
        f"migrations/{plugin_id}_{number:04}_step.py": (
            "import sqlalchemy as sa\nfrom alembic import op\n"
            f'revision = "{plugin_id}_{number:04}"\n'
            f"down_revision = {f'{plugin_id}_{number - 1:04}' if number > 1 else None!r}\n"
            "branch_labels = None\ndepends_on = None\n"
            "def upgrade():\n"
            f'    op.create_table("{plugin_id}_post{number}", sa.Column("id", sa.Integer, nullable=False),\n'
            '        sa.Column("title", sa.String(200), nullable=False),\n'
            f'        sa.PrimaryKeyConstraint("id", name="pk_{plugin_id}_post{number}"))\n'
            f'def downgrade():\n    op.drop_table("{plugin_id}_post{number}")\n'
        )
        for number in range(1, migrations + 1)
    }
    return {
        "plugin.toml": (
            f'id = "{plugin_id}"\nversion = "{version}"\napi = "1"\n{manifest}\n'
            '[name]\nru = "Новости"\nen = "News"\n[description]\nru = "Новости школы"\nen = "News of the school"\n'
        ),
        "__init__.py": "",
        "hooks.py": (
            "import time\nfrom flask import Blueprint\nfrom sqlalchemy import text\n"
            "from libhub.api import db, hookimpl, instance_path, public, writing\n"
            f'blueprint = Blueprint("{plugin_id}", __name__, url_prefix="/{plugin_id}")\n'
            '@blueprint.get("/")\n@public\ndef index():\n'
            f'    return "{plugin_id} {version}"\n'
            '@blueprint.get("/slow")\n@public\ndef slow():\n'
            '    instance_path("begun").touch()\n'
            '    while not instance_path("go").exists():\n        time.sleep(0.05)\n'
            f'    return "{plugin_id} {version}"\n'
            "@hookimpl\ndef register_blueprints():\n    return [blueprint]\n"
            "@hookimpl\ndef starter_content():\n"
            "    with writing():\n"
            f"        db.session.execute(text(\"INSERT INTO {plugin_id}_post1 (title) VALUES ('=1+1')\"))\n"
        ),
        **tables,
    }


def zipped(files: Mapping[str, str | bytes], top: str = "news/") -> bytes:
    """Return a ZIP file with these files in one folder."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{top}{name}", content)
    return body.getvalue()


def written(path: Path, files: Mapping[str, str | bytes], top: str = "news/") -> Path:
    """Write such a ZIP file and return where it lies."""
    path.write_bytes(zipped(files, top))
    return path
