"""Notices: told to one person, counted beside the name, gone with the section or the account."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from libhub.accounts import accounts
from libhub.accounts.permissions import ADMINISTRATOR, LIBRARIAN, STUDENT
from libhub.base.db import db, writing
from libhub.base.i18n import in_language, lazy_gettext, lazy_ngettext
from libhub.base.moments import now
from libhub.notices import notices
from libhub.notices.models import Notice
from libhub.plugging.switching import switch
from libhub.testing import PROGRAM, cookie_name, form_of, press, sign_in


@pytest.fixture
def anya(app: Flask) -> FlaskClient:
    """A pupil's browser."""
    return sign_in(app, STUDENT, username="anya")


def number_of(username: str) -> int:
    user = accounts.find_user(username)
    assert user is not None
    return user.id


def tell(app: Flask, username: str, text: str, url: str = "", plugin: str = "") -> None:
    with app.app_context():
        notices.notify([number_of(username)], text, url, plugin=plugin)


def count(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Notice)) or 0


def test_a_notice_is_counted_read_and_leads_on(app: Flask, anya: FlaskClient) -> None:
    assert "Уведомления: 0 новых" in anya.get("/").text
    tell(app, "anya", "Для вас есть место <1>", "/search?q=tales")
    assert "Уведомления: 1 новое" in anya.get("/").text
    listed = anya.get("/notices/").text
    assert "Для вас есть место &lt;1&gt;" in listed
    with app.app_context():
        number = db.session.scalar(select(Notice.id))
    opened = anya.get(f"/notices/{number}")
    assert (opened.status_code, opened.headers["Location"]) == (302, "/search?q=tales")
    assert "Уведомления: 0 новых" in anya.get("/").text
    assert "Для вас есть место" in anya.get("/notices/").text


def test_nobody_reads_what_another_was_told(
    app: Flask, anya: FlaskClient, client: FlaskClient, as_viewer: Callable[..., FlaskClient]
) -> None:
    other = as_viewer(LIBRARIAN)
    tell(app, "anya", "Тайна")
    with app.app_context():
        number = db.session.scalar(select(Notice.id))
    assert other.get(f"/notices/{number}").status_code == 404
    assert "Тайна" not in other.get("/notices/").text
    other.post("/notices/read", data={"until": str(number)})
    assert "Уведомления: 1 новое" in anya.get("/").text
    assert client.get("/notices/").status_code == 302
    assert 'href="/notices/"' not in client.get("/").text


def test_all_are_marked_as_read_at_once(app: Flask, anya: FlaskClient) -> None:
    for text in ("Раз", "Два"):
        tell(app, "anya", text)
    assert "Уведомления: 2 новых" in anya.get("/notices/").text
    press(anya, "/notices/", "/notices/read")
    assert "Уведомления: 0 новых" in anya.get("/notices/").text


@pytest.mark.parametrize("until", [None, "", "x", "²", "-1", "9" * 40])
def test_a_number_that_makes_no_sense_marks_nothing(app: Flask, anya: FlaskClient, until: str | None) -> None:
    tell(app, "anya", "Раз")
    assert anya.post("/notices/read", data={} if until is None else {"until": until}).status_code == 302
    assert "Уведомления: 1 новое" in anya.get("/notices/").text


def test_what_was_told_after_the_page_was_loaded_is_not_marked_as_read(app: Flask, anya: FlaskClient) -> None:
    tell(app, "anya", "Раз")
    sent = form_of(anya.get("/notices/").text, "/notices/read")
    tell(app, "anya", "Два")
    anya.post("/notices/read", data=sent)
    assert "Уведомления: 1 новое" in anya.get("/notices/").text


def test_a_person_named_twice_is_told_once(app: Flask, anya: FlaskClient) -> None:
    with app.app_context():
        notices.notify([number_of("anya")] * 2, "Раз")
    assert count(app) == 1


def test_what_a_closed_section_told_is_not_seen_until_it_is_open_again(app: Flask, anya: FlaskClient) -> None:
    tell(app, "anya", "Из раздела", plugin="resources")
    for enable, seen in ((False, 0), (True, 1)):
        with app.app_context():
            switch("resources", enable=enable, actor=PROGRAM)
        assert f"Уведомления: {seen} нов" in anya.get("/").text
        assert ("Из раздела" in anya.get("/notices/").text) is bool(seen)


@pytest.mark.parametrize("url", ["https://example.org/", "//example.org", "/\\example.org", "javascript:1"])
def test_no_notice_leads_out_of_the_hub(app: Flask, anya: FlaskClient, url: str) -> None:
    with pytest.raises(ValueError, match="out of the hub"):
        tell(app, "anya", "Туда", url)
    assert count(app) == 0


def test_a_notice_is_told_only_if_what_it_tells_came_true(app: Flask, anya: FlaskClient) -> None:
    def fail_after_telling() -> None:
        with writing():
            notices.notify([number_of("anya")], "Вы записаны")
            raise RuntimeError

    with app.app_context(), pytest.raises(RuntimeError):
        fail_after_telling()
    assert count(app) == 0


