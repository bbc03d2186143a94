"""What is used of Jinja beyond what its documentation promises: a template's blocks, rendered one by one.

Jinja renders a template whole. A fragment is one block of it, and a remembered page is a layout into which texts of
blocks are put that were rendered before. Both need the render functions that a compiled template carries.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, TypeAlias

from jinja2 import Template
from jinja2.runtime import Context

_Render: TypeAlias = Callable[[Context], Iterator[str]]


@dataclass(frozen=True)
class Rendered:
    """A page: all of it, its blocks by name, and the names that the template sets at its top."""

    text: str
    blocks: Mapping[str, str]
    exported: Mapping[str, Any]


def render_blocks(template: Template, values: Mapping[str, Any], names: list[str]) -> dict[str, str]:
    """Render those of these blocks that a page has, with all that stands around them in the page.

    What a template imports, sets and inherits is known only once its top has run: it is run as far as the first text
    of the layout, so that a block alone has what it has in the whole page.
    """
    context = template.new_context(dict(values))
    next(iter(template.root_render_func(context)), "")
    return {name: "".join(context.blocks[name][0](context)) for name in names if name in context.blocks}


def render_watched(
    template: Template, values: Mapping[str, Any], around: Callable[[], AbstractContextManager[None]]
) -> Rendered:
    """Render a page and catch its blocks on the way; every block is rendered inside ``around()``."""
    blocks: dict[str, str] = {}
    context = template.new_context(dict(values))

    def watched(name: str, render: _Render) -> _Render:
        def watch(inner: Context) -> Iterator[str]:
            with around():
                blocks[name] = "".join(render(inner))
            yield blocks[name]

        return watch

    for name, functions in context.blocks.items():
        functions.insert(0, watched(name, functions[0]))
    text = "".join(template.root_render_func(context))
    return Rendered(text, blocks, {name: context.vars[name] for name in context.exported_vars})


def render_with(layout: Template, values: Mapping[str, Any], blocks: Mapping[str, str]) -> str:
    """Render a layout with texts in the place of its blocks."""

    def given(text: str) -> _Render:
        return lambda _context: iter((text,))

    context = layout.new_context(dict(values))
    for name, text in blocks.items():
        context.blocks[name] = [given(text)]
    return "".join(layout.root_render_func(context))
