"""Lines of migrations: the core's, and one of each plugin that has tables. What they are called; nothing is run here."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Engine

from libhub.base.section_of import owner_of

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

SCRIPTS = Path(__file__).parents[2] / "migrations"
_VERSIONS: Final = "alembic_version_"


@dataclass(frozen=True)
class Branch:
    """One line of migrations: the core's, or a plugin's."""

    id: str
    versions: Path
    others: frozenset[str] = frozenset()
    """The ids of those who may have tables besides."""

    @property
    def version_table(self) -> str:
        """Where Alembic keeps the number of the applied migration."""
        return f"{_VERSIONS}{self.id}"

    def owns(self, table: str) -> bool:
        """Say whether a table belongs to this branch."""
        return owner_of(table, {self.id, *self.others}) == self.id

    def config(self, engine: Engine) -> "AlembicConfig":
        """Return Alembic's configuration; ``env.py`` finds the engine and this branch in it."""
        from alembic.config import Config as AlembicConfig  # 11 MB that no worker needs

        config = AlembicConfig()
        config.set_main_option("script_location", _escaped(SCRIPTS))
        config.set_main_option("version_locations", _escaped(self.versions))
        config.set_main_option("path_separator", "newline")
        config.attributes.update(engine=engine, branch=self)
        return config


def ids_in(tables: Iterable[str]) -> frozenset[str]:
    """Return the ids of those who keep the number of a migration among these tables, installed or not."""
    return frozenset(each.removeprefix(_VERSIONS) for each in tables if each.startswith(_VERSIONS))


def _escaped(path: Path) -> str:
    return str(path).replace("%", "%%")
