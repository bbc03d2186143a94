"""EPUB books: the chapters in the order in which they are read."""

import posixpath
import zipfile
from typing import Any, Final
from urllib.parse import unquote

from libhub.files.extraction import archives
from libhub.files.extraction.encodings import decode
from libhub.files.extraction.markup import Pictures, chapters, clean, text_of
from libhub.files.extraction.output import Output, Unreadable

_PAGES: Final = frozenset({"application/xhtml+xml", "text/html", "application/xml"})


def read(path: str, output: Output) -> None:
    """Give out the chapters, with titles from the table of contents where it names them."""
    with archives.opened(path) as archive:
        names = set(archive.namelist())
        if "META-INF/encryption.xml" in names and "META-INF/rights.xml" in names:
            raise Unreadable("encrypted")
        package = _package(archive)
        folder = posixpath.dirname(package)
        root = archives.parse(archive, package)
        manifest = {
            item.get("id", ""): (_join(folder, item.get("href", "")), item.get("media-type", ""))
            for item in root.iterfind(".//{*}manifest/{*}item")
        }
        titles = _titles(archive, root, manifest)
        pictures = Pictures(output)
        output.kind("chapter")
        number = 0
        for entry in root.iterfind(".//{*}spine/{*}itemref"):
            name, media_type = manifest.get(entry.get("idref", ""), ("", ""))
            if name not in names or media_type not in _PAGES:
                continue
            markup = _chapter(archive, name, names, pictures)
            text = text_of(markup)
            if not text and "<img" not in markup:
                continue
            number += 1
            title = titles.get(name) or next((each.title for each in chapters(markup) if each.title), "")
            output.add(number, text, title=title, html=markup)
        if not number:
            raise Unreadable("damaged")


def _package(archive: zipfile.ZipFile) -> str:
    container = archives.parse(archive, "META-INF/container.xml")
    found = container.find(".//{*}rootfile")
    if found is None:
        raise Unreadable("damaged")
    return str(found.get("full-path", ""))


def _chapter(archive: zipfile.ZipFile, name: str, names: set[str], pictures: Pictures) -> str:
    folder = posixpath.dirname(name)

    def picture(source: str) -> int | None:
        place = _join(folder, source)
        return pictures.number(place, lambda: archives.read(archive, place)) if place in names else None

    return clean(decode(archives.read(archive, name)), picture)


def _titles(archive: zipfile.ZipFile, root: Any, manifest: dict[str, tuple[str, str]]) -> dict[str, str]:
    """Return the titles of chapters by their files: from the navigation of EPUB 3, else from that of EPUB 2."""
    titles: dict[str, str] = {}
    for item in root.iterfind(".//{*}manifest/{*}item"):
        name, media_type = manifest[item.get("id", "")]
        if "nav" in (item.get("properties") or "").split():
            links = [
                (link.get("href", ""), "".join(link.itertext()))
                for link in archives.parse(archive, name).iterfind(".//{*}a")
            ]
        elif media_type == "application/x-dtbncx+xml":
            links = [
                (point.find("{*}content").get("src", ""), point.findtext("{*}navLabel/{*}text") or "")
                for point in archives.parse(archive, name).iterfind(".//{*}navPoint")
            ]
        else:
            continue
        for target, title in links:
            titles.setdefault(_join(posixpath.dirname(name), target), " ".join(title.split()))
    return titles


def _join(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(target.partition("#")[0])))
