"""Training as people do it: a teacher learns and is certified, a guest verifies, the librarian writes."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.app import create_app
from libhub.base.audit import PROGRAM, acting_as
from libhub.config import Config
from libhub.testing import PASSWORD, LiveServer, release
from tests.files import documents

TITLE = "Курс о каталоге"
SECRET = "Щукозаводск"
FOUND_SECONDS = 60.0
QUIZ = "Где лежит карточка? {=в каталоге\n~на полке}\n\nКнига — это документ. {T}"


@pytest.fixture(scope="module")
def people(hub: LiveServer) -> None:
    """A librarian, a teacher and a pupil have accounts."""
    app = create_app(Config(instance=hub.instance))
    with app.app_context(), acting_as(PROGRAM):
        for username, name, role in (
            ("librarian", "Елена Соколова", "librarian"),
            ("teacher", "Анна Иванова", "teacher"),
            ("pupil", "Петя", "student"),
        ):
            if accounts.find_user(username) is None:
                accounts.add_user(UserDetails(username, name, role), PASSWORD)
    release(app)


@pytest.fixture
def librarian_page(people: None, hub: LiveServer, chromium_browser: Browser) -> Iterator[Page]:
    """The librarian's browser, with scripts."""
    with chromium_browser.new_context(base_url=hub.url, locale="ru-RU") as context:
        page = context.new_page()
        page.set_default_timeout(10_000)
        sign_in(page, "librarian")
        yield page


def sign_in(page: Page, username: str) -> None:
    page.goto("/auth/sign-in")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    expect(page.get_by_role("button", name="Выйти")).to_be_visible()


def write_course(page: Page, title: str) -> str:
    """Write a course with a lesson, a PDF and a quiz by the librarian's pages; return its address."""
    page.goto("/training/add")
    page.locator("main [name=title]").fill(title)
    page.get_by_role("button", name="Сохранить").click()
    course = page.url.removesuffix("/edit")
    page.locator("main [placeholder='Название нового урока']").fill("Карточка")
    page.get_by_role("button", name="Добавить урок").click()
    page.locator("[name=text]").fill("## Где искать\n\nВ каталоге **по алфавиту**.")
    page.locator("main [name=completion]").select_option("score")
    page.locator("main [name=published]").check()
    page.get_by_role("button", name="Сохранить", exact=True).click()
    page.locator("[data-upload] [type=file]").set_input_files(
        {
            "name": "памятка.pdf",
            "mimeType": "application/pdf",
            "buffer": documents.pdf([f"Памятка: {SECRET}"]),
        }
    )
    page.locator("[data-upload]").get_by_role("button", name="Загрузить").click()
    expect(page.locator(".files-manager .file-name")).to_have_text("памятка.pdf")
    page.get_by_role("link", name="Вопросы теста").or_(
        page.get_by_role("link", name=re.compile("^Тест"))
    ).first.click()
    page.locator("[name=text]").fill(QUIZ)
    page.locator(".import-card").get_by_role("button", name="Загрузить").click()
    expect(page.locator(".pool-row")).to_have_count(2)
    page.goto(f"{course}/edit")
    page.get_by_role("button", name="Открыть курс").click()
    expect(page.get_by_role("button", name="Сделать черновиком")).to_be_visible()
    return course


@pytest.mark.parametrize("java_script_enabled", [True, False], ids=["scripts", "no scripts"])
def test_from_the_course_to_the_certificate(
    librarian_page: Page,
    browser_page: Page,
    hub: LiveServer,
    chromium_browser: Browser,
    java_script_enabled: bool,
) -> None:
    title = f"{TITLE} {'со скриптами' if java_script_enabled else 'без скриптов'}"
    write_course(librarian_page, title)
    page = browser_page
    sign_in(page, "teacher")
    page.get_by_role("link", name="Обучение").first.click()
    page.get_by_role("link", name=title, exact=True).click()
    page.get_by_role("link", name="Карточка", exact=True).click()
    expect(page.get_by_role("heading", name="Где искать")).to_be_visible()
    expect(page.locator(".lesson .file-name")).to_have_text("памятка.pdf")
    page.locator(".note summary").click()
    page.locator("[name=note]").fill("Спросить про шифр")
    page.get_by_role("button", name="Сохранить заметку").click()
    expect(page.locator("[name=note]")).to_have_value("Спросить про шифр")
    page.get_by_role("button", name="Начать тест").click()
    page.get_by_label("на полке").check()
    page.get_by_role("button", name="Закончить").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Пока не сдано: 0")
    page.get_by_role("button", name="Попробовать ещё раз").click()
    page.get_by_label("в каталоге").check()
    page.get_by_label("Верно", exact=True).check()
    page.get_by_role("button", name="Закончить").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Сдано: 100")
    page.get_by_role("button", name="Дальше").click()
    page.get_by_role("button", name="Удостоверение").click()
    expect(page.locator(".certificate .person")).to_have_text("Анна Иванова")
    address = page.locator(".certificate .check span").inner_text()
    assert address.startswith(f"{hub.url}/training/certificates/")

    with chromium_browser.new_context(java_script_enabled=java_script_enabled) as context:
        guest = context.new_page()
        guest.goto(address)
        expect(guest.get_by_role("heading", level=1)).to_contain_text("настоящее")
        expect(guest.locator("main")).to_contain_text(title)
        guest.goto(address[:-4] + "AAAA")
        expect(guest.get_by_role("heading", level=1)).to_contain_text("Такого удостоверения нет")
        guest.goto(f"{hub.url}/training/")
        expect(guest.locator("[name=password]")).to_be_visible()

    librarian_page.goto("/training/board?state=finished")
    expect(librarian_page.locator("table.board")).to_contain_text(title)