def test_old_notices_are_forgotten(app: Flask, anya: FlaskClient) -> None:
    for text in ("Новое", "Читанное давно", "Читанное недавно", "Никем не читанное"):
        tell(app, "anya", text)
    with app.app_context():
        with writing():
            rows = {row.text: row for row in db.session.scalars(select(Notice))}
            rows["Читанное давно"].read_at = now() - notices.KEPT_READ - timedelta(days=1)
            rows["Читанное недавно"].read_at = now()
            rows["Никем не читанное"].created_at = now() - notices.KEPT - timedelta(days=1)
        notices.forget_old()
        assert set(db.session.scalars(select(Notice.text))) == {"Новое", "Читанное недавно"}


def test_notices_are_told_with_the_personal_data_and_go_with_the_account(
    app: Flask, anya: FlaskClient, as_viewer: Callable[..., FlaskClient]
) -> None:
    tell(app, "anya", "Для Ани")
    librarian = as_viewer(ADMINISTRATOR)
    with app.app_context():
        number = number_of("anya")
    data = librarian.get(f"/admin/users/{number}/data.json").json
    assert [notice["text"] for notice in data["notices"]] == ["Для Ани"]
    librarian.post(f"/admin/users/{number}/erase")
    assert count(app) == 0


DAY, MOMENT = date(2026, 11, 27), datetime(2026, 11, 27, 16, 30, tzinfo=UTC)
TOLD = [
    (lambda _l, _n: _l("Sections"), "Разделы", "Sections"),
    (lambda _l, _n: _l("version %(version)s", version="<2>"), "версия &lt;2&gt;", "version &lt;2&gt;"),
    (lambda _l, _n: _l("version %(version)s", version=DAY), "версия 27.11.2026", "version 27 Nov 2026"),
    (
        lambda _l, _n: _l("version %(version)s", version=MOMENT),
        "версия 27.11.2026 23:30",
        "version 27 Nov 2026 23:30",
    ),
    (lambda _l, _n: _l("version %(version)s", version=_l("Sections")), "версия Разделы", "version Sections"),
    (lambda _l, _n: _n("%(num)d file", "%(num)d files", 1), "1 файл", "1 file"),
    (lambda _l, _n: _n("%(num)d file", "%(num)d files", 3), "3 файла", "3 files"),
    (lambda _l, _n: _n("%(num)d file", "%(num)d files", 5), "5 файлов", "5 files"),
    (lambda _l, _n: "Текст как есть", "Текст как есть", "Текст как есть"),
]


@pytest.mark.parametrize("caused_in", ["ru", "en"])
@pytest.mark.parametrize(("text", "russian", "english"), TOLD)
def test_a_notice_is_read_in_the_readers_language_whoever_caused_it(
    app: Flask, anya: FlaskClient, text: Callable[..., Any], russian: str, english: str, caused_in: str
) -> None:
    with app.test_request_context(), in_language(caused_in):
        notices.notify([number_of("anya")], text(lazy_gettext, lazy_ngettext))
    for locale, said in (("ru", russian), ("en", english), ("ru", russian)):
        anya.set_cookie(cookie_name(anya, "locale"), locale)
        assert f">{said}</a>" in anya.get("/notices/").text
    with app.app_context():
        told = notices.personal_data(number_of("anya"))[0]["text"]
        assert told == russian.replace("&lt;", "<").replace("&gt;", ">")
        assert db.session.scalar(select(Notice.text)) == told


@pytest.mark.parametrize(
    "message",
    [
        {"section": "", "message": "An old text about %(title)s", "values": {"title": "x"}},
        {"section": "gone", "message": "A text of a section that is gone", "values": {}},
        {"section": "", "message": "version %(version)s", "values": {"other": 1}},
    ],
    ids=["reworded", "gone", "other values"],
)
def test_a_notice_whose_words_are_gone_is_read_as_it_was_told(
    app: Flask, anya: FlaskClient, message: dict[str, Any]
) -> None:
    with app.app_context(), writing():
        db.session.add(Notice(user_id=number_of("anya"), text="Как было сказано", message=message))
    assert "Как было сказано" in anya.get("/notices/").text


def test_a_notice_of_before_keeps_its_text(app: Flask, anya: FlaskClient) -> None:
    with app.app_context(), writing():
        db.session.add(Notice(user_id=number_of("anya"), text="Давнее"))
    assert "Давнее" in anya.get("/notices/").text


def test_a_long_notice_is_cut_in_every_language(app: Flask, anya: FlaskClient) -> None:
    with app.app_context():
        notices.notify([number_of("anya")], lazy_gettext("version %(version)s", version="я" * 600))
    text = anya.get("/notices/").text
    assert "я" * (notices.MAX_TEXT - len("версия ")) + "</a>" in text
