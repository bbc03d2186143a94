"""The slips of a class on paper: ten to a page, read by programs that read QR codes, and what they open signs in."""

import io
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pypdfium2
import pytest
import segno
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.permissions import LIBRARIAN, STUDENT
from libhub.app import create_app
from libhub.base.db import writing
from libhub.config import Config
from libhub.kiosk import computers
from libhub.kiosk.computers import Details
from libhub.people.credentials import cards, pictures
from libhub.people.credentials.pictures import PICTURES
from libhub.plugging.settings import change_settings
from libhub.testing import PASSWORD, LiveServer, release, serving
from libhub.testing.browser import ARGUMENTS, browser_is_required, chromium_path
from libhub.web import cookies

DOTS_PER_INCH = 200
PUPILS = {"1А": 10, "1Б": 11, "5В": 30}
WAIT = 60_000
Result = TypeVar("Result")


@pytest.fixture(scope="module")
def school(
    chromium_browser: Browser, prepared_instance: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """A hub with three classes of 10, 11 and 30."""
    instance = tmp_path_factory.mktemp("school") / "instance"
    shutil.copytree(prepared_instance, instance)
    app = create_app(Config(instance=instance))
    with app.app_context():
        accounts.add_user(UserDetails("olga", "Ольга", LIBRARIAN), PASSWORD)
        change_settings("core", {"picture_sign_in": "1", "card_sign_in": "anywhere"})
        for name, number in PUPILS.items():
            for each in range(number):
                details = UserDetails(
                    f"{name}-{each}", f"Константинопольская-{each:02} Александра", STUDENT, school_class=name
                )
                accounts.add_user(details, PASSWORD)
    release(app)
    with serving(instance) as server:
        yield server


@pytest.fixture
def context(
    chromium_browser: Browser, school: LiveServer, java_script_enabled: bool
) -> Iterator[BrowserContext]:
    with chromium_browser.new_context(
        base_url=school.url, locale="ru-RU", java_script_enabled=java_script_enabled
    ) as opened:
        opened.set_default_timeout(WAIT)
        yield opened


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def at_pc(context: BrowserContext, school: LiveServer, request: pytest.FixtureRequest) -> Page:
    """A tab at a PC of the reading room."""
    app = create_app(Config(instance=school.instance))
    with app.app_context():
        token = computers.settle(computers.add(Details(request.node.name[:80])))
        name = cookies.name_of(cookies.COMPUTER)
    release(app)
    context.add_cookies([{"name": name, "value": token, "url": school.url, "httpOnly": True}])
    return context.new_page()


def in_hub(school: LiveServer, deed: Callable[[str], Result]) -> Result:
    """Do something beside the running hub; the deed gets the hub's secret."""
    app = create_app(Config(instance=school.instance))
    try:
        with app.test_request_context(), writing():
            return deed(str(app.secret_key))
    finally:
        release(app)


def new_card(school: LiveServer, login: str) -> tuple[str, str]:
    """Return the name of a pupil and what stands on the pupil's new card."""

    def make(_secret: str) -> tuple[str, str]:
        user = accounts.find_user(login)
        assert user
        return user.name, cards.new_card(user.id)

    return in_hub(school, make)


def sign_in(page: Page, username: str, password: str) -> None:
    page.goto("/auth/sign-in")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.get_by_role("main").get_by_role("button", name="Войти", exact=True).click()


def make_slips(page: Page, school_class: str) -> None:
    sign_in(page, "olga", PASSWORD)
    page.goto("/admin/slips/")
    page.select_option("[name=class_id]", label=f"{school_class} ({PUPILS[school_class]})")
    page.get_by_role("button", name="Сделать листки").click()
    expect(page.locator(".cut")).to_have_count(PUPILS[school_class])


def printed(page: Page) -> list[Image.Image]:
    """Return the pages that come out of the printer."""
    document = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True, print_background=False))
    return [each.render(scale=DOTS_PER_INCH / 72).to_pil() for each in document]


