"""Loads every plugin once, at start, and remembers what each of them brought.

Nothing is registered or unregistered while serving: what is *on* is decided at each use (see ``state.py``).
"""

import importlib
import logging
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import click
import pluggy
from pluggy import HookImpl

import plugins
from libhub.accounts.permissions import CORE_PERMISSIONS, Permission, permissions_of
from libhub.base import mapping
from libhub.base.application import Blueprint, Extension, Flask
from libhub.base.checked_types import Label
from libhub.base.db import db
from libhub.base.errors import LibHubError, let_pass
from libhub.base.i18n import domain_of
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.base.processes.process_state import put_back
from libhub.base.section_of import owner_of
from libhub.plugging import answers, deprecation, hookspecs
from libhub.plugging.answers import WrongAnswer, in_words
from libhub.plugging.loading.discovery import Found, find_plugins
from libhub.plugging.loading.manifest import Manifest
from libhub.plugging.loading.versions import refuse_missing
from libhub.plugging.records import JobKind, Setting
from libhub.search.documents import ItemType

logger = logging.getLogger(__name__)


@dataclass
class Plugin:
    """One installed plugin; ``error`` says why a broken one cannot be used."""

    id: str
    folder: Path
    manifest: Manifest | None
    error: str | None = None
    hooks: ModuleType | None = None
    blueprints: list[Blueprint] = field(default_factory=list)
    permissions: list[Permission] = field(default_factory=list)
    settings: list[Setting] = field(default_factory=list)
    item_types: list[ItemType] = field(default_factory=list)
    commands: list[click.Command] = field(default_factory=list)
    jobs: list[JobKind] = field(default_factory=list)
    warnings: list[Label] = field(default_factory=list)
    """What is wrong with one that works nevertheless."""

    @property
    def requires(self) -> tuple[str, ...]:
        """The plugins without which this one does not work."""
        return self.manifest.requires if self.manifest else ()

    def name(self, locale: str) -> str:
        """What the librarian calls the plugin."""
        return self.manifest.name.in_locale(locale) if self.manifest else self.id

    def description(self, locale: str) -> str:
        """What the plugin is for, in a sentence."""
        return self.manifest.description.in_locale(locale) if self.manifest else ""


