"""Forms of every page: nobody overwrites anybody, one press does one thing, nothing typed is lost."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from flask import Flask
from flask.testing import FlaskClient

from libhub.accounts.permissions import GUEST
from libhub.testing.fixtures import make_app, release
from libhub.testing.page_forms import PageForm, forms_of
from libhub.testing.visitors import PASSWORD, sign_in
from libhub.testing.walking import KIOSK, PEOPLE, Seen
from libhub.web.forms import form_state

MINE, THEIRS = "м1", "т2"
"""What two people add to a text; short, and fit for every field of plain text."""
Editor = tuple[Seen, PageForm]


@pytest.fixture(scope="session")
def workshop(house: Flask, seen: list[Seen], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A hub like the one whose pages were seen, in which things may be changed."""
    assert seen
    release(house)
    instance = shutil.copytree(house.instance_path, tmp_path_factory.mktemp("workshop") / "instance")
    app = make_app(Path(instance))
    yield app
    release(app)


def editors_of(seen: list[Seen]) -> list[Editor]:
    """Return the editors of things that there are, one of each address of a section."""
    found: dict[object, Editor] = {}
    for page in seen:
        if page.role in {GUEST, KIOSK} or page.address.rule is None or page.status != 200:
            continue
        for form in forms_of(page.html, page.address.path):
            if form.editor:
                found.setdefault(page.address.rule.rule, (page, form))
    return list(found.values())


class People:
    """Browsers of people who are signed in, one of each."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._browsers: dict[str, FlaskClient] = {}

    def first(self, role: str) -> FlaskClient:
        """Return the browser of the person with whose account pages were walked."""
        return self._browser(role, PEOPLE[role][0])

    def second(self, role: str) -> FlaskClient:
        """Return that of another person of the role."""
        return self._browser(role, f"second-{role}")

    def _browser(self, role: str, name: str) -> FlaskClient:
        if name not in self._browsers:
            self._browsers[name] = sign_in(self._app, role, username=name)
        return self._browsers[name]


@pytest.fixture(scope="session")
def people(workshop: Flask) -> People:
    """Those who work in the workshop."""
    return People(workshop)


def opened(browser: FlaskClient, page: Seen) -> PageForm | None:
    """Return the editor of a page as somebody gets it now; None where it is another person's."""
    answer = browser.get(page.address.path)
    if answer.status_code != 200:
        return None
    return next((form for form in forms_of(answer.text, page.address.path) if form.editor), None)


def changeable(browser: FlaskClient, page: Seen, most: int) -> list[str]:
    """Return fields of an editor that take another text, by trying; what was tried is taken back."""
    form = opened(browser, page)
    assert form is not None
    found: list[str] = []
    for name in form.lines:
        before = opened(browser, page)
        assert before is not None
        typed = before.fields[name][0] + MINE
        if not 300 <= before.send(browser, **{name: typed}).status_code < 400:
            continue
        after = opened(browser, page)
        if after is None or after.fields.get(name) != [typed]:
            continue
        after.send(browser, **{name: before.fields[name][0]})
        found.append(name)
        if len(found) == most:
            break
    return found


def test_every_form_says_which_sending_it_is(house: Flask, seen: list[Seen]) -> None:
    silent = []
    with house.app_context():
        for page in seen:
            for form in forms_of(page.html, page.address.path):
                state = form.fields.get("form_state", [""])[0]
                if form_state.read(state) is None:
                    silent.append(f"{page}: {form.action}")
    assert silent == [], "begin the form with ui.csrf() or form.csrf_token"


def test_what_shows_stored_texts_to_be_changed_is_an_editor(house: Flask, seen: list[Seen]) -> None:
    plain = []
    with house.app_context():
        for page in seen:
            for form in forms_of(page.html, page.address.path):
                asked = parse_qs(page.address.path.partition("?")[2])
                texts = [
                    text for name in form.lines if (text := form.fields[name][0]) not in asked.get(name, ())
                ]
                own = form.action.partition("?")[0] == page.address.path.partition("?")[0]
                files = form.tag.select_one("input[type=file]") is not None
                if (own and page.status == 200 and any(texts)) and not (
                    page.role == GUEST or form.editor or files
                ):
                    plain.append(str(page))
    assert plain == [], "show the form with editor()"


