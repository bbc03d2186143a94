"""Calendars of other programs come in: each event whole or not at all, hostile files are refused in words."""

import io
import re
from pathlib import Path
from types import ModuleType

import httpx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.permissions import STUDENT
from libhub.api import ImportReport
from libhub.base.db import db, writing
from libhub.base.errors import LibHubError
from libhub.notices.models import Notice
from libhub.testing import PASSWORD
from plugins.events import rooms
from plugins.events.exchange import ical_in, importing
from plugins.events.exchange.ical_in import UnreadableCalendar
from plugins.events.exchange.importing import Defaults
from plugins.events.models import Event, Occurrence, Registration

FOREIGN = Path(__file__).with_name("foreign.ics").read_bytes()


def ics(*events: str) -> bytes:
    """Return a file with these events; each is its lines without BEGIN and END."""
    body = "".join(f"BEGIN:VEVENT\r\n{event.strip()}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{body}END:VCALENDAR\r\n".encode()


def bring(content: bytes, *, dry_run: bool = False) -> ImportReport:
    return importing.import_calendar(content, Defaults(), dry_run=dry_run)


def numbers(report: ImportReport) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.unchanged, len(report.problems)


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Event)) or 0


ONE = "UID:one@x\nDTSTART;TZID=Europe/Moscow:20261201T110000\nDTEND;TZID=Europe/Moscow:20261201T120000\nSUMMARY:Раз"


def test_a_dry_run_tells_all_and_keeps_nothing(quiet: Flask) -> None:
    with quiet.test_request_context():
        assert numbers(bring(FOREIGN, dry_run=True)) == (4, 0, 0, 0)
        assert count() == 0
        assert numbers(bring(FOREIGN)) == (4, 0, 0, 0)
        assert numbers(bring(FOREIGN)) == (0, 0, 4, 0), "the same file says nothing new"
        assert count() == 5, "four and a changed day"


def test_an_update_is_found_by_its_uid(quiet: Flask) -> None:
    with quiet.test_request_context():
        bring(ics(ONE))
        assert numbers(bring(ics(ONE.replace("Раз", "Два") + "\nSEQUENCE:3"))) == (0, 1, 0, 0)
        (event,) = db.session.scalars(select(Event))
        assert (event.title, event.sequence, event.zone) == ("Два", 3, "Europe/Moscow")
        older = bring(ics(ONE + "\nSEQUENCE:1"))
        assert numbers(older) == (0, 0, 0, 1)
        assert "версия новее" in older.problems[0].text
        assert numbers(bring(ics(ONE.replace("Раз", "Два") + "\nSEQUENCE:4\nSTATUS:CANCELLED"))) == (
            0,
            1,
            0,
            0,
        )
        db.session.expire_all()
        assert event.state == "cancelled"


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ("UID:1\nDTSTART;TZID=Mars/Olympus:20261201T110000\nSUMMARY:a", "Mars/Olympus.*неизвестен"),
        ("UID:1\nDTSTART:20261201T110000Z\nDTEND:20261130T110000Z", "раньше, чем начинается"),
        ("UID:1\nSUMMARY:a", "когда оно начинается"),
        ("DTSTART:20261201T110000Z", "UID"),
        ("UID:1\nDTSTART:20261201T110000Z\nRRULE:FREQ=SECONDLY", "не чаще"),
        ("UID:1\nDTSTART:20261201T110000Z\nRRULE:FREQ=DAILY;COUNT=5000", "500 раз"),
        ("UID:1\nDTSTART:20101201T110000Z\nRRULE:FREQ=DAILY", "500 раз"),
        ("UID:1\nDTSTART:20261201T110000Z\nDTEND;VALUE=DATE:20261202", "без|нет"),
        ("UID:1\nDTSTART:вчера", "испорчено"),
        (
            "UID:1\nDTSTART:20261201T110000Z\nRRULE:FREQ=DAILY;COUNT=2\nRRULE:FREQ=WEEKLY;COUNT=2",
            "несколько правил",
        ),
        ("UID:1\nDTSTART:20261201T110000Z\nRDATE;VALUE=PERIOD:20261203T110000Z/PT1H", "отрезками"),
        ("UID:1\nDTSTART:18001201T110000Z", "1990"),
        ("UID:1\nRECURRENCE-ID:20261201T110000Z\nDTSTART:20261201T110000Z\nSUMMARY:a", "самой серии нет"),
    ],
)
def test_one_bad_event_is_named_and_the_others_come_in(quiet: Flask, event: str, words: str) -> None:
    with quiet.test_request_context():
        report = bring(ics(event, ONE))
        assert numbers(report) == (1, 0, 0, 1), report.problems
        assert re.search(words, report.problems[0].text), report.problems[0].text
        assert list(db.session.scalars(select(Event.title))) == ["Раз"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "не календарь|ни одного"),
        (b"\x00\xff\xfe", "не календарь|ни одного"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR", "ни одного"),
        (b"BEGIN:VCALENDAR\n" + b"x" * (50 * 1024 * 1024), "слишком большой"),
        (b"BEGIN:X\n" * 1_000 + b"END:X\n" * 1_000, "слишком глубоко"),
        (b"BEGIN:VCALENDAR\n" + b"X:1\n" * 300_000 + b"END:VCALENDAR", "слишком много строк"),
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nEND:VEVENT\n" * 2_001 + b"END:VCALENDAR", "2001"),
        (b"<html><body>login</body></html>", "не календарь|ни одного"),
    ],
    ids=["empty", "bytes", "no event", "50 MB", "deep", "many lines", "many events", "html"],
)
def test_hostile_files_are_refused_before_the_work(quiet: Flask, content: bytes, words: str) -> None:
    with quiet.test_request_context(), pytest.raises(UnreadableCalendar, match=words):
        bring(content)


