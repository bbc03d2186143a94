"""With lynx one can search, open, sign in and register for an event."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from libhub.accounts.permissions import STUDENT
from libhub.base.db import db
from libhub.testing import PASSWORD, LiveServer, make_app, release
from plugins.events import rules
from plugins.events.models import Registration
from tests.gates import lynx
from tests.gates.lynx import DOWN, ENTER, PASSWORD_FIELD, TEXT_FIELD, UP
from tests.plugins.events import factory
from tests.walking import PEOPLE

pytestmark = pytest.mark.skipif(
    lynx.path() is None, reason="lynx is not installed; on Debian: apt install lynx"
)
TITLE = "Громкие чтения вслух"


@pytest.fixture
def event_id(live: LiveServer) -> Iterator[int]:
    """An event with free places."""
    app = make_app(live.instance)
    with app.app_context():
        yield rules.create(factory.event(TITLE, registration=True, places=5)).event_id
    release(app)


def test_search_open_sign_in_register(live: LiveServer, event_id: int) -> None:
    with lynx.browsing(f"{live.url}/search") as browser:
        browser.expect("Поиск")
        browser.seek(TEXT_FIELD)
        browser.press("снежинка", ENTER)
        browser.expect("Найден", ENTER)
        browser.find("Снежинка с")
        browser.expect("Что понадобится", ENTER)
    with lynx.browsing(f"{live.url}/events/{event_id}") as browser:
        browser.expect(TITLE)
        browser.find("Войти")
        browser.expect("Пароль", ENTER)
        browser.seek(PASSWORD_FIELD)
        browser.press(UP, PEOPLE[STUDENT][0], DOWN, PASSWORD, DOWN)
        browser.expect("Я приду", ENTER)
        browser.find("Я приду")
        browser.expect("Вы записаны", ENTER)
    who = db.session.scalars(select(Registration.name).where(Registration.series_id == event_id)).all()
    assert len(who) == 1
