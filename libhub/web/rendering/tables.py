"""Tables on a small screen: each row becomes a block in which every cell says of what column it is.

Styles do the rest (``.stacks`` in ``staff.css``); the page keeps its one table, for screen readers, too.
"""

import re
from typing import Final

from flask import Flask
from markupsafe import Markup, escape

_HEAD: Final = re.compile(r"<thead>.*?</thead>", re.S)
_HEADING: Final = re.compile(r"<th\b[^>]*>(.*?)</th>", re.S)
_UNSEEN: Final = re.compile(r'<span class="unseen">.*?</span>', re.S)
_ROW_OR_CELL: Final = re.compile(r"<(tr|td|th)\b")


def init_app(app: Flask) -> None:
    """Give templates the filter."""
    app.jinja_env.filters["with_columns_named"] = with_columns_named


def with_columns_named(table: Markup) -> Markup:
    """Return a table whose cells bear the name of their column, taken from its head; what has none stays bare.

    The table is one of our templates: a cell takes one column, and ``<`` begins nothing but an element.
    """
    head = _HEAD.search(table)
    if head is None:
        return table
    headings = _HEADING.findall(head[0])
    names = [escape(Markup(_UNSEEN.sub("", each)).striptags()) for each in headings]  # noqa: S704 - our own template
    place = 0

    def named(match: re.Match[str]) -> str:
        nonlocal place
        place = 0 if match[1] == "tr" else place + 1
        name = names[place - 1] if 0 < place <= len(names) else ""
        return f'{match[0]} data-column="{name}"' if name else match[0]

    plain = str(table)
    return Markup(plain[: head.end()] + _ROW_OR_CELL.sub(named, plain[head.end() :]))  # noqa: S704 - as it was
