"""Two people write at once, with Backs, reloads, repeats and ended sessions: nothing acknowledged is lost, nothing typed either."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from werkzeug.test import TestResponse

from libhub.accounts import accounts, sessions
from libhub.testing import PASSWORD, make_app, release, sign_in
from libhub.testing.page_forms import PageForm, editor_of, forms_of
from tests.plugins.crafts import factory as crafts
from tests.plugins.training import factory as training

NAMES = ("anna", "vera")
TEXTS = st.text("абвгде", min_size=1, max_size=6)


@pytest.fixture(scope="module")
def hub(prepared_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A hub that several runs share: each begins with what is stored then."""
    instance = shutil.copytree(prepared_instance, tmp_path_factory.mktemp("editors") / "instance")
    app = make_app(Path(instance))
    yield app
    release(app)


@pytest.fixture(scope="module")
def editors(hub: Flask) -> dict[str, tuple[str, ...]]:
    """Addresses of editors of every kind, and fields of them that take any text."""
    with hub.app_context():
        course, section = training.make_course("Курс двоих")
        lesson = training.make_lesson(section, "Урок двоих")
        activity = crafts.rules.save(crafts.sample("Поделка двоих"), state="published")
        pupil = accounts.add_user(accounts.UserDetails("pupil-of-two", "Ученик", "student"), PASSWORD).id
    event = editor_of(sign_in(hub, "librarian", username=NAMES[0]), "/events/add")
    made = event.send(sign_in(hub, "librarian", username=NAMES[0]), title="Встреча двоих")
    return {
        "/resources/1/edit": ("title", "summary", "description", "how_to_enter"),
        "/admin/settings": ("library_name", "welcome", "ask_librarian"),
        f"/admin/users/{pupil}": ("name",),
        f"/training/{course}/settings": ("title", "summary"),
        f"/training/lessons/{lesson}/edit": ("title", "text"),
        f"/crafts/{activity}/edit": ("title", "summary", "safety", "author"),
        f"{made.location}/edit": ("title", "description", "organiser"),
    }


class Tab:
    """An editor that somebody has open: its form, what its fields held when it was opened, and what was typed there."""

    def __init__(self, who: int, path: str, form: PageForm) -> None:
        self.who, self.path, self.form = who, path, form
        self.was = {name: texts[0].strip() for name, texts in form.fields.items() if name in form.lines}
        self.typed: dict[str, str] = {}
        self.sent: dict[str, str] | None = None
        """What was acknowledged last; the same once more is a repetition."""

    @property
    def changed(self) -> dict[str, str]:
        """What was typed that is not what stood there: a field that its person left alone is whoever's changed it."""
        return {name: text for name, text in self.typed.items() if text != self.was[name]}


