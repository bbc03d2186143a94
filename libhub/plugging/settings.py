"""Settings that the librarian edits: declared by the core and by plugins, stored when they differ."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select

from libhub.base.db import db, read_rows, writing
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.caching.remembering import remember
from libhub.plugging.models import SettingValue
from libhub.plugging.records import Setting
from libhub.plugging.registry import get_registry

CORE: Final = "core"
_AGE_CHOICES = tuple((str(age), f"{age}+") for age in (0, 6, 12, 16, 18))

CORE_SETTINGS: Final = (
    Setting("library_name", _l("Name of the library"), "", help=_l("Shown at the top of every page.")),
    Setting(
        "emblem",
        _l("Emblem of the school"),
        "",
        type="picture",
        help=_l("A picture that stands before the name, best a square one."),
    ),
    Setting(
        "welcome",
        _l("Greeting on the home page"),
        "",
        help=_l("One short line above the search box."),
    ),
    Setting("home_cards", _l("Order of the home page"), "", in_form=False),
    Setting(
        "guest_age",
        _l("Age mark up to which guests see things"),
        "12",
        type="choice",
        choices=_AGE_CHOICES,
        help=_l("Guests are also pupils at a shared computer."),
    ),
    Setting(
        "student_age",
        _l("Age mark up to which pupils see things"),
        "12",
        type="choice",
        choices=_AGE_CHOICES,
        help=_l("An account may have a limit of its own."),
    ),
    Setting(
        "ask_librarian",
        _l("How to ask the librarian"),
        "",
        help=_l("Shown where a search found nothing: the room, the hours, a phone number."),
    ),
    Setting(
        "search_days",
        _l("Days for which searches are counted"),
        180,
        type="integer",
        least=0,
        most=1100,
        help=_l("What was searched, without names; 0 counts nothing and deletes what there is."),
    ),
    Setting(
        "file_mb",
        _l("Largest file, in megabytes"),
        100,
        type="integer",
        least=1,
        most=10_000,
        help=_l("The settings of the installation may allow less."),
    ),
    Setting(
        "file_types",
        _l("Kinds of files that may be attached"),
        "pdf, docx, pptx, xlsx, odt, odp, ods, epub, fb2, fb2zip, rtf, txt, md, csv, html, doc, xls, ppt, "
        "jpeg, png, webp, gif, mp3, m4a, ogg, wav, flac, mp4, webm, ogv",
        help=_l("A file is judged by its content, not by its name. Known besides these: svg, zip."),
    ),
)

FILES_QUOTA: Final = Setting(
    "files_quota_mb",
    _l("Room for files, in megabytes"),
    0,
    type="integer",
    least=0,
    most=10_000_000,
    help=_l("All files of this section together; 0 sets no limit."),
)
"""Of every section whose items have files."""


_EVERY = select(
    SettingValue.__table__.c.plugin_id, SettingValue.__table__.c.name, SettingValue.__table__.c.value
)


def declared(plugin_id: str) -> Mapping[str, Setting]:
    """Return the settings that a plugin (or ``core``) declares, by name."""
    if plugin_id == CORE:
        return {setting.name: setting for setting in CORE_SETTINGS}
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
