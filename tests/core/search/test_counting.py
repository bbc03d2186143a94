"""What was searched is counted without names, off the way of the answer, and not for ever."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect, select
from sqlalchemy.exc import OperationalError

from libhub.accounts.permissions import LIBRARIAN
from libhub.base.db import db, writing
from libhub.base.moments import now
from libhub.plugging import settings
from libhub.search import query_counts
from libhub.search.models import SearchCount
from libhub.search.query_counts import counter_of
from libhub.testing import LiveServer, counted_queries


def counts(app: Flask) -> dict[str, tuple[int, int, int]]:
    with app.app_context():
        counter_of(app).write()
        rows = db.session.scalars(select(SearchCount))
        return {row.text: (row.asked, row.opened, row.results) for row in rows}


def add(
    app: Flask, text: str, *, days_ago: int = 0, asked: int = 1, opened: int = 0, results: int = 0
) -> None:
    with app.app_context(), writing():
        day = now().date() - timedelta(days=days_ago)
        db.session.add(SearchCount(day=day, text=text, asked=asked, opened=opened, results=results))


def test_pages_and_json_are_counted_with_their_results(app: Flask, client: FlaskClient) -> None:
    client.get("/search?q=Сказки  для малышей")
    client.get("/search.json?q=сказки для МАЛЫШЕЙ")
    client.get("/search?q=щщщщ")
    found = counts(app)
    assert found["щщщщ"] == (1, 0, 0)
    asked, opened, results = found["сказки для малышей"]
    assert (asked, opened) == (2, 0)
    assert results >= 1
    client.get("/search?q=щщщщ")
    assert counts(app)["щщщщ"] == (2, 0, 0)


def test_typing_is_counted_when_it_rests(app: Flask, client: FlaskClient) -> None:
    for text in ("ск", "сказ", "сказки"):
        client.get("/search", query_string={"q": text}, headers={"HX-Request": "true"})
    assert counts(app) == {}
    assert client.get("/search/noted?q=сказки").status_code == 204
    asked, opened, results = counts(app)["сказки"]
    assert (asked, opened) == (1, 0)
    assert results >= 1


def test_opening_a_result_is_counted_and_leaves_the_number_of_results(
    app: Flask, client: FlaskClient
) -> None:
    client.get("/search?q=сказки")
    before = counts(app)["сказки"]
    client.get("/search/noted?q=сказки&opened=1")
    assert counts(app)["сказки"] == (1, 1, before[2])


def test_other_sites_cannot_add_to_the_counts(app: Flask, client: FlaskClient) -> None:
    client.get("/search/noted?q=сказки", headers={"Sec-Fetch-Site": "cross-site"})
    assert counts(app) == {}


def test_further_pages_and_filters_are_the_same_search(app: Flask, client: FlaskClient) -> None:
    client.get("/search?q=сказки&page=2")
    client.get("/search?q=сказки&section=resources")
    client.get("/search?q=")
    assert counts(app) == {}


@pytest.mark.parametrize("text", ["ivanov@school.ru", "позвонить 8 (913) 123-45-67", "+79131234567"])
def test_addresses_and_telephone_numbers_are_not_kept(app: Flask, client: FlaskClient, text: str) -> None:
    client.get("/search", query_string={"q": text})
    assert counts(app) == {}


def test_an_isbn_is_no_telephone_number(app: Flask, client: FlaskClient) -> None:
    client.get("/search?q=978-5-17-118366-1")
    assert list(counts(app)) == ["978-5-17-118366-1"]


def test_the_table_has_no_place_for_a_person(app: Flask) -> None:
    with app.app_context():
        columns = {column["name"] for column in inspect(db.engine).get_columns("core_search_count")}
    assert columns == {"day", "text", "asked", "opened", "results"}


def test_the_answer_waits_for_no_write(app: Flask, client: FlaskClient) -> None:
    client.get("/search?q=сказки")
    with counted_queries(app) as log:
        client.get("/search?q=былины")
    assert not [line for line in log.statements if line.startswith(("INSERT", "UPDATE", "DELETE"))]


def test_what_cannot_be_written_now_is_written_later(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_counts: Any) -> None:
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    client.get("/search?q=сказки")
    with monkeypatch.context() as patch:
        patch.setattr(query_counts, "_store", refuse)
        with app.app_context(), pytest.raises(OperationalError):
            counter_of(app).write()
    client.get("/search?q=сказки")
    assert counts(app)["сказки"][0] == 2


def test_many_texts_are_written_in_parts(app: Flask) -> None:
    for number in range(query_counts.SOON * 2 + 3):
        counter_of(app).asked(f"слово {number}", 1)
    assert len(counts(app)) == query_counts.SOON * 2 + 3


def test_a_hub_that_stops_writes_what_it_counted(two_workers: LiveServer) -> None:
    from urllib.parse import quote
    from urllib.request import urlopen

    for _each in range(6):
        with urlopen(f"{two_workers.url}/search.json?q={quote('сказки перед сном')}") as answer:
            assert answer.status == 200
    two_workers.stop()
    import sqlite3

    connection = sqlite3.connect(two_workers.instance / "libhub.db")
    rows = connection.execute("SELECT text, asked FROM core_search_count").fetchall()
    connection.close()
    assert rows == [("сказки перед сном", 6)]


def test_old_counts_are_deleted(app: Flask) -> None:
    add(app, "старое", days_ago=200)
    add(app, "новое")
    with app.app_context():
        query_counts.forget_old(180)
    assert list(counts(app)) == ["новое"]


def test_zero_days_keep_nothing(app: Flask, client: FlaskClient) -> None:
    add(app, "прежнее")
    with app.app_context():
        settings.change_settings(settings.CORE, {"search_days": 0})
        query_counts.forget_old(0)
    client.get("/search?q=сказки")
    client.get("/search/noted?q=сказки&opened=1")
    assert counts(app) == {}


def test_the_librarian_sees_a_week(app: Flask, as_viewer: Callable[..., FlaskClient]) -> None:
    add(app, "огэ география", asked=9, results=4, opened=2)
    add(app, "никогда не открытое", asked=5, results=3)
    add(app, "физра", asked=7)
    add(app, "прошлое", asked=3, days_ago=7)
    page = as_viewer(LIBRARIAN).get("/admin/searches").text
    nothing, unopened, most = (
        page.index("Ничего не нашлось"),
        page.index("ничего не открыли"),
        page.index("Ищут чаще всего"),
    )
    assert nothing < page.index("физра") < unopened < page.index("никогда не открытое") < most
    assert page.index("огэ география") > most
    assert "прошлое" not in page
    assert "/admin/synonyms/add?words=%D1%84%D0%B8%D0%B7%D1%80%D0%B0" in page
    week = (now() - timedelta(days=7)).date()
    before = as_viewer(LIBRARIAN).get(f"/admin/searches?week={week}").text
    assert "прошлое" in before
    assert "физра" not in before


@pytest.mark.parametrize("week", ["x", "9999-12-31", "0001-01-01", "2026-02-30", ""])
def test_a_strange_week_is_no_error(as_viewer: Callable[..., FlaskClient], week: str) -> None:
    answer = as_viewer(LIBRARIAN).get("/admin/searches", query_string={"week": week})
    assert answer.status_code == 200


def test_sections_offer_what_to_do_about_a_search(
    fake_plugin: Callable[..., Any], request: pytest.FixtureRequest
) -> None:
    hooks = (
        "from markupsafe import Markup\nfrom libhub.api import hookimpl\n"
        "@hookimpl\ndef slot_fragments(slot, ref):\n"
        "    return [Markup('<a href=\"/demo?title={}\">Добавить</a>').format(ref['query'])]"
        " if slot == 'searches.query' else []\n"
    )
    fake_plugin("demo", {"hooks.py": hooks})
    app = request.getfixturevalue("app")
    add(app, "<b>физра</b>", asked=7)
    page = request.getfixturevalue("as_viewer")(LIBRARIAN).get("/admin/searches").text
    assert '<a href="/demo?title=&lt;b&gt;физра&lt;/b&gt;">Добавить</a>' in page
    assert "<b>физра" not in page
