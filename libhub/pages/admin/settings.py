"""Settings of the hub and of its sections."""

from collections.abc import Mapping

from flask import abort, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.files import setting_pictures
from libhub.kit.pages.editing import editor
from libhub.kit.validation import Invalid
from libhub.pages.admin.sections import blueprint
from libhub.pages.admin.settings_history import history_address
from libhub.plugging import settings
from libhub.plugging.loading.registry import get_registry
from libhub.plugging.records import Setting
from libhub.web.forms.handmade import HandmadeForm
from libhub.web.gate import requires
from libhub.web.visitor import current_viewer


@blueprint.route("/settings", methods=["GET", "POST"], defaults={"plugin_id": settings.CORE})
@requires("settings.manage")
def hub_settings(plugin_id: str) -> AnyResponse:
    """Change the settings of the hub itself."""
    return _edit_settings(plugin_id, _("Settings"), url_for("admin.hub_settings"))


@blueprint.route("/plugins/<plugin_id>/settings", methods=["GET", "POST"])
@requires("plugins.manage")
def plugin_settings(plugin_id: str) -> AnyResponse:
    """Change the settings that a plugin declares."""
    plugin = get_registry().plugins.get(plugin_id)
    if plugin is None or not settings.declared(plugin_id):
        abort(404)
    name = plugin.name(current_viewer().locale)
    return _edit_settings(plugin_id, name, url_for("admin.plugins"))


def _edit_settings(plugin_id: str, title: str, done: str) -> AnyResponse:
    declared = {name: each for name, each in settings.declared(plugin_id).items() if each.in_form}
    pictures, problems = _received(declared) if request.method == "POST" else ({}, {})

    def form() -> HandmadeForm:
        return HandmadeForm(
            {
                name: _as_sent(setting, settings.get_setting(plugin_id, name))
                for name, setting in declared.items()
                if setting.type != "picture"
            },
            {name: setting.label for name, setting in declared.items()},
            choices={
                name: {"1": _("yes")} if setting.type == "boolean" else dict(setting.choices)
                for name, setting in declared.items()
            },
        )

    def save(typed: HandmadeForm) -> None:
        found = dict(problems)
        values: dict[str, str | int | bool] = dict(pictures)
        for name, setting in declared.items():
            if setting.type == "picture" or (name not in request.form and setting.type != "boolean"):
                continue  # a form of before an update does not know it: it stays as it is
            try:
                values[name] = settings.parse(setting, typed[name])
            except LibHubError as error:
                found[name] = str(error)
        if found:
            raise Invalid(found)
        settings.change_settings(plugin_id, values)

    return editor(
        "admin/settings.html",
        form,
        save,
        lambda _saved: done,
        told=_l("Saved."),
        title=title,
        history=history_address(plugin_id),
        settings=declared.values(),
        pictures={
            name: settings.get_setting(plugin_id, name)
            for name, setting in declared.items()
            if setting.type == "picture"
        },
    )


def _as_sent(setting: Setting, value: object) -> list[str]:
    """Return the texts that a browser sends for a value."""
    if setting.type == "boolean":
        return ["1"] if value else []
    return [str(value)]


def _received(declared: Mapping[str, Setting]) -> tuple[dict[str, str], dict[str, str]]:
    """Keep the pictures that came with the form, and take those away that are not wanted; return both and the problems."""
    values: dict[str, str] = {}
    problems: dict[str, str] = {}
    for name, setting in declared.items():
        file = request.files.get(name) if setting.type == "picture" else None
        if file is not None and file.filename:
            try:
                values[name] = setting_pictures.keep_picture(file.stream, file.filename)
            except LibHubError as error:
                problems[name] = str(error)
        elif setting.type == "picture" and f"{name}-remove" in request.form:
            values[name] = ""
    return values, problems
