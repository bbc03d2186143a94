"""``make screenshots``: pictures for the documents, from the running program with its starter content."""

import sys
import tempfile
from pathlib import Path

from libhub.testing import serving
from libhub.testing.browser import chromium

FOLDER = Path(__file__).parent / "screenshots"
PC, TABLET, PHONE = (1366, 768), (820, 1180), (360, 740)
PICTURES = {
    "home.png": ("/", PC, "theme=light"),
    "home-dark.png": ("/", PC, "theme=dark"),
    "home-phone.png": ("/", PHONE, "theme=light"),
    "search.png": ("/search?q=сказки для малышей", PC, "theme=light"),
    "resources.png": ("/resources/", PC, "theme=light"),
    "workshop.png": ("/crafts/", TABLET, "theme=light"),
    "events.png": ("/events/", PC, "theme=light"),
    "low-vision.png": ("/", PC, "vision=1"),
}


def main() -> int:
    """Make every picture, or those whose names are given."""
    wanted = sys.argv[1:] or list(PICTURES)
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder) / "instance") as server,
        chromium() as browser,
    ):
        for name in wanted:
            path, (width, height), look = PICTURES[name]
            context = browser.new_context(
                base_url=server.url,
                viewport={"width": width, "height": height},
                locale="ru-RU",
                reduced_motion="reduce",
            )
            page = context.new_page()
            page.goto(f"/look/change?{look}")
            page.goto(path, wait_until="networkidle")
            page.screenshot(path=FOLDER / name)
            context.close()
            print(FOLDER.name, name, sep="/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
