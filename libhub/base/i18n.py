"""Gettext for pages and for the command line.

Inside the application Flask-Babel knows the visitor's language; before there is an application (reading
the configuration, help texts of commands) the same catalogues are read in the default language.
"""

from functools import cache
from gettext import NullTranslations
from pathlib import Path
from typing import Any, cast

import flask_babel
from babel.support import Translations
from flask import Flask, current_app, has_app_context
from flask_babel.speaklater import LazyString

LOCALES = {"ru": "Русский", "en": "English"}
DEFAULT_LOCALE = "ru"
CATALOG_FOLDER = Path(__file__).parents[1] / "translations"


def _knows_visitor() -> bool:
    """Say whether Flask-Babel can be asked; while plugins are being loaded it is not there yet."""
    return has_app_context() and "babel" in current_app.extensions


@cache
def _default_catalog() -> NullTranslations:
    return Translations.load(str(CATALOG_FOLDER), [DEFAULT_LOCALE])


def _catalog() -> NullTranslations:
    """Return the catalogue of the language in force; it is asked for hundreds of times for a page."""
    if not _knows_visitor():
        return _default_catalog()
    # Where Flask-Babel keeps what it knows of this request; force_locale() puts this attribute aside meanwhile.
    known = flask_babel._get_current_context()
    if getattr(known, "babel_translations", None) is None:
        known.babel_translations = flask_babel.get_translations()
    return cast(NullTranslations, known.babel_translations)


def use_in_templates(app: Flask) -> None:
    """Let the templates of the application translate with the functions of this module."""
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda message: _catalog().gettext(message),
        ngettext=lambda singular, plural, num: _catalog().ngettext(singular, plural, num),
        newstyle=True,
    )


def gettext(message: str, /, **variables: Any) -> str:
    """Translate ``message`` and fill in its ``%(name)s`` places."""
    text = _catalog().gettext(message)
    return text % variables if variables else text


def ngettext(singular: str, plural: str, num: int, /, **variables: Any) -> str:
    """Translate a text that counts: ``%(num)d`` is the number."""
    return _catalog().ngettext(singular, plural, num) % {"num": num, **variables}


def lazy_gettext(message: str, /, **variables: Any) -> LazyString:
    """Translate at the moment of use: for labels of forms, permissions and settings."""
    return LazyString(gettext, message, **variables)


def add_catalog(folder: Path) -> None:
    """Know a plugin's texts before the application is complete: it names its commands while it is imported."""
    known, more = _default_catalog(), Translations.load(str(folder), [DEFAULT_LOCALE])
    if isinstance(known, Translations) and isinstance(more, Translations):
        known.merge(more)


def current_locale() -> str:
    """Return the visitor's language, ``ru`` or ``en``."""
    locale = flask_babel.get_locale() if _knows_visitor() else None
    return str(locale.language) if locale else DEFAULT_LOCALE


def in_every_language(label: str | LazyString) -> tuple[str, ...]:
    """Return a text in every language of the interface, each once; needs the application."""
    spelt = []
    for locale in LOCALES:
        with flask_babel.force_locale(locale):
            spelt.append(str(label))
    return tuple(dict.fromkeys(spelt))
