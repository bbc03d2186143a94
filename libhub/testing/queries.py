"""What a block asks of the database."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event

from libhub.base.db import db
from libhub.caching import remembering


@dataclass
class QueryLog:
    """The SQL statements of a block."""

    statements: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.statements)


def forget_remembered(app: Flask) -> None:
    """Let this process remember nothing, as if it had just started."""
    remembering.forget_everything(app)


@contextmanager
def counted_queries(app: Flask) -> Iterator[QueryLog]:
    """Collect the statements that the block sends to the database (transaction control left out).

    Those of other threads, which write what nobody waits for, are none of the block's.
    """
    log, here = QueryLog(), threading.get_ident()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if threading.get_ident() == here and not statement.startswith(("BEGIN", "PRAGMA")):
            log.statements.append(statement)

    with app.app_context():
        engine: Engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield log
    finally:
        event.remove(engine, "before_cursor_execute", note)
