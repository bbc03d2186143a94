"""The librarian's pages about sections: what there is, the switch with its preview, settings."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.i18n import ngettext
from libhub.base.moments import now
from libhub.files import limits, setting_pictures
from libhub.files.limits import Use
from libhub.plugging import calls, settings, state
from libhub.plugging.health import Finding, plugin_findings
from libhub.plugging.models import PluginState
from libhub.plugging.records import Setting
from libhub.plugging.registry import Plugin, get_registry
from libhub.plugging.switching import switch
from libhub.web.gate import requires
from libhub.web.rendering.pages import page
from libhub.web.visitor import current_viewer

blueprint = Blueprint("admin", __name__, url_prefix="/admin")
SCHOOL_YEAR_MONTH = 9


@dataclass(frozen=True)
class PluginRow:
    """A plugin as the page shows it."""

    plugin: Plugin
    enabled: bool
    findings: list[Finding]
    stored: PluginState | None
    files: Use | None
    has_settings: bool


@blueprint.get("/plugins")
@requires("plugins.manage")
def plugins() -> Response:
    """List every installed plugin, broken ones too."""
    registry = get_registry()
    enabled, findings = state.enabled_plugins(), plugin_findings()
    stored = state.states(registry.plugins)
    uses = limits.uses()
    rows = [
        PluginRow(
            plugin,
            plugin.id in enabled,
            findings.get(plugin.id, []),
            stored.get(plugin.id),
            uses.get(plugin.id),
            bool(settings.declared(plugin.id)),
        )
        for plugin in registry.plugins.values()
    ]
    return page("admin/plugins.html", rows=rows)


@blueprint.route("/plugins/<plugin_id>/<any(on, off):position>", methods=["GET", "POST"])
@requires("plugins.manage")
def switch_plugin(plugin_id: str, position: str) -> AnyResponse:
    """Show what the switch will do; do it when that is confirmed."""
    enable = position == "on"
    try:
        if request.method == "POST":
            done = switch(plugin_id, enable=enable, actor=current_viewer().actor)
        else:
            plan = state.plan_switch(plugin_id, enable=enable)
    except LibHubError as error:
        flash(str(error), "error")
        return redirect(url_for("admin.plugins"))
    if request.method == "GET":
        return page("admin/switch.html", plan=plan)
    number = len(done.plugins)
    flash(
        ngettext("%(num)d section was switched on.", "%(num)d sections were switched on.", number)
        if enable
        else ngettext("%(num)d section was switched off.", "%(num)d sections were switched off.", number),
        "success",
    )
    return redirect(url_for("admin.plugins"))


@blueprint.get("/report")
@requires("reports.read")
def report() -> Response:
    """Show the sections' numbers of a period, by default of this school year so far."""
    today = now().date()
    september = date(today.year if today.month >= SCHOOL_YEAR_MONTH else today.year - 1, SCHOOL_YEAR_MONTH, 1)
    start, end = _date("start", september), _date("end", today)
    moments = {
        "start": datetime.combine(start, time.min, UTC),
        "end": datetime.combine(end + timedelta(days=1), time.min, UTC),
    }
    plugins, locale = get_registry().plugins, current_viewer().locale
    numbers = [
        (plugins[plugin].name(locale), answer.items())
        for plugin, answer in calls.call("statistics", **moments)
    ]
    return page("admin/report.html", start=start, end=end, numbers=numbers)


def _date(name: str, default: date) -> date:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return default


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
            values[setting.name] = setting_pictures.keep_picture(file)
        except LibHubError as error:
            errors[setting.name] = str(error)
    elif f"{setting.name}-remove" in request.form:
        values[setting.name] = ""


def _typed(setting: Setting) -> str | bool:
    """Return what was typed, so that a form with a mistake keeps it."""
    text = request.form.get(setting.name, "")
    return bool(text) if setting.type == "boolean" else text
