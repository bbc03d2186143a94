"""HTML on its way from a file to a page of the reader: cleaned, split into chapters, turned into plain text."""

import html
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final

import nh3

from libhub.files.extraction.output import Output

TAGS: Final = frozenset(
    [
        "p",
        "br",
        "hr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "em",
        "strong",
        "b",
        "i",
        "u",
        "s",
        "sub",
        "sup",
        "code",
        "pre",
        "blockquote",
        "cite",
        "q",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "th",
        "td",
        "caption",
        "figure",
        "figcaption",
        "img",
        "div",
        "span",
        "small",
    ]
)
_CONTENT_DROPPED: Final = frozenset(
    {"script", "style", "title", "head", "template", "noscript", "svg", "math"}
)
_BLOCKS: Final = TAGS - frozenset(
    ["em", "strong", "b", "i", "u", "s", "sub", "sup", "code", "cite", "q", "img", "span", "small"]
)
_ATTRIBUTES: Final = {"img": {"src", "alt"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
_PICTURE: Final = re.compile(r"picture/\d{1,4}")
_CHAPTER: Final = re.compile(r"(?=<h[12][ >])")
_HEADING: Final = re.compile(r"<h([12])[^>]*>(.*?)</h\1>", re.S)
MOST_PICTURES: Final = 300
PICTURE_WIDTH: Final = 1200
PICTURE_PIXELS: Final = 40_000_000
_PICTURE_FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP", "BMP")


@dataclass(frozen=True)
class Chapter:
    """A piece of a text that begins with a heading; the first may have none."""

    title: str
    level: int
    html: str


def clean(markup: str, picture: Callable[[str], int | None] = lambda _source: None) -> str:
    """Return markup of which only the text, its structure and its own pictures are left.

    :param picture: told the source of a picture, returns its number, or None to leave it out.
    """

    def attribute(tag: str, name: str, value: str) -> str | None:
        if tag == "img" and name == "src":
            if _PICTURE.fullmatch(value):
                return value
            number = picture(value)
            return f"picture/{number}" if number is not None else None
        if name in ("colspan", "rowspan"):
            return value if value.isascii() and value.isdigit() and len(value) < 3 else None
        return value

    cleaned = nh3.clean(
        markup,
        tags=set(TAGS),
        clean_content_tags=set(_CONTENT_DROPPED),
        attributes=_ATTRIBUTES,
        attribute_filter=attribute,
        link_rel=None,
        url_schemes=set(),
    )
    return re.sub(r"<img(?![^>]* src=)[^>]*>", "", cleaned)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in ("td", "th"):
            self.parts.append(" ")
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def text_of(markup: str) -> str:
    """Return the words of cleaned markup, a line for each block."""
    parser = _Text()
    parser.feed(markup)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.parts).splitlines())
    return "\n".join(line for line in lines if line)


def chapters(markup: str) -> Iterator[Chapter]:
    """Split cleaned markup at its headings of the first and second rank."""
    for piece in _CHAPTER.split(markup):
        if not piece.strip():
            continue
        heading = _HEADING.match(piece)
        title = text_of(heading.group(2)).replace("\n", " ") if heading else ""
        yield Chapter(title, int(heading.group(1)) if heading else 1, piece)


def write_chapters(markup: str, output: Output) -> None:
    """Give out cleaned markup by chapters; as one whole where it has no headings."""
    pieces = list(chapters(markup))
    if len(pieces) < 2:
        output.kind("")
        for piece in pieces:
            output.add(0, text_of(piece.html), title=piece.title, html=piece.html)
        return
    output.kind("chapter")
    for number, piece in enumerate(pieces, 1):
        output.add(number, text_of(piece.html), title=piece.title, level=piece.level, html=piece.html)


def paragraphs(text: str) -> str:
    """Return plain text as markup: a blank line ends a paragraph."""
    blocks = (
        block.strip("\n") for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    )
    return "".join(
        f"<p>{html.escape(block, quote=False).replace(chr(10), '<br>')}</p>"
        for block in blocks
        if block.strip()
    )


class Pictures:
    """The pictures of a document, each written anew once."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._numbers: dict[str, int | None] = {}

    def number(self, name: str, load: Callable[[], bytes]) -> int | None:
        """Return the number of a picture; None for what cannot be shown."""
        if name not in self._numbers:
            self._numbers[name] = self._add(load)
        return self._numbers[name]

    def _add(self, load: Callable[[], bytes]) -> int | None:
        number = len(self._numbers) + 1
        if number > MOST_PICTURES:
            return None
        from PIL import Image  # a quarter of the start of a reader, and most texts have no pictures

        try:
            with Image.open(io.BytesIO(load()), formats=_PICTURE_FORMATS) as image:
                if image.width * image.height > PICTURE_PIXELS:
                    return None
                alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
                small = image.convert("RGBA" if alpha else "RGB")
                small.thumbnail((PICTURE_WIDTH, PICTURE_WIDTH * 4))
                target = io.BytesIO()
                small.save(target, "WEBP", quality=75)
        except (OSError, ValueError, SyntaxError, LookupError, TypeError, Image.DecompressionBombError):
            return (
                None  # a drawing in a format that no browser has, or a damaged one: the words are what counts
            )
        self._output.picture(number, target.getvalue())
        return number
