"""A tab of Chromium that shows pages of an application of this process; no server, no port, no waiting."""

from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, Route

from libhub.web.errors import SECURITY_HEADERS
from libhub.web.looks import COOKIE
from tests.walking import Seen, browser_of

ORIGIN = "http://localhost"
WIDE, TABLET, PHONE = (1366, 768), (820, 1180), (360, 740)
SIZES = (WIDE, TABLET, PHONE)
_PASSED_ON = ("content-type", "hx-request", "hx-target", "hx-current-url")


@dataclass
class Tab:
    """The tab, and in whose name it asks for what a page needs."""

    page: Page
    app: Flask
    complaints: list[str] = field(default_factory=list)
    """What scripts and the browser complained of since the page was opened."""
    _html: str = ""
    _role: str = ""
    _clients: dict[str, FlaskClient] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.page.route("**/*", self._answer)
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
        self._client().set_cookie(COOKIE, look)
        self._go(role, path)
        self._client().delete_cookie(COOKIE)

    def _go(self, role: str, path: str) -> None:
        self._role = role
        self.complaints.clear()
        self.resize(WIDE)
        self.page.emulate_media(color_scheme="light")
        self.page.goto(f"{ORIGIN}{path}", wait_until="load")

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
        else:
            with self._client().open(
                asked.url.removeprefix(ORIGIN),
                method=asked.method,
                data=asked.post_data_buffer or b"",
                headers={name: asked.headers[name] for name in _PASSED_ON if name in asked.headers},
            ) as answer:
                route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.data)

    def _client(self) -> FlaskClient:
        if self._role not in self._clients:
            self._clients[self._role] = browser_of(self.app, self._role)
        return self._clients[self._role]