class TwoEditors(RuleBasedStateMachine):
    """What two people do, and what is stored by all that was acknowledged."""

    app: Flask
    editors: dict[str, tuple[str, ...]]
    path = ""

    tabs: Bundle[Tab] = Bundle("tabs")

    def __init__(self) -> None:
        super().__init__()
        self.app.config["WTF_CSRF_ENABLED"] = False
        self.browsers = [sign_in(self.app, "librarian", username=name) for name in NAMES]
        self.app.config["WTF_CSRF_ENABLED"] = True
        self.stored: dict[str, str] = {}

    @initialize(target=tabs, data=st.data())
    def begin(self, data: Any) -> Any:
        """Both open the same thing, one of them twice."""
        self.path = data.draw(st.sampled_from(sorted(self.editors)))
        same = dict.fromkeys(self.editors[self.path], "начало")  # however the run before ended
        assert editor_of(self._reader(), self.path).send(self._reader(), **same).status_code == 302
        self.stored = self._now()
        assert self.stored == same
        return multiple(self._opened(0), self._opened(1), self._opened(1))

    def _opened(self, who: int) -> Tab:
        return Tab(who, self.path, editor_of(self._signed_in(who), self.path))

    def _reader(self) -> FlaskClient:
        return self._signed_in(0)

    def _now(self) -> dict[str, str]:
        form = editor_of(self._reader(), self.path)
        return {name: form.fields[name][0].strip() for name in self.editors[self.path]}

    def _signed_in(self, who: int) -> FlaskClient:
        browser = self.browsers[who]
        if "/auth/sign-out" not in browser.get("/").text:
            self._enter(who, "/auth/sign-in")
        return browser

    def _enter(self, who: int, location: str) -> str:
        browser = self.browsers[who]
        form = next(
            each for each in forms_of(browser.get(location).text, location) if "password" in each.fields
        )
        answer = form.send(browser, username=NAMES[who], password=PASSWORD)
        assert answer.status_code == 302
        return str(answer.location)

    # -- what people do -------------------------------------------------------------------------------

    @rule(tab=tabs, text=TEXTS, data=st.data())
    def type(self, tab: Tab, text: str, data: Any) -> None:
        tab.typed[data.draw(st.sampled_from(self.editors[self.path]))] = text

    @rule(tab=tabs, text=TEXTS, mine=st.booleans(), data=st.data())
    def type_and_save(self, tab: Tab, text: str, mine: bool, data: Any) -> None:
        self.type(tab, text, data)
        self.save(tab, mine)

    @rule(tab=tabs)
    def keep(self, tab: Tab) -> None:
        answer = self.browsers[tab.who].post("/drafts/keep", data=tab.form.filled(**tab.typed))
        assert answer.status_code in {200, 401}

    @rule(tab=tabs, mine=st.booleans())
    def save(self, tab: Tab, mine: bool) -> None:
        self._saved(tab, tab.form.send(self.browsers[tab.who], **tab.typed), mine=mine)

    @rule(who=st.integers(0, 1))
    def end_session(self, who: int) -> None:
        with self.app.app_context():
            user = accounts.find_user(NAMES[who])
            assert user is not None
            sessions.sign_out_everywhere(user.id)

    @rule(target=tabs, tab=consumes(tabs))
    def reload(self, tab: Tab) -> Any:
        """What was typed and kept is offered; else it is gone, as the person wanted."""
        return self._opened(tab.who)

    # -- what has to hold -----------------------------------------------------------------------------

    def _saved(self, tab: Tab, answer: TestResponse, *, mine: bool) -> None:
        if answer.status_code == 409:
            shown = next(each for each in forms_of(answer.text, tab.path) if each.editor)
            clashing = [str(each["name"]) for each in shown.tag.select("[type=radio][name^=choose-]")]
            choice = dict.fromkeys(clashing, "mine" if mine else "theirs")
            for name, text in tab.changed.items():
                assert shown.fields[name][0].strip() == text, "what was typed is lost"
            again = shown.send(self.browsers[tab.who], **choice)
            assert again.status_code == 302, again.text
            held = {
                name: text for name, text in tab.changed.items() if mine or f"choose-{name}" not in choice
            }
            self._acknowledged(tab, held)
            return
        assert answer.status_code == 302, answer.text
        if "/auth/sign-in" in answer.location:
            target = self._enter(tab.who, answer.location)
            shown = editor_of(self.browsers[tab.who], target)
            for name, text in tab.typed.items():
                assert shown.fields[name][0].strip() == text, "what was typed is lost"
            tab.form, tab.sent = shown, None
            return
        if tab.typed != tab.sent:
            self._acknowledged(tab, tab.changed)

    def _acknowledged(self, tab: Tab, held: dict[str, str]) -> None:
        self.stored |= held
        tab.sent = dict(tab.typed)

    @invariant()
    def what_was_acknowledged_is_there(self) -> None:
        if self.path:
            assert self._now() == self.stored, self.path


def test_nothing_is_lost_whatever_two_people_do(hub: Flask, editors: dict[str, tuple[str, ...]]) -> None:
    machine = type("Machine", (TwoEditors,), {"app": hub, "editors": editors})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=14,
            stateful_step_count=8,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
