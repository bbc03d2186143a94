"""Gettext for pages and for the command line: the core has its texts, and every section has its own.

What a section says is looked for in its own catalogue, then in the core's; what the core says, only in the core's.
Flask-Babel knows the visitor's language. Before there is an application (reading the configuration, help texts of
commands) the default language is spoken.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any, Final, Self

import flask_babel
from babel.support import Translations
from flask_babel.speaklater import LazyString as LazyString

from libhub.base.application import app_setting, has_app_context

LOCALES = {"ru": "Русский", "en": "English"}
DEFAULT_LOCALE = "ru"
CATALOG_FOLDER = Path(__file__).parents[1] / "translations"
_DAY: Final = {"ru": "dd.MM.y", "en": "d MMM y"}
"""How a day stands in a sentence, in Babel's letters; a moment has the time behind it."""


class Domain:
    """The texts of the core (``section`` is empty) or of one section, in every language."""

    def __init__(self, section: str, folder: Path | None = None) -> None:
        self.section = section
        self._folder = folder
        self._catalogs: dict[str, NullTranslations] = {}

    def use(self, folder: Path) -> None:
        """Read the catalogues of this folder from now on; it need not be there."""
        self._folder = folder
        self._catalogs = {}

    def catalog(self) -> NullTranslations:
        """Return the catalogue of the language in force; it is asked for hundreds of times for a page."""
        language = current_locale()
        try:
            return self._catalogs[language]
        except KeyError:
            return self._load(language)

    def gettext(self, message: str, /, **variables: Any) -> str:
        """Translate ``message`` and fill in its ``%(name)s`` places."""
        text = self.catalog().gettext(message)
        return text % variables if variables else text

    def ngettext(self, singular: str, plural: str, num: int, /, **variables: Any) -> str:
        """Translate a text that counts: ``%(num)d`` is the number."""
        return self.catalog().ngettext(singular, plural, num) % {"num": num, **variables}

    def lazy_gettext(self, message: str, /, **variables: Any) -> "LazyText":
        """Translate at the moment of use: for labels of forms, permissions and settings, and for notices."""
        return LazyText(self, message, variables)

    def lazy_ngettext(self, singular: str, plural: str, num: int, /, **variables: Any) -> "LazyText":
        """Translate a text that counts at the moment of use."""
        return LazyText(self, singular, variables, plural, num)

    def _load(self, language: str) -> NullTranslations:
        loaded = _read(self._folder, language) if self._folder else NullTranslations()
        if self.section:
            loaded.add_fallback(domain_of("").catalog())
        self._catalogs[language] = loaded
        return loaded


def _read(folder: Path, language: str) -> NullTranslations:
    """Read the catalogue of a language; one that its author has not compiled yet is compiled in memory."""
    written = folder / language / "LC_MESSAGES" / "messages.po"
    if not written.is_file() or written.with_suffix(".mo").is_file():
        found: NullTranslations = Translations.load(str(folder), [language])
        return found
    from babel.messages.mofile import write_mo  # slow to import, and of no use where all is compiled
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with written.open("rb") as stream:
        write_mo(compiled, read_po(stream, locale=language))
    compiled.seek(0)
    return Translations(compiled)


@cache
def domain_of(section: str) -> Domain:
    """Return the texts of a section by its id; the core's for an empty one."""
    return Domain(section, None if section else CATALOG_FOLDER)


class LazyText(LazyString):  # type: ignore[misc]
    """A text that is translated where it is read, and may be kept until then.

    Days and moments among its values are told as the reader's language writes them.
    """

    def __init__(
        self, domain: Domain, message: str, values: Mapping[str, Any], plural: str = "", num: int = 0
    ) -> None:
        super().__init__(domain.gettext, message)
        self.domain, self.message, self.plural, self.num = domain, message, plural, num
        self.values = values

    def __str__(self) -> str:
        """Say it in the language in force."""
        values = {name: _told(value) for name, value in self.values.items()}
        if self.plural:
            return self.domain.ngettext(self.message, self.plural, self.num, **values)
        return self.domain.gettext(self.message, **values)

    def kept(self) -> dict[str, Any]:
        """Return all of it as JSON knows it."""
        values = {name: _kept(value) for name, value in self.values.items()}
        counted = {"plural": self.plural, "num": self.num} if self.plural else {}
        return {"section": self.domain.section, "message": self.message, "values": values, **counted}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Return what :meth:`kept` kept."""
        values = {name: _unkept(value) for name, value in kept["values"].items()}
        domain = domain_of(kept["section"])
        return cls(domain, kept["message"], values, kept.get("plural", ""), kept.get("num", 0))

    def is_known(self) -> bool:
        """Say whether the language in force has words for it: those of the sources are English."""
        return current_locale() == "en" or self.domain.catalog().gettext(self.message) != self.message


def _told(value: object) -> object:
    """Return a value as it stands in a sentence."""
    if not isinstance(value, date) or not has_app_context():
        return value
    day = _DAY[current_locale()]
    if isinstance(value, datetime):
        return flask_babel.format_datetime(value, f"{day} HH:mm", rebase=value.tzinfo is not None)
    return flask_babel.format_date(value, day)


def _kept(value: object) -> object:
    """Return a value as JSON knows it; what is no plain one says in a word of what kind it is."""
    if isinstance(value, LazyText):
        return {"text": value.kept()}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


def _unkept(value: Any) -> object:
    if not isinstance(value, dict):
        return value
    [(kind, inside)] = value.items()
    return _READ[kind](inside)


_READ: Final[Mapping[str, Callable[[Any], object]]] = {
    "text": LazyText.of,
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
}


def keep(text: "str | LazyString") -> tuple[str, dict[str, Any] | None]:
    """Return a text as a table keeps it: in the language of the hub, and what it takes to say it in another."""
    with in_language(app_setting("BABEL_DEFAULT_LOCALE")):
        return str(text), text.kept() if isinstance(text, LazyText) else None


def read_kept(text: str, message: Mapping[str, Any] | None) -> str:
    """Return what :func:`keep` kept, in the language in force.

    Where that has no words for it any more (an update changed them), it is said as it was told.
    """
    if message is None:
        return text
    kept = LazyText.of(message)
    try:
        return str(kept) if kept.is_known() else text
    except (KeyError, TypeError, ValueError):  # a translation with other places for values than the text has
        return text


_core = domain_of("")
gettext, ngettext = _core.gettext, _core.ngettext
lazy_gettext, lazy_ngettext = _core.lazy_gettext, _core.lazy_ngettext


def current_locale() -> str:
    """Return the visitor's language, ``ru`` or ``en``; the default one where there is no application."""
    locale = flask_babel.get_locale()
    return str(locale.language) if locale else DEFAULT_LOCALE


@contextmanager
def in_language(locale: str) -> Iterator[None]:
    """Speak this language inside the block; needs the application."""
    with flask_babel.force_locale(locale):
        yield


def by_language(label: str | LazyString) -> dict[str, str]:
    """Return a text by language of the interface; needs the application."""
    spelt = {}
    for locale in LOCALES:
        with in_language(locale):
            spelt[locale] = str(label)
    return spelt


def in_every_language(label: str | LazyString) -> tuple[str, ...]:
    """Return a text in every language of the interface, each once; needs the application."""
    return tuple(dict.fromkeys(by_language(label).values()))
