"""What was changed of settings, those of the hub or of a section, and the way back."""

from flask import abort, request, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response as AnyResponse

from libhub.base.audit import AuditEntry
from libhub.base.db import db
from libhub.base.i18n import gettext as _
from libhub.kit.history import setting_changes
from libhub.kit.history.reading import changes_of
from libhub.kit.pages.editing import attempt
from libhub.pages.admin.sections import blueprint
from libhub.plugging import settings
from libhub.web.gate import requires
from libhub.web.paging import paginate
from libhub.web.rendering.pages import page

PER_PAGE = 20


def history_address(plugin_id: str) -> str:
    """Return the address of the history of a section's settings, or of the hub's."""
    return url_for(_endpoint("history", plugin_id), plugin_id=plugin_id)


def _endpoint(what: str, plugin_id: str) -> str:
    return f"admin.{'hub' if plugin_id == settings.CORE else 'plugin'}_settings_{what}"


@blueprint.get("/settings/history", defaults={"plugin_id": settings.CORE})
@requires("settings.manage")
def hub_settings_history(plugin_id: str) -> AnyResponse:
    """Show what was changed of the settings of the hub, the newest first."""
    return _show(plugin_id, _("Settings"), url_for("admin.hub_settings"))


@blueprint.get("/plugins/<plugin_id>/settings/history")
@requires("plugins.manage")
def plugin_settings_history(plugin_id: str) -> AnyResponse:
    """Show what was changed of the settings of a section."""
    if not settings.declared(plugin_id):
        abort(404)
    name = setting_changes.section_name(plugin_id)
    return _show(plugin_id, name, url_for("admin.plugin_settings", plugin_id=plugin_id))


@blueprint.post("/settings/history/<int:entry>", defaults={"plugin_id": settings.CORE})
@requires("settings.manage")
def hub_settings_revert(plugin_id: str, entry: int) -> AnyResponse:
    """Make a setting of the hub what it was before a change."""
    return _revert(plugin_id, entry)


@blueprint.post("/plugins/<plugin_id>/settings/history/<int:entry>")
@requires("plugins.manage")
def plugin_settings_revert(plugin_id: str, entry: int) -> AnyResponse:
    """Make a setting of a section what it was before a change."""
    if not settings.declared(plugin_id):
        abort(404)
    return _revert(plugin_id, entry)


def _show(plugin_id: str, title: str, settings_url: str) -> AnyResponse:
    keys = [f"{plugin_id}/{name}" for name in settings.declared(plugin_id)]
    here = (AuditEntry.subject_type == setting_changes.TABLE, AuditEntry.subject_key.in_(keys))
    found = paginate(select(AuditEntry).where(*here).order_by(AuditEntry.id.desc()), PER_PAGE)
    newest = select(AuditEntry.subject_key, func.max(AuditEntry.id)).where(*here)
    return page(
        "admin/settings_history.html",
        title=title,
        plugin_id=plugin_id,
        settings_url=settings_url,
        endpoint=_endpoint("revert", plugin_id),
        found=found,
        changes=changes_of(found.items),
        seen={key: number for key, number in db.session.execute(newest.group_by(AuditEntry.subject_key))},
        pages=[each for each in found.iter_pages() if each] if found.pages > 1 else [],
        page_url=lambda number: f"{history_address(plugin_id)}?page={number}",
    )


def _revert(plugin_id: str, entry: int) -> AnyResponse:
    seen = request.form.get("seen", "")
    number = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 11 else 0
    return attempt(
        lambda: setting_changes.bring_setting_back(plugin_id, entry, number),
        history_address(plugin_id),
        lambda title: _(
            "“%(title)s” is as it was. This is a change like any other: it can be undone.", title=title
        ),
    )
