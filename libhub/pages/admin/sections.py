"""The librarian's page about sections: what there is, and the switch with its preview."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.base.errors import LibHubError
from libhub.base.i18n import ngettext
from libhub.config import get_config
from libhub.files import limits
from libhub.files.limits import Use
from libhub.plugging import calls, settings, state
from libhub.plugging.health import Finding, plugin_findings
from libhub.plugging.loading.registry import Plugin, get_registry
from libhub.plugging.state import Trouble
from libhub.plugging.switching import switch
from libhub.web.gate import requires
from libhub.web.rendering.pages import page
from libhub.web.rendering.shell import menu
from libhub.web.visitor import current_viewer

blueprint = Blueprint("admin", __name__, url_prefix="/admin")


@dataclass(frozen=True)
class PluginRow:
    """A plugin as the page shows it."""

    plugin: Plugin
    enabled: bool
    findings: list[Finding]
    wanted: bool
    troubles: list[Trouble]
    since: datetime | None
    files: Use | None
    has_settings: bool


@blueprint.get("/plugins")
@requires("plugins.manage")
def plugins() -> Response:
    """List every installed plugin, broken ones too."""
    registry = get_registry()
    enabled, findings = state.enabled_plugins(), plugin_findings()
    menu()  # what it finds fault with is told here, too
    calls.store_failures()
    stored = state.states(registry.plugins)
    uses = limits.uses()
    rows = [
        PluginRow(
            plugin,
            plugin.id in enabled,
            findings.get(plugin.id, []),
            state.is_wanted(plugin, row := stored.get(plugin.id)),
            state.troubles(row),
            row.last_error_at if row else None,
            uses.get(plugin.id),
            bool(settings.declared(plugin.id)),
        )
        for plugin in registry.plugins.values()
    ]
    return page(
        "admin/plugins.html",
        rows=rows,
        safe=get_config().safe,
        may_install=get_config().install_in_pages and current_viewer().can("plugins.install"),
        outside=get_config().plugin_folder,
    )


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
