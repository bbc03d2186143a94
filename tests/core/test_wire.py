"""What goes over the wire: compressed where the browser reads that, kept for good under the address of its content."""

import gzip
import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from libhub.accounts.permissions import STUDENT
from libhub.testing import keep_only, sign_in

GZIP = {"Accept-Encoding": "gzip, deflate, br"}
FOREVER = "public, max-age=31536000, immutable"
MOST_BYTES = 60_000
MOST_REQUESTS = 8


def get(client: FlaskClient, path: str, **headers: str) -> TestResponse:
    return client.get(path, headers={**GZIP, **headers}, buffered=True)


def parts_of(page: str) -> set[str]:
    """Return what a browser loads to show a page; pictures that it loads when it has nothing else to do aside."""
    tags = re.findall(r"<(?:link|script|img|use)\b[^>]*>", page)
    shown = [
        tag for tag in tags if "<link" not in tag or re.search(r'rel="(?:stylesheet|preload|icon)"', tag)
    ]
    eager = [tag for tag in shown if 'loading="lazy"' not in tag]
    found = {
        match[1].partition("#")[0] for tag in eager if (match := re.search(r'(?:href|src)="([^"]+)"', tag))
    }
    return found - {""}


@pytest.mark.parametrize("path", ["/", "/search?q=", "/search.json?q="])
def test_a_page_is_compressed_for_who_reads_it(client: FlaskClient, path: str) -> None:
    plain = client.get(path)
    assert "Content-Encoding" not in plain.headers
    packed = get(client, path)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)
    assert len(gzip.decompress(packed.data)) == len(plain.data)
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.headers["Vary"]


def test_what_all_guests_get_is_packed_once_and_well(app: Flask) -> None:
    first, second = (get(app.test_client(), "/") for _guest in range(2))
    assert first.data == second.data
    plain = app.test_client().get("/").data
    assert gzip.decompress(first.data) == plain
    assert len(first.data) == len(gzip.compress(plain, 9))
    assert len(first.data) < len(gzip.compress(plain, 3)), "the page is too short to tell"
    own = get(sign_in(app, STUDENT), "/").data
    assert len(own) == len(gzip.compress(gzip.decompress(own), 3)), "a page of one's own is packed quickly"


def test_small_answers_redirects_and_pictures_stay_as_they_are(client: FlaskClient) -> None:
    for path in ("/healthz", "/language/en", "/static/vendor/onest-latin.woff2"):
        assert "Content-Encoding" not in get(client, path).headers, path


def test_a_static_file_is_kept_for_good_only_under_the_address_of_its_content(client: FlaskClient) -> None:
    page = client.get("/").text
    (address,) = set(re.findall(r'"(/static/icon\.svg\?v=\w+)"', page))
    assert get(client, address).headers["Cache-Control"] == FOREVER
    for other in ("/static/icon.svg", "/static/icon.svg?v=0"):
        assert get(client, other).headers["Cache-Control"] == "no-cache"


def test_a_static_file_is_compressed_and_still_asked_for_anew(client: FlaskClient) -> None:
    plain = client.get("/static/vendor/icons.svg", buffered=True)
    packed = get(client, "/static/vendor/icons.svg")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    again = get(client, "/static/vendor/icons.svg", **{"If-None-Match": packed.headers["ETag"]})
    assert again.status_code == 304
    assert not again.data
    piece = get(client, "/static/vendor/icons.svg", Range="bytes=0-99")
    assert "Content-Encoding" not in piece.headers


def test_compressing_once_keeps_what_is_sent(app: Flask) -> None:
    client = app.test_client()
    address = re.findall(r'rel="stylesheet" href="([^"]+)"', client.get("/").text)[0]
    first, second = get(client, address), get(client, address)
    assert first.headers["Cache-Control"] == FOREVER
    assert first.data == second.data
    assert gzip.decompress(first.data) == client.get(address).data


def test_json_says_the_same_either_way(client: FlaskClient) -> None:
    packed = get(client, "/search.json?q=")
    assert json.loads(gzip.decompress(packed.data)) == client.get("/search.json?q=").json


@pytest.mark.parametrize("path", ["/", "/search?q="])
def test_the_first_view_is_light(app: Flask, path: str) -> None:
    keep_only(app)  # what the sections add is for them to answer for
    client = app.test_client()
    answer = get(client, path)
    page = gzip.decompress(answer.data).decode()
    sizes = {part: len(get(client, part).data) for part in parts_of(page)}
    assert all(part.startswith("/") for part in sizes)
    assert 1 + len(sizes) <= MOST_REQUESTS, sizes
    assert len(answer.data) + sum(sizes.values()) <= MOST_BYTES, sizes
