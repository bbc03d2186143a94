"""A tab of Chromium that shows pages of an application of this process; no server, no port, no waiting."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, Route

from libhub.testing import cookie_name
from libhub.web.errors import SECURITY_HEADERS
from tests.walking import Seen, browser_of

ORIGIN = "http://localhost"
WIDE, TABLET, PHONE = (1366, 768), (820, 1180), (360, 740)
SIZES = (WIDE, TABLET, PHONE)
AXE: Final = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
_SHAPES: Final = """() => {
  const seen = new Set();
  const told = (element) => element.localName + element.getAttributeNames()
    .filter((name) => /^(class|type|open|disabled|hidden|role|aria-.*|data-.*)$/.test(name)).sort()
    .map((name) => `[${name}${/^(class|type|role|aria-(current|invalid))$/.test(name) ? `=${element.getAttribute(name)}` : ""}]`).join("");
  const walk = (element, above) => {
    const path = `${above}>${told(element)}`;
    seen.add(path);
    if (element.localName === "svg") return;
    // a form may have a field called "children", which hides the property
    for (let child = element.firstElementChild; child; child = child.nextElementSibling) walk(child, path);
  };
  walk(document.querySelector("main") ?? document.body, "");
  return [...seen];
}"""
"""Each element of the content as styles choose it: by its name and class, and those of all around it."""
_PASSED_ON = ("content-type", "hx-request", "hx-target", "hx-current-url")


@dataclass
class Tab:
    """The tab, and in whose name it asks for what a page needs."""

    page: Page
    app: Flask
    complaints: list[str] = field(default_factory=list)
    """What scripts and the browser complained of since the page was opened."""
    shapes: set[str] = field(default_factory=set)
    """What :meth:`shows_a_new_shape` was asked of."""
    _html: str = ""
    _role: str = ""
    _kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    _clients: dict[str, FlaskClient] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.page.route("**/*", self._answer)
        self.page.add_init_script(AXE)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda message: self.complaints.append(message.text) if message.type == "error" else None,
        )

    def show(self, seen: Seen) -> None:
        """Open a page just as it was seen, at the size of a PC and in light colours."""
        self._html = seen.html
        self._go(seen.role, seen.address.path)

    def open(self, role: str, path: str, look: str = "") -> None:
        """Open a page as it is now, for somebody who chose a look (what the cookie of it holds)."""
        self._html, self._role = "", role
        kept = cookie_name(self._client(), "look")
        self._client().set_cookie(kept, look)
        self._go(role, path)
        self._client().delete_cookie(kept)

    def _go(self, role: str, path: str) -> None:
        self._role = role
        self.complaints.clear()
        self.resize(WIDE)
        self.page.emulate_media(color_scheme="light")
        self.page.goto(f"{ORIGIN}{path}", wait_until="load")

    def shows_a_new_shape(self) -> bool:
        """Say whether the content has an element that no page had of which this was asked before.

        What has none is made of the same pieces: colours do not differ there.
        """
        some = set(self.page.evaluate(_SHAPES))
        new = not some <= self.shapes
        self.shapes |= some
        return new

    def resize(self, size: tuple[int, int]) -> None:
        """Make the window as large as this, in CSS pixels."""
        width, height = size
        self.page.set_viewport_size({"width": width, "height": height})

    def _answer(self, route: Route) -> None:
        asked = route.request
        if asked.is_navigation_request() and self._html:
            headers = {**SECURITY_HEADERS, "Content-Type": "text/html; charset=utf-8"}
            route.fulfill(headers=headers, body=self._html)
        elif not asked.url.startswith(f"{ORIGIN}/"):
            self.complaints.append(f"a request to another host: {asked.url}")
            route.abort()
        elif asked.url in self._kept:
            route.fulfill(**self._kept[asked.url])
        else:
            with self._client().open(
                asked.url.removeprefix(ORIGIN),
                method=asked.method,
                data=asked.post_data_buffer or b"",
                headers={name: asked.headers[name] for name in _PASSED_ON if name in asked.headers},
            ) as answer:
                told = {"status": answer.status_code, "headers": dict(answer.headers), "body": answer.data}
                if "immutable" in answer.headers.get("Cache-Control", ""):
                    self._kept[asked.url] = told  # the browser itself keeps nothing that comes this way
                route.fulfill(**told)

    def _client(self) -> FlaskClient:
        if self._role not in self._clients:
            self._clients[self._role] = browser_of(self.app, self._role)
        return self._clients[self._role]
