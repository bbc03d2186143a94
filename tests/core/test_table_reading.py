"""Tables as schools have them: workbooks of three kinds, CSV in whatever encoding, titles above, heads of two rows, days."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from libhub.kit import tables
from libhub.kit.tables import Column, Layout, UnreadableFile

LAYOUT = Layout(
    (
        Column("surname", "Фамилия", ""),
        Column("name", "ФИО", "", synonyms=("Ф.И.О. ученика", "Ученик")),
        Column("first", "Имя", ""),
        Column("born", "Дата рождения", "", tables.day),
        Column("number", "Номер", "", synonyms=("№ личного дела",)),
    ),
    needed=(),
)
TITLES = "Список учеников\nна 1 сентября 2026 года\n\n"


def read(path: Path, content: bytes | str, encoding: str = "utf-8") -> list[dict[str, object]]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return [dict(row.values) for row in tables.read_table(path, LAYOUT).rows]


def test_titles_above_are_stepped_over(tmp_path: Path) -> None:
    rows = read(tmp_path / "t", f"{TITLES}№;Ф. И. О. ученика;Дата рождения\n1;Ёлкин Пётр;1.2.15\n")
    assert rows == [{"name": "Ёлкин Пётр", "born": date(2015, 2, 1)}]


def test_a_head_of_two_rows_is_one(tmp_path: Path) -> None:
    head = "ФИО ученика;;Дата;№ личного дела\nФамилия;Имя;рождения;\n"
    rows = read(tmp_path / "t", f"{TITLES}{head}Ёлкин;Пётр;01.02.2015;007\n")
    assert rows == [{"surname": "Ёлкин", "first": "Пётр", "born": date(2015, 2, 1), "number": "007"}]


def test_what_is_no_title_is_a_row(tmp_path: Path) -> None:
    rows = read(tmp_path / "t", "ФИО;Номер\nИмя;Фамилия\nЁлкин;2\n")
    assert [row["name"] for row in rows] == ["Имя", "Ёлкин"], "two known headers are not better than two"


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv_of_every_encoding(tmp_path: Path, encoding: str, sign: str) -> None:
    text = f"{TITLES}ФИО{sign}Номер\r\nЩукин Пётр{sign}001\r\n"
    assert read(tmp_path / "t", text, encoding) == [{"name": "Щукин Пётр", "number": "001"}]


def test_columns_can_be_chosen_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "t"
    path.write_text("Кто;Когда;Зачем\nПётр;1.2.2015;так\n", encoding="utf-8")
    look = tables.look_at_table(path, LAYOUT)
    assert look.headers == ("Кто", "Когда", "Зачем")
    assert look.columns == ("", "", "")
    assert look.samples == (("Пётр", "1.2.2015", "так"),)
    table = tables.read_table(path, LAYOUT, columns=("name", "born", ""))
    assert table.unused == ("Зачем",)
    assert next(table.rows).values == {"name": "Пётр", "born": date(2015, 2, 1)}
    with pytest.raises(UnreadableFile):
        tables.read_table(path, LAYOUT, columns=("name", "name", ""))


@pytest.mark.parametrize(
    "written",
    [
        "01.02.2015", "1.2.15", "1.2.2015 г.", "2015-02-01", "2015-02-01 00:00:00", "01/02/2015", "1 февраля 2015",
        "1 февраля 2015 г.", "«1» ФЕВРАЛЯ 2015 года", "1 фев. 2015", "42036", "01-02-2015",
    ],
)  # fmt: skip
def test_a_day_however_it_is_written(written: str) -> None:
    assert tables.day(written) == date(2015, 2, 1)


@pytest.mark.parametrize(
    "written", ["31.02.2015", "1 мартобря 2015", "12", "2015", "скоро", "0.0.0", "9999999"]
)
def test_what_is_no_day_is_told(written: str) -> None:
    with pytest.raises(ValueError, match="2026-09-01"):
        tables.day(written)


@given(st.dates(date(1900, 3, 1), date(2030, 12, 31)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_day_reads_back(each: date) -> None:
    serial = (each - date(1899, 12, 30)).days
    for written in (each.isoformat(), f"{each:%d.%m.%Y}", *([str(serial)] if serial > 9_999 else [])):
        assert tables.day(written) == each


def book(tmp_path: Path) -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(["Список"])
    sheet.merge_cells("A1:C1")
    sheet.append(["ФИО", "Дата рождения", "Номер"])
    sheet.append(["Ёлкин Пётр", date(2015, 2, 1), "007"])
    sheet["F9"] = " "
    body = io.BytesIO()
    made.save(body)
    return body.getvalue()


def test_a_number_that_is_a_text_keeps_its_noughts(tmp_path: Path) -> None:
    assert read(tmp_path / "t", book(tmp_path)) == [
        {"name": "Ёлкин Пётр", "born": date(2015, 2, 1), "number": "007"}
    ]


def test_an_empty_sheet_before_the_filled_one_is_passed(tmp_path: Path) -> None:
    made = Workbook()
    filled = made.create_sheet("Второй")
    filled.append(["ФИО"])
    filled.append(["Пётр"])
    body = io.BytesIO()
    made.save(body)
    assert read(tmp_path / "t", body.getvalue()) == [{"name": "Пётр"}]


def refused(path: Path, content: bytes) -> str:
    with pytest.raises(UnreadableFile) as error:
        read(path, content)
    return str(error.value)


def test_a_cell_far_away_costs_no_memory(tmp_path: Path) -> None:
    """Five kilobytes that want half a terabyte: the reader's process is lost, not the worker."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet["A1"] = "ФИО"
    sheet.cell(1_048_576, 16_384, "x")
    body = io.BytesIO()
    made.save(body)
    assert refused(tmp_path / "t", body.getvalue())


def test_a_workbook_that_unpacks_to_very_much_is_not_read(
    tmp_path: Path,
) -> None:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in range(3):
            with packed.open(f"xl/worksheets/{name}.xml", "w", force_zip64=True) as member:
                for _each in range(400):
                    member.write(b" " * 1024 * 1024)
    assert "слишком большая" in refused(tmp_path / "t", body.getvalue())


def test_an_empty_workbook_is_empty(tmp_path: Path) -> None:
    body = io.BytesIO()
    Workbook().save(body)
    assert "пуст" in refused(tmp_path / "t", body.getvalue())
