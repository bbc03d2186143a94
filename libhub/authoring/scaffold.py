"""A new section, complete and small, made from the files in ``examples/scaffold``.

They are a section themselves, held to the same rules as every other code. Two words in their names and texts are
replaced: ``sectionid`` by the id of the new section, ``Sectionid`` by what it is called at first.
"""

import keyword
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.plugging.loading.manifest import MANIFEST_FILE, RESERVED_IDS, PluginId

ID: Final = "sectionid"
NAME: Final = "Sectionid"
_MADE: Final = frozenset({".pyc", ".mo"})
"""What is made from the files when they are used."""
_PLUGIN_ID: Final = TypeAdapter(PluginId)


def scaffold_folder() -> Path:
    """Return the files: beside the package in a checkout, inside it where the wheel is installed."""
    package = Path(__file__).parents[1]
    inside = package / "scaffold"
    return (inside if inside.is_dir() else package.parent / "examples" / "scaffold") / ID


def name_of(plugin_id: str) -> str:
    """Return what a section is called until its author finds a better name: «book_club» is «Book club»."""
    return plugin_id.replace("_", " ").strip().capitalize()


def make_section(plugin_id: str, parent: Path) -> Path:
    """Write a new section into a folder of its name below ``parent``, and return that folder.

    The manifest comes last: a hub that starts meanwhile sees no section, and never half of one.

    :raises LibHubError: the id will not do, or there is such a folder already; nothing was written then.
    """
    refuse_wrong_id(plugin_id)
    folder = parent / plugin_id
    try:
        folder.mkdir(parents=True)
    except FileExistsError as error:
        raise LibHubError(
            _("%(folder)s is there already. Choose another id, or another place by --in.", folder=folder)
        ) from error
    source = scaffold_folder()
    files = [path for path in sorted(source.rglob("*")) if path.is_file() and path.suffix not in _MADE]
    for path in sorted(files, key=lambda path: path.name == MANIFEST_FILE):
        target = folder / _filled(path.relative_to(source).as_posix(), plugin_id)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(
            _filled(path.read_text(encoding="utf-8"), plugin_id), encoding="utf-8", newline="\n"
        )
    return folder


def refuse_wrong_id(plugin_id: str) -> None:
    """Look whether a section may have this id.

    :raises LibHubError: it may not, and why.
    """
    try:
        _PLUGIN_ID.validate_python(plugin_id)
    except ValidationError as error:
        raise LibHubError(
            _(
                "“%(id)s” cannot be the id of a section: 2 to 31 small Latin letters, digits and _, a letter "
                "first. An example: book_club",
                id=plugin_id,
            )
        ) from error
    if plugin_id in RESERVED_IDS or plugin_id == ID or keyword.iskeyword(plugin_id):
        raise LibHubError(_("“%(id)s” is a word of the hub or of Python. Choose another id.", id=plugin_id))


def _filled(text: str, plugin_id: str) -> str:
    return text.replace(ID, plugin_id).replace(NAME, name_of(plugin_id))
