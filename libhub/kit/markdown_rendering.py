"""Markdown as Mistune reads it, written as HTML of the hub; what comes out is not cleaned yet. See ``markdown``."""

import html
from collections.abc import Callable, Mapping
from typing import Final, cast
from urllib.parse import unquote

import mistune

from libhub.kit.markdown import Picture

_SHOWN_WIDE: Final = "(max-width: 48rem) 90vw, 44rem"


def render(text: str, files: Mapping[str, str], pictures: Mapping[str, Picture]) -> str:
    """Return the text as HTML that may still have anything in it.

    :param files: addresses of the files that it may call by their names.
    :param pictures: what is known of the pictures among them, by address.
    """
    read = cast(
        Callable[[str], str],
        mistune.create_markdown(renderer=_Renderer(files, pictures), plugins=["table", "strikethrough"]),
    )
    return read(text)


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
