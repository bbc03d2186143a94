"""Which plugins there are: folders with a ``plugin.toml``, found without importing anything."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.plugging.loading.manifest import MANIFEST_FILE, Manifest, read_manifest


@dataclass(frozen=True)
class Found:
    """A plugin folder: either its manifest or the reason why it cannot be used."""

    id: str
    folder: Path
    manifest: Manifest | None
    error: str | None


def find_plugins(roots: Iterable[Path], single: Iterable[Path] = ()) -> list[Found]:
    """Return the plugins below ``roots``, and ``single`` ones, in loading order: what is required comes first.

    Of two plugins with one id the first is used; the second is reported as broken.
    """
    found: dict[str, Found] = {}
    rejected: list[Found] = []
    below = (path.parent for root in roots for path in sorted(root.glob(f"*/{MANIFEST_FILE}")))
    for folder in (*below, *single):
        if folder.name in found:
            if found[folder.name].folder.resolve() == folder:
                continue  # named although it is found anyway
            message = _(
                "two plugins have the id “%(id)s”: %(first)s is used, %(second)s is not",
                id=folder.name,
                first=found[folder.name].folder,
                second=folder,
            )
            rejected.append(Found(f"{folder.name}@{folder.parent.parent.name}", folder, None, message))
            continue
        try:
            found[folder.name] = Found(folder.name, folder, read_manifest(folder), None)
        except LibHubError as error:
            found[folder.name] = Found(folder.name, folder, None, str(error))
    return _required_first(found) + rejected


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
