"""The first of September in a browser: looked at, begun, and taken back."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.models import SchoolClass
from libhub.base.audit import PROGRAM, acting_as
from libhub.base.db import db, writing
from libhub.testing import PASSWORD, make_app, release, serving
from tests.people.school import add_pupil


@pytest.fixture
def school(instance: Path) -> Path:
    """An instance with three classes of last year and a librarian."""
    app = make_app(instance)
    with app.app_context(), acting_as(PROGRAM):
        accounts.add_user(UserDetails("anna", "Анна Петровна", "librarian"), PASSWORD)
        with writing():
            for grade, names in (
                (3, ("Белова Аня", "Жуков Петя")),
                (4, ("Котов Миша",)),
                (11, ("Яшин Лев",)),
            ):
                row = SchoolClass(grade=grade, letter="А", school_year=2020)
                db.session.add(row)
                db.session.flush()
                for name in names:
                    add_pupil(name, row.id)
    release(app)
    return instance


def test_september_and_back(school: Path, chromium_browser: Browser) -> None:
    with serving(school) as hub, chromium_browser.new_context(base_url=hub.url, locale="ru-RU") as context:
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto("/auth/sign-in?next=/admin/classes/")
        page.locator("[name=username]").fill("anna")
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main").get_by_role("button", name="Войти").click()
        page.get_by_role("button", name="Новый учебный год").click()
        page.get_by_label("Новые первые классы: буквы").fill("А Б")
        page.get_by_text("3А · 2 ученика").click()
        page.get_by_label("Жуков Петя").check()
        page.get_by_role("button", name="Показать, что изменится").click()
        main = page.locator("main")
        expect(main).to_contain_text("такого класса, чтобы остаться, не будет")
        page.get_by_label("Что сделать: Жуков Петя").select_option("leaves")
        page.get_by_role("button", name="Показать ещё раз").click()
        page.get_by_role("button", name="Начать учебный год").click()
        expect(page).to_have_url(re.compile(r"/new-year/\d+$"))
        expect(main).to_contain_text("2 класса стали на год старше")
        page.goto("/admin/users/?state=closed")
        expect(page.locator("#rows th[scope=row]")).to_have_text(["Жуков Петя", "Яшин Лев"])
        page.go_back()
        page.get_by_role("button", name="Отменить…").click()
        expect(main).to_contain_text("2 учётные записи снова открыты")
        page.get_by_role("button", name="Отменить начало года").click()
        page.goto("/admin/classes/")
        expect(page.locator("main tbody th")).to_have_text(["3А", "4А", "11А"])
