"""How a browser is called in words, for whoever looks where a session goes on: «Chrome в Windows»."""

from typing import Final

from libhub.base.i18n import LazyString
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l

_BROWSERS: Final = (
    ("YaBrowser/", _l("Yandex Browser")),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("MiuiBrowser/", "Mi Browser"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""By a word of how they call themselves; most say, after their own name, that they are Chrome and Safari, too."""
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def in_words(calls_itself: str) -> str:
    """Return a browser and its system in words, of what it says in the header ``User-Agent``."""
    browser = _first(_BROWSERS, calls_itself)
    system = _first(_SYSTEMS, calls_itself)
    if browser and system:
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system or _("A program that does not say which one it is")


def _first(names: tuple[tuple[str, str | LazyString], ...], text: str) -> str:
    return next((str(name) for word, name in names if word in text), "")