class Registry:
    """Every installed plugin, in loading order.

    :param around: each is imported inside a block of this.
    :param safe: none of them is loaded; what there is, is known by the manifests.
    """

    def __init__(
        self,
        roots: Iterable[Path],
        single: Sequence[Path] = (),
        *,
        around: Callable[[], AbstractContextManager[None]] = nullcontext,
        safe: bool = False,
    ) -> None:
        self.safe = safe
        self.manager = pluggy.PluginManager(hookspecs.NAMESPACE)
        self.manager.add_hookspecs(hookspecs)
        self.plugins: dict[str, Plugin] = {}
        self.owners: dict[str, str] = {}
        """The plugin to which a route belongs, by its endpoint."""
        for root in (*roots, *(folder.parent for folder in single)):
            if str(root) not in plugins.__path__:
                plugins.__path__.append(str(root))
        self._waiting: set[str] = set()
        for found in find_plugins(roots, single):
            self.plugins[found.id] = self._load(found, around)
        self._gather()

    def _gather(self) -> None:
        """Put together what all working plugins declare."""
        self._implementations: dict[str, Mapping[str, HookImpl]] = {}
        self.permissions: list[Permission] = [
            *CORE_PERMISSIONS,
            *(permission for plugin in self.working() for permission in plugin.permissions),
        ]
        self._permissions_by_role: dict[str, frozenset[str]] = {}
        self.item_types: dict[tuple[str, str], ItemType] = {
            (item_type.plugin, item_type.kind): item_type
            for plugin in self.working()
            for item_type in plugin.item_types
        }
        self.job_kinds: dict[str, JobKind] = {
            kind.name: kind for plugin in self.working() for kind in plugin.jobs
        }

    def working(self) -> list[Plugin]:
        """Return the plugins that loaded, on or off."""
        return [plugin for plugin in self.plugins.values() if plugin.error is None]

    def _others(self, plugin: Plugin) -> frozenset[str]:
        return frozenset(each.id for each in self.working()) - {plugin.id}

    def implementing(self, hook: str) -> frozenset[str]:
        """Return the plugins that have a hook, on or off."""
        return frozenset(self.implementations(hook))

    def implementations(self, hook: str) -> Mapping[str, HookImpl]:
        """Return how each plugin that has a hook does it, by its id."""
        if hook not in self._implementations:
            found = getattr(self.manager.hook, hook).get_hookimpls()
            self._implementations[hook] = {each.plugin_name: each for each in found}
        return self._implementations[hook]

    def permissions_of(self, role: str) -> frozenset[str]:
        """Return what a role may do, by the declarations of the core and of every plugin."""
        if role not in self._permissions_by_role:
            self._permissions_by_role[role] = permissions_of(role, self.permissions)
        return self._permissions_by_role[role]

    def warn(self, plugin: Plugin, warning: Label) -> None:
        """Tell of something that is wrong with a plugin, which goes on."""
        logger.warning("plugin %s: %s", plugin.id, warning)
        plugin.warnings.append(warning)

    def warn_of_changed_process(self, plugin: Plugin) -> None:
        """Put back what a plugin changed of the process that all share, and tell of it."""
        if changed := ", ".join(put_back()):
            text = _l(
                "it changes what all code of a process shares, which was put back: %(names)s", names=changed
            )
            self.warn(plugin, text)

    def mark_broken(self, plugin: Plugin, error: str, cause: BaseException | None = None) -> None:
        """Leave a plugin out, with all that need it, and remember why."""
        if plugin.hooks is not None:
            if self.manager.is_registered(plugin.hooks):
                self.manager.unregister(plugin.hooks)
            plugin.hooks = None
        self.leave_out(plugin, error, cause)
        self._waiting.discard(plugin.id)

    def leave_out(self, plugin: Plugin, error: str, cause: BaseException | None = None) -> None:
        """Leave a plugin out, with all that need it, until :meth:`take_back`: the next start tries it again."""
        logger.error("plugin %s is broken: %s", plugin.id, error, exc_info=cause)
        plugin.error = error
        self._waiting.add(plugin.id)
        for other in self.working():
            if plugin.id in other.requires:
                self.leave_out(other, _needs(plugin.id))
        self._gather()

    def take_back(self) -> None:
        """Count those as working again that :meth:`leave_out` put aside."""
        for plugin_id in self._waiting:
            self.plugins[plugin_id].error = None
        self._waiting.clear()
        self._gather()

    def left_out(self) -> dict[str, str]:
        """Return why which plugins are left out until the next start."""
        return {plugin_id: self.plugins[plugin_id].error or "" for plugin_id in sorted(self._waiting)}

    def _load(self, found: Found, around: Callable[[], AbstractContextManager[None]]) -> Plugin:
        plugin = Plugin(found.id, found.folder, found.manifest)
        if self.safe:
            plugin.error = found.error or _("not loaded: safe start")
            return plugin
        if found.error:
            self.mark_broken(plugin, found.error)
            return plugin
        broken = [required for required in plugin.requires if self.plugins[required].error]
        if broken:
            self.mark_broken(plugin, _needs(broken[0]))
            return plugin
        try:
            refuse_missing(found.manifest.python if found.manifest else ())
            with around(), mapping.loading(plugin.id, db.metadata, self._others(plugin)):
                plugin.hooks = self._import_hooks(plugin)
                self.manager.register(plugin.hooks, name=plugin.id)
                self.manager.check_pending()
                self._collect(plugin)
            plugin.warnings += deprecation.told(plugin.id)
        except BaseException as error:  # noqa: BLE001 - the policy "mark": whatever it is, the hub starts
            let_pass(error)
            self.mark_broken(plugin, in_words(error), error)
        self.warn_of_changed_process(plugin)
        return plugin

    @staticmethod
    def _import_hooks(plugin: Plugin) -> ModuleType:
        name = f"plugins.{plugin.id}"
        package = sys.modules.get(name)
        if package is not None and plugin.folder not in map(Path, package.__path__):
            raise LibHubError(_("another package is already imported as “%(name)s”", name=name))
        if package is None and str(plugin.folder.parent) not in plugins.__path__:
            _import_from_elsewhere(name, plugin.folder)
        domain_of(plugin.id).use(plugin.folder / "translations")
        return importlib.import_module(f"{name}.hooks")

    def _collect(self, plugin: Plugin) -> None:
        """Ask the plugin for its declarations and check that each belongs to it."""
        plugin.blueprints = self._ask(plugin, "register_blueprints")
        plugin.permissions = self._ask(plugin, "register_permissions")
        plugin.settings = self._ask(plugin, "register_settings")
        plugin.item_types = [
            answers.checked_item_type(item_type) for item_type in self._ask(plugin, "register_item_types")
        ]
        plugin.commands = self._ask(plugin, "register_commands")
        plugin.jobs = self._ask(plugin, "register_jobs")
        for blueprint in plugin.blueprints:
            named = owner_of(f"{blueprint.name}_", {plugin.id, *self._others(plugin)}) == plugin.id
            if not named or not f"{blueprint.url_prefix or ''}/".startswith(f"/{plugin.id}/"):
                raise LibHubError(
                    _(
                        "the blueprint “%(name)s” must be named “%(id)s” or “%(id)s_…”, and have the prefix /%(id)s "
                        "or one below it",
                        name=blueprint.name,
                        id=plugin.id,
                    )
                )
        for permission in plugin.permissions:
            if not permission.name.startswith(f"{plugin.id}."):
                raise LibHubError(
                    _(
                        "the permission “%(name)s” must begin with “%(id)s.”",
                        name=permission.name,
                        id=plugin.id,
                    )
                )
            if permission.name in {each.name for each in CORE_PERMISSIONS}:
                raise LibHubError(_("the permission “%(name)s” is the core's", name=permission.name))
        for kind in plugin.jobs:
            if not kind.name.startswith(f"{plugin.id}."):
                raise LibHubError(
                    _("the job “%(name)s” must begin with “%(id)s.”", name=kind.name, id=plugin.id)
                )
        for item_type in plugin.item_types:
            if item_type.plugin != plugin.id:
                raise LibHubError(
                    _("the item type “%(kind)s” must belong to “%(id)s”", kind=item_type.kind, id=plugin.id)
                )

    def _ask(self, plugin: Plugin, hook: str) -> list[Any]:
        _policy, described = hookspecs.rule_of(hook)
        for implementation in getattr(self.manager.hook, hook).get_hookimpls():
            if implementation.plugin is plugin.hooks:
                try:
                    return list(described.check(implementation.function(), declared=True))
                except WrongAnswer as error:
                    raise WrongAnswer(f"{hook}: {error}") from error
        return []


def _import_from_elsewhere(name: str, folder: Path) -> None:
    """Import a section of a Python package under the name that every section has."""
    spec = spec_from_file_location(name, folder / "__init__.py", submodule_search_locations=[str(folder)])
    assert spec is not None
    assert spec.loader is not None
    sys.modules[name] = package = module_from_spec(spec)
    try:
        spec.loader.exec_module(package)
    except BaseException:
        del sys.modules[name]
        raise
    setattr(plugins, name.rpartition(".")[2], package)


def _needs(plugin_id: str) -> str:
    return _("needs the plugin “%(id)s”, which is broken", id=plugin_id)


_REGISTRY: Final = Extension[Registry]("plugins")


def init_app(
    app: Flask,
    roots: Iterable[Path],
    single: Sequence[Path] = (),
    *,
    safe: bool = False,
    around: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Registry:
    """Load the plugins of an application and remember them with it.

    :param roots: folders with plugins; ``single`` are plugins that lie elsewhere.
    :param around: each is imported inside a block of this.
    """
    registry = Registry(roots, single, around=around, safe=safe)
    _REGISTRY.install(app, registry)
    return registry


def get_registry() -> Registry:
    """Return the plugins of the running application."""
    return _REGISTRY.current()
