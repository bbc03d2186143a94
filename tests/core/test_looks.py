"""The look that a visitor chooses: themes, the version for low-vision visitors, the panel that changes it."""

import re

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from libhub.testing import cookie_name
from libhub.web.rendering import looks
from libhub.web.rendering.looks import CHOICES, Look


def kept(client: FlaskClient) -> str:
    cookie = client.get_cookie(cookie_name(client, "look"))
    return cookie.value if cookie else ""


def html_tag(client: FlaskClient, path: str = "/") -> str:
    found = re.search(r"<html[^>]*>", client.get(path).text)
    assert found
    return found[0]


@given(st.text(max_size=2_000))
def test_no_cookie_makes_a_look_that_is_not_a_choice(text: str) -> None:
    look = looks.parse(text)
    assert all(getattr(look, name) in values for name, values in CHOICES.items())


def test_what_is_not_chosen_is_the_first_choice() -> None:
    assert looks.parse("") == Look()
    assert all(getattr(Look(), name) == values[0] for name, values in CHOICES.items())


def test_every_page_offers_the_low_vision_version_first(client: FlaskClient) -> None:
    for path in ("/", "/search?q=сказки", "/auth/sign-in", "/nowhere"):
        page = client.get(path).text
        links = re.findall(r"<a [^>]*>.*?</a>", page, re.S)
        assert "#content" in links[0]
        assert "vision=1" in links[1]
        assert "Версия для слабовидящих" in links[1]


def test_the_low_vision_version_stays_while_the_visitor_walks(client: FlaskClient) -> None:
    answer = client.get("/look/change?vision=1&next=/search?q=1")
    assert answer.location == "/search?q=1"
    for path in ("/", "/search?q=сказки", "/auth/sign-in", "/nowhere"):
        assert html_tag(client, path) == (
            '<html lang="ru" data-size="150" data-colours="white" data-spacing="normal" data-images="1">'
        )
        assert "css/vision.css" in client.get(path).text
    client.get("/look/change?size=200&colours=black&images=0")
    assert html_tag(client) == (
        '<html lang="ru" data-size="200" data-colours="black" data-spacing="normal" data-images="0">'
    )
    client.get("/look/change?vision=0")
    assert html_tag(client) == '<html lang="ru">'
    assert "css/vision.css" not in client.get("/").text


def test_the_panel_says_what_is_chosen(client: FlaskClient) -> None:
    client.get("/look/change?vision=1&size=200")
    page = client.get("/").text
    panel = page[page.index('class="vision"') :]
    chosen = re.findall(r'<a [^>]*aria-current="true"[^>]*>.*?<span class="unseen">(.*?)</span></a>', panel)
    assert chosen == ["200 %", "чёрным по белому", "обычные", "показывать"]


@pytest.mark.parametrize("query", ["size=900", "theme=<b>", "colours=", "nothing=1", "vision=2"])
def test_what_is_no_choice_changes_nothing(client: FlaskClient, query: str) -> None:
    client.get("/look/change?vision=1&size=200")
    before = kept(client)
    client.get(f"/look/change?{query}")
    assert kept(client) == before


def test_usual_choices_need_no_cookie(client: FlaskClient) -> None:
    client.get("/look/change?theme=dark")
    assert kept(client) == "theme=dark"
    client.get("/look/change?theme=auto")
    assert kept(client) == ""


@pytest.mark.parametrize("next_page", ["https://example.org/", "//example.org", "/\\example.org"])
def test_a_choice_never_leads_out_of_the_hub(client: FlaskClient, next_page: str) -> None:
    assert client.get("/look/change", query_string={"theme": "dark", "next": next_page}).location == "/"


def test_a_theme_is_dark_light_or_as_the_system_is(client: FlaskClient) -> None:
    sheets = {}
    for theme in ("auto", "light", "dark"):
        client.get(f"/look/change?theme={theme}")
        page = client.get("/").text
        address = re.search(r'href="(/assets/[^"]+\.css)"', page)
        assert address
        sheets[theme] = client.get(address[1]).text
        assert f'content="{"light dark" if theme == "auto" else theme}"' in page
    dark_paper = "--paper:#13181a"
    assert f"@media (prefers-color-scheme:dark){{:root{{{dark_paper}" in sheets["auto"]
    assert f"@media all{{:root{{{dark_paper}" in sheets["dark"]
    assert f"@media not all{{:root{{{dark_paper}" in sheets["light"]


def test_the_page_of_choices_works_by_a_form(client: FlaskClient) -> None:
    client.get("/look/change?vision=1&colours=blue&theme=dark")
    page = client.get("/look").text
    for name, value in (("vision", "1"), ("colours", "blue"), ("theme", "dark"), ("size", "150")):
        assert re.search(rf'name="{name}" value="{value}" checked', page)
