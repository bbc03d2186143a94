"""Tables and bookmarks: what is written reads back, and what others wrote is understood."""

import io
from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from libhub.api import VISIBILITY
from libhub.kit.tables import Table, UnreadableFile, columns, csv_files, workbooks
from libhub.kit.validation import Invalid
from plugins.resources.exchange import importing
from plugins.resources.exchange.columns import COLUMNS, LAYOUT
from plugins.resources.rules import ResourceData
from plugins.resources.vocabulary import (
    ACCESS,
    AUDIENCES,
    ENCODINGS,
    KINDS,
    PLATFORMS,
    VERIFIABLE,
)

HEADER = "title,url,description"
texts = st.text(st.characters(codec="utf-8"), max_size=60) | st.sampled_from(
    [
        "=1+1",
        "+7 383",
        "-",
        "@name",
        "'=quoted",
        "''-",
        'say "a;b", c',
        "one\ntwo\r\nthree",
        "\ttab",
        "№ 1; 2",
    ]
)


def subset(values: Iterable[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(list(values)), unique=True).map(tuple)


resources = st.builds(
    ResourceData,
    title=texts.filter(lambda text: bool("".join(text.split()))),
    url=st.integers(0, 99).map(lambda number: f"https://example.org/{number}?q=a;b,c"),
    summary=texts,
    description=texts,
    how_to_enter=texts,
    staff_notes=texts,
    kind=st.sampled_from(list(KINDS)),
    access=st.sampled_from(list(ACCESS)),
    age=st.sampled_from([0, 6, 12, 16, 18]),
    visibility=st.sampled_from(list(VISIBILITY)),
    grade_from=st.none() | st.integers(1, 5),
    grade_to=st.none() | st.integers(5, 11),
    needs_internet=st.booleans(),
    search_template=st.sampled_from(["", "https://example.org/s?q={q}"]),
    search_encoding=st.sampled_from(ENCODINGS),
    unverified=subset(VERIFIABLE),
    checked_on=st.none() | st.dates(date(2000, 1, 1), date(2099, 1, 1)),
    cover=st.sampled_from(["", "ebook.svg"]),
    for_whom=subset(AUDIENCES),
    themes=st.lists(texts, max_size=4).map(tuple),
    platforms=subset(PLATFORMS),
)


def checked(data: ResourceData) -> ResourceData | None:
    try:
        return data.checked()
    except Invalid:
        return None


def as_read(data: ResourceData) -> dict[str, object]:
    """What a table says of a resource, with lists as sets."""
    return {
        name: frozenset(value) if isinstance(value, tuple) else value for name, value in vars(data).items()
    }


def read_back(table: Table) -> list[dict[str, object]]:
    found = []
    for row in table.rows:
        assert not row.problems
        found.append(as_read(ResourceData(**row.values).checked()))
    return found


def table_of(path: Path, content: str | bytes) -> Table:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return importing.read(path)


def test_every_field_has_a_column() -> None:
    assert {column.name for column in COLUMNS} == {item.name for item in fields(ResourceData)}


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(resources, min_size=1, max_size=3), st.sampled_from(["ru", "en"]), st.booleans())
def test_what_is_written_reads_back(
    tmp_path: Path, made: list[ResourceData], locale: str, xlsx: bool
) -> None:
    clean = [data for data in map(checked, made) if data is not None]
    path = tmp_path / "table"
    if xlsx:
        with path.open("wb") as file:
            workbooks.write(clean, LAYOUT, file, locale)
    else:
        path.write_text("".join(csv_files.write(clean, LAYOUT, locale)), encoding="utf-8", newline="")
    assert read_back(importing.read(path)) == [as_read(data) for data in clean]


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-1", "@a", "'=a", "\t=a"])
def test_a_spreadsheet_is_not_given_formulas(text: str) -> None:
    assert columns.safe_cell(text).startswith("'")
    assert columns.plain_cell(columns.safe_cell(text)) == text


def test_a_workbook_contains_no_formula() -> None:
    body = io.BytesIO()
    workbooks.write([ResourceData(title="=1+1", url="https://a.org")], LAYOUT, body)
    body.seek(0)
    assert load_workbook(body).worksheets[0]["A2"].data_type == "s"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_encodings_and_separators_are_found_out(tmp_path: Path, encoding: str, sign: str) -> None:
    text = f"title{sign}url{sign}description\r\nСказки{sign}https://a.org{sign}Добрые\r\n"
    row = next(table_of(tmp_path / "t", text.encode(encoding)).rows)
    assert (row.line, dict(row.values)) == (
        2,
        {"title": "Сказки", "url": "https://a.org", "description": "Добрые"},
    )


def test_one_damaged_letter_spoils_its_line_only(tmp_path: Path) -> None:
    good = "Сказки для самых маленьких".encode()
    content = b"title,url\n" + good + b",https://a.org\n" + good[:-1] + b",https://b.org\n"
    first, second = table_of(tmp_path / "t", content).rows
    assert not first.problems
    assert set(second.problems) == {"title"}


