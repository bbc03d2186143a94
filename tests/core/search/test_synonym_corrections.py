"""Synonyms beside the other helps of the search box."""

from flask import Flask

from libhub.base.audit import acting_as
from libhub.search.asking import synonyms
from libhub.testing import PROGRAM


def test_a_synonym_is_no_slip_and_takes_part_in_operators(app: Flask) -> None:
    browser = app.test_client()
    with app.app_context(), acting_as(PROGRAM):
        synonyms.save("сказуля, сказка")
    found = browser.get("/search.json?q=сказуля").json
    assert found["shown_for"] == "сказуля"
    assert found["total"] >= 1
    assert found["total"] == browser.get("/search.json?q=сказка").json["total"]
    assert browser.get("/search.json?q=сказуля -малышей").json["total"] == found["total"] - 1
