"""Pages and their fragments: one template each, a fragment is one of its blocks."""

from collections.abc import Mapping
from secrets import token_hex
from typing import Any, Final, TypeAlias

from flask import Response, current_app, make_response, session
from flask_wtf.csrf import generate_csrf
from jinja2 import Template
from markupsafe import escape

from libhub.web import htmx
from libhub.web.forms import form_state
from libhub.web.rendering.jinja_internals import render_blocks

MESSAGES: Final = "messages.html"
CONTENT: Final = "content"
"""The block of a page that a fragment puts in the place of everything, messages included."""
Blocks: TypeAlias = Mapping[str, str]
"""The rendered blocks of a page, by name."""
TOKEN_PLACE: Final = token_hex(16)
"""Stands in what is remembered where a form's token comes. Nobody can write it into a text: they cannot know it."""
STATE_PLACE: Final = token_hex(16)
"""Stands there where the state of a form comes."""


def page(template: str, *, block: str | None = None, status: int = 200, **context: Any) -> Response:
    """Render a page, or only ``block`` of it where htmx asks for a fragment.

    The address is the same for both, so caches are told by ``Vary`` that the answers differ.
    """
    loaded, values = load_template(template), with_shell(context)
    if block and htmx.wants_fragment():
        return answer(fragment_of(some_blocks(loaded, values, block), block, values), status)
    return answer(loaded.render(values), status)


def load_template(name: str) -> Template:
    """Return a template by its name."""
    return current_app.jinja_env.get_template(name)


def with_shell(context: Mapping[str, Any]) -> dict[str, Any]:
    """Return a context together with what the layout needs."""
    values = dict(context)
    current_app.update_template_context(values)
    return values


def some_blocks(loaded: Template, values: dict[str, Any], block: str) -> Blocks:
    """Render what a fragment consists of."""
    return render_blocks(loaded, values, ["title", block])


def fragment_of(blocks: Blocks, block: str, values: Mapping[str, Any]) -> str:
    """Return what htmx puts in place: the title, messages where the block is the whole content, the block."""
    title = (
        f"<title>{blocks['title']} — {escape(values['library_name'])}</title>" if blocks.get("title") else ""
    )
    told = load_template(MESSAGES).render(values) if block == CONTENT and "_flashes" in session else ""
    return title + told + blocks[block]


def answer(body: str, status: int) -> Response:
    """Return a page as it goes out: with the tokens of its forms, kept by nobody on the way."""
    if TOKEN_PLACE in body:
        body = body.replace(TOKEN_PLACE, generate_csrf())
    if STATE_PLACE in body:
        body = body.replace(STATE_PLACE, form_state.plain())
    response = make_response(body, status)
    response.vary.add(htmx.VARY)
    response.vary.add("Cookie")
    response.headers.setdefault("Cache-Control", "no-store")
    return response
