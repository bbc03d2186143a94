"""What was searched: counted by day and text, with no name, address or session, and off the way of the answer.

A process counts in its memory and writes every few seconds, and once more when it stops.
"""

import re
import threading
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, func, insert, select, true, tuple_, update
from sqlalchemy.exc import SQLAlchemyError

from libhub.base.application import Extension, Flask
from libhub.base.db import db, writing
from libhub.base.moments import now
from libhub.caching.deferred_writes import Later, later_of
from libhub.caching.gathering import MOST
from libhub.search.language import russian
from libhub.search.models import SearchCount

MAX_TEXT: Final = 200
SOON: Final = 500
"""Different texts in memory that are written without waiting any longer."""
# An address or a telephone number typed into the wrong box is nobody's business.
_PERSONAL = re.compile(r"\S@\S|(?:\+7|\b8)[\s(-]*(?:\d[\s()-]*){10}(?!\d)")


@dataclass
class _Counts:
    asked: int = 0
    opened: int = 0
    results: int = 0

    def add(self, more: "_Counts") -> None:
        self.asked += more.asked
        self.opened += more.opened
        if more.asked:  # opening a result tells nothing of how many there are
            self.results = more.results


class SearchCounter:
    """The counts of one process that are not in the database yet."""

    def __init__(self, later: Later) -> None:
        self._later = later
        self._lock = threading.Lock()
        self._waiting: dict[tuple[date, str], _Counts] = {}

    def asked(self, text: str, results: int) -> None:
        """Count a search that had so many results."""
        self._count(text, _Counts(asked=1, results=results))

    def opened(self, text: str) -> None:
        """Count that one of the results of a search was opened."""
        self._count(text, _Counts(opened=1))

    def _count(self, text: str, more: _Counts) -> None:
        plain = normalised(text)
        if not plain:
            return
        with self._lock:
            if len(self._waiting) >= SOON:
                self._later.soon()
            key = (now().date(), plain)
            if key in self._waiting or len(self._waiting) < MOST:
                self._waiting.setdefault(key, _Counts()).add(more)

    def write(self) -> None:
        """Put what was counted into the database; what cannot be written now is kept."""
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        keys = list(waiting)
        try:
            while keys:
                part = keys[:SOON]
                _store({key: waiting[key] for key in part})
                del keys[:SOON]
        except SQLAlchemyError:
            with self._lock:
                for key in keys:
                    older, newer = waiting[key], self._waiting.get(key)
                    if newer:
                        older.add(newer)
                    self._waiting[key] = older
            raise


_COUNTER: Final = Extension[SearchCounter]("search_counter")


def init_app(app: Flask) -> None:
    """Give the application a counter."""
    later = later_of(app)
    counter = SearchCounter(later)
    _COUNTER.install(app, counter)
    later.add(counter.write)


def counter_of(app: Flask) -> SearchCounter:
    """Return the counter of an application."""
    return _COUNTER.of(app)


def normalised(text: str) -> str:
    """Return the text as it is counted: small letters, single spaces; empty for what may not be kept."""
    plain = " ".join(russian.clean(text[: 4 * MAX_TEXT]).lower().split())[:MAX_TEXT].strip()
    return "" if _PERSONAL.search(plain) else plain


def _store(counts: dict[tuple[date, str], _Counts]) -> None:
    """Add counts to those in the database: a query and at most three statements, however many there are."""
    table = SearchCount.__table__
    here = (table.c.day == bindparam("of_day"), table.c.text == bindparam("of_text"))
    opened = {"opened": table.c.opened + bindparam("clicks")}
    asked = {**opened, "asked": table.c.asked + bindparam("more"), "results": bindparam("last")}
    with writing():
        query = select(SearchCount.day, SearchCount.text).where(
            tuple_(SearchCount.day, SearchCount.text).in_(list(counts))
        )
        known = {(day, text) for day, text in db.session.execute(query)}
        connection = db.session.connection()
        new = [
            {"day": day, "text": text, **vars(count)}
            for (day, text), count in counts.items()
            if (day, text) not in known
        ]
        old = [
            {
                "of_day": day,
                "of_text": text,
                "more": count.asked,
                "clicks": count.opened,
                "last": count.results,
            }
            for (day, text), count in counts.items()
            if (day, text) in known
        ]
        if new:
            connection.execute(insert(SearchCount), new)
        if some := [row for row in old if row["more"]]:
            connection.execute(update(table).where(*here).values(asked), some)
        if some := [row for row in old if not row["more"]]:
            connection.execute(update(table).where(*here).values(opened), some)


def forget_old(days: int) -> None:
    """Delete what is older than so many days; all of it for 0."""
    oldest = now().date() - timedelta(days=days)
    with writing():
        db.session.execute(delete(SearchCount).where(SearchCount.day < oldest if days else true()))


# -- reading -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """How often something was searched in a period, how often a result was opened, how many there were."""

    text: str
    asked: int
    opened: int
    results: int


def most_asked(start: date, end: date, limit: int, *, found: bool | None = None) -> list[Asked]:
    """Return what was searched most from ``start`` up to and including ``end``.

    :param found: False for searches that never found anything, True for those that did but of which no result
        was opened.
    """
    asked, opened = func.sum(SearchCount.asked), func.sum(SearchCount.opened)
    results = func.max(SearchCount.results)
    query = (
        select(SearchCount.text, asked, opened, results)
        .where(SearchCount.day.between(start, end))
        .group_by(SearchCount.text)
        .having(asked > 0)
        .order_by(asked.desc(), SearchCount.text)
        .limit(limit)
    )
    if found is not None:
        query = query.having(results > 0, opened == 0) if found else query.having(results == 0)
    return [Asked(*row) for row in db.session.execute(query)]


def popular(days: int, least_days: int, limit: int) -> list[str]:
    """Return what found something and was searched on several different days, most asked first."""
    query = (
        select(SearchCount.text)
        .where(SearchCount.day >= now().date() - timedelta(days=days), SearchCount.results > 0)
        .group_by(SearchCount.text)
        .having(func.count() >= least_days)
        .order_by(func.sum(SearchCount.asked).desc(), SearchCount.text)
        .limit(limit)
    )
    return list(db.session.scalars(query))
