"""``make screenshots``: pictures for the documents, from the running program with its starter content."""

import sys
import tempfile
from pathlib import Path

from libhub.browser import chromium
from libhub.testing import serving

FOLDER = Path(__file__).parent / "screenshots"
SIZE = {"width": 1366, "height": 768}
PICTURES = {
    "home.png": ("/", "light"),
    "home-dark.png": ("/", "dark"),
    "search.png": ("/search?q=сказки для малышей", "light"),
    "resources.png": ("/resources/", "light"),
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
            path, scheme = PICTURES[name]
            context = browser.new_context(
                base_url=server.url,
                viewport=SIZE,
                color_scheme=scheme,
                locale="ru-RU",
                reduced_motion="reduce",
            )
            page = context.new_page()
            page.goto(path, wait_until="networkidle")
            page.screenshot(path=FOLDER / name)
            context.close()
            print(FOLDER.name, name, sep="/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
