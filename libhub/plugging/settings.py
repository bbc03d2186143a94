"""Settings that the librarian edits: those of the core and of plugins, stored when they differ from the default."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select

from libhub.base.db import db, read_rows, writing
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.caching.remembering import remember
from libhub.plugging.core_settings import CORE_SETTINGS, FILES_QUOTA
from libhub.plugging.loading.registry import get_registry
from libhub.plugging.models import SettingValue
from libhub.plugging.records import Setting

CORE: Final = "core"
_CORE_BY_NAME: Final = {setting.name: setting for setting in CORE_SETTINGS}
_EVERY = select(
    SettingValue.__table__.c.plugin_id, SettingValue.__table__.c.name, SettingValue.__table__.c.value
)


def declared(plugin_id: str) -> Mapping[str, Setting]:
    """Return the settings that a plugin (or ``core``) declares, by name."""
    if plugin_id == CORE:
        return _CORE_BY_NAME
    plugin = get_registry().plugins.get(plugin_id)
    if plugin is None:
        return {}
    has_files = any(item_type.editable for item_type in plugin.item_types)
    settings = [*plugin.settings, FILES_QUOTA] if has_files else plugin.settings
    return {setting.name: setting for setting in settings}


def get_setting(plugin_id: str, name: str) -> Any:
    """Return the value in force.

    :raises KeyError: no such setting was declared.
    """
    default = declared(plugin_id)[name].default
    return _stored().get((plugin_id, name), default)


def _stored() -> Mapping[tuple[str, str], Any]:
    return remember("settings", _read)


def _read() -> Mapping[tuple[str, str], Any]:
    return {(plugin_id, name): value for plugin_id, name, value in read_rows(_EVERY)}


def parse(setting: Setting, text: str) -> str | int | bool:
    """Turn what was typed into a value of the setting's type.

    :raises LibHubError: it is not one.
    """
    if setting.type == "boolean":
        return text in {"1", "on", "true", "y"}
    if setting.type == "choice":
        if text not in {value for value, _label in setting.choices}:
            raise LibHubError(_("%(label)s: choose one of the values offered.", label=setting.label))
        return text
    if setting.type == "integer":
        least, most = setting.least, setting.most
        try:
            number = int(text)
        except ValueError as error:
            raise LibHubError(_("%(label)s: a whole number is needed.", label=setting.label)) from error
        if (least is not None and number < least) or (most is not None and number > most):
            raise LibHubError(
                _("%(label)s: from %(least)s to %(most)s.", label=setting.label, least=least, most=most)
            )
        return number
    if len(text) > 1000:
        raise LibHubError(_("%(label)s: at most %(most)d characters.", label=setting.label, most=1000))
    return text.strip()


def change_settings(plugin_id: str, values: Mapping[str, str | int | bool]) -> None:
    """Store new values; the next request of every worker uses them."""
    settings = declared(plugin_id)
    with writing():
        for name, value in values.items():
            row = db.session.get(SettingValue, (plugin_id, name))
            if row is not None:
                row.value = value
            elif value != settings[name].default:
                db.session.add(SettingValue(plugin_id=plugin_id, name=name, value=value))
