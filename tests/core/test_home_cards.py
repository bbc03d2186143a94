"""The librarian arranges the home page."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from libhub.accounts.permissions import LIBRARIAN, STUDENT
from libhub.pages.card_order import MOVES, Place, arrange, moved
from libhub.plugging import settings
from libhub.testing import form_of, press

KEYS = st.lists(st.sampled_from("abcdefgh"), unique=True)
KEPT = st.lists(st.sampled_from([*"abcdxyz", *(f"-{key}" for key in "abcdxyz")]), max_size=8).map(" ".join)


@given(KEYS, KEPT)
def test_every_card_has_just_one_place(keys: list[str], kept: str) -> None:
    assert sorted(place.key for place in arrange(keys, kept)) == sorted(keys)


@given(KEYS, KEPT, st.sampled_from("abcdefgh"), st.sampled_from(MOVES))
def test_a_move_changes_nothing_but_what_it_says(keys: list[str], kept: str, key: str, move: str) -> None:
    before = arrange(keys, kept)
    after = arrange(keys, moved(before, key, move))
    others = [place for place in before if place.key != key]
    assert [place for place in after if place.key != key] == others
    if key in keys:
        old, new = (next(place for place in each if place.key == key) for each in (before, after))
        assert new.shown == {"hide": False, "show": True}.get(move, old.shown)
        step = {"up": -1, "down": 1}.get(move, 0)
        assert after.index(new) == min(max(before.index(old) + step, 0), len(keys) - 1)


def test_a_new_section_stands_where_it_wants_itself() -> None:
    assert arrange(["events", "new", "crafts"], "crafts -events") == [
        Place("crafts"),
        Place("events", shown=False),
        Place("new"),
    ]


def order(client: FlaskClient) -> list[str]:
    page = client.get("/").text
    titles = {
        "Ближайшие события": "events",
        "Сделай сам": "crafts",
        "Читать и учиться онлайн": "resources",
    }
    return sorted(
        (name for title, name in titles.items() if title in page),
        key=lambda n: next(page.index(title) for title, name in titles.items() if name == n),
    )


def test_cards_are_moved_put_away_and_shown_again(
    app: Flask, client: FlaskClient, as_viewer: Callable[..., FlaskClient]
) -> None:
    librarian = as_viewer(LIBRARIAN)
    assert order(client) == ["events", "resources", "crafts"]

    def move(card: str, how: str) -> None:
        assert card in librarian.get("/home/cards").text
        assert press(librarian, "/home/cards", "/home/cards", card=card, move=how).status_code == 302

    move("crafts:crafts/card.html", "up")
    assert order(client) == ["events", "crafts", "resources"]
    move("events:events/card.html", "hide")
    assert order(client) == ["crafts", "resources"]
    assert order(librarian) == ["crafts", "resources"]
    move("events:events/card.html", "show")
    assert order(client) == ["events", "crafts", "resources"]


def test_of_many_who_move_cards_at_once_each_saw_what_it_moved(
    app: Flask, as_viewer: Callable[..., FlaskClient]
) -> None:
    cards = ("events:events/card.html", "resources:resources/card.html", "crafts:crafts/card.html")
    browsers = [as_viewer(LIBRARIAN, username=f"lib{place}") for place, _card in enumerate(cards)]
    form = form_of(browsers[0].get("/home/cards").text, "/home/cards")
    ready = Barrier(len(cards))

    def hide(browser: FlaskClient, card: str) -> str:
        ready.wait(30)
        sent = {**form, "card": card, "move": "hide"}
        return browser.post("/home/cards", data=sent, follow_redirects=True).text

    with ThreadPoolExecutor(len(cards)) as pool:
        answers = list(pool.map(hide, browsers, cards))
    assert sorted("кто-то уже всё изменил" in text for text in answers) == [False, True, True]
    with app.app_context():
        assert str(settings.get_setting(settings.CORE, "home_cards")).count("-") == 1


def test_only_who_changes_settings_arranges_the_page(
    client: FlaskClient, as_viewer: Callable[..., FlaskClient]
) -> None:
    pupil = as_viewer(STUDENT)
    assert client.post("/home/cards", data={"card": "x", "move": "up"}).status_code == 302
    assert pupil.get("/home/cards").status_code == 403
    assert pupil.post("/home/cards", data={"card": "x", "move": "up"}).status_code == 403
    assert "/home/cards" not in pupil.get("/").text
    assert "/home/cards" in as_viewer(LIBRARIAN, username="second").get("/").text
