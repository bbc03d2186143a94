"""Tables of the sections: which are on, and their settings."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from libhub.base.audit import Audited
from libhub.base.db import UtcDateTime, db
from libhub.base.i18n import lazy_gettext as _l
from libhub.base.moments import now


class PluginState(Audited, db.Model):  # type: ignore[name-defined,misc]
    """Whether a section is switched on, and the last thing that went wrong in it."""

    __tablename__ = "core_plugin_state"
    __audit_label__ = _l("section")
    __audit_ignore__ = frozenset({"changed_at", "starter_loaded", "last_error", "last_error_at"})
    __audit_title__ = "plugin_id"
    __audit_called__ = {"plugin_id": _l("Section"), "enabled": _l("Switched on")}

    plugin_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    enabled: Mapped[bool]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    starter_loaded: Mapped[bool] = mapped_column(default=False, server_default=false())
    last_error: Mapped[str | None] = mapped_column(Text)
    last_error_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SettingValue(Audited, db.Model):  # type: ignore[name-defined,misc]
    """A setting that the librarian changed; what is not here has the default of its declaration."""

    __tablename__ = "core_setting"
    __audit_label__ = _l("setting")
    __audit_title__ = "name"
    __audit_called__ = {"plugin_id": _l("Section"), "name": _l("Setting"), "value": _l("Value")}

    plugin_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
