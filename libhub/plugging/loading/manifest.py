"""``plugin.toml``: what the hub knows of a plugin before it imports a line of it."""

import tomllib
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError

from libhub.base.errors import LibHubError
from libhub.base.i18n import DEFAULT_LOCALE
from libhub.base.i18n import gettext as _
from libhub.covers import SCENES
from libhub.plugging.loading.versions import (
    API_PATTERN,
    API_VERSION,
    checked_requirement,
    has_interface,
)

MANIFEST_FILE = "plugin.toml"

PluginId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,30}$")]
RESERVED_IDS = frozenset(
    [
        "core",
        "static",
        "admin",
        "assets",
        "audit",
        "auth",
        "away",
        "computers",
        "doctor",
        "errors",
        "file_editing",
        "files",
        "healthz",
        "home",
        "jobs",
        "kiosk",
        "language",
        "look",
        "looks",
        "makemigration",
        "notices",
        "pc",
        "pictures",
        "plugins",
        "reader",
        "reindex",
        "search",
        "search_admin",
        "serve",
        "setup",
        "styleguide",
        "texts",
        "upgrade",
        "users",
    ]
)
"""What the core's own addresses, blueprints, folders of templates and commands begin with."""


_VERSION_TABLES: Final = "alembic"
"""With this begin the tables that say which migrations were applied."""


class Translated(BaseModel):
    """A text in every language of the interface."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ru: str
    en: str

    def in_locale(self, locale: str) -> str:
        """Return the text in ``locale``; Russian where the language is not known."""
        return str(getattr(self, locale, getattr(self, DEFAULT_LOCALE)))


class Manifest(BaseModel):
    """The content of ``plugin.toml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: PluginId
    name: Translated
    description: Translated
    version: str
    api: Annotated[str, StringConstraints(pattern=API_PATTERN)]
    """The interface for which it was made: ``1.1`` is everything from 1.1 up to the next first number."""
    requires: tuple[PluginId, ...] = ()
    python: tuple[Annotated[str, AfterValidator(checked_requirement)], ...] = ()
    """Python packages without which it does not work."""
    default_enabled: bool = True
    covers: tuple[Literal[tuple(SCENES)], ...] = ()  # type: ignore[valid-type]
    """What is drawn for its things that have no picture: names of scenes."""


def read_manifest(folder: Path, plugin_id: str = "") -> Manifest:
    """Read and check the manifest of the plugin in ``folder``.

    :param plugin_id: which it has to have; as a rule the folder's name.
    :raises LibHubError: it cannot be read, is not TOML, lacks something, has something unknown, is made for
        another version of the plugin interface, or its id is another one.
    """
    path = folder / MANIFEST_FILE
    try:
        manifest = Manifest(**tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except ValidationError as error:
        reasons = "; ".join(
            f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in error.errors()
        )
        raise LibHubError(_("%(path)s: %(reasons)s", path=path, reasons=reasons)) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LibHubError(_("Cannot read %(path)s: %(error)s", path=path, error=error)) from error
    if manifest.id != (plugin_id or folder.name):
        raise LibHubError(
            _(
                "%(path)s: id “%(id)s” must be the name of the folder, “%(folder)s”",
                path=path,
                id=manifest.id,
                folder=plugin_id or folder.name,
            )
        )
    if manifest.id in (*RESERVED_IDS, _VERSION_TABLES):
        raise LibHubError(_("%(path)s: the id “%(id)s” belongs to the core", path=path, id=manifest.id))
    if not has_interface(manifest.api):
        raise LibHubError(
            _(
                "%(path)s: made for plugin interface %(api)s, this hub has %(have)s",
                path=path,
                api=manifest.api,
                have=API_VERSION,
            )
        )
    return manifest
