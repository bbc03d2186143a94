"""Eight presses at the same moment, answered by two worker processes: one of them does it, the others are told."""

import io
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Barrier

import httpx
import pytest
from flask import Flask
from sqlalchemy import func, select

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.permissions import LIBRARIAN
from libhub.api import attach, attachments, db
from libhub.base.audit import PROGRAM, AuditEntry, acting_as
from libhub.plugging import settings
from libhub.testing import PASSWORD, form_of, make_app, release, serving
from plugins.resources import rules
from plugins.resources.models import Resource
from plugins.resources.rules import ResourceData
from plugins.training.courses import rules as courses
from plugins.training.models import Course, Lesson

PEOPLE = 8
Press = Callable[[httpx.Client], httpx.Response]


@pytest.fixture(scope="module")
def hub(
    prepared_instance: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[list[httpx.Client], Flask]]:
    """The browsers of librarians before a hub with two workers, and an application on the same instance to look from."""
    instance = tmp_path_factory.mktemp("seen") / "instance"
    shutil.copytree(prepared_instance, instance)
    app = make_app(instance)
    with app.app_context(), acting_as(PROGRAM):
        for place in range(PEOPLE):
            accounts.add_user(UserDetails(f"lib{place}", f"Lib {place}", LIBRARIAN), PASSWORD)
    with serving(instance, workers=2) as server, ExitStack() as open_browsers:
        browsers = []
        for place in range(PEOPLE):
            browser = httpx.Client(base_url=server.url, timeout=60, headers={"Accept-Language": "ru"})
            browsers.append(open_browsers.enter_context(browser))
            sign_in(browser, f"lib{place}")
        yield browsers, app
    release(app)


def sign_in(browser: httpx.Client, name: str) -> None:
    page = browser.get("/auth/sign-in")
    sent = {**form_of(page.text, ""), "username": name, "password": PASSWORD}
    answer = browser.post("/auth/sign-in", data=sent, headers={"Referer": str(browser.base_url)})
    assert answer.status_code == 302, answer.text


def at_once(browsers: list[httpx.Client], press: Press) -> list[httpx.Response]:
    """Have everybody press at the same moment."""
    ready = Barrier(len(browsers))

    def one(browser: httpx.Client) -> httpx.Response:
        ready.wait(60)
        return press(browser)

    with ThreadPoolExecutor(len(browsers)) as pool:
        return list(pool.map(one, browsers))


def told(browser: httpx.Client, answer: httpx.Response) -> str:
    """Return the page to which an answer leads."""
    assert answer.status_code == 302, answer.text
    return browser.get(answer.headers["Location"]).text


def sender(browsers: list[httpx.Client], page: str, action: str, **typed: str) -> Press:
    """Return what sends a form that everybody loaded before anybody pressed."""
    forms = {browser: form_of(browser.get(page).text, action) for browser in browsers}
    return lambda browser: browser.post(
        action, data={**forms[browser], **typed}, headers={"Referer": str(browser.base_url)}
    )


def test_one_changes_many_and_the_others_are_shown_what_is_there(
    hub: tuple[list[httpx.Client], Flask],
) -> None:
    browsers, app = hub
    with app.app_context():
        number = rules.save(ResourceData(age=0, title="Спорный", url="https://fight.example.org/"))
        before = db.session.scalar(select(func.count(AuditEntry.id)))
    preview = f"/resources/manage/preview?id={number}&change=kind%3Dtales"
    answers = at_once(browsers, sender(browsers, preview, "/resources/manage/apply"))
    pages = [told(browser, answer) for browser, answer in zip(browsers, answers, strict=True)]
    assert sum("Изменено: 1" in page for page in pages) == 1
    assert sum("остались как есть: Спорный" in page for page in pages) == PEOPLE - 1
    with app.app_context():
        assert db.session.scalar(select(func.count(AuditEntry.id))) == (before or 0) + 1


def test_a_file_is_imported_once(hub: tuple[list[httpx.Client], Flask]) -> None:
    browsers, app = hub
    table = "title,url\n" + "".join(f"Том {n},https://once.example.org/{n}\n" for n in range(200))
    sent = {**form_of(browsers[0].get("/resources/import").text, "")}
    answer = browsers[0].post(
        "/resources/import",
        data=sent,
        files={"file": ("t.csv", table.encode())},
        headers={"Referer": str(browsers[0].base_url)},
    )
    here = answer.headers["Location"]
    answers = at_once(browsers, sender(browsers, here, here))
    assert {answer.headers["Location"] for answer in answers} == {here}
    assert all("Загрузка закончена" in told(*each) for each in zip(browsers, answers, strict=True))
    with app.app_context():
        query = select(func.count(), func.count(Resource.id.distinct()))
        assert db.session.execute(query.where(Resource.url.contains("once.example.org"))).one() == (200, 200)
        assert (
            db.session.scalar(
                select(func.count()).where(AuditEntry.action == "create", AuditEntry.subject_title == "Том 7")
            )
            == 1
        )


def test_one_moves_a_card(hub: tuple[list[httpx.Client], Flask]) -> None:
    browsers, app = hub
    card = {"card": "events:events/card.html", "move": "down"}
    answers = at_once(browsers, sender(browsers, "/home/cards", "/home/cards", **card))
    pages = [told(browser, answer) for browser, answer in zip(browsers, answers, strict=True)]
    assert sum("кто-то уже всё изменил" in page for page in pages) == PEOPLE - 1
    with app.app_context():
        assert str(settings.get_setting(settings.CORE, "home_cards")).split().index(card["card"]) == 1


def test_one_moves_a_lesson_and_one_a_file(hub: tuple[list[httpx.Client], Flask]) -> None:
    browsers, app = hub
    with app.app_context(), acting_as(PROGRAM):
        course = db.session.scalars(select(Course).order_by(Course.id)).first()
        assert course is not None
        course_id, before = course.id, courses.order_of(course)
        lesson = before[0][1][0]
        ref = Lesson.ref_of(lesson)
        files = [attach(ref, f"{name}.txt", io.BytesIO(name.encode()), place="row").id for name in "абв"]
    lesson_down = sender(browsers, f"/training/{course_id}/edit", f"/training/lessons/{lesson}/down")
    listed = f"/files/of/training/lesson/{lesson}?place=row"
    file_down = sender(browsers, listed, f"/files/{files[0]}/move", down="1")
    for press in (lesson_down, file_down):
        answers = at_once(browsers, press)
        pages = [told(browser, answer) for browser, answer in zip(browsers, answers, strict=True)]
        assert sum("кто-то уже всё изменил" in page for page in pages) == PEOPLE - 1
    with app.app_context():
        after = courses.order_of(courses.get_course(course_id))
        assert after[0][1][:2] == [before[0][1][1], lesson]
        assert [each.id for each in attachments([ref], "row")[ref]] == [files[1], files[0], files[2]]
