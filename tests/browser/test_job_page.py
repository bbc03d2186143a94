"""Long work: the page shows by itself how far it is, and without scripts when asked again."""

import time
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from libhub.accounts.accounts import UserDetails, add_user, find_user
from libhub.accounts.permissions import LIBRARIAN
from libhub.app import create_app
from libhub.base.audit import PROGRAM, acting_as
from libhub.base.db import db, writing
from libhub.base.moments import now
from libhub.config import Config
from libhub.kit.jobs.models import DONE, RUNNING, Job, JobPerson
from libhub.plugging.loading.registry import get_registry
from libhub.search.documents import ItemRef
from libhub.search.store import outbox
from libhub.search.store.outbox import touch
from libhub.testing import PASSWORD, LiveServer, release

Change = Callable[..., None]


def wait_for_what_works_behind(app: Flask) -> None:
    """Wait until the process behind the scenes indexes: it took up what jobs there were before."""
    with app.app_context(), writing():
        touch([ItemRef("resources", "resource", "1")])
    deadline = time.monotonic() + 30
    with app.app_context():
        while outbox.last_position():
            assert time.monotonic() < deadline, "nothing works behind the scenes"
            db.session.rollback()
            time.sleep(0.05)


@pytest.fixture
def job(hub: LiveServer) -> tuple[int, Change]:
    """Return a job of the librarian's that no process does, and a function that changes its row."""
    app = create_app(Config(instance=hub.instance))
    wait_for_what_works_behind(app)
    with app.app_context(), acting_as(PROGRAM):
        if find_user("anna") is None:
            add_user(UserDetails("anna", "Анна", LIBRARIAN), PASSWORD)
    with app.app_context(), acting_as(PROGRAM), writing():
        user = find_user("anna")
        assert user is not None
        kind = sorted(get_registry().job_kinds)[0]
        row = Job(kind=kind, arguments={}, status=RUNNING, done=3, total=8, runs=1)
        db.session.add(row)
        db.session.flush()
        db.session.add(JobPerson(job_id=row.id, user_id=user.id))
        number = row.id

    def change(**values: object) -> None:
        with app.app_context(), writing():
            row = db.session.get_one(Job, number)
            for name, value in values.items():
                setattr(row, name, value)

    yield number, change  # type: ignore[misc]
    release(app)


def sign_in(page: Page) -> None:
    page.goto("/auth/sign-in")
    page.locator("[name=username]").fill("anna")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/")


def test_the_page_follows_the_work_until_its_end(browser_page: Page, job: tuple[int, Change]) -> None:
    number, change = job
    sign_in(browser_page)
    browser_page.goto(f"/jobs/{number}")
    main = browser_page.locator("main")
    expect(main).to_contain_text("3 из 8")
    browser_page.evaluate("window.stayed = true")
    change(done=5)
    expect(main).to_contain_text("5 из 8")
    change(status=DONE, ended_at=now(), text="Всё проверено.")
    expect(main).to_contain_text("Всё проверено.")
    assert browser_page.evaluate("window.stayed"), "it was loaded anew"
    asked: list[str] = []
    browser_page.on("request", lambda request: asked.append(request.url))
    browser_page.wait_for_timeout(5_000)
    assert asked == [], "it goes on asking"


@pytest.mark.parametrize("java_script_enabled", [False])
def test_without_scripts_one_looks_again(browser_page: Page, job: tuple[int, Change]) -> None:
    number, change = job
    sign_in(browser_page)
    browser_page.goto(f"/jobs/{number}")
    expect(browser_page.locator("main")).to_contain_text("3 из 8")
    change(done=6)
    browser_page.get_by_text("Обновить").click()
    expect(browser_page.locator("main")).to_contain_text("6 из 8")
    browser_page.get_by_text("Остановить").click()
    expect(browser_page.locator("main")).to_contain_text("Останавливается")
