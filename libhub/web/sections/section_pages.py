"""The pages of the sections: registered once, each section's below its own address and under its own names."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from flask import Blueprint, Flask
from werkzeug.wrappers import Response

from libhub.base.checked_types import told
from libhub.base.errors import LibHubError, let_pass
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.plugging import calls
from libhub.plugging.answers import WrongAnswer, in_words
from libhub.plugging.loading.registry import Plugin, Registry
from libhub.web import gate
from libhub.web.flask_internals import Standing
from libhub.web.rendering import templates


@contextmanager
def left_alone(app: Flask) -> Iterator[None]:
    """Have the application after the block, in which a section is imported, as it was before.

    :raises LibHubError: something was changed in it.
    """
    before = Standing(app)
    try:
        yield
        changed = [*before.replaced(), *before.added(), *(rule.rule for rule in before.new_rules())]
        if changed:
            raise LibHubError(_("it replaces what is not its own: %(names)s", names=", ".join(changed)))
    finally:
        before.restore()


def register(app: Flask, installed: Registry) -> None:
    """Register each section's pages; one whose pages break the rules is left out, with nothing of it left behind."""
    for plugin in installed.working():
        if names := ", ".join(templates.strays(plugin.id, plugin.folder)):
            warning = _l(
                "templates outside of templates/%(id)s are not used: %(names)s", id=plugin.id, names=names
            )
            installed.warn(plugin, warning)
        before, known = Standing(app), templates.names_of(app)
        own = tuple(dict.fromkeys(blueprint.name for blueprint in plugin.blueprints))
        try:
            _add(app, plugin)
            moved = before.confine(own)
            templates.confine(app, plugin.id, known)
            before.guard(own, partial(_guarded, plugin.id))
            _check(app, plugin.id, own, before)
        except BaseException as error:  # noqa: BLE001 - the policy "mark": whatever it is, the hub starts
            let_pass(error)
            before.restore()
            installed.mark_broken(plugin, in_words(error), error)
            continue
        finally:
            installed.warn_of_changed_process(plugin)
        installed.owners.update({rule.endpoint: plugin.id for rule in before.new_rules()})
        if moved:
            installed.warn(
                plugin,
                _l(
                    "what it registers for every page of the hub acts on its own pages alone: %(names)s",
                    names=", ".join(moved),
                ),
            )


def _guarded(plugin_id: str, kind: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function to be called after a view in the place of one that may fail: the hub's own come after it."""

    def act(given: Any) -> Any:
        with calls.guarded(plugin_id, kind):
            answer = function(given)
            if isinstance(given, Response) and not isinstance(answer, Response):
                raise WrongAnswer(f"an answer is needed, not {told(answer)}")
            return answer
        return given  # type: ignore[unreachable]  # mypy believes that nothing is caught

    return act


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


def _check(app: Flask, plugin_id: str, own: Sequence[str], before: Standing) -> None:
    """Check what a section brought.

    :raises LibHubError: it replaced something of the hub or of another section, has a page that is not below its own
        address, or one that declares no permission.
    """
    replaced = before.replaced(own)
    if replaced:
        raise LibHubError(_("it replaces what is not its own: %(names)s", names=", ".join(replaced)))
    rules, places = before.new_rules(), tuple(f"{name}." for name in own)
    strange = [
        rule.rule
        for rule in rules
        if not rule.endpoint.startswith(places) or not f"{rule.rule}/".startswith(f"/{plugin_id}/")
    ]
    strange += [name for name in before.added() if name in app.view_functions and not name.startswith(places)]
    if strange:
        raise LibHubError(
            _("these pages are not below /%(id)s/: %(names)s", id=plugin_id, names=", ".join(strange))
        )
    undeclared = [rule.endpoint for rule in rules if gate.access_of(app, rule.endpoint) is None]
    if undeclared:
        names = ", ".join(dict.fromkeys(undeclared))
        raise LibHubError(_("these routes declare no permission: %(names)s", names=names))