def test_two_people_lose_nothing_of_each_other(people: People, seen: list[Seen]) -> None:
    lost = []
    for page, _form in editors_of(seen):
        first, second = people.first(page.role), people.second(page.role)
        if opened(second, page) is None:
            continue  # one's own things have no second editor
        names = changeable(first, page, 2)
        mine, theirs = opened(first, page), opened(second, page)
        if not names or mine is None or theirs is None:
            continue
        one, other = names[0], names[-1]
        saved = mine.send(first, **{one: mine.fields[one][0] + MINE})
        joined = theirs.send(second, **{other: theirs.fields[other][0] + THEIRS})
        now = opened(first, page)
        if now is None or not 300 <= saved.status_code < 400:
            lost.append(f"{page}: not saved")
        elif one == other:
            if joined.status_code != 409 or THEIRS not in joined.text or MINE not in joined.text:
                lost.append(f"{page}: nobody is asked which {one} holds ({joined.status_code})")
            if not now.fields[one][0].endswith(MINE):
                lost.append(f"{page}: {one} was overwritten")
        elif not (now.fields[one][0].endswith(MINE) and now.fields[other][0].endswith(THEIRS)):
            lost.append(f"{page}: {one} or {other} was overwritten")
    assert lost == []


def test_what_is_sent_twice_is_done_once(people: People, seen: list[Seen]) -> None:
    twice = []
    for page, _form in editors_of(seen):
        browser = people.first(page.role)
        form = opened(browser, page)
        if form is None:
            continue
        first = form.send(browser)
        if not 300 <= first.status_code < 400:
            continue  # it is new, and empty
        again = form.send(browser)
        if (again.status_code, again.location) != (first.status_code, first.location):
            twice.append(f"{page}: {again.status_code} {again.location}")
    assert twice == []


def test_what_is_typed_outlives_its_session(workshop: Flask, seen: list[Seen]) -> None:
    lost = []
    for page, _form in editors_of(seen):
        browser = sign_in(workshop, page.role, username=PEOPLE[page.role][0])
        form = opened(browser, page)
        if form is None or not form.lines:
            continue
        name = form.lines[0]
        typed = f"Набрано долго {MINE}"
        browser.post("/auth/sign-out")
        answer = form.send(browser, **{name: typed})
        if answer.status_code != 302 or "/auth/sign-in" not in answer.location:
            lost.append(f"{page}: {answer.status_code} without a session")
            continue
        entered = browser.post(answer.location, data={"username": PEOPLE[page.role][0], "password": PASSWORD})
        again = browser.get(entered.location)
        found = [each for each in forms_of(again.text, page.address.path) if each.editor]
        if not found or found[0].fields[name] != [typed]:
            lost.append(f"{page}: {name} is not filled in again")
    assert lost == []


def test_what_is_typed_is_kept_meanwhile(people: People, seen: list[Seen]) -> None:
    lost = []
    for page, _form in editors_of(seen):
        browser = people.first(page.role)
        form = opened(browser, page)
        if form is None or not form.lines:
            continue
        name, typed = form.lines[0], f"Между делом {MINE}"
        kept = browser.post("/drafts/keep", data=form.filled(**{name: typed}))
        shown = browser.get(page.address.path).text
        offered = re.search(r'href="([^"]+[?&;]draft=[0-9a-f]+)"', shown)
        if kept.status_code != 200 or offered is None:
            lost.append(f"{page}: {kept.status_code}, not offered")
            continue
        again = browser.get(offered[1].replace("&amp;", "&")).text
        found = [each for each in forms_of(again, page.address.path) if each.editor]
        if not found or found[0].fields[name] != [typed]:
            lost.append(f"{page}: {name} is not filled in again")
    assert lost == []
