"""Up to which age mark somebody sees things: chosen by hand, by the date of birth, by the grade, as usual; a guest at a PC."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.ages import AgeRules, Limit, full_years, limit_of
from libhub.accounts.permissions import AGE_MARKS, LIBRARIAN, PARENT, STUDENT, TEACHER
from libhub.accounts.sessions import Account
from libhub.base import moments
from libhub.base.db import db, writing
from libhub.kiosk import computers
from libhub.kiosk.computers import Details
from libhub.plugging.settings import change_settings
from libhub.testing import PASSWORD, cookie_name, index_now, sign_in, viewer_with
from libhub.web import cookies
from plugins.resources import rules as resources
from plugins.resources.models import Resource
from plugins.resources.rules import ResourceData

RULES = AgeRules(guest=12, student=12, from_grade={12: 5, 16: 10})
BOOK = "Мастер и Маргарита"


def person(role: str = STUDENT, limit: int | None = None, born: date | None = None) -> Account:
    return Account(1, "masha", "Маша", role, limit, None, None, None, born, must_change_password=False)


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Return a function that makes it noon of a day."""

    def go(day: date) -> None:
        monkeypatch.setattr(moments, "clock", lambda: datetime(day.year, day.month, day.day, 5, tzinfo=UTC))

    return go


@pytest.mark.parametrize(
    ("grade", "years"), [(1, 6), (4, 6), (5, 12), (9, 12), (10, 16), (11, 16), (None, 12)]
)
def test_a_pupil_sees_what_the_grade_allows(app: Flask, grade: int | None, years: int) -> None:
    with app.test_request_context():
        assert limit_of(person(), grade, RULES).years == years


@pytest.mark.parametrize(
    ("born", "years"),
    [
        (date(2021, 1, 1), 0),
        (date(2020, 11, 27), 6),
        (date(2014, 11, 28), 6),
        (date(2014, 11, 27), 12),
        (date(2010, 11, 27), 16),
        (date(2008, 11, 27), 18),
        (date(2030, 1, 1), 0),
    ],
)
def test_a_date_of_birth_goes_before_the_grade(
    app: Flask, on: Callable[[date], None], born: date, years: int
) -> None:
    on(date(2026, 11, 27))
    with app.test_request_context():
        assert limit_of(person(born=born), 11, RULES).years == years


def test_what_was_chosen_by_hand_goes_before_all(app: Flask) -> None:
    with app.test_request_context():
        for limit in AGE_MARKS:
            for role in (STUDENT, PARENT, TEACHER):
                assert limit_of(person(role, limit, date(2019, 1, 1)), 1, RULES).years == limit


def test_grade_and_birth_date_say_nothing_of_who_is_no_pupil(app: Flask) -> None:
    with app.test_request_context():
        assert limit_of(person(PARENT, born=date(2015, 1, 1)), 3, RULES) == Limit(18)
        assert limit_of(None, None, RULES) == Limit(12)


def test_whoever_was_born_on_a_leap_day_grows_older_too() -> None:
    born = date(2012, 2, 29)
    assert [full_years(born, day) for day in (date(2024, 2, 28), date(2024, 2, 29))] == [11, 12]
    assert [full_years(born, day) for day in (date(2023, 2, 28), date(2023, 3, 1))] == [10, 11]


def test_the_librarian_moves_the_grades(app: Flask) -> None:
    with app.app_context():
        accounts.add_user(UserDetails("olya", "Оля", STUDENT, school_class="4А"), PASSWORD)
    assert viewer_with(app, "olya").age_limit == 6
    with app.app_context():
        change_settings("core", {"grade_of_12": "4"})
    assert viewer_with(app, "olya").age_limit == 12
    with app.app_context():
        change_settings("core", {"grade_of_12": "12", "grade_of_16": "12"})
    assert viewer_with(app, "olya").age_limit == 6


def test_an_eleventh_former_finds_what_a_first_former_does_not(app: Flask) -> None:
    with app.app_context():
        number = resources.save(ResourceData(title=BOOK, url="https://example.org/bulgakov", age=16))
        for name, school_class in (("first", "1Б"), ("eleventh", "11А")):
            accounts.add_user(UserDetails(name, name, STUDENT, school_class=school_class), PASSWORD)
    index_now(app)
    for name, finds in (("first", False), ("eleventh", True)):
        browser = sign_in(app, STUDENT, username=name)
        found = browser.get("/search.json", query_string={"q": BOOK}).json
        assert found is not None
        assert (BOOK in [each["title"] for each in found["results"]]) == finds
        assert (browser.get(f"/resources/{number}").status_code == 200) == finds
        assert (BOOK in browser.get("/resources/").text) == finds


def test_a_birthday_shows_more_that_day_also_on_pages_that_are_remembered(
    app: Flask, on: Callable[[date], None]
) -> None:
    with app.app_context():
        resources.save(ResourceData(title=BOOK, url="https://example.org/b", age=12))
        born = date(2014, 11, 28)
        accounts.add_user(UserDetails("kolya", "Коля", STUDENT, school_class="5А", birth_date=born), PASSWORD)
    index_now(app)
    on(date(2026, 11, 27))
    browser = sign_in(app, STUDENT, username="kolya")
    with app.app_context():
        change_settings("core", {"session_hours": 168})
    browser.get("/healthz")
    assert BOOK not in browser.get("/resources/").text
    assert BOOK not in browser.get("/resources/").text
    on(date(2026, 11, 28))
    browser = sign_in(app, STUDENT, username="kolya")
    assert BOOK in browser.get("/resources/").text
    on(date(2026, 11, 27))
    browser = sign_in(app, STUDENT, username="kolya")
    assert BOOK not in browser.get("/resources/").text


