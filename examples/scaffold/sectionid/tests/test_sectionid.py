"""Notes are written, found and put away by those who may."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from libhub.testing import index_now

NOTE = {"title": "Литературный вечер", "text": "Начало в пять.", "visibility": "everyone", "age": "0"}


def found(browser: FlaskClient, query: str) -> list[str]:
    """Return the addresses of what search finds."""
    answer = browser.get("/search.json", query_string={"q": query, "section": "sectionid"})
    return [hit["url"] for hit in answer.get_json()["results"]]


def test_a_note_is_written_shown_found_and_put_away(
    app: Flask, as_viewer: Callable[..., FlaskClient]
) -> None:
    librarian, guest = as_viewer("librarian"), as_viewer("guest")
    address = librarian.post("/sectionid/add", data=NOTE).location
    assert "Начало в пять." in guest.get(address).text
    assert NOTE["title"] in guest.get("/sectionid/").text
    assert NOTE["title"] in guest.get("/").text
    index_now(app)
    assert address in found(guest, "литературные вечера")

    librarian.post(f"{address}/edit", data={**NOTE, "text": "Начало в шесть."})
    assert "Начало в шесть." in guest.get(address).text

    librarian.post(f"{address}/archive")
    assert guest.get(address).status_code == 404
    index_now(app)
    assert address not in found(guest, "литературные вечера")


def test_what_will_not_do_is_told_at_its_field(as_viewer: Callable[..., FlaskClient]) -> None:
    answer = as_viewer("librarian").post("/sectionid/add", data={**NOTE, "title": " "})
    assert answer.status_code == 422
    assert "Нужно название" in answer.text
    assert "Начало в пять." in answer.text


def test_readers_do_not_edit(as_viewer: Callable[..., FlaskClient]) -> None:
    for role in ("guest", "student", "teacher"):
        answer = as_viewer(role).post("/sectionid/add", data=NOTE)
        assert answer.status_code in {302, 403}
        assert NOTE["title"] not in as_viewer(role).get("/sectionid/").text