def test_headers_in_russian_and_unknown_ones(tmp_path: Path) -> None:
    table = table_of(tmp_path / "t", "Название;Адрес;Цвет;Возраст\nСказки;https://a.org;синий;6+\n")
    assert table.unused == ("Цвет",)
    assert next(table.rows).values == {"title": "Сказки", "url": "https://a.org", "age": 6}


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    table = table_of(tmp_path / "t", f'{HEADER}\nA,https://a.org,"one\ntwo"\n\nB,https://b.org,\n')
    assert [row.line for row in table.rows] == [2, 5]


def test_a_quotation_mark_left_open_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    rest = "".join(f"T{number},https://a.org/{number},\n" for number in range(20_000))
    rows = list(table_of(tmp_path / "t", f'{HEADER}\nA,https://a.org,"open\n{rest}').rows)
    assert rows[0].line == 2
    assert rows[0].problems
    assert len(rows) > 10_000


def test_too_many_cells_are_a_problem_of_the_line(tmp_path: Path) -> None:
    (row,) = table_of(tmp_path / "t", f"{HEADER}\nA,https://a.org,one, two\n").rows
    assert row.problems


def test_a_short_line_leaves_the_other_columns_alone(tmp_path: Path) -> None:
    (row,) = table_of(tmp_path / "t", f"{HEADER}\nA,https://a.org\n").rows
    assert set(row.values) == {"title", "url"}


@pytest.mark.parametrize(
    ("column", "cell"),
    [("age", "six"), ("grade_from", "1.5"), ("needs_internet", "maybe"), ("checked_on", "31.02.2026")],
)
def test_a_cell_that_will_not_do_is_named(tmp_path: Path, column: str, cell: str) -> None:
    (row,) = table_of(tmp_path / "t", f"url,{column}\nhttps://a.org,{cell}\n").rows
    assert set(row.problems) == {column}


def test_numbers_and_dates_of_a_workbook(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["title", "url", "age", "checked_on", "needs_internet"])  # type: ignore[union-attr]
    book.active.append([1984, "https://a.org", 16.0, date(2026, 9, 1), False])  # type: ignore[union-attr]
    book.save(tmp_path / "t")
    assert next(importing.read(tmp_path / "t").rows).values == {
        "title": "1984",
        "url": "https://a.org",
        "age": 16,
        "checked_on": date(2026, 9, 1),
        "needs_internet": False,
    }


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \n ",
        b"\x00\x01\x02" * 50,
        b"\xd0\xcf\x11\xe0old excel",
        b"PK\x03\x04not a workbook",
        b"name,link\nA,https://a.org\n",
        b"title,url,url\nA,https://a.org,x\n",
        b"<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p></DL>",
        b'"' * 200_000,
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadableFile) as refused:
        table_of(tmp_path / "t", content)
    assert len(str(refused.value)) < 500


def test_a_workbook_that_is_cut_off_is_refused_in_words(tmp_path: Path) -> None:
    body = io.BytesIO()
    workbooks.write([ResourceData(title="A", url="https://a.org")] * 50, LAYOUT, body)
    with pytest.raises(UnreadableFile):
        list(table_of(tmp_path / "t", body.getvalue()[:-200]).rows)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("libhub.kit.tables.reading.MAX_FILE_BYTES", 10)
    with pytest.raises(UnreadableFile):
        table_of(tmp_path / "t", f"{HEADER}\n")


BOOKMARKS = """<!DOCTYPE NETSCAPE-Bookmark-file-1>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<TITLE>Bookmarks</TITLE>
<H1>Bookmarks</H1>
<DL><p>
    <DT><H3 PERSONAL_TOOLBAR_FOLDER="true">Панель закладок</H3>
    <DL><p>
        <DT><H3>Сказки &amp; стихи</H3>
        <DL><p>
            <DT><A HREF="https://nukadeti.ru/?a=1&amp;b=2" ADD_DATE="1">Ну-ка, дети</A>
            <DD>Добрые сказки
        </DL><p>
        <DT><A HREF="https://example.org/"></A>
        <DT><A HREF="javascript:alert(1)">Button</A>
    </DL><p>
</DL><p>
"""


def test_bookmarks_bring_folders_as_themes(tmp_path: Path) -> None:
    table = table_of(tmp_path / "t", BOOKMARKS)
    first, second, third = table.rows
    assert table.only_new
    assert first.line == 10
    assert first.values["title"] == "Ну-ка, дети"
    assert first.values["url"] == "https://nukadeti.ru/?a=1&b=2"
    assert first.values["themes"] == ("Сказки & стихи",)
    assert first.values["description"].strip() == "Добрые сказки"
    assert (second.values["title"], second.values["themes"]) == ("example.org", ())
    with pytest.raises(Invalid):
        ResourceData(**third.values).checked()
