"""Numbers in a table that go up."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import bindparam, insert, select, tuple_, update

from libhub.base.db import db, writing

_TOGETHER: Final = 2_000
"""Rows of one query: SQLite takes some tens of thousands of parameters."""


def add_counts(model: type[Any], counts: Mapping[tuple[Any, ...], int]) -> None:
    """Add to the ``number`` of rows, and make those that are missing; a few statements, however many rows.

    :param counts: by primary key, in the order of its columns.
    """
    table = model.__table__
    columns = list(table.primary_key.columns)
    more = update(table).where(*(column == bindparam(f"of_{column.name}") for column in columns))
    more = more.values(number=table.c.number + bindparam("more"))
    with writing():
        connection = db.session.connection()
        every = list(counts)
        for start in range(0, len(every), _TOGETHER):
            keys = every[start : start + _TOGETHER]
            query = select(*columns).where(tuple_(*columns).in_(keys))
            known = {tuple(row) for row in connection.execute(query)}
            new = [
                {
                    **{column.name: value for column, value in zip(columns, key, strict=True)},
                    "number": counts[key],
                }
                for key in keys
                if key not in known
            ]
            old = [
                {
                    **{f"of_{column.name}": value for column, value in zip(columns, key, strict=True)},
                    "more": counts[key],
                }
                for key in keys
                if key in known
            ]
            if new:
                connection.execute(insert(table), new)
            if old:
                connection.execute(more, old)
