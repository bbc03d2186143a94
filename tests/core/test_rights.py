"""Nobody learns of what they may not see: every way out of the hub is held against ``Viewer.may_see``.

The hub is full of things to leak: resources of every visibility and age mark and without one, archived and not.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from libhub.accounts.models import User
from libhub.accounts.permissions import ADMINISTRATOR, AGE_MARKS, GUEST, LIBRARIAN, PARENT, STUDENT, TEACHER
from libhub.api import VISIBILITY, set_archived
from libhub.base.db import db
from libhub.search.current import get_index
from libhub.search.documents import age_code
from libhub.search.store.snapshot import Snapshot
from libhub.testing import index_now, make_app, release, sign_in, viewer_with
from plugins.resources import directory, favourites
from plugins.resources import rules as domain
from plugins.resources.models import Resource
from plugins.resources.pages import browsing
from plugins.resources.rules import ResourceData

WORD = "тайник"
VIEWERS = [
    (GUEST, None),
    *product((STUDENT,), (None, 0, 6, 12, 16, 18)),
    *product((PARENT, TEACHER), (None, 6, 16)),
    *product((LIBRARIAN, ADMINISTRATOR), (None, 12)),
]
MARKS = (None, *AGE_MARKS)
EDITORS = {LIBRARIAN, ADMINISTRATOR}
LINK = re.compile(r"/resources/(\d+)\b")


@dataclass(frozen=True)
class Hidden:
    """A resource of the test and what the one rule needs to know of it."""

    number: int
    title: str
    audience: frozenset[str]
    age: int | None


@dataclass(frozen=True)
class Hub:
    """A hub with things to leak."""

    app: Flask
    things: list[Hidden]


@pytest.fixture(scope="module")
def hub(prepared_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    instance = tmp_path_factory.mktemp("rights") / "instance"
    shutil.copytree(prepared_instance, instance)
    app = make_app(instance)
    things = []
    with app.app_context():
        for visibility, age, archived in product(VISIBILITY, MARKS, (False, True)):
            title = f"{WORD.title()} {visibility} {age} {'архив' if archived else 'полка'}"
            data = ResourceData(
                title=title,
                url=f"https://example.org/{visibility}/{age}/{archived}",
                kind="media",
                access="onsite",
                age=age,
                visibility=visibility,
                for_whom=("speech_therapists",),
                themes=(f"тема {visibility} {age} {archived}",),
            )
            number = domain.save(data)
            if archived:
                set_archived(Resource, [number], archived=True)
            things.append(
                Hidden(number, title, frozenset() if archived else domain.get(number).audience(), age)
            )
    index_now(app)
    yield Hub(app, things)
    release(app)


@dataclass(frozen=True)
class Visitor:
    """A browser, and what its owner may and may not see."""

    browser: FlaskClient
    role: str
    username: str | None
    seen: list[Hidden]
    unseen: list[Hidden]


@pytest.fixture(params=VIEWERS, ids=lambda param: f"{param[0]}-{param[1]}")
def visitor(hub: Hub, request: pytest.FixtureRequest) -> Visitor:
    role, age_limit = request.param
    browser = sign_in(hub.app, role, age_limit=age_limit)
    username = None if role == GUEST else f"{role}-{age_limit}"
    viewer = viewer_with(hub.app, username)
    if age_limit is not None:
        assert viewer.age_limit == age_limit
    seen = [thing for thing in hub.things if viewer.may_see(thing.audience, thing.age)]
    unseen = [thing for thing in hub.things if thing not in seen]
    assert seen
    assert unseen
    return Visitor(browser, role, username, seen, unseen)


def numbers(things: list[Hidden]) -> set[int]:
    return {thing.number for thing in things}


def linked(text: str, hub: Hub) -> set[int]:
    """Return the test's resources to which a page links."""
    return {int(found) for found in LINK.findall(text)} & numbers(hub.things)


def test_search_tells_hits_totals_and_facets_of_what_may_be_seen(hub: Hub, visitor: Visitor) -> None:
    found = visitor.browser.get("/search.json", query_string={"q": WORD, "limit": 100}).json
    assert {hit["uid"] for hit in found["results"]} == {
        f"resources/resource/{n}" for n in numbers(visitor.seen)
    }
    assert found["total"] == len(visitor.seen)
    ages = {age_code(age): sum(thing.age == age for thing in visitor.seen) for age in MARKS}
    assert found["facets"]["age"] == {age: number for age, number in ages.items() if number}
    for name, value in (
        ("section", "resources"),
        ("access", "onsite"),
        ("for_whom", "speech_therapists"),
    ):
        assert found["facets"][name] == {value: len(visitor.seen)}


def test_paging_through_search_shows_everything_once_and_nothing_else(hub: Hub, visitor: Visitor) -> None:
    shown: list[int] = []
    for page in range(1, 9):
        arguments = {"q": WORD, "limit": 4, "page": page}
        shown += [
            int(hit["uid"].rpartition("/")[2])
            for hit in visitor.browser.get("/search.json", query_string=arguments).json["results"]
        ]
    assert sorted(shown) == sorted(numbers(visitor.seen))


def test_asking_for_a_hidden_facet_value_finds_nothing_more(hub: Hub, visitor: Visitor) -> None:
    for age in MARKS:
        asked = {"q": WORD, "age": age_code(age), "limit": 100}
        found = visitor.browser.get("/search.json", query_string=asked).json
        assert found["total"] == sum(thing.age == age for thing in visitor.seen)


