"""Addresses that are made once are those that Flask makes."""

import flask
import pytest
from flask import Flask

from libhub.web.rendering.addresses import url_for


@pytest.mark.parametrize(
    ("endpoint", "values"),
    [
        ("home.index", {}),
        ("home.language", {"locale": "en", "next": "/search?q=a b&c=ё"}),
        ("search.index", {"q": "сказки & «былины»/+?", "page": 2}),
        ("search.index", {"q": ["a", "b"]}),
        ("search.index", {"q": None}),
        ("static", {"filename": "vendor/icons.svg", "v": "abc"}),
        ("notices.show", {"notice_id": 7}),
        ("home.index", {"_external": True}),
        ("home.index", {"_anchor": "content"}),
    ],
)
@pytest.mark.parametrize("root", ["", "/library"])
def test_an_address_is_what_flask_makes_of_it(
    app: Flask, endpoint: str, values: dict[str, object], root: str
) -> None:
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": root}):
        for _time in range(2):
            assert url_for(endpoint, **values) == flask.url_for(endpoint, **values)  # type: ignore[arg-type]
