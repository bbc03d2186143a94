"""Pages and their fragments: one template each, a fragment is one of its blocks."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, is_dataclass
from secrets import token_hex
from types import NoneType
from typing import Any, Final, TypeAlias

from flask import Flask, Response, current_app, make_response, request, session
from flask_wtf.csrf import generate_csrf
from jinja2 import Template
from jinja2.runtime import Context
from markupsafe import escape

from libhub.base.dependencies import do_not_keep, noting_in, open_notes
from libhub.caching.remembering import remember
from libhub.web import htmx
from libhub.web.compression import pack_once

LAYOUT: Final = "layout.html"
MESSAGES: Final = "messages.html"
CONTENT: Final = "content"
"""The block of a page that a fragment puts in the place of everything, messages included."""
_OWN_COOKIES: Final = "libhub_"
_LONGEST: Final = 500
"""Characters of an address that is worth remembering; nobody follows a link to a longer one."""
_PLAIN: Final = (str, int, NoneType)
Blocks: TypeAlias = Mapping[str, str]
"""The rendered blocks of a page, by name."""
_TOKEN_PLACE: Final = token_hex(16)
"""Stands in what is remembered where a form's token comes. Nobody can write it into a text: they cannot know it."""
_Render: TypeAlias = Callable[[Context], Iterator[str]]


def init_app(app: Flask) -> None:
    """Give templates the token of forms, after Flask-WTF did."""
    app.context_processor(lambda: {"csrf_token": _form_token})


def page(template: str, *, block: str | None = None, status: int = 200, **context: Any) -> Response:
    """Render a page, or only ``block`` of it where htmx asks for a fragment.

    The address is the same for both, so caches are told by ``Vary`` that the answers differ.
    """
    loaded, values = _loaded(template), _with_shell(context)
    if block and htmx.wants_fragment():
        return _answer(_fragment(_some_blocks(loaded, values, block), block, values), status)
    return _answer(loaded.render(values), status)


def remembered_page(
    template: str, make: Callable[[], Mapping[str, Any]], *, block: str | None = None
) -> Response:
    """Render a page as :func:`page` does; what it says inside the layout is remembered while it would be the same.

    It is remembered for this visitor (guests are all alike), for this address, and for the look, the language and
    the PC, as the context processors and the hub's own cookies say them. The tokens of forms are filled in each time;
    whatever else the blocks take from the session (a message that is shown once) makes them be rendered anew.

    :param make: returns the context; called where the page is not at hand.
    :param template: one that extends the layout itself.
    """
    fragment = block if block and htmx.wants_fragment() else None
    shell = _with_shell({})
    key = ("page", template, request.host_url, request.full_path, fragment, _looks(shell))
    whole: list[str] = []

    def parts() -> _Parts:
        loaded = _loaded(template)
        with _not_of_the_session():
            context = make()
        if fragment:
            with _not_of_the_session():
                return _Parts.of(_some_blocks(loaded, {**shell, **context}, fragment))
        rendered, text = _every_block(loaded, {**shell, **context})
        whole.append(text)
        return rendered

    rendered = remember(key, parts, _Parts.weight) if len(request.full_path) < _LONGEST else parts()
    if fragment:
        body = _fragment(rendered.blocks(), fragment, shell)
    else:
        body = whole[0] if whole else _inside(_loaded(LAYOUT), rendered, shell)
    if not shell["viewer"].signed_in and not shell["kiosk"] and _TOKEN_PLACE not in body:
        pack_once()  # no form whose token makes every answer another one
    return _answer(body, 200)


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
    cookies = [pair for pair in request.cookies.items() if pair[0].startswith(_OWN_COOKIES)]
    session_cookie = current_app.config["SESSION_COOKIE_NAME"]
    values = [
        (name, value) for name, value in shell.items() if isinstance(value, _PLAIN) or is_dataclass(value)
    ]
    return frozenset(pair for pair in cookies if pair[0] != session_cookie), frozenset(values)


@contextmanager
def _not_of_the_session() -> Iterator[None]:
    """Have nothing kept into which something of the session went."""
    held: Any = session
    held = held._get_current_object()  # every look through the proxy counts as one into the session
    before, held.accessed = held.accessed, False
    try:
        yield
        if held.accessed:
            do_not_keep()
    finally:
        held.accessed = held.accessed or before


def _loaded(template: str) -> Template:
    return current_app.jinja_env.get_template(template)


def _with_shell(context: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(context)
    current_app.update_template_context(values)
    return values


def _some_blocks(loaded: Template, values: dict[str, Any], block: str) -> Blocks:
    """Render what a fragment consists of."""
    names = ["title", block] if "title" in loaded.blocks else [block]
    return {name: "".join(loaded.blocks[name](loaded.new_context(values))) for name in names}


def _every_block(loaded: Template, values: dict[str, Any]) -> tuple[_Parts, str]:
    """Render a page; return what it fills in the layout, and all of it. The layout itself notes nothing."""
    rendered: dict[str, str] = {}
    notes = open_notes.get()
    inner = loaded.new_context(values)

    def watched(name: str, render: _Render) -> _Render:
        def watch(context: Context) -> Iterator[str]:
            with noting_in(notes), _not_of_the_session():
                rendered[name] = "".join(render(context))
            yield rendered[name]

        return watch

    for name, functions in inner.blocks.items():
        functions.insert(0, watched(name, functions[0]))
    with noting_in(None):
        text = "".join(loaded.root_render_func(inner))
    plain = {
        name: inner.vars[name] for name in inner.exported_vars if isinstance(inner.vars[name], (str, int))
    }
    return _Parts.of(rendered, plain), text


def _inside(layout: Template, parts: _Parts, shell: Mapping[str, Any]) -> str:
    def given(text: str) -> _Render:
        return lambda _context: iter((text,))

    context = layout.new_context({**shell, **parts.values})
    for name, text in parts.blocks().items():
        context.blocks[name] = [given(text)]
    return "".join(layout.root_render_func(context))


def _fragment(blocks: Blocks, block: str, values: Mapping[str, Any]) -> str:
    title = (
        f"<title>{blocks['title']} — {escape(values['library_name'])}</title>" if "title" in blocks else ""
    )
    told = _loaded(MESSAGES).render(values) if block == CONTENT and "_flashes" in session else ""
    return title + told + blocks[block]


def _form_token() -> str:
    """Return the token of a form, or what stands for it in a text that is kept and sent to others."""
    return str(generate_csrf()) if open_notes.get() is None else _TOKEN_PLACE


def _answer(body: str, status: int) -> Response:
    if _TOKEN_PLACE in body:
        body = body.replace(_TOKEN_PLACE, generate_csrf())
    response = make_response(body, status)
    response.vary.add(htmx.VARY)
    response.vary.add("Cookie")
    response.headers.setdefault("Cache-Control", "no-store")
    return response
