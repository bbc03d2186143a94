"""The pages of the sections: registered once, each section's below its own address and under its own names."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from flask import Blueprint, Flask

from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.plugging.answers import FAILURES, in_words
from libhub.plugging.loading.registry import Plugin, Registry
from libhub.web import gate
from libhub.web.rendering import templates

_SHARED: Final[tuple[Callable[[Flask], Any], ...]] = (
    lambda app: app.view_functions,
    lambda app: app.jinja_env.filters,
    lambda app: app.jinja_env.tests,
    lambda app: app.jinja_env.globals,
)
"""What all pages of the hub have in common, by name: a section may add to it and replaces nothing."""


def register(app: Flask, installed: Registry) -> None:
    """Register each section's pages; one whose pages break the rules is left out."""
    for plugin in installed.working():
        if names := ", ".join(templates.strays(plugin.id, plugin.folder)):
            warning = _l(
                "templates outside of templates/%(id)s are not used: %(names)s", id=plugin.id, names=names
            )
            installed.warn(plugin, warning)
        before = [dict(shared(app)) for shared in _SHARED]
        error: BaseException | None = None
        try:
            _add(app, plugin)
            _check(app, plugin, [shared(app) for shared in _SHARED], before)
        except FAILURES as caught:  # the policy "mark": whatever it is, the hub starts
            error = caught
        # of one that is left out, too: its addresses are closed
        installed.owners.update(dict.fromkeys(_new(app, before[0]), plugin.id))
        if error is not None:
            for shared, known in zip(_SHARED, before, strict=True):
                shared(app).clear()
                shared(app).update(known)
            installed.mark_broken(plugin, in_words(error), error)


def _new(app: Flask, before: Mapping[str, Any]) -> list[str]:
    return [endpoint for endpoint in app.view_functions if endpoint not in before]


def _add(app: Flask, plugin: Plugin) -> None:
    """Register the blueprints of a section; those of one name are one to whoever asks for an address.

    Flask refuses a name that it knows, so the first bearer steps aside while another is registered. A view that is
    there already is refused all the same.

    :raises LibHubError: a name is another's.
    """
    own: dict[str, Blueprint] = {}
    for blueprint in plugin.blueprints:
        name = blueprint.name
        if name in own:
            del app.blueprints[name]
        elif name in app.blueprints:
            raise LibHubError(_("there is a blueprint “%(name)s” already", name=name))
        app.register_blueprint(blueprint)
        if name not in own or blueprint.has_static_folder:
            own[name] = blueprint
        app.blueprints[name] = own[name]


def _check(
    app: Flask, plugin: Plugin, present: Sequence[Mapping[str, Any]], before: Sequence[Mapping[str, Any]]
) -> None:
    """Check what a section brought.

    :raises LibHubError: it replaced something of the hub or of another section, has a page that is not below its own
        address, or one that declares no permission.
    """
    replaced = [
        name
        for now, then in zip(present, before, strict=True)
        for name in then
        if now.get(name) is not then[name]
    ]
    if replaced:
        raise LibHubError(_("it replaces what is not its own: %(names)s", names=", ".join(replaced)))
    own = tuple(f"{blueprint.name}." for blueprint in plugin.blueprints)
    new = _new(app, before[0])
    strange = [endpoint for endpoint in new if not endpoint.startswith(own)]
    strange += [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint in new and not f"{rule.rule}/".startswith(f"/{plugin.id}/")
    ]
    if strange:
        raise LibHubError(
            _("these pages are not below /%(id)s/: %(names)s", id=plugin.id, names=", ".join(strange))
        )
    undeclared = [endpoint for endpoint in new if gate.access_of(app, endpoint) is None]
    if undeclared:
        raise LibHubError(_("these routes declare no permission: %(names)s", names=", ".join(undeclared)))