def addresses_on(sheet: Image.Image, tmp_path: Path) -> set[str]:
    """Return what programs read on a printed page; where zbarimg is there, it reads the same."""
    grey = sheet.convert("L")
    found = {each.text for each in zxingcpp.read_barcodes(grey)}
    zbarimg = shutil.which("zbarimg")
    if zbarimg is None:
        assert not browser_is_required(), "this test needs zbarimg; on Debian: apt install zbar-tools"
        return found
    path = tmp_path / "sheet.png"
    grey.save(path)
    done = subprocess.run([zbarimg, "--quiet", "--raw", path], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == found
    return found


def name_of(page: Page) -> str:
    return page.locator('a[href="/me/"] .word').inner_text()


@pytest.mark.parametrize(("school_class", "sheets"), [("1А", 1), ("1Б", 2), ("5В", 3)])
def test_ten_to_a_page_and_every_card_is_read(
    page: Page, tmp_path: Path, school_class: str, sheets: int
) -> None:
    make_slips(page, school_class)
    logins = page.locator(".cut-login").all_inner_texts()
    out_of_place = page.evaluate(
        "() => [...document.querySelectorAll('.cut')].filter(e => e.scrollHeight > e.clientHeight + 1).length"
    )
    assert out_of_place == 0, "nothing is cut off, the longest names included"
    pages = printed(page)
    assert len(pages) == sheets
    found: set[str] = set()
    for sheet in pages:
        assert abs(sheet.width / DOTS_PER_INCH - 8.27) < 0.02, "A4"
        colours = {
            (r, g, b) for _number, (r, g, b) in sheet.getcolors(1 << 24) if max(r, g, b) - min(r, g, b) > 8
        }
        assert not colours, "black and white"
        some = addresses_on(sheet, tmp_path)
        assert not some & found
        found |= some
    assert len(found) == PUPILS[school_class] == len(set(logins))
    assert all(re.fullmatch(r"http://[^/]+/auth/card/[a-z0-9]{24}", each) for each in found)


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_what_is_on_a_printed_slip_signs_in(page: Page) -> None:
    make_slips(page, "1А")
    name = page.locator(".cut h2").first.inner_text().rpartition(" ")[0]
    login = page.locator(".cut-login").first.inner_text()
    password = page.locator(".cut .cut-secret").first.inner_text()
    card = page.locator(".cut").first
    shot = Image.open(io.BytesIO(card.screenshot(scale="css", animations="disabled"))).convert("L")
    address = zxingcpp.read_barcodes(shot.resize((shot.width * 3, shot.height * 3)))[0].text
    page.get_by_role("button", name="Выйти").click()
    page.goto(address)
    expect(page.get_by_role("button", name=f"Войти как {name}")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
    assert name_of(page) == name
    assert address.rpartition("/")[2] not in page.evaluate("document.referrer")
    page.get_by_role("button", name="Выйти").click()
    sign_in(page, login, password)
    page.wait_for_url("**/")
    assert name_of(page) == name


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_a_scanner_types_and_presses_enter(page: Page, school: LiveServer) -> None:
    name, token = new_card(school, "5В-3")
    page.goto("/auth/sign-in")
    page.focus("[name=username]")
    page.keyboard.type(f"{school.url}/auth/card/{token}")
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
    assert name_of(page) == name
    page.get_by_role("button", name="Выйти").click()
    page.goto("/search")
    page.locator("[role=search] [name=q]").first.focus()
    page.keyboard.type(f"{school.url}/auth/card/{token}")
    page.keyboard.press("Enter")
    page.get_by_role("button", name=f"Войти как {name}").click()
    page.wait_for_url("**/")
    assert name_of(page) == name


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_pictures_by_keyboard(at_pc: Page, school: LiveServer) -> None:

    def make(secret: str) -> tuple[str, list[str]]:
        user = accounts.find_user("1Б-4")
        assert user
        return user.name, [str(PICTURES[each]) for each in pictures.new_pictures(user.id, secret)]

    name, words = in_hub(school, make)
    at_pc.goto("/auth/sign-in")
    at_pc.get_by_role("button", name="Войти по картинкам").press("Enter")
    at_pc.get_by_role("link", name="1Б").press("Enter")
    at_pc.get_by_role("link", name=name).press("Enter")
    for number, word in enumerate(words):
        expect(at_pc.get_by_role("form", name=f"Нажми свою картинку: {number + 1} из 3")).to_be_visible()
        expect(at_pc.locator(".signs button").first).to_be_focused()
        for _key in range(len(PICTURES)):
            if at_pc.get_by_role("button", name=word, exact=True).evaluate(
                "e => e === document.activeElement"
            ):
                break
            at_pc.keyboard.press("Tab")
        at_pc.keyboard.press("Enter")
    at_pc.wait_for_url("**/")
    assert name_of(at_pc) == name


def test_the_camera_reads_a_card(chromium_browser: Browser, school: LiveServer, tmp_path: Path) -> None:
    """A camera that shows a card: Chromium plays a film of one picture for it."""
    name, token = new_card(school, "5В-7")
    small = io.BytesIO()
    segno.make_qr(f"http://elsewhere/auth/card/{token}").save(small, kind="png", scale=8, border=4)
    picture = Image.new("RGB", (640, 480), "white")
    picture.paste(Image.open(small), (120, 40))
    film = tmp_path / "card.mjpeg"
    picture.save(film, format="JPEG", quality=95)
    path = chromium_path()
    assert path
    arguments = [
        *ARGUMENTS,
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    with chromium_browser.browser_type.launch(executable_path=path, args=arguments) as browser:
        tab = browser.new_page(base_url=school.url, locale="ru-RU")
        asked: list[str] = []
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto("/auth/sign-in")
        assert not any("jsQR" in each for each in asked), "only when somebody asks for it"
        tab.get_by_role("button", name="Показать карточку камере").click()
        tab.get_by_role("button", name=f"Войти как {name}").click(timeout=WAIT)
        tab.wait_for_url("**/")
        assert name_of(tab) == name
        assert all(each.startswith((school.url, "data:", "blob:")) for each in asked)
