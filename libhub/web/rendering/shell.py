"""What every page shows around its content: name of the library, menu, language, visitor."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask, request

from libhub import __version__
from libhub.accounts.viewer import Viewer
from libhub.base.i18n import LOCALES, current_locale
from libhub.base.i18n import gettext as _
from libhub.caching.remembering import remember
from libhub.config import get_config
from libhub.notices import notices
from libhub.plugging import calls, settings, state
from libhub.plugging.records import NavItem
from libhub.web.rendering.addresses import url_for
from libhub.web.rendering.assets import icon_names
from libhub.web.visitor import current_viewer

ADMIN_PAGES: tuple[tuple[str, str, str, Callable[[], str]], ...] = (
    ("plugins.manage", "admin.plugins", "layout-grid", lambda: _("Sections")),
    ("users.manage", "users.index", "users", lambda: _("People")),
    ("users.manage", "classes.index", "graduation-cap", lambda: _("Classes")),
    ("settings.manage", "admin.hub_settings", "settings", lambda: _("Settings")),
    ("kiosk.manage", "computers.index", "monitor", lambda: _("Reading room")),
    ("search.manage", "search_admin.searches", "text-search", lambda: _("Searches")),
    ("reports.read", "admin.report", "chart-column", lambda: _("Report")),
    ("audit.read", "audit.index", "history", lambda: _("Change log")),
)

MAX_ADDRESS = 2_000
PLAIN_ICON = "layout-grid"
"""Stands where a section names an icon that the hub does not have."""


@dataclass(frozen=True)
class Crumb:
    """A step of the way from the home page; the last one has no address."""

    label: str
    url: str | None = None


def init_app(app: Flask) -> None:
    """Give every template the shell's values."""
    app.context_processor(_values)
    app.jinja_env.globals["crumb"] = Crumb
    app.jinja_env.globals["url_for"] = url_for


def _values() -> dict[str, Any]:
    viewer = current_viewer()
    return {
        "viewer": viewer,
        "here": here(),
        "emblem": settings.get_setting(settings.CORE, "emblem"),
        "library_name": settings.get_setting(settings.CORE, "library_name") or "LibHub",
        "menu": menu,
        "unread_notices": unread_notices,
        "admin_menu": admin_menu,
        "locale": current_locale(),
        "locales": LOCALES,
        "version": __version__,
        "how_started": how_started(),
        "search_text": request.args.get("q", "") if request.endpoint == "search.index" else "",
    }


def how_started() -> list[str]:
    """Return what everybody has to know of how the hub was started; as a rule nothing."""
    config = get_config()
    said = []
    if config.safe:
        said.append(_("Safe start: no section is loaded, search finds nothing. Nothing of them is lost."))
    if config.reload:
        said.append(_("This hub is being worked on (--reload): it shows its errors whole to everybody."))
    return said


def here() -> str:
    """Return the address of this page, to come back to; of one with a pasted text in it, the page alone."""
    address = request.full_path.rstrip("?")
    return address if len(address) <= MAX_ADDRESS else request.path


def menu() -> list[NavItem]:
    """Return the plugins' menu entries in order."""
    viewer = current_viewer()
    return remember(("menu", viewer, request.script_root), lambda: _read_menu(viewer))


def _read_menu(viewer: Viewer) -> list[NavItem]:
    answers = calls.call("nav_items", viewer=viewer)
    items = [_with_known_icon(plugin_id, item) for plugin_id, some in answers for item in some]
    return sorted(items, key=lambda item: (item.order, item.label))


def _with_known_icon(plugin_id: str, item: NavItem) -> NavItem:
    """Give an entry a plain icon where there is none of its name."""
    if not item.icon or item.icon in icon_names():
        return item
    calls.note_warning(plugin_id, "nav_items", _("there is no icon “%(name)s”", name=item.icon[:40]))
    return replace(item, icon=PLAIN_ICON)


def unread_notices() -> int:
    """Return how many notices wait for this visitor; none for a guest."""
    user_id = current_viewer().user_id
    if user_id is None:
        return 0
    return remember(("unread", user_id), lambda: notices.count_unread(user_id, state.enabled_plugins()))


def admin_menu() -> list[NavItem]:
    """Return the pages of the house-keeping menu that this visitor may use."""
    viewer = current_viewer()
    return [
        NavItem(label(), url_for(endpoint), icon=icon)
        for permission, endpoint, icon, label in ADMIN_PAGES
        if viewer.can(permission) or (endpoint == "classes.index" and viewer.classes)
    ]
