"""Pages of which what they say inside the layout is remembered while it would be the same."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, is_dataclass
from types import NoneType
from typing import Any, Final

from flask import Response, request
from jinja2 import Template

from libhub.base.dependencies import do_not_keep, noting_in, open_notes
from libhub.caching.remembering import remember
from libhub.web import cookies, htmx
from libhub.web.compression import pack_once
from libhub.web.flask_internals import watching_session
from libhub.web.rendering.jinja_internals import render_watched, render_with
from libhub.web.rendering.pages import (
    TOKEN_PLACE,
    Blocks,
    answer,
    fragment_of,
    load_template,
    some_blocks,
    with_shell,
)

LAYOUT: Final = "layout.html"
_LONGEST: Final = 500
"""Characters of an address that is worth remembering; nobody follows a link to a longer one."""
_PLAIN: Final = (str, int, NoneType)


def remembered_page(
    template: str, make: Callable[[], Mapping[str, Any]], *, block: str | None = None
) -> Response:
    """Render a page as :func:`libhub.web.rendering.pages.page` does; what it says inside the layout is remembered while it would be the same.

    It is remembered for this visitor (guests are all alike), for this address, and for the look, the language and
    the PC, as the context processors and the hub's own cookies say them. The tokens of forms are filled in each time;
    whatever else the blocks take from the session (a message that is shown once) makes them be rendered anew.

    :param make: returns the context; called where the page is not at hand.
    :param template: one that extends the layout itself.
    """
    fragment = block if block and htmx.wants_fragment() else None
    shell = with_shell({})
    key = ("page", template, request.host_url, request.full_path, fragment, _looks(shell))
    whole: list[str] = []

    def parts() -> _Parts:
        loaded = load_template(template)
        with _unlike_the_session():
            context = make()
        if fragment:
            with _unlike_the_session():
                return _Parts.of(some_blocks(loaded, {**shell, **context}, fragment))
        rendered, text = _every_block(loaded, {**shell, **context})
        whole.append(text)
        return rendered

    rendered = remember(key, parts, _Parts.weight) if len(request.full_path) < _LONGEST else parts()
    if fragment:
        body = fragment_of(rendered.blocks(), fragment, shell)
    else:
        body = (
            whole[0]
            if whole
            else render_with(load_template(LAYOUT), {**shell, **rendered.values}, rendered.blocks())
        )
    if not shell["viewer"].signed_in and not shell["kiosk"] and TOKEN_PLACE not in body:
        pack_once()  # no form whose token makes every answer another one
    return answer(body, 200)


@dataclass(frozen=True)
class _Parts:
    """What a page fills in the layout: its blocks, and the values that it sets for the layout.

    The texts are kept as UTF-8: with Russian in them that is half of what they take as text.
    """

    packed: Mapping[str, bytes]
    values: Mapping[str, str | int]

    @classmethod
    def of(cls, blocks: Blocks, values: Mapping[str, str | int] | None = None) -> "_Parts":
        """Keep blocks."""
        return cls({name: text.encode() for name, text in blocks.items()}, values or {})

    def blocks(self) -> Blocks:
        """Return the blocks as text."""
        return {name: packed.decode() for name, packed in self.packed.items()}

    def weight(self) -> int:
        """Return about how many bytes that is."""
        return sum(map(len, self.packed.values()))


def _looks(shell: Mapping[str, Any]) -> Hashable:
    """Return what the request says of its page besides the address: who it is for, in which language and look."""
    values = [
        (name, value) for name, value in shell.items() if isinstance(value, _PLAIN) or is_dataclass(value)
    ]
    return cookies.every(), frozenset(values)


def _unlike_the_session() -> AbstractContextManager[None]:
    """Have nothing kept into which something of the session went."""
    return watching_session(do_not_keep)


def _every_block(loaded: Template, values: dict[str, Any]) -> tuple[_Parts, str]:
    """Render a page; return what it fills in the layout, and all of it. The layout itself notes nothing."""
    notes = open_notes.get()

    @contextmanager
    def noted() -> Iterator[None]:
        with noting_in(notes), _unlike_the_session():
            yield

    with noting_in(None):
        whole = render_watched(loaded, values, noted)
    plain = {name: value for name, value in whole.exported.items() if isinstance(value, (str, int))}
    return _Parts.of(whole.blocks, plain), whole.text
