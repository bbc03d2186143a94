"""Text comes through one door: no form, no command and no file brings in signs that no table and no page can show."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from flask import Flask
from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Mapper

from libhub.base.db import Base, db
from libhub.base.mapping import every_mapper
from libhub.base.section_of import section_of
from libhub.base.text import tidied
from libhub.testing import make_app, release
from libhub.testing.walking import CORE, Address, Examples, Seen, browser_of
from libhub.testing.wrong_forms import sent_with

UNSHOWABLE: Final = "\x07\x00\x1b\x0b\x85\x9f\ufffe"
"""What forms are sprinkled with: bytes that a browser may send. Half characters come from elsewhere."""


@pytest.fixture(scope="module")
def sprinkled(
    copied: Callable[[], Path], seen: list[Seen], furnished: tuple[list[Address], Seen]
) -> Iterator[tuple[Flask, list[tuple[str, int]]]]:
    """A hub into which every form was sent with unshowable signs in each of its texts, and how it answered."""
    app = make_app(copied())
    yield app, list(sent_with(app, seen, UNSHOWABLE))
    release(app)


def test_no_form_breaks_on_an_unshowable_sign(sprinkled: tuple[Flask, list[tuple[str, int]]]) -> None:
    assert [f"{where}: {status}" for where, status in sprinkled[1] if status >= 500] == []


def test_no_unshowable_sign_gets_into_the_database(sprinkled: tuple[Flask, list[tuple[str, int]]]) -> None:
    found = []
    with sprinkled[0].app_context():
        for table in Base.metadata.tables.values():
            columns = [each for each in table.columns if isinstance(each.type, (String, JSON))]
            for row in db.session.execute(select(*columns)) if columns else ():
                found += [
                    f"{table.name}.{column.name}: {value!r}"[:200]
                    for column, value in zip(columns, row, strict=True)
                    if tidied(value) != value
                ]
    assert not found, "\n".join(found)


def test_every_page_and_file_comes_afterwards(
    sprinkled: tuple[Flask, list[tuple[str, int]]], furnished: tuple[list[Address], Seen]
) -> None:
    browser = browser_of(sprinkled[0], "administrator")
    broken = []
    for address in furnished[0]:
        with browser.get(address.path) as answer:
            answer.get_data()
        if answer.status_code >= 500:
            broken.append(f"{address.path}: {answer.status_code}")
    assert not broken


def test_every_text_of_every_row_is_tidy_at_once(house: Flask, examples: dict[str, Examples]) -> None:
    """Whoever sets it: rules, imports, commands."""
    with house.app_context():
        for mapper, name in _texts(examples):
            row = mapper.class_()
            setattr(row, name, f"a{UNSHOWABLE}\ud800\r\nb")
            assert getattr(row, name) == "a\nb", f"{mapper.class_.__name__}.{name}"


def _texts(sections: dict[str, Examples]) -> Iterator[tuple[Mapper[Any], str]]:
    for mapper in every_mapper(Base.registry):
        if (section_of(mapper.class_.__module__) or CORE) in sections:
            for attribute in mapper.column_attrs:
                if isinstance(attribute.columns[0].type, (String, JSON)):
                    yield mapper, attribute.key
