"""Settings in the log: what they are called, what they were, and the way back."""

from typing import Any

from sqlalchemy import select

from libhub.base.audit import AuditEntry
from libhub.base.db import db, writing
from libhub.base.errors import LibHubError
from libhub.base.i18n import current_locale
from libhub.base.i18n import gettext as _
from libhub.kit.history.differences import NOTHING, FieldChange
from libhub.plugging.loading.registry import get_registry
from libhub.plugging.models import SettingValue
from libhub.plugging.records import Setting
from libhub.plugging.settings import CORE, change_settings, declared, parse

TABLE = SettingValue.__tablename__


def section_name(plugin_id: object) -> str:
    """Return what a section is called; its id where it is not there any more, nothing for none."""
    if plugin_id is None:
        return NOTHING
    if plugin_id == CORE:
        return _("The hub")
    plugin = get_registry().plugins.get(str(plugin_id))
    return plugin.name(current_locale()) if plugin is not None else str(plugin_id)


def _setting(key: str) -> tuple[str, str, Setting | None]:
    plugin_id, _slash, name = key.partition("/")
    return plugin_id, name, declared(plugin_id).get(name)


def setting_title(key: str) -> str:
    """Return what people call the setting of a key of the log, ``core/welcome``."""
    plugin_id, name, setting = _setting(key)
    title = str(setting.label) if setting is not None else name
    return title if plugin_id == CORE else f"{title} ({section_name(plugin_id)})"


def keys_called(text: str) -> list[str]:
    """Return the keys of the settings in whose name a text occurs."""
    some = [(CORE, each) for each in declared(CORE).values()]
    some += [(id_, each) for id_ in get_registry().plugins for each in declared(id_).values()]
    return [f"{id_}/{each.name}" for id_, each in some if text.casefold() in str(each.label).casefold()]


def setting_fields(entry: AuditEntry) -> list[FieldChange]:
    """Return what became of a setting: one field."""
    _plugin, _name, setting = _setting(entry.subject_key)
    old, new = (_told(setting, _value(setting, side)) for side in (entry.before, entry.after))
    label = str(setting.label) if setting is not None else _("Value")
    return [FieldChange("value", label, old, new, setting is not None)]


def _value(setting: Setting | None, side: dict[str, Any] | None) -> Any:
    """Return what was in force; where nothing was stored, what the declaration says."""
    if side is not None and "value" in side:
        return side["value"]
    return setting.default if setting is not None else None


def _told(setting: Setting | None, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None or value == "":
        return NOTHING
    if setting is not None and setting.type == "picture":
        return _("a picture")
    if setting is not None and not setting.in_form:
        return _("arranged on its own page")
    labels = dict(setting.choices) if setting is not None else {}
    return str(labels.get(str(value), value))


def newest_setting_entry(key: str) -> int:
    """Return the number of the newest entry about a setting: whoever brings it back says what they saw."""
    query = select(AuditEntry.id).where(AuditEntry.subject_type == TABLE, AuditEntry.subject_key == key)
    return int(db.session.scalar(query.order_by(AuditEntry.id.desc()).limit(1)) or 0)


def bring_setting_back(plugin_id: str, entry_id: int, seen: int) -> str:
    """Make a setting what it was before an entry; return what it is called.

    :param seen: the newest entry about it that the person saw.
    :raises LibHubError: it was changed meanwhile, or the value will not do any more.
    """
    with writing():
        entry = db.session.get(AuditEntry, entry_id)
        key = entry.subject_key if entry is not None and entry.subject_type == TABLE else ""
        owner, name, setting = _setting(key)
        if entry is None or setting is None or owner != plugin_id:
            raise LibHubError(_("There is no such change of it."))
        if newest_setting_entry(key) != seen:
            raise LibHubError(
                _("It was changed meanwhile, so nothing was brought back. Look at the newest change first.")
            )
        value = _value(setting, entry.before)
        if setting.type != "picture" and setting.in_form:
            value = parse(setting, ("1" if value else "") if isinstance(value, bool) else str(value))
        change_settings(plugin_id, {name: value})
        return str(setting.label)
