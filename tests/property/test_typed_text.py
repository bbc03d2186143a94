"""Any text at all: through the one door, into the database, into tables for spreadsheets."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import JSON, Engine, String, create_engine, literal, select
from werkzeug.datastructures import MultiDict

from libhub.base.db import ENGINE_OPTIONS, prepare_engine
from libhub.base.text import MOST, is_key, parse_day, parse_number, tidied, tidy
from libhub.kit.tables import csv_files, workbooks
from libhub.kit.tables.columns import Column, Layout
from libhub.web.lifecycle import EXACT, TidyValues

TEXTS = st.text(st.characters(exclude_categories=())) | st.text(
    "\x00\x07\x0b\r\n\t\x1f\x7f\x85\ud800\udfff\ufffe'=aЖ"
)
VALUES = st.recursive(
    TEXTS | st.integers() | st.booleans() | st.none(),
    lambda some: st.lists(some, max_size=3) | st.dictionaries(TEXTS, some, max_size=3),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """A database as the hub has one, with nothing in it."""
    made = create_engine("sqlite://", **ENGINE_OPTIONS)
    prepare_engine(made)
    yield made
    made.dispose()


@given(TEXTS)
def test_what_is_tidy_can_be_shown_and_stays_as_it_is(text: str) -> None:
    clean = tidied(text)
    assert clean == tidy(text) == tidied(clean)
    clean.encode()
    assert "\r" not in clean
    assert all(sign in "\t\n" or ord(sign) >= 32 for sign in clean)


@given(VALUES)
def test_every_text_of_a_value_is_tidy(value: object) -> None:
    clean = tidied(value)
    assert tidied(clean) == clean
    json.dumps(clean, ensure_ascii=False).encode()


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=4).filter(lambda pairs: not EXACT & dict(pairs).keys()))
def test_what_a_browser_sends_is_tidy(pairs: list[tuple[str, str]]) -> None:
    wanted = [(tidy(name), tidy(value)) for name, value in pairs]
    for sent in (pairs, MultiDict(pairs)):
        assert sorted(TidyValues(sent).items(multi=True)) == sorted(wanted)


@given(text=TEXTS)
def test_the_database_takes_any_text_and_keeps_what_can_be_shown(engine: Engine, text: str) -> None:
    with engine.connect() as connection:
        assert connection.scalar(select(literal(text, String))) == tidy(text)
        assert connection.execute(select(literal(text, String)), [{}]).scalar() == tidy(text)


@given(value=VALUES)
def test_the_database_takes_any_json(engine: Engine, value: object) -> None:
    with engine.connect() as connection:
        assert connection.scalar(select(literal(value, JSON(none_as_null=False)))) == tidied(value)


@dataclass
class Thing:
    """What stands in a line of a table."""

    name: str


LAYOUT = Layout((Column("name", "имя", "its name"),), ("name",))


@given(TEXTS, TEXTS)
def test_a_workbook_stands_any_text(title: str, text: str) -> None:
    body = workbooks.workbook(title, [text], [[text], [text]])
    sheet = load_workbook(io.BytesIO(body)).worksheets[0]
    assert sheet.max_row in (1, 2, 3)


@given(TEXTS)
def test_a_table_stands_any_text_and_is_read_back(text: str) -> None:
    things = [Thing(text), Thing("last")]
    body = io.BytesIO()
    workbooks.write(things, LAYOUT, body)
    lines = "".join(csv_files.write(things, LAYOUT))
    lines.encode()
    for rows, _last, _unused in (workbooks.read(body.getvalue(), LAYOUT), csv_files.read(lines, LAYOUT)):
        names = [str(row.values["name"]) for row in rows]
        assert names[-1] == "last"
        assert all(tidied(name) == name for name in names)


@given(TEXTS | st.integers().map(str))
def test_a_number_of_an_address_is_one_that_a_row_can_have(text: str) -> None:
    number = parse_number(text)
    assert number is None or (0 <= number <= MOST and int(text) == number)
    assert is_key(text) == (number is not None and str(number) == text)


@given(TEXTS | st.dates().map(str) | st.text("0123456789-W٣", max_size=12))
def test_a_day_of_an_address_can_be_reckoned_with(text: str) -> None:
    day = parse_day(text)
    assert day is None or (day.isoformat() == text and 1900 <= day.year <= 2200)
