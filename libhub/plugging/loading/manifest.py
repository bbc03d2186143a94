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
MOST_BYTES: Final = 64 * 1024
_SHOWN: Final = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
_OneLine = Annotated[str, StringConstraints(pattern=_SHOWN, max_length=200)]
_Sentences = Annotated[str, StringConstraints(max_length=2000)]

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
        "by_pictures",
        "cards",
        "children",
        "classes",
        "computers",
        "consents",
        "drafts",
        "doctor",
        "errors",
        "file_editing",
        "files",
        "healthz",
        "home",
        "jobs",
        "kiosk",
        "kit",
        "language",
        "look",
        "looks",
        "makemigration",
        "me",
        "me_data",
        "notices",
        "pc",
        "people",
        "pictures",
        "plugins",
        "reader",
        "reindex",
        "search",
        "search_admin",
        "serve",
        "setup",
        "slips",
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
    """A text of one line in every language of the interface."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ru: _OneLine
    en: _OneLine

    def in_locale(self, locale: str) -> str:
        """Return the text in ``locale``; Russian where the language is not known."""
        return str(getattr(self, locale, getattr(self, DEFAULT_LOCALE)))


class Described(Translated):
    """A longer text, which may be empty."""

    ru: _Sentences
    en: _Sentences


class Manifest(BaseModel):
    """The content of ``plugin.toml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: PluginId
    name: Translated
    description: Described
    version: _OneLine
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
        manifest = Manifest(**tomllib.loads(_text_of(path)))
    except ValidationError as error:
        reasons = "; ".join(
            f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in error.errors()
        )
        raise LibHubError(_("%(path)s: %(reasons)s", path=path, reasons=reasons)) from error
    except (OSError, ValueError, RecursionError) as error:  # no UTF-8, no TOML, or what TOML cannot hold
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


def _text_of(path: Path) -> str:
    """Return the text of a manifest.

    :raises ValueError: it is longer than any is, or not UTF-8.
    """
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError(_("more than %(number)d KB", number=MOST_BYTES // 1024))
    return content.decode("utf-8-sig")
