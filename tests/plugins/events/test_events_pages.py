"""The calendar's pages through HTTP: who sees what, the editor's form, feeds, the hall's screen."""

import io
import re
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from PIL import Image
from sqlalchemy import func, select

from libhub.accounts import accounts, classes
from libhub.accounts.models import User
from libhub.accounts.permissions import PARENT
from libhub.accounts.school_class import ClassName
from libhub.api import attach, today
from libhub.base.audit import AuditEntry
from libhub.base.db import db, writing
from libhub.testing import counted_queries, forget_remembered, form_of, index_now, sign_in
from plugins.events import rooms, rules
from plugins.events.exchange import importing
from plugins.events.models import Booking, Event, FeedLink, Occurrence, Period
from plugins.events.pages.calendar import CARD_EVENTS
from plugins.events.schedule import categories, school_year, series
from plugins.events.schedule.wall_clock import DAY

Typed = Callable[..., dict[str, Any]]
VIEWS = ("/events/", "/events/week", "/events/agenda", "/events/today", "/events/print")


def number_of(app: Flask, title: str) -> int:
    with app.app_context():
        found = db.session.scalar(select(Event.id).where(Event.title == title, Event.series_id.is_(None)))
        assert found is not None
        return found


def make(app: Flask, factory: ModuleType, title: str, **more: Any) -> int:
    with app.test_request_context():
        return int(rules.create(factory.event(title, **more)).event_id)


