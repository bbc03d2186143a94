"""A child with a tablet: looks for something to make, makes it, shows it; the librarian approves and edits."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.app import create_app
from libhub.base.db import db
from libhub.config import Config
from libhub.testing import PASSWORD, LiveServer, release
from plugins.crafts.models import Activity

TABLET = {"width": 820, "height": 1180}
DPI = 300
MM = DPI / 25.4
SHEETS = ("fonarik", "vertolet", "kubik", "raketa", "cvetok")


@pytest.fixture(scope="module")
def numbers(hub: LiveServer) -> dict[str, int]:
    """The numbers of the activities by their uids; makes the accounts of the tests as well."""
    app = create_app(Config(instance=hub.instance))
    with app.app_context():
        for name, role in (("tablet-pupil", "student"), ("tablet-librarian", "librarian")):
            accounts.add_user(UserDetails(name, "Маша", role), PASSWORD)
        found = {uid: number for uid, number in db.session.execute(select(Activity.uid, Activity.id))}
    release(app)
    return found


@pytest.fixture
def open_tab(chromium_browser: Browser, hub: LiveServer) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a tab of a visitor's own, signed in or not; scripts may be off."""
    contexts = []

    def opening(username: str = "", *, scripts: bool = True, touch: bool = False) -> Page:
        context = chromium_browser.new_context(
            base_url=hub.url, locale="ru-RU", viewport=TABLET, java_script_enabled=scripts, has_touch=touch
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        if username:
            page.goto("/auth/sign-in")
            page.locator("[name=username]").fill(username)
            page.locator("[name=password]").fill(PASSWORD)
            page.locator("[name=password]").press("Enter")
            expect(page.get_by_role("button", name="Выйти")).to_be_visible()
        return page

    yield opening
    for context in contexts:
        context.close()


def photo(tmp_path: Path) -> Path:
    path = tmp_path / "снежинка.jpg"
    Image.new("RGB", (900, 700), "#dfe7f0").save(path)
    return path


def test_from_the_question_to_the_gallery(
    numbers: dict[str, int], open_tab: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_tab("tablet-pupil")
    page.goto("/")
    page.locator("#q").fill("что сделать из бумаги за 20 минут")
    page.locator("#q").press("Enter")
    page.wait_for_url("**/search?q=*")
    expect(page.locator(".hits a", has_text="Снежинка с шестью лучами")).to_be_visible()
    page.goto("/crafts/")
    page.get_by_role("checkbox", name=re.compile("^20 минут")).check()
    page.get_by_role("checkbox", name=re.compile("^бумага")).check()
    expect(page.locator(".count")).to_contain_text("7 занятий")
    page.locator("h2").get_by_role("link", name="Снежинка с шестью лучами").click()
    page.get_by_role("button", name="Начать по шагам").or_(
        page.get_by_role("link", name="Начать по шагам")
    ).click()
    for number in range(1, 8):
        expect(page.get_by_role("heading", name=f"Шаг {number} из 7")).to_be_visible()
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="Получилось?")).to_be_visible()
    page.get_by_role("link", name="Показать свою работу в галерее").click()
    page.get_by_label("Фотография").set_input_files(photo(tmp_path))
    page.get_by_label("Что вы хотите о ней сказать").fill("Висит на окне в 5А")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Отправить").click()
    expect(page.get_by_text("ждёт библиотекаря")).to_be_visible()

    guest = open_tab()
    works = f"/crafts/{numbers['snezhinka']}/works"
    guest.goto(works)
    expect(guest.get_by_text("Висит на окне в 5А")).to_have_count(0)

    librarian = open_tab("tablet-librarian")
    librarian.goto("/crafts/works/queue")
    expect(librarian.get_by_text("Висит на окне в 5А")).to_be_visible()
    librarian.keyboard.press("a")
    expect(librarian.get_by_text("Работа в галерее")).to_be_visible()

    guest.goto(works)
    expect(guest.get_by_text("Висит на окне в 5А")).to_be_visible()
    expect(guest.get_by_text("Маша")).to_be_visible()
    shown = guest.locator(".work-photo")
    assert shown.evaluate("image => image.complete && image.naturalWidth") in {320, 640}
    page.goto("/notices/")
    expect(page.get_by_role("link", name=re.compile("теперь в галерее"))).to_be_visible()


