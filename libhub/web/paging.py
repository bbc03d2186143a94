"""Numbers and addresses of long lists: whatever is typed into the address bar is a page, or the first one."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from flask import Flask, request, url_for
from flask_sqlalchemy.pagination import Pagination, SelectPagination
from sqlalchemy import Select, func
from sqlalchemy.orm import lazyload
from werkzeug.routing import IntegerConverter, Map

from libhub.base.db import db
from libhub.base.text import MOST, parse_number
from libhub.caching.remembering import remember

MOST_PAGES: Final = 100_000


class DatabaseInteger(IntegerConverter):
    """``<int:…>`` in an address: what no row can have for a number is no page, instead of a database error."""

    regex = "[0-9]{1,10}"

    def __init__(self, map: Map, *args: Any, **options: Any) -> None:
        super().__init__(map, *args, **{"max": MOST, **options})


def init_app(app: Flask) -> None:
    """Use the converter in every address, and give the templates :func:`list_url`."""
    app.url_map.converters["int"] = DatabaseInteger
    app.jinja_env.globals["list_url"] = list_url


def page_number() -> int:
    """Return the page that the visitor asks for; the first one for anything that is no number."""
    return number_from("page", 1, MOST_PAGES)


def number_from(name: str, default: int, most: int) -> int:
    """Return an argument of the address as a number from 1 to ``most``."""
    number = parse_number(request.args.get(name, ""))
    return max(1, min(default if number is None else number, most))


class _Listing(SelectPagination):
    """A page of a list whose length is remembered: counting takes longer than reading the page."""

    def _query_count(self) -> int:
        query = self._query_args["select"].with_only_columns(func.count(), maintain_column_froms=True)
        asked = query.order_by(None).options(lazyload("*")).compile(db.engine)
        key = ("length", str(asked), repr(asked.params))
        return remember(key, lambda: int(db.session.scalar(query.order_by(None)) or 0))


def paginate(query: Select[Any], per_page: int) -> Pagination:
    """Return the page of a list that the visitor asks for.

    :param query: asks for one kind of row, each once.
    """
    return _Listing(
        select=query, session=db.session(), page=page_number(), per_page=per_page, error_out=False
    )


def list_url(endpoint: str, arguments: Mapping[str, Any], page: int) -> str:
    """Return the address of another page of a list, with the arguments that narrow it down.

    They may be what a visitor typed, so they are no arguments of ``url_for``, which gives some names a meaning.
    """
    values = {**arguments, "page": page}
    return f"{url_for(endpoint)}?{urlencode(values, doseq=True)}"
