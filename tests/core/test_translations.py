"""Nothing of the interface is left in the other language, in the catalogues or on the pages."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask
from sqlalchemy import select

from libhub.accounts.permissions import ADMINISTRATOR, GUEST
from libhub.authoring import catalogs
from libhub.authoring.catalogs import Source
from libhub.base.db import db
from libhub.base.i18n import domain_of, gettext
from libhub.plugging.loading.registry import get_registry
from libhub.search.language import russian
from libhub.submissions.pending_uploads import NOTES
from libhub.testing.contract.texts import *  # noqa: F403 - all of it
from libhub.testing.contract.texts import PLACES, forms, key, texts
from tests import walking
from tests.walking import furnish
from tools.catalogs import sources

ROOT = Path(__file__).parents[2]
SOURCES = list(sources(ROOT))
_LATIN = re.compile(r"[A-Za-z_]{3,}")
_CYRILLIC_PART = re.compile(r"[А-Яа-яЁё](.*[А-Яа-яЁё])?")
_BETWEEN = re.compile(r"[,·:()—]")
_SCHOOL_CLASS = re.compile(r"\b\d{1,2}[А-Я]\b")
_ADDRESS = re.compile(r"\S*\w[./@:]+\w\S*")
_CODE = re.compile(r"[a-z_]+")


@pytest.fixture
def source() -> Source:
    """The catalogue of the core; the sections' own are held against the same by the contract."""
    return SOURCES[0]


# -- the catalogues -----------------------------------------------------------------------------------


def test_one_text_has_one_translation_in_all_catalogues() -> None:
    """Each section has its own words; those that ship with the hub call one thing by one name."""
    known: dict[str, list[str]] = {}
    for source in SOURCES:
        for text, message in texts(catalogs.read(source)).items():
            assert known.setdefault(text, forms(message)) == forms(message), text


def test_a_plugin_may_translate_while_it_is_imported(tmp_path: Path) -> None:
    catalog = Catalog("ru")
    catalog.add("A word of a trial plugin", "Слово пробного раздела")
    target = tmp_path / "ru" / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as stream:
        write_mo(stream, catalog)
    trial = domain_of("a_trial_plugin")
    trial.use(tmp_path)
    assert trial.gettext("A word of a trial plugin") == "Слово пробного раздела"
    assert trial.gettext("Sections") == gettext("Sections") == "Разделы"


def test_what_was_not_compiled_is_read_as_it_is_written(tmp_path: Path) -> None:
    written = tmp_path / "ru" / "LC_MESSAGES" / "messages.po"
    written.parent.mkdir(parents=True)
    written.write_text('msgid "A word of a written plugin"\nmsgstr "Слово"\n', encoding="utf-8")
    trial = domain_of("a_written_plugin")
    trial.use(tmp_path)
    assert trial.gettext("A word of a written plugin") == "Слово"
    assert trial.gettext("Sections") == "Разделы"
    assert list(written.parent.iterdir()) == [written]


# -- the pages ----------------------------------------------------------------------------------------


@dataclass
class Page(HTMLParser):
    """What a visitor reads on a page.

    Left out are code and what is marked ``translate="no"`` (names of fields, identifiers), which belong to no
    language, and what says itself by ``lang`` that it is in another one.
    """

    texts: list[str] = field(default_factory=list)
    _silent: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if self._silent:
            if tag == self._silent[-1]:
                self._silent.append(tag)
            return
        other_language = tag != "html" and "lang" in values
        if tag in {"script", "style", "code", "pre"} or values.get("translate") == "no" or other_language:
            self._silent.append(tag)
            return
        self.texts += [
            values[name] for name in ("title", "placeholder", "aria-label", "alt") if name in values
        ]

    def handle_endtag(self, tag: str) -> None:
        if self._silent and tag == self._silent[-1]:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts += [line.strip() for line in data.splitlines() if line.strip()]


def walk(app: Flask, role: str, locale: str) -> Iterator[tuple[str, Page]]:
    """Yield what is read on every page that somebody of this role sees, with things on it."""
    addresses, first = furnish(app)
    pages = [*([first] if locale == "ru" else []), *walking.walk(app, addresses, role, locale=locale)]
    for seen in pages:
        page = Page()
        page.feed(seen.html)
        yield str(seen), page


def content(app: Flask) -> set[str]:
    """Return the lines of text in the database and in the index: they are shown as people wrote them.

    A value that is one small Latin word is a code for which the pages have a label, so it does not count.
    """
    with app.app_context():
        rows = [row for table in db.metadata.sorted_tables for row in db.session.execute(select(table))]
        documents = [
            document
            for item_type in get_registry().item_types.values()
            for document in item_type.documents(list(item_type.keys()))
        ]
        values = [text for row in rows for value in row for text in texts_in(value)]
        values += [russian.clean(text) for document in documents for text in (document.title, document.text)]
    return {line.strip() for value in values for line in value.split("\n") if not _CODE.fullmatch(value)}


def texts_in(value: object) -> Iterator[str]:
    """Yield the texts of a value of a column; JSON holds some deep inside."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from texts_in(part)


@pytest.mark.parametrize("role", [GUEST, ADMINISTRATOR])
def test_russian_pages_have_no_english_words(app: Flask, role: str) -> None:
    messages = [message for source in SOURCES for message in catalogs.read(source) if message.id]
    english = {word.lower() for message in messages for word in _LATIN.findall(PLACES.sub("", key(message)))}
    neutral = {
        word.lower()
        for text in (form for message in messages for form in forms(message))
        for word in _LATIN.findall(PLACES.sub("", text))
    }
    pages = list(walk(app, role, "ru"))
    written = {_ADDRESS.sub(" ", line) for line in content(app)}
    allowed = neutral | {word.lower() for line in written for word in _LATIN.findall(line)}
    with app.app_context():
        allowed |= set(get_registry().plugins)
    number = 0
    for address, page in pages:
        number += 1
        for text in page.texts:
            words = {word.lower() for word in _LATIN.findall(_ADDRESS.sub(" ", text))}
            assert not words & english - allowed, f"{address}: {text}"
    assert number > 10


@pytest.mark.parametrize("role", [GUEST, ADMINISTRATOR])
def test_english_pages_have_no_russian_but_names_and_content(app: Flask, role: str) -> None:
    pages = list(walk(app, role, "en"))
    written = content(app) | {"ё and е"}  # the letters themselves are spoken of
    for kept in Path(app.instance_path, NOTES).glob("*.json"):  # imports of the examples: what files say
        written |= set(texts_in(json.loads(kept.read_text(encoding="utf-8"))))
    for address, page in pages:
        asked = unquote(address)  # a search box shows what was typed
        for text in page.texts:
            for part in _BETWEEN.split(_SCHOOL_CLASS.sub("", text)):  # a name and a class stand in one line
                russian = _CYRILLIC_PART.search(part)
                if russian:
                    assert any(russian.group() in line for line in [*written, asked]), f"{address}: {text}"
