"""The librarian's table of all events: what stands in it, and what is done to many at once."""

import re
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from libhub.base.db import db
from libhub.notices.models import Notice
from libhub.testing import change_many, counted_queries, forget_remembered, index_now, sign_in
from plugins.events import rooms, rules
from plugins.events.items import EVENT
from plugins.events.models import Event, Occurrence
from plugins.events.people import registration
from plugins.events.schedule import series


def make(app: Flask, factory: ModuleType, title: str, **more: Any) -> int:
    with app.test_request_context():
        return int(rules.create(factory.event(title, **more)).event_id)


def titles(browser: FlaskClient, state: str = "") -> list[str]:
    text = browser.get(f"/events/manage?state={state}").text
    return re.findall(r'scope="row"><a [^>]*>([^<]*)</a>', text)


def apply(browser: FlaskClient, change: str, *numbers: int) -> str:
    return change_many(browser, "/events/manage", numbers, change)[1].text


def states(app: Flask) -> dict[str, str]:
    with app.app_context():
        rows = db.session.execute(select(Event.title, Event.state, Event.recurrence))
        return {f"{title}{key and '*'}": state for title, state, key in rows}


def test_each_state_holds_its_events_in_its_order(
    quiet: Flask, factory: ModuleType, librarian: FlaskClient
) -> None:
    make(quiet, factory, "Потом", days=9)
    make(quiet, factory, "Скоро", days=1)
    make(quiet, factory, "Идёт с начала месяца", days=-20, rule="FREQ=DAILY;COUNT=40")
    make(quiet, factory, "Давно", days=-30)
    make(quiet, factory, "Недавно", days=-3)
    make(quiet, factory, "Черновик", days=2, state="draft")
    gone = make(quiet, factory, "Убрано", days=3)
    with quiet.test_request_context():
        series.set_archived([gone], archived=True)
    assert titles(librarian) == ["Идёт с начала месяца", "Скоро", "Черновик", "Потом"]
    assert titles(librarian, "past") == ["Недавно", "Давно"]
    assert titles(librarian, "draft") == ["Черновик"]
    assert titles(librarian, "archived") == ["Убрано"]
    text = librarian.get("/events/manage?q=начала").text
    assert 'data-column="Сколько раз">40</td>' in text
    assert "Потом" not in text


def test_a_changed_day_of_a_series_is_no_row_and_is_never_searched(
    quiet: Flask, factory: ModuleType, librarian: FlaskClient, client: FlaskClient
) -> None:
    number = make(quiet, factory, "Кружок", rule="FREQ=DAILY;COUNT=3")
    with quiet.test_request_context():
        key = db.session.scalars(select(Occurrence.recurrence).order_by(Occurrence.recurrence)).all()[1]
        found = series.find(number, key)
        assert found
        data = series.data_of_occurrence(found)
        series.save(number, key, series.THIS, factory.event("Особый день", days=2, hour=data.starts.hour))
        child = db.session.scalar(select(Event.id).where(Event.series_id == number))
        assert child
        assert series.set_archived([number], archived=True) == 1
        assert series.set_archived([number], archived=False) == 1
    assert titles(librarian) == ["Кружок"]
    index_now(quiet)
    found_there = client.get("/search.json?q=Особый день").json["results"]
    assert [hit["url"] for hit in found_there if hit["plugin"] == "events"] == []
    with quiet.app_context():
        assert [*EVENT.keys()] == [str(number)]
        assert [document.ref.key for document in EVENT.documents([str(number), str(child)])] == [str(number)]
    assert "Особый день" in client.get("/events/agenda").text
    refused = librarian.post(f"/events/{child}/archive", follow_redirects=True).text
    assert "Такого события нет" in refused
    with quiet.app_context():
        assert db.session.scalars(select(Event.id).where(Event.archived_at.is_not(None))).all() == []


def test_the_queries_of_the_table_do_not_grow(
    quiet: Flask, factory: ModuleType, librarian: FlaskClient
) -> None:
    def queries() -> int:
        forget_remembered(quiet)
        with counted_queries(quiet) as made:
            librarian.get("/events/manage")
        return len(
            [each for each in made.statements if "FROM events_event" in each or "events_occurrence" in each]
        )

    make(quiet, factory, "Первое", category_id=1)
    few = queries()
    for number in range(20):
        make(quiet, factory, f"Номер {number}", category_id=1, rule="FREQ=DAILY;COUNT=5")
    assert few == queries() == 3, "how many, which, and what stands beside them"