def test_the_words_of_a_lesson_s_file_are_found_by_those_it_is_for(
    librarian_page: Page, hub: LiveServer, chromium_browser: Browser
) -> None:
    write_course(librarian_page, f"{TITLE} с памяткой")
    librarian_page.set_default_timeout(FOUND_SECONDS * 1000)
    deadline = time.monotonic() + FOUND_SECONDS
    while not librarian_page.locator(".hits a", has_text="Карточка").count():
        assert time.monotonic() < deadline, "the words of the PDF were not found in time"
        librarian_page.goto(f"/search?q={SECRET}&exact=1")
    with chromium_browser.new_context(base_url=hub.url) as context:
        pupil = context.new_page()
        for username in ("", "pupil"):
            if username:
                sign_in(pupil, username)
            answer = pupil.request.get(f"/search.json?q={SECRET}&exact=1").json()
            assert answer["total"] == 0


def test_the_editor_writes_marks_keeps_drafts_and_takes_text_from_a_word_processor(
    librarian_page: Page, hub: LiveServer
) -> None:
    page = librarian_page
    course = write_course(page, f"{TITLE} с редактором")
    page.goto(f"{course}/edit")
    page.get_by_role("link", name="Карточка").click()
    text = page.locator("[name=text]")
    text.fill("слово")
    text.select_text()
    page.get_by_role("button", name="Жирный").click()
    expect(text).to_have_value("**слово**")
    text.press("End")
    text.press("Enter")
    text.press("Enter")
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/html", `<html><body><style>p{color:red}</style><h1>Заголовок</h1>
            <p class=MsoNormal>Обычный <b>жирный</b> и <i>курсив</i> со <a href="https://example.org/">ссылкой</a></p>
            <p class=MsoListParagraph>·&nbsp;&nbsp; раз</p><p class=MsoListParagraph>·&nbsp;&nbsp; два</p>
            <table><tr><td>а</td><td>б</td></tr><tr><td>1</td><td>2</td></tr></table>
            <script>alert(1)</script></body></html>`);
          document.querySelector("[name=text]").dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    expect(text).to_have_value(
        "**слово**\n\n## Заголовок\n\nОбычный **жирный** и *курсив* со [ссылкой](https://example.org/)\n\n"
        "- раз\n- два\n\n| а | б |\n| --- | --- |\n| 1 | 2 |"
    )
    expect(page.locator("[data-draft-told]")).to_contain_text("Черновик сохранён")
    page.get_by_role("button", name="Предпросмотр").click()
    expect(page.locator("#preview h2")).to_have_text("Заголовок")
    expect(page.locator("#preview td").first).to_have_text("1")
    page.reload()
    page.get_by_role("button", name="Продолжить").click()
    expect(page.locator("[name=text]")).to_have_value(re.compile("^\\*\\*слово"))
    page.get_by_role("button", name="Сохранить", exact=True).click()
    page.get_by_role("link", name="Что менялось").click()
    expect(page.get_by_text("**слово**")).to_be_visible()


def test_lessons_are_dragged_into_another_order(librarian_page: Page) -> None:
    page = librarian_page
    course = write_course(page, f"{TITLE} с порядком")
    page.goto(f"{course}/edit")
    page.locator("main [placeholder='Название нового урока']").fill("Второй")
    page.get_by_role("button", name="Добавить урок").click()
    page.goto(f"{course}/edit")
    titles = page.locator("[data-lesson] a")
    expect(titles).to_have_text(["Карточка", "Второй"])
    page.locator("[data-lesson]").nth(1).drag_to(
        page.locator("[data-lesson]").nth(0), target_position={"x": 40, "y": 3}
    )
    expect(page.locator("#order-kept")).to_have_text("Перенесено. Порядок сохранён.")
    page.reload()
    expect(titles).to_have_text(["Второй", "Карточка"])


@pytest.mark.parametrize("path", ["/training/", "/training/1", "/training/lessons/1", "/training/record"])
def test_no_page_is_wider_than_a_small_screen(
    people: None, hub: LiveServer, chromium_browser: Browser, path: str
) -> None:
    with chromium_browser.new_context(base_url=hub.url, viewport={"width": 320, "height": 640}) as context:
        page = context.new_page()
        sign_in(page, "librarian")
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
