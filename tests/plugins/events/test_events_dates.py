"""Memorable dates: the starter's are enough, right in form, and how long ago is always worked out."""

import re
import tomllib
from collections import Counter
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from libhub.base.db import db
from libhub.base.errors import LibHubError
from plugins.events import memorable_dates, starter
from plugins.events.memorable_dates import DateData
from plugins.events.models import MemorableDate

TEXT = (starter.FOLDER / "dates.toml").read_text(encoding="utf-8")
ENTRIES = tomllib.loads(TEXT)["date"]
FORMS = {
    1: "год",
    2: "года",
    3: "года",
    4: "года",
    5: "лет",
    11: "лет",
    21: "год",
    22: "года",
    25: "лет",
    111: "лет",
    225: "лет",
}


def test_there_are_enough_of_every_kind() -> None:
    kinds = Counter(
        entry.get("kind", "birthday" if entry["on"].count("-") == 2 else "day") for entry in ENTRIES
    )
    assert len(ENTRIES) >= 120
    assert kinds["birthday"] >= 100
    assert kinds["day"] >= 30
    assert {entry["on"][-5:-3] for entry in ENTRIES} == {f"{month:02}" for month in range(1, 13)}


def test_every_entry_is_a_day_once_with_a_name_that_can_be_spoken() -> None:
    assert len({(entry["title"], entry["on"]) for entry in ENTRIES}) == len(ENTRIES)
    for entry in ENTRIES:
        *year, month, day = map(int, entry["on"].split("-"))
        date(year[0] if year else 2024, month, day)
        if year and "kind" not in entry:
            assert entry["whom"], entry
            assert 1500 < year[0] < 2000
        assert not re.search(r"\d+\s*(лет|год)", entry["title"] + entry.get("about", "")), (
            "a number of years is typed"
        )


def test_names_are_in_the_right_case() -> None:
    """A Russian surname after «со дня рождения» differs from the name itself; foreign ones may not change."""
    unchanged = {
        "О. Генри",
        "Джоан Роулинг",
        "Астрид Линдгрен",
        "Элинор Портер",
        "Джанни Родари",
        "Туве Янссон",
        "Карло Коллоди",
    }
    for entry in ENTRIES:
        if "whom" in entry and entry["title"] == entry["whom"]:
            assert entry["title"] in unchanged, entry
        if "whom" in entry and " " in entry["title"] and entry["title"].split()[1].endswith("вич"):
            assert entry["whom"].split()[1].endswith("вича"), entry
        if "whom" in entry and " " in entry["title"] and entry["title"].split()[1].endswith("вна"):
            assert entry["whom"].split()[1].endswith("вны"), entry


def test_the_dates_of_the_old_style_are_those_of_the_new_one() -> None:
    """Births of which both dates are known beyond doubt, to notice a day that was left by the old calendar."""
    known = {
        "Александр Сергеевич Пушкин": "1799-06-06",  # 26 May
        "Михаил Юрьевич Лермонтов": "1814-10-15",  # 3 October
        "Николай Васильевич Гоголь": "1809-04-01",  # 20 March
        "Лев Николаевич Толстой": "1828-09-09",  # 28 August
        "Антон Павлович Чехов": "1860-01-29",  # 17 January
        "Фёдор Михайлович Достоевский": "1821-11-11",  # 30 October
        "Корней Иванович Чуковский": "1882-03-31",  # 19 March
        "Самуил Яковлевич Маршак": "1887-11-03",  # 22 October
        "Владимир Иванович Даль": "1801-11-22",  # 10 November
        "Дмитрий Иванович Менделеев": "1834-02-08",  # 27 January
        "Михаил Васильевич Ломоносов": "1711-11-19",  # 8 November
        "Сергей Павлович Королёв": "1907-01-12",  # 30 December 1906
        "Исаак Ньютон": "1643-01-04",  # 25 December 1642
    }
    written = {entry["title"]: entry["on"] for entry in ENTRIES}
    assert {name: written[name] for name in known} == known