def test_one_key_declines_with_the_reason(
    numbers: dict[str, int], open_tab: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_tab("tablet-pupil")
    page.goto(f"/crafts/{numbers['sobachka']}/works/add")
    page.get_by_label("Фотография").set_input_files(photo(tmp_path))
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Отправить").click()
    expect(page.get_by_text("ждёт библиотекаря")).to_be_visible()
    librarian = open_tab("tablet-librarian")
    librarian.goto("/crafts/works/queue")
    librarian.keyboard.press("d")
    expect(librarian.get_by_text("Отклонено")).to_be_visible()
    page.goto("/crafts/works/mine")
    expect(page.get_by_text("Снимок тёмный или нерезкий")).to_be_visible()
    page.locator("li", has_text="Собачка").locator("summary", has_text="Забрать работу").click()
    question = page.get_by_role("dialog", name="Забрать работу?")
    expect(question.get_by_role("button", name="Закрыть")).to_be_focused()
    question.get_by_role("button", name="Да, забрать").click()
    expect(page.get_by_text("Снимок тёмный или нерезкий")).to_have_count(0)


def test_a_swipe_turns_the_step(numbers: dict[str, int], open_tab: Callable[..., Page]) -> None:
    page = open_tab(touch=True)
    page.goto(f"/crafts/{numbers['samolet']}/steps/1")
    swipe = """([from, to, down]) => {
      const finger = (x, y) => new Touch({identifier: 1, target: document.body, clientX: x, clientY: y});
      const send = (kind, x, y, left) => document.body.dispatchEvent(new TouchEvent(kind,
        {touches: left ? [] : [finger(x, y)], changedTouches: [finger(x, y)], bubbles: true}));
      send("touchstart", from, 400, false); send("touchend", to, 400 + down, true);
    }"""
    page.evaluate(swipe, [600, 200, 10])
    expect(page.get_by_role("heading", name="Шаг 2 из 6")).to_be_visible()
    page.evaluate(swipe, [300, 200, 300])  # mostly down: that scrolls
    page.evaluate(swipe, [200, 600, 10])
    expect(page.get_by_role("heading", name="Шаг 1 из 6")).to_be_visible()


def test_the_screen_is_kept_awake_while_hands_are_busy(
    numbers: dict[str, int], open_tab: Callable[..., Page]
) -> None:
    page = open_tab()
    page.add_init_script(
        "Object.defineProperty(navigator, 'wakeLock', "
        "{value: {request: async (kind) => { (window.asked ??= []).push(kind); }}});"
    )
    page.goto(f"/crafts/{numbers['samolet']}/steps/1")
    expect(page.get_by_role("heading", name="Шаг 1 из 6")).to_be_visible()
    assert page.evaluate("window.asked") == ["screen"]
    page.keyboard.press("PageDown")
    expect(page.get_by_role("heading", name="Шаг 2 из 6")).to_be_visible()
    assert page.evaluate("window.asked") == ["screen"], "the page stays, and the lock with it"
    page.go_back()
    expect(page.get_by_role("heading", name="Шаг 1 из 6")).to_be_visible()


def test_steps_and_quiz_without_scripts(numbers: dict[str, int], open_tab: Callable[..., Page]) -> None:
    page = open_tab(scripts=False)
    page.goto(f"/crafts/{numbers['ugolok']}")
    expect(page.locator(".steps > li")).to_have_count(6)
    page.goto(f"/crafts/{numbers['ugolok']}/steps/1")
    for _step in range(6):
        page.locator("[rel=next]").click()
    expect(page.get_by_role("heading", name="Получилось?")).to_be_visible()
    page.get_by_role("button", name="Да, получилось!").click()
    expect(page.get_by_text("Молодец!")).to_be_visible()
    page.goto(f"/crafts/{numbers['viktorina-pushkin']}/quiz")
    page.get_by_label("На третий").check()
    page.get_by_label("Ответ", exact=True).fill("Белочка")
    page.get_by_role("button", name="Проверить ответы").click()
    expect(page.get_by_text("Верно: 2 из 8")).to_be_visible()


def test_what_is_on_the_table_without_and_with_scripts(
    numbers: dict[str, int], open_tab: Callable[..., Page]
) -> None:
    page = open_tab()
    page.goto("/crafts/at-hand")
    page.get_by_label("бумага", exact=True).check()
    expect(page.get_by_role("heading", name=re.compile("^Всё есть для"))).to_be_visible()
    assert "have=" in page.url, "the address can be copied"
    plain = open_tab(scripts=False)
    plain.goto("/crafts/at-hand")
    plain.get_by_label("Что ещё есть").fill("листов бумаги, ножницами")
    plain.get_by_role("button", name="Что можно сделать?").click()
    expect(plain.get_by_role("link", name="Снежинка с шестью лучами")).to_be_visible()


def order_of(page: Page) -> list[str]:
    return [
        str(text)[:14]
        for text in page.locator("[name=step_text]").evaluate_all("all => all.map(t => t.value)")
    ]


def test_steps_are_moved_by_dragging_and_by_the_keyboard_and_keep_themselves(
    numbers: dict[str, int], open_tab: Callable[..., Page]
) -> None:
    page = open_tab("tablet-librarian")
    page.goto(f"/crafts/{numbers['kormushka']}/edit")
    before = order_of(page)
    grip, target = (
        page.locator("#steps ~ ol [data-grip]").first,
        page.locator("#steps ~ ol [data-row]").nth(2),
    )
    grip.hover()
    page.mouse.down()
    box = target.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, min(box["y"] + box["height"] * 0.8, TABLET["height"] - 5), steps=10)
    page.mouse.up()
    dragged = [before[1], before[2], before[0], before[3]]
    assert order_of(page) == dragged
    expect(page.locator("[data-draft-told]")).to_contain_text("Черновик сохранён")
    up = page.locator("#steps ~ ol [data-row]").nth(3).locator("[data-move=up]")
    up.focus()
    page.keyboard.press("Enter")
    assert order_of(page) == [dragged[0], dragged[1], dragged[3], dragged[2]]
    expect(page.locator("[data-draft-told]")).to_contain_text("Черновик сохранён")
    page.wait_for_timeout(900)  # the second draft is on its way: its text is the same as the first one's
    page.reload()
    assert order_of(page) == before, "readers see what was saved, and so does she at first"
    page.get_by_role("button", name="Продолжить").click()
    expect(page.get_by_text("Это ещё не сохранено")).to_be_visible()
    assert order_of(page) == [dragged[0], dragged[1], dragged[3], dragged[2]]
    page.goto(f"/crafts/{numbers['kormushka']}/edit")
    page.get_by_role("button", name="Удалить черновик").click()
    expect(page.get_by_text("Черновик удалён")).to_be_visible()
    assert order_of(page) == before


