"""Each gate fails on a small page that is broken in just the way it looks for, and passes the same page in order."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask, Response
from playwright.sync_api import Browser
from werkzeug.routing import Rule
from werkzeug.serving import make_server

from libhub.testing import wrong_forms as forms
from libhub.testing.contract.every_page import without_example
from tests.gates import axe, focus, lynx, nu, reflow, swaps, weight
from tests.gates.swaps import Swap
from tests.gates.tab import Tab
from tests.walking import CORE, Address, Seen

SHELL = '<!doctype html>\n<html lang="ru"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Проба</title></head><body>{}</body></html>'
GOOD = """<a href="#content">Сразу к делу</a><main id="content"><h1>Проба</h1><p class="words">Слова, которые читают.</p>
<form method="post"><label for="name">Имя</label> <input id="name" name="name"> <button>Послать</button></form>
<p><a class="more" href="/more">Дальше по списку</a></p></main><p id="announce" role="status"></p>"""
STYLE = """body { font: 1rem/1.6 sans-serif; color: #222; background: #fff } a, button { display: inline-block; min-height: 1.6rem }
a { color: #03c } :focus-visible { outline: 3px solid #06c }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #111 } a { color: #9cf } }"""
Put = Callable[..., Tab]
browser_test = pytest.mark.browser


@pytest.fixture
def put(tab: Tab) -> Put:
    """Return a function that shows a page of this content and style."""

    def show(content: str = GOOD, style: str = "", role: str = "guest") -> Tab:
        tab.show(Seen(role, Address(CORE, "/trial", None), 200, SHELL.format(content)))
        tab.page.evaluate(
            "(css) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet]; }",
            STYLE + style,
        )
        return tab

    return show


@browser_test
@pytest.mark.parametrize(
    ("content", "style", "told"),
    [
        (GOOD, ".words { color: #bbb }", "color-contrast: .words"),
        (GOOD.replace('for="name"', 'for="nobody"'), "", "label: #name"),
        (GOOD, "@media (prefers-color-scheme: dark) { .words { color: #333 } }", "dark 1366: color-contrast"),
        (GOOD, "@media (max-width: 400px) { .words { color: #bbb } }", "light 360: color-contrast"),
        (
            GOOD,
            "@media (max-width: 900px) { form { background: #222 } label { color: #333 } }",
            "light 820: color",
        ),
        (GOOD.replace("h1", "h3"), "", "heading-one"),
    ],
)
def test_axe(put: Put, content: str, style: str, told: str) -> None:
    assert axe.complaints(put()) == []
    assert any(told in each for each in axe.complaints(put(content, style)))


@browser_test
def test_axe_for_low_vision(put: Put) -> None:
    assert axe.complaints_of_look(put()) == []
    narrow = "@media (max-width: 400px) { .words { color: #bbb } }"
    (complaint,) = axe.complaints_of_look(put(GOOD, narrow))
    assert complaint.startswith("360: color-contrast: .words")


@browser_test
@pytest.mark.parametrize(
    ("content", "style", "told"),
    [
        (GOOD, ".words { width: 30rem }", "zoomed: scrolls sideways"),
        (GOOD, "@media (min-width: 1000px) { .words { width: 50rem } }", "large text: scrolls sideways"),
        (
            GOOD.replace(
                "<form", '<div class="box"><table><tr><td>Длинноеслово</td></tr></table></div><form'
            ),
            ".box { overflow-x: auto } td { min-width: 40rem }",
            "a table scrolls in a box without focus or name",
        ),
    ],
)
def test_reflow(put: Put, content: str, style: str, told: str) -> None:
    assert reflow.complaints(put()) == []
    named = content.replace('class="box"', 'class="box" tabindex="0" role="region" aria-label="Таблица"')
    assert any(told in each for each in reflow.complaints(put(content, style)))
    assert named == content or reflow.complaints(put(named, style)) == []


@browser_test
@pytest.mark.parametrize(
    ("content", "style", "told"),
    [
        (GOOD, ".more:focus-visible { outline: none }", 'the focus cannot be seen: <a class="more"'),
        (
            GOOD,
            ".more { position: absolute; left: -999px }",
            'something that cannot be seen: <a class="more"',
        ),
        (GOOD.replace("<button", '<button tabindex="3"'), "", "the focus goes back"),
        (GOOD.partition("</a>")[2], "", "no link past the menus"),
    ],
)
def test_focus(put: Put, content: str, style: str, told: str) -> None:
    assert focus.complaints(put()) == []
    assert any(told in each for each in focus.complaints(put(content, style)))


@browser_test
def test_focus_in_the_content_alone(put: Put) -> None:
    """The shell is left out, and what is broken in the content is found all the same."""
    beyond = GOOD + '<a href="/foot" tabindex="5">Внизу</a>'
    assert focus.complaints(put(beyond), whole=False) == []
    hidden = put(beyond, ".more:focus-visible { outline: none }")
    assert any(
        'the focus cannot be seen: <a class="more"' in each for each in focus.complaints(hidden, whole=False)
    )
    ahead = put(beyond.replace("<button", '<button tabindex="3"'))
    assert any("the focus goes back: <button" in each for each in focus.complaints(ahead, whole=False))


@browser_test
def test_pages_of_the_same_shape(put: Put) -> None:
    """Schemes are gone through again for whatever may have other colours, and only for that."""
    dark = "@media (prefers-color-scheme: dark) { .other { color: #222 } }"
    assert axe.complaints(put(GOOD, dark), whole=False) == []
    longer = GOOD.replace("Слова", "Многие слова")
    assert not put(longer, dark).shows_a_new_shape()
    other = GOOD.replace('class="words"', 'class="other"')
    assert any(
        "dark 820: color-contrast: .other" in each for each in axe.complaints(put(other, dark), whole=False)
    )
    narrow = "@media (max-width: 400px) { .words { color: #bbb } }"
    assert any(
        "light 360: color-contrast" in each for each in axe.complaints(put(longer, narrow), whole=False)
    )


@browser_test
def test_focus_that_is_held(put: Put) -> None:
    tab = put()
    tab.page.evaluate(
        "() => document.getElementById('name').addEventListener('keydown', (event) => event.preventDefault())"
    )
    assert any("Tab does not come to: <button>" in each for each in focus.complaints(tab))


@browser_test
def test_a_script_that_fails_is_told(put: Put) -> None:
    tab = put()
    tab.page.evaluate(
        "() => new Promise((done) => { setTimeout(() => { setTimeout(done); throw new Error('ой'); }); })"
    )
    assert any("ой" in each for each in tab.complaints)


@browser_test
@pytest.mark.parametrize("kept", [True, False])
def test_swaps(put: Put, kept: bool) -> None:
    act = """(kept) => {
      const form = document.querySelector("form");
      document.getElementById("name").focus();
      setTimeout(() => {
        document.dispatchEvent(new Event("htmx:before:swap"));
        form.innerHTML = form.innerHTML;
        if (kept) document.getElementById("name").focus();
        if (kept) document.getElementById("announce").textContent = "Найдено 12";
        document.dispatchEvent(new Event("htmx:after:swap"));
      }, 50);
    }"""
    swap = Swap("guest", "/trial", "trial", lambda page: page.evaluate(act, kept))
    assert len(swaps.complaints(put(), swap)) == (0 if kept else 2)


def test_the_checker(tmp_path: Path) -> None:
    try:
        nu.jar()
    except nu.Absent as error:
        pytest.skip(str(error))
    pages = {
        "in order": SHELL.format(GOOD),
        "htmx": SHELL.format(GOOD.replace("<form", '<form hx-get="/x"')),
        "broken": SHELL.format(GOOD.replace("<h1>", '<h1 id="name">')),
    }
    complaints = nu.complaints(pages, tmp_path)
    assert complaints
    assert all(each.startswith("broken: ") for each in complaints)


@pytest.mark.parametrize(
    ("content", "right"),
    [
        (
            '<input aria-invalid="true" aria-describedby="why"><p id="why"><small class="error">Пусто</small></p>',
            True,
        ),
        (
            '<fieldset aria-describedby="why"><p id="why" class="error-text">Отметьте хоть что-то</p></fieldset>',
            True,
        ),
        ('<input aria-invalid="true"><p role="alert">Пусто</p>', False),
        ('<input aria-invalid="true" aria-describedby="nothing">', False),
        ('<input aria-invalid="true" aria-describedby="why"><p id="why"></p>', False),
        ('<input><small class="error">Пусто</small>', False),
    ],
)
def test_errors_of_forms(content: str, right: bool) -> None:
    assert (forms.complaints(SHELL.format(f"<main>{content}</main>")) == []) is right


@pytest.mark.parametrize(("content", "told"), [('<p role="alert">Нет</p>', True), ("<input>", False)])
def test_a_refusal_without_a_reason(content: str, told: bool) -> None:
    assert forms.says_why(SHELL.format(f"<main>{content}</main>")) is told


def test_a_route_without_an_example() -> None:
    rule = Rule("/new", endpoint="core.new", methods=["GET"])
    assert without_example([rule], [], []) == ["/new"]
    assert without_example([rule], [Address(CORE, "/new", rule)], []) == []


@pytest.fixture
def heavy() -> Iterator[str]:
    """The address of pages that are too heavy, of too many parts, or move; ``/light`` is none of it."""
    app = Flask(__name__)
    # after the first paint, however late a busy computer comes to it; the page is not at rest before the picture came
    jump = """<script>new PerformanceObserver(async () => {
      await fetch('/late.svg');
      document.body.prepend(Object.assign(document.createElement('div'), {style: 'height: 400px'}));
    }).observe({type: 'paint', buffered: true});</script>"""
    pages = {
        "light": GOOD,
        "heavy": GOOD + "<!-- " + "тяжело " * 9_000 + "-->",
        "many": GOOD + "".join(f'<img src="/{number}.svg" alt="">' for number in range(8)),
        "moves": GOOD + jump,
    }
    app.add_url_rule(
        "/<name>.svg",
        "picture",
        lambda name: Response("<svg xmlns='http://www.w3.org/2000/svg'/>", mimetype="image/svg+xml"),
    )
    app.add_url_rule("/favicon.ico", "icon", lambda: Response(status=204))
    app.add_url_rule("/<name>", "page", lambda name: SHELL.format(pages[name]))
    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@browser_test
@pytest.mark.parametrize(
    ("name", "told"), [("heavy", "bytes"), ("many", "requests"), ("moves", "the page moves")]
)
def test_weight(chromium_browser: Browser, heavy: str, name: str, told: str) -> None:
    assert weight.weigh(chromium_browser, f"{heavy}/light", (1366, 768)).complaints() == []
    (complaint,) = weight.weigh(chromium_browser, f"{heavy}/{name}", (1366, 768)).complaints()
    assert told in complaint


@pytest.mark.skipif(lynx.path() is None, reason="lynx is not installed; on Debian: apt install lynx")
def test_lynx_that_does_not_find(heavy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lynx, "PATIENCE", 1.0)
    monkeypatch.setattr(lynx, "MOST_PLACES", 5)
    with lynx.browsing(f"{heavy}/light") as browser:
        browser.expect("Слова, которые читают.")
        with pytest.raises(AssertionError, match="does not show “Записаться”"):
            browser.expect("Записаться")
        with pytest.raises(AssertionError, match="there is no"):
            browser.seek(lynx.PASSWORD_FIELD)