LINES = st.lists(
    st.sampled_from(
        [
            "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VTIMEZONE", "END:VTIMEZONE",
            "UID:1", "DTSTART:20261201T110000Z", "DTSTART;VALUE=DATE:20261201", "DTEND:20261201", "RRULE:FREQ=DAILY",
            "RRULE:FREQ=WEEKLY;UNTIL=x", "EXDATE:20261201T110000Z", "RECURRENCE-ID:20261201", "SUMMARY:\x00", "DURATION:P9D",
            "DURATION:-PT1H", "SEQUENCE:x", "DTSTART;TZID=Nowhere:20261201T000000", "X", ":", "RDATE:", ";;;:",
        ]
    ),
    max_size=30,
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES)
def test_whatever_a_file_holds_it_is_understood_or_refused(app: Flask, lines: list[str]) -> None:
    with app.test_request_context():
        try:
            reading = ical_in.read("\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR"]).encode())
        except LibHubError:
            return
        assert all(problem.text for problem in reading.problems)


def test_windows_names_of_zones_are_known(quiet: Flask) -> None:
    with quiet.test_request_context():
        bring(ics(ONE.replace("Europe/Moscow", "N. Central Asia Standard Time")))
        starts = db.session.scalar(select(Occurrence.starts_at))
        assert starts is not None
        assert starts.hour == 4, "11:00 in Novosibirsk"


def test_a_place_of_the_hub_is_recognised_and_kept_free_of_clashes(quiet: Flask, factory: ModuleType) -> None:
    with quiet.test_request_context():
        room = rooms.save_place("Зал", None)
        bring(ics(ONE + "\nLOCATION:зал"))
        assert db.session.scalar(select(Event.place_id)) == room
        second = bring(ics(ONE.replace("one@x", "two@x") + "\nLOCATION:Зал"))
        assert numbers(second) == (0, 0, 0, 1)
        assert "занято" in second.problems[0].text


def test_an_endless_series_ends_with_the_school_year_and_it_is_said(quiet: Flask) -> None:
    with quiet.test_request_context():
        report = bring(ics(ONE + "\nRRULE:FREQ=WEEKLY"))
        assert numbers(report) == (1, 0, 0, 0)
        assert "вместе с учебным годом" in report.notes[0]


def upload(browser: FlaskClient, content: bytes) -> str:
    sent = {"file": (io.BytesIO(content), "team.ics"), "category": "1", "visibility": "everyone"}
    return browser.post("/events/import", data=sent, follow_redirects=True).text


def test_the_page_shows_first_and_imports_after_yes(
    quiet: Flask, instance: Path, librarian: FlaskClient
) -> None:
    shown = upload(librarian, FOREIGN)
    assert "Что изменит загрузка" in shown
    with quiet.app_context():
        assert count() == 0
    found = re.search(r"/events/import/([0-9a-f]{32})\"", shown)
    assert found
    done = librarian.post(f"/events/import/{found[1]}", follow_redirects=True)
    assert done.status_code == 200
    with quiet.app_context():
        assert count() == 5
        assert set(db.session.scalars(select(Event.category_id).where(Event.series_id.is_(None)))) == {1}
    assert not list((instance / "held").iterdir())
    assert "Загрузка закончена" in librarian.post(f"/events/import/{found[1]}", follow_redirects=True).text
    with quiet.app_context():
        assert count() == 5
    again = re.search(r"/events/import/([0-9a-f]{32})/cancel", upload(librarian, FOREIGN))
    assert again
    librarian.post(f"/events/import/{again[1]}/cancel")
    assert not list((instance / "held").iterdir())
    assert librarian.post("/events/import/..%2f..%2fsecret_key").status_code in (404, 422)
    assert librarian.post("/events/import", data={}).status_code == 422
    assert (instance / "secret_key").exists()


