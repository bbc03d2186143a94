"""The bookmarks file of a browser, read as a table. No Flask here."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import urlsplit

from libhub.api import gettext as _
from libhub.api import tables

_BEGINNING: Final = re.compile(r"\s*<!doctype netscape-bookmark", re.IGNORECASE)


class _Bookmarks(HTMLParser):
    """Takes the Netscape bookmarks format apart; folders that the browser made itself are no themes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, Any]] = []
        self._folders: list[str] = []
        self._folder = ""
        self._into: str | None = None
        self._own_folder = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a folder, a link or a description."""
        values = dict(attrs)
        self._into = tag if tag in {"h3", "a", "dd"} else None
        if tag == "h3":
            self._folder = ""
            self._own_folder = any(name.endswith("_folder") for name in values)
        elif tag == "dl":
            self._folders.append("" if self._own_folder else self._folder.strip())
            self._folder, self._own_folder = "", False
        elif tag == "a":
            self.found.append(
                {
                    "line": self.getpos()[0],
                    "url": (values.get("href") or "").strip(),
                    "title": "",
                    "description": "",
                    "themes": tuple(folder for folder in self._folders if folder),
                }
            )

    def handle_endtag(self, tag: str) -> None:
        """End a folder."""
        if tag == "dl" and self._folders:
            self._folders.pop()
        self._into = None

    def handle_data(self, data: str) -> None:
        """Collect a name or a description."""
        if self._into == "h3":
            self._folder += data
        elif self._into == "a":
            self.found[-1]["title"] += data
        elif self._into == "dd" and self.found:
            self.found[-1]["description"] += data


def read_bookmarks(text: str) -> tables.Table | None:
    """Read bookmarks: each is a new resource, its folders are its themes; None where it is another file.

    :raises tables.UnreadableFile: there is none.
    """
    if not _BEGINNING.match(text):
        return None
    parser = _Bookmarks()
    parser.feed(text)
    parser.close()
    if not parser.found:
        raise tables.UnreadableFile(_("There is no bookmark in this file."))

    def rows() -> Iterator[tables.Row]:
        for entry in parser.found:
            values = {name: value for name, value in entry.items() if name != "line"}
            values["title"] = " ".join(values["title"].split())[:300] or _host(values["url"])
            yield tables.Row(entry["line"], values, {})

    return tables.Table(rows(), parser.found[-1]["line"], only_new=True)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or url[:300]
    except ValueError:
        return url[:300]