def test_an_event_is_added_found_changed_and_archived(
    quiet: Flask, librarian: FlaskClient, client: FlaskClient, typed: Typed
) -> None:
    answer = librarian.post("/events/add", data=typed(), follow_redirects=True)
    assert "Сохранено" in answer.text
    number = number_of(quiet, "Встреча с писателем")
    shown = client.get(f"/events/{number}").text
    for words in ("вторник, 1 декабря 2026", "15:00–16:30", "5–7 классы", "Для учеников", "6+", "Вторая"):
        assert words in shown, words
    assert 'itemtype="https://schema.org/Event"' in shown
    assert "https://schema.org/EventScheduled" in shown
    index_now(quiet)
    found = client.get("/search.json?q=писатель").json["results"]
    assert [hit["url"] for hit in found if hit["plugin"] == "events"] == [f"/events/{number}"]
    assert "1 декабря 2026" in client.get("/search?q=писатель").text
    changed = typed(title="Другая встреча", state="moved", first_day="2026-12-02")
    librarian.post(f"/events/{number}/edit", data=changed)
    page = client.get(f"/events/{number}").text
    assert "Перенесено: раньше было назначено на 1 декабря, 15:00" in page
    assert "https://schema.org/EventRescheduled" in page
    librarian.post(f"/events/{number}/cancel", data={"wanted": "1"})
    assert "не состоится" in client.get(f"/events/{number}").text
    librarian.post(f"/events/{number}/archive")
    assert client.get(f"/events/{number}").status_code == 404
    assert "Другая встреча" in librarian.get("/events/manage?state=archived").text
    librarian.post(f"/events/{number}/restore")
    assert client.get(f"/events/{number}").status_code == 200
    with quiet.app_context():
        logged = select(func.count()).where(AuditEntry.subject_type == "events_event")
        assert (db.session.scalar(logged) or 0) >= 5


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "Нужно название"),
        ({"end_time": "14:00"}, "раньше, чем начинается"),
        ({"first_day": ""}, "Нужен день"),
        ({"start_time": ""}, "Напишите время"),
        ({"how": "daily", "until": "2026-11-01"}, "раньше, чем начинается событие"),
        ({"how": "daily", "until": "2030-11-01"}, "500"),
        ({"how": "weekly", "excluded": "вчера"}, "не дата вида"),
        ({"places": "-5", "registration": "y"}, "Мест может быть"),
        ({"category_id": "999"}, "вариант|значение|Недопуст|выбор"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_typed_is_lost(
    quiet: Flask, librarian: FlaskClient, typed: Typed, changes: dict[str, str], words: str
) -> None:
    answer = librarian.post("/events/add", data=typed(description="Особые слова", **changes))
    assert answer.status_code == 422
    assert re.search(words, answer.text), re.findall(r'class="error">([^<]*)', answer.text)
    assert "Особые слова" in answer.text
    with quiet.app_context():
        assert db.session.scalar(select(func.count()).select_from(Event)) == 0


def test_the_form_comes_back_as_it_was_saved(quiet: Flask, librarian: FlaskClient, typed: Typed) -> None:
    sent = typed(
        how="weekly",
        interval="2",
        weekdays=["TU", "TH"],
        until="2027-01-31",
        excluded="08.12.2026",
        added="09.12.2026",
    )
    librarian.post("/events/add", data=sent)
    number = number_of(quiet, "Встреча с писателем")
    form = librarian.get(f"/events/{number}/edit").text
    for piece in (
        'value="2027-01-31"',
        'value="09.12.2026"',
        'name="interval" type="number" value="2"',
        'name="scope" value="following"',
    ):
        assert piece in form, piece
    assert re.search(r'checked[^>]*value="TH"', form)
    with quiet.app_context():
        keys = db.session.scalars(select(Occurrence.recurrence).where(Occurrence.series_id == number)).all()
        assert "2026-12-09T15:00" in keys


def test_of_a_series_one_day_changes_by_the_form(
    quiet: Flask, librarian: FlaskClient, client: FlaskClient, typed: Typed
) -> None:
    sent = typed(how="daily", until="2026-12-05")
    librarian.post("/events/add", data=sent)
    number = number_of(quiet, "Встреча с писателем")
    one = {**sent, "first_day": "2026-12-03", "title": "С гостем", "scope": "this"}
    librarian.post(f"/events/{number}/edit?on=2026-12-03T15:00", data=one)
    agenda = client.get("/events/agenda?date=2026-12-01").text
    assert (agenda.count(">Встреча с писателем</a>"), agenda.count(">С гостем</a>")) == (4, 1)
    librarian.post(f"/events/{number}/leave-out?on=2026-12-04T15:00")
    assert client.get("/events/agenda?date=2026-12-01").text.count(">Встреча с писателем</a>") == 3
    for scope in ("following", "all"):
        shown = {**sent, "first_day": "2026-12-02", "title": f"Стало {scope}", "scope": scope}
        librarian.post(f"/events/{number}/edit?on=2026-12-02T15:00", data=shown)
    assert "Стало following" in client.get("/events/agenda?date=2026-12-01").text


@pytest.mark.parametrize("path", VIEWS)
def test_nobody_sees_what_is_not_for_them(
    quiet: Flask,
    factory: ModuleType,
    librarian: FlaskClient,
    pupil: FlaskClient,
    client: FlaskClient,
    path: str,
) -> None:
    things = {
        "Для всех": {},
        "Черновик": {"state": "draft"},
        "Для вошедших": {"visibility": "signed_in"},
        "Для сотрудников": {"visibility": "staff"},
        "Для взрослых": {"age": 18},
    }
    numbers = {title: make(quiet, factory, title, **more) for title, more in things.items()}
    seen = {
        client: {"Для всех"},
        pupil: {"Для всех", "Для вошедших"},
        librarian: set(things),
    }
    with quiet.app_context():
        day = today() + DAY
    for browser, titles in seen.items():
        text = browser.get(f"{path}?date={day}").text
        if path == "/events/":
            text = browser.get(f"/events/today?date={day}").text
        drafts = (
            {"Черновик"} if path == "/events/print" else set()
        )  # what is not announced is not hung on a wall
        assert {title for title in things if title in text} == titles - drafts
        for title, number in numbers.items():
            for page in ("", "/poster", "/event.ics"):
                status = browser.get(f"/events/{number}{page}").status_code
                wanted = 200 if title in titles else 404
                assert status == wanted, (title, page)


def test_filters_narrow_the_calendar_down(quiet: Flask, factory: ModuleType, client: FlaskClient) -> None:
    with quiet.test_request_context():
        club = categories.save("Кружок чтения", "blue", "star")
        room = rooms.save_place("Малый зал", None)
    make(quiet, factory, "Кружок", category_id=club)
    make(quiet, factory, "В зале", place_id=room)
    make(quiet, factory, "Родителям", for_whom="parents")
    make(quiet, factory, "Старшим", for_whom="pupils", grade_from=9, grade_to=11)
    everything = {"Кружок", "В зале", "Родителям", "Старшим"}
    for query, wanted in (
        ("", everything),
        (f"category={club}", {"Кружок"}),
        (f"place={room}", {"В зале"}),
        ("for=parents", {"Кружок", "В зале", "Родителям"}),
        ("grade=10", {"Кружок", "В зале", "Старшим"}),
        ("grade=5", {"Кружок", "В зале"}),
        ("grade=my", everything),
    ):
        text = client.get(f"/events/agenda?{query}").text
        assert {title for title in everything if f">{title}</a>" in text} == wanted, query
    parts = client.get("/events/week", headers={"HX-Request": "true"}).text
    assert "<html" not in parts
    assert "<h1>" in parts


def test_my_class_is_the_class_of_the_account(quiet: Flask, factory: ModuleType, pupil: FlaskClient) -> None:
    with quiet.app_context(), writing():
        user = accounts.find_user("pupil")
        assert user is not None
        user.school_class = classes.find_or_make(ClassName(5, "А"))
    make(quiet, factory, "Пятым", for_whom="pupils", grade_from=5, grade_to=5)
    make(quiet, factory, "Шестым", for_whom="pupils", grade_from=6, grade_to=6)
    assert "Для моего класса, 5А" in pupil.get("/events/").text
    text = pupil.get("/events/agenda?grade=my").text
    assert ">Пятым</a>" in text
    assert ">Шестым</a>" not in text


def test_a_month_is_whole_weeks_from_monday_in_russian(quiet: Flask, client: FlaskClient) -> None:
    text = client.get("/events/?date=2026-12-15").text
    assert "<h1>Декабрь 2026</h1>" in text
    assert re.findall(r'<abbr title="([^"]*)">', text) == [
        "понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье",
    ]  # fmt: skip
    days = re.findall(r'class="day" href="/events/today\?date=([\d-]+)"', text)
    assert (days[0], days[-1], len(days)) == ("2026-11-30", "2027-01-03", 35)
    assert "23–29 ноября 2026" in client.get("/events/week?date=2026-11-24").text
    assert "28 декабря 2026 — 3 января 2027" in client.get("/events/week?date=2027-01-01").text
    assert "<h1>Вторник, 1 декабря 2026</h1>" in client.get("/events/today?date=2026-12-01").text
    for strange in ("1700-01-01", "x", "9999-12-31", "2026-02-30"):
        assert client.get(f"/events/?date={strange}").status_code == 200


def test_a_full_day_shows_a_few_and_says_how_many_more(
    quiet: Flask, factory: ModuleType, client: FlaskClient
) -> None:
    for place in range(7):
        make(quiet, factory, f"Номер {place}", hour=9 + place)
    with quiet.app_context():
        day = today() + DAY
    assert "и ещё 3" in client.get(f"/events/?date={day}").text
    assert client.get(f"/events/print?date={day}").text.count("Номер ") == 7


def test_the_month_costs_the_same_with_many_events(
    quiet: Flask, factory: ModuleType, librarian: FlaskClient
) -> None:
    make(quiet, factory, "Первое")
    librarian.get("/events/")
    forget_remembered(quiet)
    with counted_queries(quiet) as few:
        librarian.get("/events/")
    for place in range(20):
        make(quiet, factory, f"Номер {place}", rule="FREQ=DAILY;COUNT=5")
    forget_remembered(quiet)
    with counted_queries(quiet) as many:
        librarian.get("/events/")
    assert len(few) == len(many) <= 12


def test_feeds_carry_what_each_may_see_and_can_be_revoked(
    quiet: Flask, factory: ModuleType, pupil: FlaskClient, client: FlaskClient
) -> None:
    make(quiet, factory, "Для всех")
    signed = make(quiet, factory, "Для вошедших", visibility="signed_in", registration=True)
    make(quiet, factory, "Черновик", state="draft")
    pupil.post(f"/events/{signed}/sign-up", data={"on": key_of(quiet, signed)})

    def titles(path: str) -> set[str]:
        answer = client.get(path)
        assert answer.status_code == 200, path
        return {str(event["summary"]) for event in Calendar.from_ical(answer.data).walk("VEVENT")}

    assert titles("/events/feeds/all.ics") == {"Для всех"}
    made = pupil.post("/events/feeds/link", follow_redirects=True).text
    everything, mine = re.findall(r"<code>http://localhost(/events/feeds/person/[^<]*)</code>", made)
    assert titles(everything) == {"Для всех", "Для вошедших"}
    assert titles(mine) == {"Для вошедших"}
    with quiet.app_context():
        assert not [row for row in db.session.scalars(select(FeedLink.token_hash)) if row in everything]
    again = pupil.post("/events/feeds/link", follow_redirects=True).text
    assert client.get(everything).status_code == 404, "a new address ends the old one"
    fresh = re.findall(r"<code>http://localhost(/events/feeds/person/[^<]*)</code>", again)[0]
    with quiet.app_context(), writing():
        db.session.get_one(User, pupil_id()).active = False
    assert client.get(fresh).status_code == 404, "a disabled account"
    with quiet.app_context(), writing():
        db.session.get_one(User, pupil_id()).active = True
    assert client.get(fresh).status_code == 200
    pupil.post("/auth/sign-in", data={"username": "pupil", "password": "правильный пароль"})
    pupil.post("/events/feeds/revoke")
    assert client.get(fresh).status_code == 404
    assert client.get("/events/feeds/person/x/all.ics").status_code == 404
    assert client.post("/events/feeds/link").status_code == 302


def pupil_id() -> int:
    user = accounts.find_user("pupil")
    assert user is not None
    return user.id


def key_of(app: Flask, number: int) -> str:
    with app.app_context():
        return str(db.session.scalar(select(Occurrence.recurrence).where(Occurrence.series_id == number)))


def test_a_feed_tells_changes_by_sequence_and_status(
    quiet: Flask, factory: ModuleType, librarian: FlaskClient, client: FlaskClient
) -> None:
    with quiet.test_request_context():
        category = categories.save("Кружок чтения", "blue", "star")
    number = make(quiet, factory, "Встреча", category_id=category, organiser="Клуб", description="а; б, в\nг")

    def event() -> Any:
        (found,) = Calendar.from_ical(client.get(f"/events/feeds/category/{category}.ics").data).walk(
            "VEVENT"
        )
        return found

    first = event()
    assert (first["sequence"], first["status"], str(first["description"])) == (0, "CONFIRMED", "а; б, в\nг")
    assert first["categories"].to_ical().decode() == "Кружок чтения"
    etag = client.get("/events/feeds/all.ics").headers["ETag"]
    assert client.get("/events/feeds/all.ics", headers={"If-None-Match": etag}).status_code == 304
    librarian.post(f"/events/{number}/cancel", data={"wanted": "1"})
    second = event()
    assert (second["uid"], second["sequence"], second["status"]) == (first["uid"], 1, "CANCELLED")
    assert client.get("/events/feeds/all.ics", headers={"If-None-Match": etag}).status_code == 200
    assert client.get("/events/feeds/category/999.ics").status_code == 404
    body = client.get("/events/feeds/all.ics").text
    for line in ("X-WR-CALNAME:", "BEGIN:VTIMEZONE", "TZID:Asia/Novosibirsk", "VERSION:2.0"):
        assert line in body
    assert all(len(line.encode()) <= 75 for line in body.split("\r\n"))


def test_what_was_exported_comes_back_unchanged(
    quiet: Flask, factory: ModuleType, client: FlaskClient
) -> None:
    with quiet.test_request_context():
        number = rules.create(factory.event("Ряд", rule="FREQ=WEEKLY;COUNT=4")).event_id
        keys = db.session.scalars(select(Occurrence.recurrence).where(Occurrence.series_id == number)).all()
        series.cancel(number, keys[1], series.THIS)
        series.leave_out(number, keys[2])
    body = client.get("/events/feeds/all.ics").data
    with quiet.test_request_context():
        report = importing.import_calendar(body, importing.Defaults(), dry_run=False)
        assert (report.added, report.changed, report.unchanged, report.problems) == (0, 0, 1, [])


def test_the_screen_in_the_hall_shows_what_a_guest_may_see(
    quiet: Flask, factory: ModuleType, librarian: FlaskClient
) -> None:
    assert "просто ждёт вас" in librarian.get("/events/display").text
    make(quiet, factory, "Сегодня вечером", days=0, hour=23)
    make(quiet, factory, "Завтра")
    make(quiet, factory, "Тайна", visibility="staff")
    make(quiet, factory, "Черновик", state="draft")
    text = librarian.get("/events/display").text
    for title, shown in (("Сегодня вечером", True), ("Завтра", True), ("Тайна", False), ("Черновик", False)):
        assert (title in text) is shown, title
    refresh = re.search(r'<noscript><meta http-equiv="refresh" content="(\d+); url=([^"]+)"', text)
    assert refresh
    assert (refresh[1], refresh[2]) == ("12", "/events/display?slide=1")
    second = librarian.get("/events/display?slide=1").text
    assert second.count(" shown") == 1
    assert "slide=2" in second
    for strange in ("-1", "x", "99999999999"):
        assert librarian.get(f"/events/display?slide={strange}").status_code == 200


def test_rooms_are_booked_and_given_back(
    quiet: Flask, factory: ModuleType, teacher: FlaskClient, librarian: FlaskClient, pupil: FlaskClient
) -> None:
    with quiet.test_request_context():
        room = rooms.save_place("Малый зал", 20)
        day = today() + DAY
    make(quiet, factory, "Встреча", place_id=room, hour=12)
    make(quiet, factory, "Тайный черновик", place_id=room, hour=16, state="draft")
    path = f"/events/rooms?date={day}"
    form = {"place": str(room), "starts": "09:00", "ends": "09:45", "title": "Урок"}
    assert pupil.get(path).status_code == 403
    assert "помещение за вами" in teacher.post(path, data=form, follow_redirects=True).text.lower()
    text = teacher.get(path).text
    here = text[text.index("Малый зал <small") :]
    assert re.findall(r">(\d\d:\d\d–\d\d:\d\d)</span>\s*<span>(.)", here)[:6] == [
        ("08:00–09:00", "○"), ("09:00–09:45", "■"), ("09:45–12:00", "○"), ("12:00–13:00", "■"), ("13:00–16:00", "○"), ("16:00–17:00", "■"),
    ]  # fmt: skip
    assert "Тайный черновик" not in text
    for wrong, words in (
        ({"starts": "12:30", "ends": "13:30"}, "занято"),
        ({"starts": "10:00", "ends": "09:00"}, "позже начала"),
        ({"starts": "x"}, "начало и конец"),
        ({"place": "999"}, "больше нет"),
        ({"title": " "}, "для чего"),
    ):
        answer = teacher.post(path, data={**form, "starts": "10:00", "ends": "10:45", **wrong})
        assert answer.status_code == 422
        assert words in answer.text, words
    assert teacher.post("/events/rooms?date=2020-01-01", data=form).status_code == 422
    with quiet.app_context():
        booking = db.session.scalars(select(Booking.id)).one()
    other = sign_in(quiet, "teacher", username="other")
    other.post(f"/events/rooms/{booking}/give-back")
    with quiet.app_context():
        assert db.session.scalar(select(func.count()).select_from(Booking)) == 1
    teacher.post(f"/events/rooms/{booking}/give-back")
    with quiet.app_context():
        assert db.session.scalar(select(func.count()).select_from(Booking)) == 0


def test_the_librarian_sets_up_categories_places_and_the_year(
    quiet: Flask, factory: ModuleType, librarian: FlaskClient
) -> None:
    with quiet.app_context():
        first = today() + DAY
    number = make(quiet, factory, "Каждый день", rule="FREQ=DAILY;COUNT=5", skip_holidays=True)

    def send(what: str, **form: Any) -> int:
        return librarian.post(f"/events/setup/{what}", data=form).status_code

    assert send("category", name="Спорт", colour="red", shape="star") == 302
    assert send("category", name="", colour="red", shape="star") == 422
    assert send("category", name="Х", colour="pink", shape="star") == 422
    assert send("place", name="Спортзал", seats="100") == 302
    assert send("place", name="Спортзал", seats="много") == 422
    assert (
        send("period", kind="holidays", name="Отдых", first_day=str(first), last_day=str(first + DAY)) == 302
    )
    assert send("period", kind="holidays", name="Отдых", first_day=str(first), last_day="x") == 422
    assert (
        send("period", kind="holidays", name="Отдых", first_day=str(first + DAY), last_day=str(first)) == 422
    )
    with quiet.app_context():
        times = select(func.count()).where(Occurrence.series_id == number)
        assert db.session.scalar(times) == 3
        category = db.session.scalar(
            select(categories.Category.id).where(categories.Category.name == "Спорт")
        )
        period = db.session.scalars(select(Period.id)).one()
    # Holidays that would swallow all of a series are refused, and nothing of it is kept.
    assert (
        send("period", kind="holidays", name="Всё", first_day=str(first), last_day=str(first + DAY * 30))
        == 422
    )
    with quiet.app_context():
        assert len(school_year.listing()) == 1

    def shown(what: str, row: int) -> dict[str, list[str]]:
        return form_of(librarian.get("/events/setup").text, f"/events/setup/{what}", id=str(row))

    old = shown("category", category)
    assert send("category", **old, name="Спорт и танцы", colour="red", shape="star") == 302
    assert send("category", **old, name="Спорт и шахматы", colour="red", shape="star") == 422
    assert send("category", **old, delete="1") == 422, "it is another one by now"
    assert send("category", id=str(category), delete="1") == 422, "nobody looked at it"
    assert send("period", **shown("period", period), delete="1") == 302
    assert send("category", **shown("category", category), delete="1") == 302
    assert send("category", id="999", delete="1") == 422
    with quiet.app_context():
        assert db.session.scalar(times) == 5
    assert sign_in(quiet, PARENT).get("/events/setup").status_code == 403


def test_a_copy_is_a_draft_with_the_same_words(
    quiet: Flask, factory: ModuleType, librarian: FlaskClient
) -> None:
    number = make(quiet, factory, "Образец", organiser="Клуб")
    form = librarian.get(f"/events/add?copy={number}").text
    assert 'value="Образец"' in form
    assert re.search(r'<option selected value="draft">', form)
    assert librarian.get("/events/add?copy=99999999").status_code == 200
    assert librarian.get("/events/add?copy=²").status_code == 200


def test_what_is_over_stands_after_what_is_to_come(
    quiet: Flask, factory: ModuleType, client: FlaskClient
) -> None:
    past = make(quiet, factory, "Вечер бардовской песни", days=-10)
    coming = make(quiet, factory, "Вечер бардовской песни", days=10)
    index_now(quiet)
    found = client.get("/search.json?q=вечер+бардовской+песни").json["results"]
    assert [hit["url"] for hit in found if hit["plugin"] == "events"] == [
        f"/events/{coming}",
        f"/events/{past}",
    ]


def test_a_poster_has_the_address_and_a_code(quiet: Flask, factory: ModuleType, client: FlaskClient) -> None:
    number = make(quiet, factory, "Афиша <1>", registration=True)
    text = client.get(f"/events/{number}/poster").text
    assert "<svg" in text
    assert "Афиша &lt;1&gt;" in text
    assert f">http://localhost/events/{number}<" in text
    assert " style=" not in text


def test_the_home_card_shows_what_is_next(quiet: Flask, factory: ModuleType, client: FlaskClient) -> None:
    assert "Пока ничего не запланировано" in client.get("/").text
    make(quiet, factory, "Завтрашняя встреча")
    make(quiet, factory, "Тайна", visibility="staff")
    text = client.get("/").text
    assert "Завтрашняя встреча" in text
    assert "Тайна" not in text


def test_the_home_card_shows_a_series_once(quiet: Flask, factory: ModuleType, client: FlaskClient) -> None:
    make(quiet, factory, "Громкие чтения", rule="FREQ=DAILY;COUNT=60")
    for number in range(CARD_EVENTS):
        make(quiet, factory, f"Встреча {number}", days=70 + number)
    shown = re.findall(r">(Громкие чтения|Встреча \d)</a>", client.get("/").text)
    assert shown == ["Громкие чтения", *(f"Встреча {number}" for number in range(CARD_EVENTS - 1))]


def test_a_pupil_changes_nothing(quiet: Flask, factory: ModuleType, pupil: FlaskClient, typed: Typed) -> None:
    number = make(quiet, factory, "Встреча")
    for path in (
        "/events/add",
        f"/events/{number}/edit",
        f"/events/{number}/cancel",
        f"/events/{number}/archive",
        "/events/import",
    ):
        assert pupil.post(path, data=typed()).status_code == 403, path
    with quiet.app_context():
        assert db.session.scalars(select(Event.title)).all() == ["Встреча"]


def test_a_picture_is_shown_where_the_event_is_and_obeys_its_rights(
    quiet: Flask, factory: ModuleType, librarian: FlaskClient, client: FlaskClient
) -> None:
    number = make(quiet, factory, "С картинкой")
    picture = io.BytesIO()
    Image.new("RGB", (640, 400), "teal").save(picture, "PNG")
    with quiet.test_request_context():
        cover = attach(Event.ref_of(number), "cover.png", io.BytesIO(picture.getvalue()), place=rules.COVER)
        attach(Event.ref_of(number), "План.txt", io.BytesIO("Порядок встречи".encode()))
        address = cover.preview_url(640)
    text = client.get(f"/events/{number}").text
    assert address in text
    assert "План.txt" in text
    with client.get(address) as answer:  # closes the file
        assert answer.status_code == 200
    assert cover.preview_url(1280) in client.get(f"/events/{number}/poster").text
    assert cover.preview_url(1280) in client.get("/events/display").text
    assert "cover.png" in librarian.get(f"/events/{number}/edit").text
    librarian.post("/events/add?copy=" + str(number), data=copied_form())
    copy = number_of(quiet, "Копия")
    assert "План.txt" in librarian.get(f"/events/{copy}").text
    librarian.post(f"/events/{number}/archive")
    assert client.get(address).status_code == 404


def copied_form() -> dict[str, str]:
    day = "2026-12-01"
    return {"title": "Копия", "first_day": day, "start_time": "15:00", "for_whom": "everybody", "age": "0",
            "visibility": "everyone", "state": "draft", "category_id": "", "place_id": "", "how": "",
            "grade_from": "", "grade_to": ""}  # fmt: skip
