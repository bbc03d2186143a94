"""Settings of the hub and of its sections."""

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.files import setting_pictures
from libhub.pages.admin.sections import blueprint
from libhub.pages.admin.settings_history import history_address
from libhub.plugging import settings
from libhub.plugging.loading.registry import get_registry
from libhub.plugging.records import Setting
from libhub.web.gate import requires
from libhub.web.rendering.pages import page
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
    typed = {name: settings.get_setting(plugin_id, name) for name in declared}
    errors: dict[str, str] = {}
    if request.method == "POST":
        values: dict[str, str | int | bool] = {}
        for name, setting in declared.items():
            if setting.type == "picture":
                _take_picture(setting, values, errors)
                continue
            if name not in request.form and setting.type != "boolean":
                continue  # a form of before an update does not know it: it stays as it is
            typed[name] = _typed(setting)
            try:
                values[name] = settings.parse(setting, request.form.get(name, ""))
            except LibHubError as error:
                errors[name] = str(error)
        if not errors:
            settings.change_settings(plugin_id, values)
            flash(_("Saved."), "success")
            return redirect(done)
    return page(
        "admin/settings.html",
        title=title,
        history=history_address(plugin_id),
        settings=declared.values(),
        typed=typed,
        errors=errors,
        status=422 if errors else 200,
    )


def _take_picture(setting: Setting, values: dict[str, str | int | bool], errors: dict[str, str]) -> None:
    """Keep a picture that came with the form, or take the present one away; else it stays."""
    file = request.files.get(setting.name)
    if file is not None and file.filename:
        try:
            values[setting.name] = setting_pictures.keep_picture(file.stream, file.filename)
        except LibHubError as error:
            errors[setting.name] = str(error)
    elif f"{setting.name}-remove" in request.form:
        values[setting.name] = ""


def _typed(setting: Setting) -> str | bool:
    """Return what was typed, so that a form with a mistake keeps it."""
    text = request.form.get(setting.name, "")
    return bool(text) if setting.type == "boolean" else text
