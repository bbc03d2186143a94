"""From Markdown to HTML that is safe to show, and to the plain text that search reads. No pages."""

import html
import re
from collections.abc import Mapping
from functools import cache
from typing import Final, NamedTuple
from urllib.parse import quote

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
MAX_TEXT: Final = 200_000


class Picture(NamedTuple):
    """How large a picture is, in pixels, and in which widths it can be had: ``srcset`` of HTML."""

    width: int
    height: int
    widths: str


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
    from libhub.kit.markdown_rendering import render  # Mistune is needed only where a text is shown

    html_of_it = render(text[:MAX_TEXT], files or {}, pictures or {})
    return Markup(_cleaner().clean(html_of_it))  # noqa: S704 - cleaned one word before


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
