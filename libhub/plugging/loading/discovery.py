"""Which plugins there are: folders with a ``plugin.toml``, found without importing anything."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import plugins
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.plugging.loading.manifest import MANIFEST_FILE, Manifest, read_manifest

GROUP: Final = "libhub.plugins"
"""Of the entry points by which Python packages bring sections: ``id = "package"``."""


@dataclass(frozen=True)
class Found:
    """A plugin folder: either its manifest or the reason why it cannot be used."""

    id: str
    folder: Path
    manifest: Manifest | None
    error: str | None


def shipped_folder() -> Path:
    """Return where the sections lie that come with the hub.

    :raises LibHubError: another program brought a package of the name ``plugins`` into the same environment.
    """
    if getattr(plugins, "OWNER", None) != "libhub":
        raise LibHubError(
            _(
                "Another program has put a package named “plugins” into this Python environment: %(path)s. Install the "
                "hub into an environment of its own.",
                path=plugins.__file__ or "",
            )
        )
    return Path(plugins.__path__[0])


def find_plugins(roots: Iterable[Path], single: Iterable[Path] = ()) -> list[Found]:
    """Return the plugins below ``roots``, ``single`` ones, then those of packages, in the order in which they load.

    What is required comes first. Of two plugins with one id the first is used; the second is reported as broken.
    """
    found: dict[str, Found] = {}
    rejected: list[Found] = []
    elsewhere = [_read(folder.name, folder) for folder in single]
    for each in [*_in_folders(roots), *elsewhere, *_in_packages()]:
        if each.id in found:
            if found[each.id].folder.resolve() == each.folder:
                continue  # named although it is found anyway
            message = _(
                "two plugins have the id “%(id)s”: %(first)s is used, %(second)s is not",
                id=each.id,
                first=found[each.id].folder,
                second=each.folder,
            )
            where = each.folder.parent.parent.name
            rejected.append(Found(f"{each.id}@{where}", each.folder, None, message))
        else:
            found[each.id] = each
    return _required_first(found) + rejected


def _in_folders(roots: Iterable[Path]) -> Iterator[Found]:
    for root in roots:
        for path in sorted(root.glob(f"*/{MANIFEST_FILE}")):
            yield _read(path.parent.name, path.parent)


def _in_packages() -> Iterator[Found]:
    for entry in sorted(entry_points(group=GROUP), key=lambda each: each.name):
        try:
            spec = find_spec(entry.value)
            folder = Path(next(iter(spec.submodule_search_locations or ()))) if spec else None
        except Exception as error:  # noqa: BLE001 - the package around it is somebody else's
            yield Found(entry.name, Path(), None, _not_there(entry.value, repr(error)))
            continue
        if folder is None or not (folder / MANIFEST_FILE).is_file():
            yield Found(entry.name, folder or Path(), None, _not_there(entry.value, MANIFEST_FILE))
        else:
            yield _read(entry.name, folder)


def _not_there(package: str, what: str) -> str:
    return _(
        "the package “%(package)s” says that it brings a section, and has none: %(what)s",
        package=package,
        what=what,
    )


def _read(plugin_id: str, folder: Path) -> Found:
    try:
        return Found(plugin_id, folder, read_manifest(folder, plugin_id), None)
    except LibHubError as error:
        return Found(plugin_id, folder, None, str(error))


def _required_first(found: dict[str, Found]) -> list[Found]:
    ordered: dict[str, Found] = {}

    def place(plugin: Found, dependants: tuple[str, ...]) -> None:
        if plugin.id in ordered:
            return
        error = plugin.error
        for required in plugin.manifest.requires if plugin.manifest else ():
            if required not in found:
                error = _("needs the plugin “%(id)s”, which is not installed", id=required)
            elif required in (*dependants, plugin.id):
                error = _("needs itself through “%(id)s”", id=required)
            else:
                place(found[required], (*dependants, plugin.id))
        ordered[plugin.id] = Found(plugin.id, plugin.folder, plugin.manifest, error)

    for plugin_id in sorted(found):
        place(found[plugin_id], ())
    return list(ordered.values())