def test_rows_are_added_and_moved_without_scripts(
    numbers: dict[str, int], open_tab: Callable[..., Page]
) -> None:
    page = open_tab("tablet-librarian", scripts=False)
    page.goto(f"/crafts/{numbers['moloko']}/edit")
    before = order_of_plain(page)
    page.get_by_role("button", name="Шаг 1 ниже").click()
    assert order_of_plain(page) == [before[1], before[0], *before[2:]]
    page.get_by_role("button", name="+ Добавить шаг").click()
    assert order_of_plain(page)[-1] == ""
    page.goto(f"/crafts/{numbers['moloko']}/edit")
    page.get_by_role("button", name="Удалить черновик").click()
    assert order_of_plain(page) == before


def order_of_plain(page: Page) -> list[str]:
    return [box.input_value()[:14] for box in page.locator("[name=step_text]").all()]


def longest_line(image: Image.Image) -> float:
    """Return the length in millimetres of the longest dark line in a strip of a page."""
    best = 0
    pixels, (width, height) = image.load(), image.size
    for y in range(height):
        run = 0
        for x in range(width):
            run = run + 1 if pixels[x, y] < 128 else 0
            best = max(best, run)
    return best / MM


@pytest.mark.parametrize("uid", SHEETS)
def test_fifty_millimetres_are_fifty_on_paper(
    numbers: dict[str, int], open_tab: Callable[..., Page], uid: str
) -> None:
    page = open_tab()
    page.goto(f"/crafts/{numbers[uid]}/print", wait_until="networkidle")
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    with pypdfium2.PdfDocument(io.BytesIO(printed)) as document:
        sizes = {tuple(round(side * 25.4 / 72) for side in each.get_size()) for each in document}
        assert sizes == {(210, 297)}
        assert len(document) >= 2, "the sheet is on a page of its own"
        sheet = document[len(document) - 1].render(scale=DPI / 72, grayscale=True).to_pil().convert("L")
    # the mark is at 258 mm of the sheet, and the sheet begins at the margin of 10 mm; nothing else is so low
    strip = sheet.crop((int(12 * MM), int(262 * MM), int(90 * MM), int(275 * MM)))
    assert longest_line(strip) == pytest.approx(50, abs=0.5)
