"""From Markdown to HTML that is safe to show, and to the plain text that search reads. No pages."""

import html
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final, NamedTuple, cast
from urllib.parse import quote, unquote

import mistune
import nh3
from markupsafe import Markup

_TAGS: Final = frozenset(
    {
        "p",
        "br",
        "hr",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "blockquote",
        "pre",
        "code",
        "strong",
        "em",
        "del",
        "a",
        "img",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }
)
_ATTRIBUTES: Final[dict[str, set[str]]] = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "srcset", "sizes", "width", "height", "loading"},
    "th": {"align"},
    "td": {"align"},
    "ol": {"start"},
}
_BLOCK_END = re.compile(r"</(?:p|h\d|li|tr|pre|blockquote)>|<(?:br|hr)>")
_SPACES = re.compile(r"[ \t]*\n\s*")
_SHOWN_WIDE: Final = "(max-width: 48rem) 90vw, 44rem"
MAX_TEXT: Final = 200_000


class Picture(NamedTuple):
    """How large a picture is, in pixels, and in which widths it can be had: ``srcset`` of HTML."""

    width: int
    height: int
    widths: str


class _Renderer(mistune.HTMLRenderer):
    """Headings begin below the page's own; names of files stand for their addresses."""

    def __init__(self, files: Mapping[str, str], pictures: Mapping[str, Picture]) -> None:
        super().__init__(escape=True, allow_harmful_protocols=False)
        self.files, self.pictures = files, pictures
        self.above: list[int] = []

    def heading(self, text: str, level: int, **attrs: str) -> str:
        """Write a heading one rank below the one that it belongs to, whatever ranks the author left out."""
        while self.above and self.above[-1] >= level:
            self.above.pop()
        self.above.append(level)
        return super().heading(text, len(self.above) + 1, **attrs)

    def link(self, text: str, url: str, title: str | None = None) -> str:
        return super().link(text, self._address(url), title)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        address = self._address(url)
        if not address.startswith("/") or address.startswith(("//", "/\\")):  # no picture from elsewhere
            return f"<em>[{html.escape(text or url)}]</em>"
        shown, known = super().image(text, address, title), self.pictures.get(address)
        if known is None:
            return shown
        room = f'srcset="{known.widths}" sizes="{_SHOWN_WIDE}" width="{known.width}" height="{known.height}"'
        return f'{shown.removesuffix("/>")}{room} loading="lazy">'

    def _address(self, url: str) -> str:
        return self.files.get(unquote(url), url)


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
        strip_comments=True,
    )


def to_html(
    text: str, files: Mapping[str, str] | None = None, pictures: Mapping[str, Picture] | None = None
) -> Markup:
    """Return the text as HTML.

    :param files: addresses of the files that it may call by their names.
    :param pictures: what is known of the pictures among them, by address.
    """
    render = cast(
        Callable[[str], str],
        mistune.create_markdown(
            renderer=_Renderer(files or {}, pictures or {}), plugins=["table", "strikethrough"]
        ),
    )
    return Markup(_cleaner().clean(render(text[:MAX_TEXT])))  # noqa: S704 - cleaned one word before


def to_plain(text: str) -> str:
    """Return the words of the text, one block to a line, as search reads and quotes them."""
    separated = _BLOCK_END.sub("\n", str(to_html(text)))
    words = html.unescape(nh3.clean(separated, tags=set()))
    return _SPACES.sub("\n", words).strip()


def link_to(name: str) -> str:
    """Return the name of a file as a link of the text writes it."""
    return quote(
        name, safe="/:?#[]@!$&'*+,;=-._~абвгдежзийклмнопрстуфхцчшщъыьэюяёАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЁ"
    )
