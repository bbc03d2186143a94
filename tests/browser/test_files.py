"""Files in a browser: dragged in, found by a phrase from the middle, opened there, read, and hidden from guests."""

import base64
import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from libhub.testing import PASSWORD, LiveServer, run_libhub, serving
from tests.files import documents

SHELF = Path(__file__).parent.parent / "trial_plugins" / "shelf"
PHRASE = "лиловый бегемот танцует вальс"
PAGES = [f"Страница {number}. {PHRASE if number == 41 else 'О театре кукол.'}" for number in range(1, 61)]
DOCX = documents.docx(
    ["Дед посадил репку. Выросла она большая. " * 40], headings=["Начало", "Середина", "Конец"]
)
SETTLED = 30_000


@pytest.fixture(scope="module")
def hub(
    chromium_browser: Browser, prepared_instance: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """A hub with the section of things that have files: one for everybody, one for the staff."""
    instance = tmp_path_factory.mktemp("files") / "instance"
    shutil.copytree(prepared_instance, instance)
    shutil.copytree(SHELF, instance / "plugins" / "shelf")
    things = [{"key": "театр"}, {"key": "тайна", "label": "staff"}]
    (instance / "shelf.json").write_text(json.dumps(things), encoding="utf-8")
    for role in ("administrator", "teacher"):
        run_libhub(
            instance,
            "users",
            "add",
            role,
            "--role",
            role,
            "--name",
            role,
            "--password-stdin",
            stdin=f"{PASSWORD}\n",
        )
    assert run_libhub(instance, "reindex").returncode == 0
    with serving(instance, workers=1) as server:
        yield server


def sign_in(page: Page, name: str = "administrator") -> None:
    page.goto("/auth/sign-in")
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("main [type=submit]")
    page.wait_for_url(re.compile(r"/$"))


def drag_in(page: Page, files: dict[str, bytes]) -> None:
    """Drop files onto the form, as from the desktop."""
    packed = [[name, base64.b64encode(content).decode()] for name, content in files.items()]
    transfer = page.evaluate_handle(
        """(files) => {
          const transfer = new DataTransfer();
          for (const [name, content] of files)
            transfer.items.add(new File([Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0))], name));
          return transfer;
        }""",
        packed,
    )
    page.dispatch_event("[data-upload]", "drop", {"dataTransfer": transfer})


def test_a_teacher_lands_at_the_page_of_a_phrase_and_a_guest_never_sees_it(
    browser_page: Page, hub: LiveServer, chromium_browser: Browser
) -> None:
    page = browser_page
    sign_in(page)
    page.goto(f"/shelf/{quote('тайна')}")
    drag_in(page, {"Инструкция.pdf": documents.pdf(PAGES), "Репка.docx": DOCX, "пусто.txt": b""})
    names = page.locator(".editing .file-name")
    expect(names).to_have_text(["Инструкция.pdf", "Репка.docx"])
    expect(page.locator(".file-messages .error")).to_contain_text("пусто.txt: Файл пуст")
    expect(page.locator(".file-sending li")).to_have_count(0)

    wait_until_found(page, PHRASE)
    page.goto(f"/search?q={quote(PHRASE)}")
    link = page.get_by_role("link", name="стр. 41 · Инструкция.pdf")
    expect(link).to_have_attribute("href", re.compile(r"/files/\d+/.+\.pdf#page=41$"))
    answer = page.request.get(link.get_attribute("href") or "")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("inline")

    guest = chromium_browser.new_context(base_url=hub.url, locale="ru-RU")
    try:
        for path in (f"/search?q={quote(PHRASE)}", f"/search/suggest?q={quote('лиловый')}"):
            shown = guest.request.get(path).text()
            assert "Инструкция" not in shown
            assert "тайна" not in shown
            assert "танцует вальс</mark>" not in shown
        assert guest.request.get(f"/search.json?q={quote(PHRASE)}").json()["total"] == 0
        assert guest.request.get(link.get_attribute("href") or "").status == 404
    finally:
        guest.close()


def wait_until_found(page: Page, phrase: str) -> None:
    wait_until(lambda: page.request.get(f"/search.json?q={quote(phrase)}").json()["total"] > 0)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SETTLED / 1000
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.2)


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_files_are_sent_by_the_form(browser_page: Page, java_script_enabled: bool) -> None:
    page, mark = browser_page, "с" if java_script_enabled else "без"
    sign_in(page)
    page.goto(f"/shelf/{quote('театр')}")
    before = page.locator(".editing .file-name").count()
    sent = [
        {"name": f"{name} {mark}.txt", "mimeType": "text/plain", "buffer": f"{name} {mark}".encode()}
        for name in ("один", "два")
    ]
    page.set_input_files("[data-upload] [name=files]", sent)
    page.click("[data-upload] button")
    expect(page.locator(".flash.success")).to_have_count(2)
    expect(page.locator(".editing .file-name")).to_have_count(before + 2)
    expect(page).to_have_url(re.compile(f"/shelf/{quote('театр')}"))
    page.locator(".editing .file", has_text=f"два {mark}.txt").get_by_role("button", name="Убрать").click()
    expect(page.locator(".editing .file-name")).to_have_count(before + 1)
    page.locator(".removed > summary").click()
    page.locator(".removed .file", has_text=f"два {mark}.txt").get_by_role("button", name="Вернуть").click()
    expect(page.locator(".editing .file-name")).to_have_count(before + 2)


def test_too_large_a_file_is_refused_before_it_is_sent(browser_page: Page) -> None:
    sign_in(browser_page)
    browser_page.goto(f"/shelf/{quote('театр')}")
    browser_page.locator("[data-upload]").evaluate("(form) => { form.dataset.most = 10; }")
    sent: list[str] = []
    browser_page.on("request", lambda request: sent.append(request.method))
    drag_in(browser_page, {"большой.txt": b"x" * 11})
    expect(browser_page.locator(".file-sending .error")).to_contain_text("Файл больше")
    assert "POST" not in sent


def test_the_reader_keeps_the_place(browser_page: Page, hub: LiveServer) -> None:
    page = browser_page
    sign_in(page, "administrator")
    page.goto(f"/shelf/{quote('театр')}")
    drag_in(page, {"Сказка.docx": DOCX})
    link = page.locator(".editing .file-name", has_text="Сказка.docx")
    expect(link).to_have_count(1)
    url = link.get_attribute("href") or ""
    page.goto(url)
    expect(page.locator("#chapter-3")).to_be_visible(
        timeout=SETTLED
    )  # the page waits by itself until it is read
    with page.expect_response(re.compile("/place$")) as kept:
        page.locator(".contents a", has_text="Конец").click()
    assert kept.value.status == 204
    page.goto(url)
    expect(page.locator("[data-continue]")).to_have_text("Конец")
    page.locator("[data-continue]").click()
    expect(page.locator("#chapter-3")).to_be_in_viewport()
    page.get_by_role("link", name="кремовый").click()
    expect(page.locator(".reading")).to_have_class(re.compile("paper-sepia"))

    page.locator("form[action='/auth/sign-out'] button").click()
    page.goto(url)
    page.locator(".contents a", has_text="Середина").click()
    wait_until(lambda: page.evaluate("() => Object.keys(localStorage).length") > 0)
    page.goto(url)
    expect(page.locator("[data-continue]")).to_have_text("Середина")
