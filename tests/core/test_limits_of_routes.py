"""What guests may send, and what costs much: each has a limit, or a reason why it needs none."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from libhub.accounts.permissions import LIBRARIAN, STUDENT
from libhub.web.gate import FOR_EVERYBODY, access_of
from libhub.web.limiting import limit_of

Browser = Callable[..., FlaskClient]

NO_LIMIT = {
    "auth.session_end": "prolongs the visitor's own session, and does nothing for a guest",
    "auth.setup": "opens with a link that the hub signed; there is nothing to guess",
    "auth.sign_in": "counted by account and address, see test_sign_in_that_helps",
    "auth.sign_out": "ends the visitor's own session, and does nothing for a guest",
    "by_pictures.choose": "counted by the pupil and by the address, where the pictures are compared",
    "cards.ask": "counted by the address, where the card is looked for",
    "drafts.keep": "keeps only what comes with a form that the hub made for this very account",
    "file_editing.move": "who may not change the thing is refused before anything is read",
    "file_editing.remove": "who may not change the thing is refused before anything is read",
    "file_editing.rename": "who may not change the thing is refused before anything is read",
    "file_editing.replace": "who may not change the thing is refused before anything is read",
    "file_editing.retry": "who may not change the thing is refused before anything is read",
    "file_editing.undo": "who may not change the thing is refused before anything is read",
    "file_editing.upload": "who may not change the thing is refused before anything is read",
    "kiosk.here": "prolongs the visitor's own session, and does nothing for a guest",
}
"""Forms that guests may send."""
COSTLY = re.compile(r"\.(xlsx|csv|zip|gift)$|/export$|/works/add$|/certificates/<number>$|^/pc/<code>$")
"""Addresses of tables and archives that are put together for whoever asks, of uploads, and of numbers that can be guessed."""
COSTS_LITTLE = {
    "training.export_questions": "the questions of one lesson, as text",
    "search.index": "two milliseconds, less than the page around it; a class that searches shares one address",
    "search.as_json": "the same search without the page",
    "search.suggest": "asked with every letter; a read of the index",
    "search.noted": "counted in memory, and written with what others searched",
    "resources.open_resource": "counted in memory, and written with what others opened",
    "events.feed_all": "a read of the database, as any page",
    "events.feed_category": "a read of the database, as any page",
    "events.feed_person": "opens with a secret of 32 bytes, which nobody guesses",
    "events.event_ics": "one event, as text",
    "files.preview": "made once, then sent from the disk",
    "reader.read": "read beforehand, behind the scenes",
    "reader.picture": "taken out beforehand, behind the scenes",
}
"""What one might think costly, and is not."""


def test_every_form_of_guests_has_a_limit_or_a_reason(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and access_of(app, rule.endpoint) == FOR_EVERYBODY:
            declared = limit_of(app, rule.endpoint)
            counted = declared is not None and "POST" in declared.methods
            assert counted is not (rule.endpoint in NO_LIMIT), rule.endpoint


def test_what_costs_much_has_a_limit(app: Flask) -> None:
    found = 0
    for rule in app.url_map.iter_rules():
        if COSTLY.search(rule.rule) and rule.endpoint not in COSTS_LITTLE:
            found += 1
            assert limit_of(app, rule.endpoint) is not None, rule.rule
    assert found > 8


def test_the_reasons_are_of_routes_that_there_are(app: Flask) -> None:
    assert set(NO_LIMIT) | set(COSTS_LITTLE) <= set(app.view_functions)
    assert not [endpoint for endpoint in COSTS_LITTLE if limit_of(app, endpoint)]


def test_a_broken_link_is_reported_no_hundred_times(app: Flask, client: FlaskClient) -> None:
    told = [client.post("/resources/1/report", data={"note": f"{n}"}).status_code for n in range(40)]
    assert told == [302] * 5 + [429] * 35
    answer = client.post("/resources/1/report")
    assert 60 <= int(answer.headers["Retry-After"]) <= 120
    assert "Слишком много попыток. Подождите 2 минуты." in answer.text
    other = client.post("/resources/1/report", environ_overrides={"REMOTE_ADDR": "10.0.0.9"})
    assert other.status_code == 302, "another address is counted by itself"


def test_people_are_counted_by_themselves_whatever_their_address(app: Flask, as_viewer: Browser) -> None:
    reader, other = as_viewer(STUDENT), as_viewer(LIBRARIAN)
    assert [reader.post("/resources/1/report").status_code for _n in range(6)] == [302] * 5 + [429]
    assert other.post("/resources/1/report").status_code == 302


@pytest.mark.parametrize("path", ["/training/certificates/AAAA-{n}", "/pc/aaaa-{n}"])
def test_numbers_are_not_tried_out_one_after_the_other(client: FlaskClient, path: str) -> None:
    told = [client.get(path.format(n=number)).status_code for number in range(25)]
    assert told == [404] * 20 + [429] * 5


def test_what_is_refused_does_nothing(app: Flask, client: FlaskClient) -> None:
    """The limit stands before the view, and before what remembers that a form was sent."""
    for _n in range(5):
        client.post("/resources/1/report", data={"note": "раз"})
    client.post("/resources/1/report", data={"note": "последняя капля"})
    from libhub.testing import sign_in

    text = sign_in(app, LIBRARIAN).get("/resources/reports").text
    assert "раз" in text
    assert "последняя капля" not in text
