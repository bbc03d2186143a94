"""FB2 books, packed or not, in every encoding that their first line may name."""

import base64
import html
from typing import Any, Final

from defusedxml import ElementTree

from libhub.files.extraction import archives
from libhub.files.extraction.markup import Pictures, clean, write_chapters
from libhub.files.extraction.output import Output, Unreadable

_INLINE: Final = {
    "emphasis": "em",
    "strong": "strong",
    "strikethrough": "s",
    "sub": "sub",
    "sup": "sup",
    "code": "code",
}
_BLOCK: Final = {
    "p": "p",
    "v": "p",
    "subtitle": "h4",
    "text-author": "p",
    "epigraph": "blockquote",
    "cite": "blockquote",
    "poem": "blockquote",
    "stanza": "div",
    "annotation": "div",
    "table": "table",
    "tr": "tr",
    "td": "td",
    "th": "th",
}
_DEEPEST: Final = 4


def read(path: str, output: Output) -> None:
    """Give out a book by its sections."""
    with open(path, "rb") as stream:
        _read(stream.read(archives.MOST_XML_BYTES + 1), output)


def read_zipped(path: str, output: Output) -> None:
    """Give out a packed book."""
    with archives.opened(path) as archive:
        name = next((each for each in archive.namelist() if each.lower().endswith(".fb2")), None)
        if name is None:
            raise Unreadable("damaged")
        _read(archives.read(archive, name), output)


def _read(content: bytes, output: Output) -> None:
    if len(content) > archives.MOST_XML_BYTES:
        raise Unreadable("bomb")
    root = ElementTree.fromstring(content)
    if _name(root) != "FictionBook":
        raise Unreadable("damaged")
    images = {each.get("id", ""): each.text or "" for each in root.iterfind("{*}binary")}
    pictures = Pictures(output)

    def picture(source: str) -> int | None:
        name = source.removeprefix("#")
        return pictures.number(name, lambda: base64.b64decode(images[name])) if name in images else None

    parts = [_title_page(root)]
    parts += [_inside(body, 1) for body in root.iterfind("{*}body")]
    write_chapters(clean("".join(parts), picture), output)


def _title_page(root: Any) -> str:
    info = root.find("{*}description/{*}title-info")
    if info is None:
        return ""
    authors = [
        " ".join(filter(None, (author.findtext(f"{{*}}{name}-name") for name in ("first", "middle", "last"))))
        for author in info.iterfind("{*}author")
    ]
    parts = [f"<h1>{html.escape(info.findtext('{*}book-title') or '')}</h1>"]
    parts += [f"<p>{html.escape(author)}</p>" for author in authors if author]
    cover = info.find("{*}coverpage")
    parts += ["" if cover is None else _inside(cover, 1)]
    parts += [_element(each, 1) for each in info.iterfind("{*}annotation")]
    return "".join(parts)


def _element(element: Any, depth: int) -> str:
    name = _name(element)
    if name == "section":
        return _inside(element, depth + 1)
    if name == "title":
        lines = ["".join(each.itertext()) for each in element] or [element.text or ""]
        level = min(depth, _DEEPEST)
        words = " ".join(" ".join(lines).split())
        return f"<h{level}>{html.escape(words, quote=False)}</h{level}>"
    if name == "image":
        source = next((value for key, value in element.attrib.items() if key.endswith("href")), "")
        return f'<img src="{html.escape(source)}" alt="">'
    if name == "empty-line":
        return "<br>"
    tag = _BLOCK.get(name) or _INLINE.get(name)
    inside = _inside(element, depth)
    return f"<{tag}>{inside}</{tag}>" if tag else inside


def _inside(element: Any, depth: int) -> str:
    parts = [html.escape(element.text or "", quote=False)]
    for child in element:
        parts += [_element(child, depth), html.escape(child.tail or "", quote=False)]
    return "".join(parts)


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]