def test_the_page_of_a_person_says_where_the_limit_comes_from(
    app: Flask, as_viewer: Callable[..., FlaskClient]
) -> None:
    librarian = as_viewer(LIBRARIAN)
    with app.app_context():
        some = {
            "потому что 11 класс": UserDetails("a1", "А", STUDENT, school_class="11А"),
            "по дате рождения": UserDetails(
                "b1", "Б", STUDENT, school_class="11А", birth_date=date(2012, 1, 1)
            ),
            "выбрано для этого человека": UserDetails("c1", "В", STUDENT, 6, "11А"),
            "как обычно для учеников": UserDetails("d1", "Г", STUDENT),
        }
        numbers = {words: accounts.add_user(details, PASSWORD).id for words, details in some.items()}
    for words, number in numbers.items():
        assert words in librarian.get(f"/admin/users/{number}").text


# -- guests at a PC of the reading room -----------------------------------------------------------------------


def pc_of(app: Flask) -> FlaskClient:
    browser = app.test_client()
    with app.app_context():
        token = computers.settle(computers.add(Details("ПК у окна")))
    browser.set_cookie(cookie_name(browser, cookies.COMPUTER), token)
    return browser


def test_who_signs_out_at_a_pc_sees_no_more_than_before(app: Flask) -> None:
    with app.app_context():
        resources.save(ResourceData(title=BOOK, url="https://example.org/b", age=12))
        accounts.add_user(UserDetails("petya", "Петя", STUDENT, school_class="2А"), PASSWORD)
    index_now(app)
    pc, elsewhere = pc_of(app), app.test_client()
    for _time in range(2):  # the second time from memory
        assert BOOK in elsewhere.get("/resources/").text
        assert BOOK not in pc.get("/resources/").text
    pc.post("/auth/sign-in", data={"username": "petya", "password": PASSWORD})
    assert BOOK not in pc.get("/resources/").text
    pc.post("/auth/sign-out")
    assert BOOK not in pc.get("/resources/").text
    found = pc.get("/search.json", query_string={"q": BOOK}).json
    assert found is not None
    assert BOOK not in [each["title"] for each in found["results"]]
    assert BOOK in elsewhere.get("/resources/").text
    with app.app_context():
        change_settings("core", {"kiosk_guest_age": "12"})
    assert BOOK in pc.get("/resources/").text


def test_what_guests_see_at_a_pc_is_told_where_pcs_are_set_up(as_viewer: Callable[..., FlaskClient]) -> None:
    text = as_viewer(LIBRARIAN).get("/admin/computers/").text
    assert "до 6+" in text
    assert "#kiosk_guest_age" in text


# -- what nobody gave a mark ------------------------------------------------------------------------------------


def test_a_new_thing_waits_for_its_mark_and_the_librarian_is_told(
    app: Flask, as_viewer: Callable[..., FlaskClient]
) -> None:
    librarian, guest, parent, teacher = (
        as_viewer(LIBRARIAN),
        app.test_client(),
        as_viewer(PARENT),
        as_viewer(TEACHER),
    )
    form = {"title": BOOK, "url": "https://example.org/b", "kind": "other", "access": "free"}
    form |= {"visibility": "everyone", "search_encoding": "utf-8", "age": "", "cover": ""}
    answer = librarian.post("/resources/add", data=form, follow_redirects=True)
    assert "Возрастная метка не выбрана" in answer.text
    index_now(app)
    for browser, sees in ((guest, False), (parent, False), (teacher, True), (librarian, True)):
        assert (BOOK in browser.get("/resources/").text) == sees
        found = browser.get("/search.json", query_string={"q": BOOK}).json
        assert found is not None
        assert ([each["age"] for each in found["results"] if each["title"] == BOOK] == [None]) == sees
    assert "без метки" in teacher.get("/resources/").text
    assert "/resources/manage?state=unmarked" in librarian.get("/").text
    assert "state=unmarked" not in guest.get("/").text + teacher.get("/").text + parent.get("/").text
    table = librarian.get("/resources/manage?state=unmarked").text
    assert BOOK in table
    with app.app_context():
        number = db.session.scalar(sa.select(Resource.id).where(Resource.title == BOOK))
    preview = librarian.get(f"/resources/manage/preview?id={number}&change=age%3D6&state=unmarked").text
    assert "без метки" in preview
    seen = preview.partition(f'name="seen-{number}" value="')[2].partition('"')[0]
    librarian.post("/resources/manage/apply", data={"id": number, "change": "age=6", f"seen-{number}": seen})
    index_now(app)
    assert BOOK in guest.get("/resources/").text
    assert "state=unmarked" not in librarian.get("/").text


def test_a_table_that_has_no_room_for_things_without_a_mark_keeps_working(app: Flask) -> None:
    """So are those of sections from before there were such things: what was not chosen is 0+, as it was."""
    with app.app_context():
        with db.engine.begin() as connection:
            columns = sa.inspect(connection).get_columns("resources_resource")
            kinds = ", ".join(
                f"{each['name']} {each['type']}{' NOT NULL' if each['name'] == 'age' else ''}"
                f"{' PRIMARY KEY' if each['name'] == 'id' else ''}"
                for each in columns
            )
            connection.execute(sa.text("DROP TABLE resources_resource"))
            connection.execute(sa.text(f"CREATE TABLE resources_resource ({kinds})"))
        with writing():
            old = Resource(
                title="Старое",
                url="https://a.example.org",
                url_key="a",
                sort_title="",
                letter="",
                unverified=[],
            )
            old.kind = old.access = "other"
            db.session.add(old)
        assert old.age == 0
        assert db.session.scalar(sa.select(Resource.age)) == 0
