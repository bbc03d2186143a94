"""Lines of migrations: the core's, and one of each plugin that has tables. What they are called; nothing is run here."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

SCRIPTS = Path(__file__).parents[2] / "migrations"


@dataclass(frozen=True)
class Branch:
    """One line of migrations: the core's, or a plugin's."""

    id: str
    versions: Path

    @property
    def version_table(self) -> str:
        """Where Alembic keeps the number of the applied migration."""
        return f"alembic_version_{self.id}"

    def owns(self, table: str) -> bool:
        """Say whether a table belongs to this branch."""
        return table.startswith(f"{self.id}_")

    def config(self, engine: Engine) -> "AlembicConfig":
        """Return Alembic's configuration; ``env.py`` finds the engine and this branch in it."""
        from alembic.config import Config as AlembicConfig  # 11 MB that no worker needs

        config = AlembicConfig()
        config.set_main_option("script_location", _escaped(SCRIPTS))
        config.set_main_option("version_locations", _escaped(self.versions))
        config.set_main_option("path_separator", "newline")
        config.attributes.update(engine=engine, branch=self)
        return config


def _escaped(path: Path) -> str:
    return str(path).replace("%", "%%")