def test_many_are_announced_and_made_drafts_again(
    quiet: Flask, factory: ModuleType, librarian: FlaskClient, client: FlaskClient
) -> None:
    one = make(quiet, factory, "Первое", state="draft")
    weekly = make(quiet, factory, "Кружок", state="draft", hour=11, rule="FREQ=WEEKLY;COUNT=3")
    off = make(quiet, factory, "Отменённое", state="cancelled", hour=9)
    with quiet.test_request_context():
        key = db.session.scalars(select(Occurrence.recurrence).where(Occurrence.series_id == weekly)).all()[1]
        found = series.find(weekly, key)
        assert found
        series.save(weekly, key, series.THIS, rules.data_of(found.series))
    shown = librarian.get(
        "/events/manage/preview", query_string={"id": [one, weekly], "change": "publish"}
    ).text
    assert "Первое" in shown
    assert "Кружок" in shown
    assert client.get(f"/events/{one}").status_code == 404
    assert "Изменено: 2" in apply(librarian, "publish", one, weekly, off)
    assert states(quiet) == {
        "Первое": "published",
        "Кружок": "published",
        "Кружок*": "published",
        "Отменённое": "cancelled",
    }
    assert client.get(f"/events/{one}").status_code == 200
    index_now(quiet)
    hits = client.get("/search.json?q=Первое").json["results"]
    assert [hit["url"] for hit in hits if hit["plugin"] == "events"] == [f"/events/{one}"]
    assert "Изменено: 2" in apply(librarian, "draft", one, weekly, off)
    assert set(states(quiet).values()) == {"draft", "cancelled"}
    assert client.get(f"/events/{one}").status_code == 404


def test_many_go_into_the_archive_and_come_back_all_or_none(
    quiet: Flask, factory: ModuleType, librarian: FlaskClient, client: FlaskClient
) -> None:
    with quiet.test_request_context():
        room = rooms.save_place("Зал", None)
    first = make(quiet, factory, "Первое", place_id=room, registration=True)
    second = make(quiet, factory, "Второе", hour=9, rule="FREQ=DAILY;COUNT=2")
    sign_in(quiet, "student", username="anya")
    with quiet.test_request_context():
        key = factory.event().starts.isoformat(timespec="minutes")
        registration.sign_up(factory.viewer_of("anya"), first, key)
    assert "Изменено: 2" in apply(librarian, "archive", first, second)
    assert titles(librarian) == []
    assert client.get(f"/events/{first}").status_code == 404
    assert "Изменено: 0" in apply(librarian, "archive", first), (
        "it is there already, and nobody is told again"
    )
    with quiet.app_context():
        assert db.session.scalar(select(func.count()).select_from(Notice)) == 1
    make(quiet, factory, "Третье", place_id=room)
    refused = apply(librarian, "restore", first, second)
    assert "«Первое»: Помещение «Зал» занято" in refused
    assert sorted(titles(librarian, "archived")) == ["Второе", "Первое"], "none came back"
    assert "Изменено: 1" in apply(librarian, "restore", second)
    assert titles(librarian, "archived") == ["Первое"]


def test_an_archived_event_is_restored_from_its_row(
    quiet: Flask, factory: ModuleType, librarian: FlaskClient, client: FlaskClient
) -> None:
    number = make(quiet, factory, "Встреча")
    librarian.post(f"/events/{number}/archive")
    shown = librarian.get("/events/manage?state=archived").text
    assert f'formaction="/events/{number}/restore"' in shown
    librarian.post(f"/events/{number}/restore", data={"id": str(number), "change": "", "state": "archived"})
    assert client.get(f"/events/{number}").status_code == 200


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/events/manage/preview"), ("POST", "/events/manage/apply")]
)
def test_only_editors_change_many(
    quiet: Flask, factory: ModuleType, teacher: FlaskClient, method: str, path: str
) -> None:
    number = make(quiet, factory, "Встреча")
    sent = {"id": str(number), "change": "archive"}
    assert teacher.open(path, method=method, data=sent, query_string=sent).status_code == 403
    assert states(quiet) == {"Встреча": "published"}


def test_marks_are_given_to_many_with_the_days_that_had_none_either(
    quiet: Flask, factory: ModuleType, librarian: FlaskClient
) -> None:
    """A changed single day keeps a mark of its own; a series of which one day has none is told, too."""
    number = make(quiet, factory, "Шахматы", rule="FREQ=DAILY;COUNT=3", age=None)
    make(quiet, factory, "Встреча", age=6)
    with quiet.test_request_context():
        for place, age in enumerate((None, 16)):
            key = list(
                db.session.scalars(select(Occurrence.recurrence).where(Occurrence.series_id == number))
            )[place]
            found = series.find(number, key)
            assert found is not None
            data = series.data_of_occurrence(found)
            series.save(number, key, series.THIS, replace(data, age=age, title=f"День {place}"))
    assert titles(librarian, "unmarked") == ["Шахматы"]
    guest = quiet.test_client()
    assert "Шахматы" not in guest.get("/events/agenda").text
    assert "Изменено: 1" in apply(librarian, "age=6", number)
    assert titles(librarian, "unmarked") == []
    text = guest.get("/events/agenda").text
    assert ("Шахматы" in text, "День 0" in text, "День 1" in text) == (True, True, False)
    with quiet.test_request_context():
        found = series.find(number, key)
        assert found is not None
        series.save(number, key, series.THIS, replace(series.data_of_occurrence(found), age=None))
    assert titles(librarian, "unmarked") == ["Шахматы"]