def test_the_search_page_links_to_what_may_be_seen(hub: Hub, visitor: Visitor) -> None:
    text = visitor.browser.get("/search", query_string={"q": WORD, "limit": 100}).text
    assert linked(text, hub) == numbers(visitor.seen)
    for thing in visitor.unseen:
        assert thing.title not in re.sub("</?mark>", "", text)


def test_the_directory_lists_what_may_be_seen(hub: Hub, visitor: Visitor) -> None:
    text = "".join(
        visitor.browser.get("/resources/", query_string={"kind": "media", "page": page}).text
        for page in (1, 2, 3)
    )
    assert linked(text, hub) == numbers(visitor.seen)


def test_counts_and_themes_of_the_directory_speak_of_what_may_be_seen(hub: Hub, visitor: Visitor) -> None:
    viewer = viewer_with(hub.app, visitor.username)
    with hub.app.app_context():
        counts = browsing.LISTING.counts(
            viewer, {"kind": frozenset({"media"}), "access": frozenset({"onsite"})}
        )
        themes = {theme for theme, _number in directory.themes(viewer)}
    assert counts["kind"]["media"] == len(visitor.seen)
    assert counts["access"] == {"onsite": len(visitor.seen)}
    assert counts["for_whom"] == {"speech_therapists": len(visitor.seen)}
    for thing in hub.things:
        theme = "тема " + " ".join(
            (*thing.title.split()[1:3], "True" if thing.title.endswith("архив") else "False")
        )
        assert (theme in themes) == (thing in visitor.seen)


def test_every_page_about_one_hidden_thing_is_closed(hub: Hub, visitor: Visitor) -> None:
    rules = [
        rule
        for rule in hub.app.url_map.iter_rules()
        if rule.endpoint.startswith("resources.")
        and "GET" in (rule.methods or ())
        and rule.arguments == {"resource_id"}
    ]
    assert rules
    if visitor.role in EDITORS:
        return  # who edits the directory opens everything in it
    adapter = hub.app.url_map.bind("localhost")
    for rule, thing in product(rules, visitor.unseen):
        path = adapter.build(rule.endpoint, {"resource_id": thing.number})
        answer = visitor.browser.get(path)
        assert answer.status_code in {302, 403, 404}, path
        assert thing.title not in answer.text
        assert "example.org" not in answer.headers.get("Location", "")


def test_the_page_of_a_thing_that_may_be_seen_opens(hub: Hub, visitor: Visitor) -> None:
    for thing in visitor.seen:
        assert thing.title in visitor.browser.get(f"/resources/{thing.number}").text


def test_favourites_show_what_may_still_be_seen(hub: Hub, visitor: Visitor) -> None:
    if visitor.username is None:
        return
    viewer = viewer_with(hub.app, visitor.username)
    with hub.app.app_context():
        user_id = db.session.scalar(select(User.id).where(User.username == visitor.username))
        assert user_id
        for thing in hub.things:
            favourites.set_favourite(user_id, thing.number, wanted=True)
        kept = {resource.id for resource in favourites.favourites(user_id, viewer)}
    assert kept == numbers(visitor.seen)
    if "resources.favourites" in hub.app.view_functions:
        path = hub.app.url_map.bind("localhost").build("resources.favourites", {})
        assert linked(visitor.browser.get(path).text, hub) == numbers(visitor.seen)


def test_the_home_page_names_nothing_hidden(hub: Hub, visitor: Visitor) -> None:
    text = visitor.browser.get("/").text
    assert not linked(text, hub) & numbers(visitor.unseen)
    for thing in visitor.unseen:
        assert thing.title not in text


def test_there_is_something_to_leak(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the filter of the index and the second look taken away, a guest would see it all."""
    expected = {thing.number for thing in hub.things if thing.audience}
    guest = hub.app.test_client()
    viewer = viewer_with(hub.app, None)
    allowed = {thing.number for thing in hub.things if viewer.may_see(thing.audience, thing.age)}
    monkeypatch.setattr(Snapshot, "visible", lambda snapshot, _scope: snapshot._alive, raising=True)
    found = guest.get("/search.json", query_string={"q": WORD, "limit": 99}).json
    shown = {int(hit["uid"].rpartition("/")[2]) for hit in found["results"]}
    assert shown == allowed, "the second look, at the database, did not catch what the index let through"
    assert found["facets"]["section"]["resources"] == len(expected) > len(allowed)
    monkeypatch.setattr(Resource, "visible_to", lambda _viewer: Resource.present())
    monkeypatch.setattr(Resource, "rights_of", lambda _viewer: None)
    found = guest.get("/search.json", query_string={"q": WORD, "limit": 99}).json
    assert {int(hit["uid"].rpartition("/")[2]) for hit in found["results"]} == expected


def test_a_thing_is_hidden_from_the_moment_it_is_saved(hub: Hub) -> None:
    """The index may be behind: what the database says counts."""
    with hub.app.app_context():
        number = domain.save(ResourceData(age=0, title="Однодневка", url="https://example.org/day"))
    index_now(hub.app)
    guest = hub.app.test_client()
    assert guest.get("/search.json?q=однодневка").json["total"] == 1
    with hub.app.app_context():
        data = ResourceData(age=0, title="Однодневка", url="https://example.org/day", visibility="staff")
        domain.save(data, number)
        assert get_index().current_folder()
    found = guest.get("/search.json?q=однодневка").json
    assert (found["total"], found["results"]) == (0, [])
