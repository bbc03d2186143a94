"""How often something may be tried: counted in the database, so that all workers of the hub count together.

Nothing is shut: whoever tries too often is told how long to wait, and may go on then.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select

from libhub.accounts.hashed_secrets import hashed
from libhub.accounts.models import LimitCount
from libhub.base.db import db, first_write, is_writing, writing
from libhub.base.errors import TryLater
from libhub.base.i18n import ngettext
from libhub.base.moments import now

_LONGEST_PART: Final = 60
Key = str | int
"""A part of what is counted: a person's number, an address. What visitors type is hashed before, by whoever counts."""


@dataclass(frozen=True)
class Limit:
    """So many times, ``most``, at once; then there are pauses.

    :param name: what is limited; no two limits share one.
    :param window: within it the ``most`` are given back, one after the other; with ``pause`` all of them, after so long
        a time without any try.
    :param pause: the first pause, of which each next one is twice as long, up to ``window``: for what somebody guesses.
        None for steady pauses.
    """

    name: str
    most: int
    window: timedelta
    pause: timedelta | None = None

    def key(self, *keys: Key) -> str:
        """Return the key of what is counted; that of its first parts is the beginning of it."""
        return "".join(f"{part}|" for part in (self.name, *map(_short, keys)))

    def count(self, counted: LimitCount, at: datetime) -> None:
        """Count one more try, at a moment at which it may be made."""
        counted.number += 1
        if self.pause is None:
            step = self.window / self.most
            counted.until = max(counted.until, at) + step
            counted.next_at = max(at, counted.until + step - self.window)
            return
        over = counted.number - self.most
        if over >= 0:
            counted.next_at = at + min(self.pause * 2 ** min(over, 20), self.window)
        counted.until = max(at, counted.next_at) + self.window


Try = tuple[Limit, tuple[Key, ...]]
"""One try: what is limited, and whose tries are counted together."""


class TooManyAttempts(TryLater):
    """It was tried too often; the text says for how long to wait."""

    status = 429

    def __init__(self, wait: timedelta) -> None:
        seconds = max(1, math.ceil(wait.total_seconds()))
        super().__init__(_wait_in_words(seconds), seconds)


def _wait_in_words(seconds: int) -> str:
    if seconds < 60:
        return ngettext(
            "Too many attempts. Wait %(num)d second.", "Too many attempts. Wait %(num)d seconds.", seconds
        )
    return ngettext(
        "Too many attempts. Wait %(num)d minute.",
        "Too many attempts. Wait %(num)d minutes.",
        math.ceil(seconds / 60),
    )


def attempt(limit: Limit, *keys: Key) -> None:
    """Count a try before it is made, so that none of many at the same time slips past. Whatever becomes of it, it counts.

    :param keys: whose tries are counted together: a person's number, an address, or both.
    :raises TooManyAttempts: it may not be made now, and was not counted.
    :raises RuntimeError: inside ``writing()``, where an error would take back what was counted.
    """
    attempt_all((limit, keys))


def attempt_all(*tries: Try) -> None:
    """Count a try under several limits, or under none of them, see :func:`attempt`."""
    if is_writing():
        raise RuntimeError("an attempt is counted whatever becomes of it: outside of writing()")
    at, wanted = now(), {limit.key(*keys): limit for limit, keys in tries}
    _refuse_early(_rows(wanted), at)  # whoever tries on and on lets others write
    sent = first_write.set(None)  # what a form asks for is not done yet
    try:
        with writing():
            db.session.execute(delete(LimitCount).where(LimitCount.until <= at))
            rows = _rows(wanted)
            _refuse_early(rows, at)
            present = {row.key: row for row in rows}
            for key, limit in wanted.items():
                if key not in present:
                    present[key] = LimitCount(key=key, number=0, next_at=at, until=at)
                    db.session.add(present[key])
                limit.count(present[key], at)
    finally:
        first_write.reset(sent)


def _rows(keys: Iterable[str]) -> Sequence[LimitCount]:
    return db.session.scalars(select(LimitCount).where(LimitCount.key.in_(list(keys)))).all()


def _refuse_early(rows: Iterable[LimitCount], at: datetime) -> None:
    wait = max((row.next_at for row in rows), default=at) - at
    if wait > timedelta(0):
        raise TooManyAttempts(wait)


def take_back(*tries: Try) -> None:
    """Let tries that proved right, or were not made at all, not have been counted."""
    counted = {limit.key(*keys): limit for limit, keys in tries}
    with writing():
        for row in _rows(counted):
            limit = counted[row.key]
            row.number -= 1
            row.next_at = now()
            if limit.pause is None:
                row.until -= limit.window / limit.most
            if row.number <= 0:
                db.session.delete(row)


def forget(tried: Try) -> None:
    """Forget all tries that are counted together with this one."""
    with writing():
        db.session.execute(delete(LimitCount).where(LimitCount.key == tried[0].key(*tried[1])))


def clear(limit: Limit, *keys: Key) -> None:
    """Forget what was counted under these keys, and under all that begin with them."""
    begin = limit.key(*keys)
    with writing():
        db.session.execute(delete(LimitCount).where(LimitCount.key.startswith(begin, autoescape=True)))


def forget_old() -> None:
    """Delete what does not count any more."""
    with writing():
        db.session.execute(delete(LimitCount).where(LimitCount.until <= now()))


GUESSES: Final = Limit("guesses", 5, timedelta(minutes=15), pause=timedelta(seconds=5))
"""Of one person's secret, by its number and from where: an address, or a browser that this person used before."""
GUESSES_FROM_ALL: Final = Limit("guesses-from-all", 30, timedelta(minutes=1), pause=timedelta(seconds=2))
"""By the person's number alone: holds up whoever has many addresses, and nobody for longer than a minute."""
GUESSES_WITHIN: Final = Limit("guesses-within", 5, timedelta(minutes=15), pause=timedelta(seconds=5))
"""Of one's own password by whoever is signed in, by the person's number."""


def forget_guesses(user_id: int) -> None:
    """Let a person sign in however often somebody guessed: the secret is a new one."""
    with writing():
        for limit in (GUESSES, GUESSES_FROM_ALL, GUESSES_WITHIN):
            clear(limit, user_id)


def _short(part: Key) -> str:
    text = str(part).replace("|", "/")
    return text if len(text) <= _LONGEST_PART else hashed(text)