def test_what_was_changed_since_the_preview_is_not_overwritten(quiet: Flask, librarian: FlaskClient) -> None:
    with quiet.test_request_context():
        bring(ics(ONE))
    sent = {"file": (io.BytesIO(ics(ONE.replace("SUMMARY:", "SUMMARY:По файлу: "))), "one.ics")}
    here = librarian.post("/events/import", data=sent).location

    def rename(title: str) -> None:
        with quiet.app_context(), writing():
            db.session.scalars(select(Event)).one().title = title

    def title() -> str:
        with quiet.app_context():
            return db.session.scalars(select(Event.title)).one()

    rename("По-своему")
    librarian.post(here)
    assert title() == "По-своему"
    assert "поэтому ничего не загружено" in librarian.get(here).text
    librarian.post(here)
    assert title().startswith("По файлу")


def test_what_was_typed_beside_the_file_holds_after_the_yes(quiet: Flask, librarian: FlaskClient) -> None:
    typed = {"address": "", "category": "2", "visibility": "staff"}
    form = {"file": (io.BytesIO(FOREIGN), "team.ics"), **typed}
    shown = librarian.post("/events/import", data=form, follow_redirects=True).text
    assert "team.ics" in shown
    token = re.search(r"/events/import/([0-9a-f]{32})\"", shown)
    assert token
    other = {"category": "1", "visibility": "everyone"}
    done = librarian.post(f"/events/import/{token[1]}", data=other, follow_redirects=True)
    assert "Загрузка закончена" in done.text, "what was shown holds, whatever is sent with the yes"
    with quiet.app_context():
        query = select(Event.category_id, Event.visibility).where(Event.series_id.is_(None)).distinct()
        assert db.session.execute(query).all() == [(2, "staff")]
    wrong = {"category": "999", "visibility": "nobody"}
    form = {"file": (io.BytesIO(ics(ONE)), "one.ics"), "address": "", **wrong}
    again = librarian.post("/events/import", data=form, follow_redirects=True).text
    token = re.search(r"/events/import/([0-9a-f]{32})\"", again)
    assert token
    librarian.post(f"/events/import/{token[1]}", data=wrong)
    with quiet.app_context():
        one = select(Event.category_id, Event.visibility).where(Event.uid == "one@x")
        assert db.session.execute(one).all() == [(None, "everyone")]


def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    quiet: Flask, instance: Path, librarian: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ical_in, "MAX_BYTES", len(FOREIGN) - 1)
    refused = librarian.post("/events/import", data={"file": (io.BytesIO(FOREIGN), "team.ics")})
    assert refused.status_code == 422
    assert "слишком большой" in refused.text
    assert not list((instance / "held").iterdir())


def test_an_address_is_asked_with_limits(
    quiet: Flask, librarian: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = {
        "https://good.example/c.ics": httpx.Response(200, content=FOREIGN),
        "https://gone.example/c.ics": httpx.Response(404),
        "https://huge.example/c.ics": httpx.Response(200, content=b"x" * (ical_in.MAX_BYTES + 1)),
        "https://loop.example/c.ics": httpx.Response(302, headers={"Location": "https://loop.example/c.ics"}),
    }

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host in (
            "dead.example",
            "ab",
        ):  # what is typed with a sign that nobody sees is asked without it
            raise httpx.ConnectError("no network")
        return answers[str(request.url)]

    whole = httpx.Client
    monkeypatch.setattr(
        httpx, "Client", lambda **options: whole(transport=httpx.MockTransport(answer), **options)
    )

    def ask(address: str) -> tuple[int, str]:
        got = librarian.post("/events/import", data={"address": address})
        return got.status_code, got.text

    assert ask("webcal://good.example/c.ics")[0] == 302
    for address, words in (
        ("https://gone.example/c.ics", "404"),
        ("https://huge.example/c.ics", "слишком большой"),
        ("https://loop.example/c.ics", "недоступен"),
        ("https://dead.example/c.ics", "Есть ли сеть"),
        ("file:///etc/passwd", "начинается с"),
        ("https://a\x00b/", "недоступен"),
    ):
        status, text = ask(address)
        assert (status, words in text) == (422, True), address


def test_those_who_signed_up_follow_an_event_that_a_file_moves(quiet: Flask, factory: ModuleType) -> None:
    with quiet.test_request_context():
        day = f"{factory.event(days=5).starts:%Y%m%d}"
        later = f"{factory.event(days=6).starts:%Y%m%d}"
        event = f"UID:m@x\nDTSTART:{day}T050000Z\nDTEND:{day}T060000Z\nSUMMARY:Раз\nSEQUENCE:"
        bring(ics(event + "0"))
        number, key = db.session.execute(select(Occurrence.series_id, Occurrence.recurrence)).one()
        user = accounts.add_user(UserDetails("anya", "Аня", STUDENT), PASSWORD)
        with writing():
            db.session.add(
                Registration(series_id=number, recurrence=key, user_id=user.id, name="Аня", seats=1)
            )
        assert numbers(bring(ics(event.replace(day, later) + "1"))) == (0, 1, 0, 0)
        signed = db.session.scalars(select(Registration.recurrence)).one()
        assert signed == db.session.scalars(select(Occurrence.recurrence)).one()
        assert signed != key
        assert db.session.scalars(select(Notice.text)).one().startswith("Изменились время или место")