@pytest.mark.parametrize(("years", "form"), FORMS.items())
def test_the_number_of_years_is_worked_out_with_its_right_form(app: Flask, years: int, form: str) -> None:
    row = MemorableDate(
        kind="birthday", title="Владимир Даль", whom="Владимира Даля", day=22, month=11, year=1801
    )
    with app.test_request_context():
        assert memorable_dates.words(row, 1801 + years) == f"{years} {form} со дня рождения Владимира Даля"
        with force_locale("en"):
            assert memorable_dates.words(row, 1801 + years).startswith(f"{years} year")
        row.kind = "happened"
        assert memorable_dates.words(row, 1801 + years) == f"Владимир Даль: {years} {form} назад"
        row.kind, row.year = "day", None
        assert memorable_dates.words(row, 2026) == "Владимир Даль"


def test_this_year_is_dals_anniversary(app: Flask) -> None:
    with app.test_request_context():
        found = {each.text: each for each in memorable_dates.between(date(2026, 11, 22), date(2026, 11, 22))}
        assert found["225 лет со дня рождения Владимира Ивановича Даля"].anniversary
        (other,) = [
            each
            for each in memorable_dates.between(date(2027, 11, 22), date(2027, 11, 22))
            if "Даля" in each.text
        ]
        assert (other.text[:3], other.anniversary) == ("226", False)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.dates(date(2024, 1, 1), date(2028, 12, 31)), length=st.integers(0, 70))
def test_a_stretch_of_days_holds_what_its_days_hold(app: Flask, start: date, length: int) -> None:
    end = date.fromordinal(start.toordinal() + length)
    with app.test_request_context():
        together = memorable_dates.between(start, end)
        single = [
            each for number in range(length + 1) for day in [date.fromordinal(start.toordinal() + number)]
            for each in memorable_dates.between(day, day)
        ]  # fmt: skip
    assert together == single


def test_the_29th_of_february_is_remembered_every_year(quiet: Flask) -> None:
    with quiet.test_request_context():
        memorable_dates.save(DateData("birthday", "Россини", 29, 2, 1792))
        for year, day in ((2024, 29), (2026, 28)):
            (found,) = memorable_dates.between(date(year, 2, 1), date(year, 3, 1))
            assert found.day == date(year, 2, day)


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"kind": "x"},
        {"year": None},
        {"year": 3000},
        {"day": 31, "month": 4},
        {"day": 0},
        {"month": 13},
        {"about": "х" * 501},
    ],
)
def test_what_is_no_date_is_refused(quiet: Flask, wrong: dict[str, object]) -> None:
    values = {"kind": "birthday", "title": "Имя", "day": 1, "month": 4, "year": 1900, **wrong}
    with quiet.test_request_context(), pytest.raises(LibHubError):
        memorable_dates.save(DateData(**values))  # type: ignore[arg-type]


def test_the_librarian_edits_and_deletes_and_puts_back(
    quiet: Flask, librarian: FlaskClient, client: FlaskClient
) -> None:
    form = {
        "kind": "birthday",
        "title": "Даль",
        "whom": "Даля",
        "about": "Словарь",
        "day": "22",
        "month": "11",
        "year": "1801",
    }
    assert librarian.post("/events/dates/add", data=form).status_code == 302
    assert "225 лет со дня рождения Даля" in client.get("/events/dates?date=2026-11-01").text
    with quiet.app_context():
        number = db.session.scalars(select(MemorableDate.id)).one()
    assert librarian.post(f"/events/dates/{number}/edit", data={**form, "day": "31"}).status_code == 422
    assert (
        librarian.post(f"/events/dates/{number}/edit", data={**form, "whom": "Владимира Даля"}).status_code
        == 302
    )
    deleted = librarian.post(f"/events/dates/{number}/delete", follow_redirects=True).text
    assert "Владимира Даля" not in client.get("/events/dates?date=2026-11-01").text
    again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', deleted))
    librarian.post("/events/dates/put-back", data=again)
    assert "Владимира Даля" in client.get("/events/dates?date=2026-11-01").text
    assert client.post(f"/events/dates/{number}/delete").status_code == 302
