"""Where the hub finds its settings: ``instance/libhub.toml``, then ``LIBHUB_*`` variables above it."""

import os
import tomllib
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from libhub.base.application import app_setting
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _

CONFIG_FILE = "libhub.toml"
CONFIG = "LIBHUB"
"""Where the application keeps its settings among those of Flask."""
_PREFIX = "LIBHUB_"
# Variables of this prefix that are not settings of an instance.
_NOT_SETTINGS = {"LIBHUB_INSTANCE", "LIBHUB_REQUIRE_BROWSER"}
_OF_ONE_START = {"safe", "reload"}
"""Nobody shall find them still on: they cannot be in the file."""


class Config(BaseModel):
    """What the person who installs the hub decides; what the librarian decides lives in the database."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    instance: Path
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=1, le=65535)
    workers: int = Field(2, ge=1, le=64, description="processes that answer requests")
    threads: int = Field(4, ge=1, le=64, description="threads of each worker")
    database_url: str = ""
    locale: Literal["ru", "en"] = "ru"
    timezone: str = "Asia/Novosibirsk"
    max_upload_mb: int = Field(100, ge=1, le=10_000)
    more_plugins: str = Field("", description="folders of single sections, divided as in PATH")
    install_in_pages: bool = Field(
        False, description="whether an administrator may install and remove sections in a page"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    safe: bool = Field(False, description="no section is loaded")
    reload: bool = Field(False, description="what is edited is in force at once, errors are shown whole")

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(_("no such time zone; an example: Asia/Novosibirsk")) from error
        return value

    @property
    def database_uri(self) -> str:
        """SQLAlchemy's address of the database; a SQLite file in the instance folder unless set."""
        return self.database_url or f"sqlite:///{(self.instance / 'libhub.db').as_posix()}"

    @property
    def index_folder(self) -> Path:
        """Where the search index lives; it can be deleted, it is rebuilt from the database."""
        return self.instance / "index"

    @property
    def files_folder(self) -> Path:
        """Where attached files live, each under the hash of its content."""
        return self.instance / "files"

    @property
    def plugin_folder(self) -> Path:
        """Where a school puts plugins of its own."""
        return self.instance / "plugins"

    @property
    def plugin_folders_elsewhere(self) -> tuple[Path, ...]:
        """The folders of single sections that lie somewhere else, as their authors have them."""
        return tuple(Path(each).resolve() for each in self.more_plugins.split(os.pathsep) if each)

    @property
    def renewal_file(self) -> Path:
        """A word that is another one after every change of the sections; the processes are renewed then."""
        return self.instance / "renewal"

    @property
    def left_out_file(self) -> Path:
        """Which sections the last start could not make ready."""
        return self.instance / "left_out.json"

    @property
    def log_file(self) -> Path:
        """The hub's log, rotated by size."""
        return self.instance / "libhub.log"


def instance_folder() -> Path:
    """Return the folder named by ``LIBHUB_INSTANCE``, else ``instance`` in the current folder."""
    return Path(os.environ.get("LIBHUB_INSTANCE") or "instance").expanduser().resolve()


def choose_for_this_start(name: str) -> None:
    """Switch on ``safe`` or ``reload`` for this process and all that it starts."""
    assert name in _OF_ONE_START
    os.environ[f"{_PREFIX}{name.upper()}"] = "true"


def load_config(instance: Path | None = None) -> Config:
    """Read the settings of an instance.

    :raises LibHubError: a file that is not TOML, an unknown name, or a value of the wrong type; the
        message names the file or variable.
    """
    folder = instance or instance_folder()
    sources: dict[str, str] = {}
    values: dict[str, Any] = {}
    path = folder / CONFIG_FILE
    try:
        text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
        for name, value in tomllib.loads(text).items():
            if name in _OF_ONE_START:
                raise LibHubError(
                    _("%(path)s: “%(name)s” is for one start: libhub serve --%(name)s", path=path, name=name)
                )
            values[name], sources[name] = value, str(path)
    except tomllib.TOMLDecodeError as error:
        raise LibHubError(_("%(path)s is not valid TOML: %(error)s", path=path, error=error)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise LibHubError(_("Cannot read %(path)s: %(error)s", path=path, error=error)) from error
    for variable, value in os.environ.items():
        if variable.startswith(_PREFIX) and variable not in _NOT_SETTINGS:
            name = variable.removeprefix(_PREFIX).lower()
            values[name], sources[name] = value, variable
    values["instance"] = folder
    try:
        return Config(**values)
    except ValidationError as error:
        raise LibHubError("\n".join(_explain(dict(item), sources) for item in error.errors())) from error


def _explain(item: dict[str, Any], sources: dict[str, str]) -> str:
    """Turn one complaint of pydantic into a line that names the place and the setting."""
    name = str(item["loc"][0])
    reasons = {
        "extra_forbidden": _("there is no such setting"),
        "int_parsing": _("a whole number is needed"),
        "int_type": _("a whole number is needed"),
        "bool_parsing": _("true or false is needed"),
        "bool_type": _("true or false is needed"),
        "string_type": _("text in quotes is needed"),
        "greater_than_equal": _("must be at least %(limit)s", limit=item.get("ctx", {}).get("ge")),
        "less_than_equal": _("must be at most %(limit)s", limit=item.get("ctx", {}).get("le")),
        "literal_error": _("must be one of: %(values)s", values=item.get("ctx", {}).get("expected")),
        "value_error": str(item.get("ctx", {}).get("error")),
    }
    return _(
        "%(source)s: setting “%(name)s” = %(value)r: %(reason)s",
        source=sources.get(name, name),
        name=name,
        value=item["input"],
        reason=reasons.get(item["type"], item["msg"]),
    )


def get_config() -> Config:
    """Return the settings of the running application."""
    config = app_setting(CONFIG)
    assert isinstance(config, Config)
    return config


def instance_path(*names: str) -> Path:
    """Return a place in the instance folder."""
    return get_config().instance.joinpath(*names)
