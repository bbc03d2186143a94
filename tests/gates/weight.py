"""What the first view of a page costs over the wire, and whether anything moves while it appears."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Browser

MOST_REQUESTS: Final = 8
MOST_BYTES: Final = 60 * 1024
MOST_SHIFT: Final = 0.02
SIZES: Final = ((1366, 768), (360, 740))
_SHIFT: Final = """
window.shifted = 0;
const add = (entries) => {
  for (const entry of entries) if (!entry.hadRecentInput) window.shifted += entry.value;
};
const observer = new PerformanceObserver((list) => add(list.getEntries()));
observer.observe({ type: "layout-shift", buffered: true });
window.countShifts = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
  add(observer.takeRecords());
  done(window.shifted);
})));
"""


@dataclass(frozen=True)
class Weight:
    """The cost of a first view: answers with their heads as they came, compressed or not."""

    requests: int
    bytes: int
    shift: float
    parts: tuple[str, ...]

    def complaints(self) -> list[str]:
        """Say which bars are passed over."""
        parts = ", ".join(self.parts)
        return [
            *(
                [f"{self.requests} requests, at most {MOST_REQUESTS}: {parts}"]
                if self.requests > MOST_REQUESTS
                else []
            ),
            *([f"{self.bytes} bytes, at most {MOST_BYTES}: {parts}"] if self.bytes > MOST_BYTES else []),
            *([f"the page moves: {self.shift:.3f}, at most {MOST_SHIFT}"] if self.shift > MOST_SHIFT else []),
        ]


def weigh(
    browser: Browser, url: str, size: tuple[int, int], cookies: Mapping[str, str] | None = None
) -> Weight:
    """Open a page as somebody whose browser was never here, and weigh what came; ``cookies`` say who it is."""
    width, height = size
    with browser.new_context(locale="ru-RU", viewport={"width": width, "height": height}) as context:
        for name, value in (cookies or {}).items():
            context.add_cookies([{"name": name, "value": value, "url": url}])
        page = context.new_page()
        page.add_init_script(_SHIFT)
        network = context.new_cdp_session(page)
        names: dict[str, str] = {}
        sizes: dict[str, float] = {}

        def note_answer(event: dict[str, Any]) -> None:
            address = event["response"]["url"]
            if address.startswith("http"):  # what a stylesheet carries inside itself costs no request
                names[event["requestId"]] = address.partition("?")[0].rpartition("/")[2]

        def note_end(event: dict[str, Any]) -> None:
            sizes[event["requestId"]] = event["encodedDataLength"]

        network.on("Network.responseReceived", note_answer)
        network.on("Network.loadingFinished", note_end)
        network.send("Network.enable")
        page.goto(url, wait_until="networkidle")
        shift = float(page.evaluate("() => window.countShifts()"))
    # what a page asks for twice comes the second time from memory, and weighs nothing
    came = {number: round(size) for number, size in sizes.items() if number in names and size}
    parts = tuple(f"{names[number] or '/'} {size}" for number, size in came.items())
    return Weight(len(came), sum(came.values()), shift, parts)
