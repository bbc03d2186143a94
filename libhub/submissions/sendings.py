"""A form that is sent twice does one thing.

The first transaction that a request opens claims its sending (:class:`Claim`), so that the claim and what was done are
committed together or not at all. Whoever comes with the same sending finds the claim, in the same moment or a day
later, and gets the answer of the first one.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, exists, insert, or_, select, update
from sqlalchemy.orm import aliased

from libhub.base.db import FirstWrite, db, writing
from libhub.base.moments import now
from libhub.submissions.models import Sending

KEPT: Final = timedelta(days=1)
"""So long a sending is known."""
ALIKE: Final = timedelta(minutes=5)
"""Within this time the same content makes nothing new from another page either: Back, and pressed once more."""


class Repeated(Exception):
    """This was sent before; ``key`` is that of the sending. It is no error of the view."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True)
class Answer:
    """Where a browser was sent after something was done, and what was told there: kind and text."""

    location: str
    messages: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Keys:
    """By what a sending is known."""

    key: str
    page: str
    address: str
    content: str


def keys_of(nonce: str, user_id: int, path: str, content: str) -> Keys:
    """Return the keys of a sending.

    :param nonce: of the page that was sent.
    :param content: what it held, in any spelling that is the same for the same.
    """
    return Keys(
        _hash(nonce, user_id, path, content),
        _hash(nonce, user_id, path),
        _hash(user_id, path),
        _hash(user_id, path, content),
    )


def _hash(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode("utf-8", "surrogatepass")).hexdigest()


class Claim(FirstWrite):
    """The right of one request to do what was sent."""

    def __init__(self, keys: Keys, user_id: int) -> None:
        self.keys, self.committed = keys, False
        self._user_id = user_id

    def began(self) -> None:
        """Write down, in the transaction that just began, that this is being done.

        :raises Repeated: it was done, or is being done.
        """
        if is_known(self.keys.key):
            raise Repeated(self.keys.key)
        db.session.execute(delete(Sending).where(Sending.key == self.keys.key))
        values = {
            "key": self.keys.key,
            "page_key": self.keys.page,
            "address_key": self.keys.address,
            "content_key": self.keys.content,
            "user_id": self._user_id or None,
        }
        db.session.execute(insert(Sending).values(**values))

    def ended(self) -> None:
        """Note that it is done."""
        self.committed = True

    def note_made(self) -> None:
        """Write down, in the transaction that is open, that something new comes of it."""
        db.session.execute(update(Sending).where(Sending.key == self.keys.key).values(made=True))

    def answered(self, answer: Answer) -> None:
        """Keep what a repetition is answered."""
        with writing():
            db.session.execute(
                update(Sending)
                .where(Sending.key == self.keys.key)
                .values(location=answer.location[:2000], messages=[list(each) for each in answer.messages])
            )

    def release(self) -> None:
        """Forget the sending: what it was answered is no way on, and it may be done once more."""
        with writing():
            db.session.execute(delete(Sending).where(Sending.key == self.keys.key))


def answer_of(key: str) -> Answer | None:
    """Return what a sending was answered; None where it is unknown, overtaken, or not answered yet."""
    return _answer(Sending.key == key, _holds())


def is_known(key: str) -> bool:
    """Say whether a sending is done, or being done, and was not overtaken."""
    return db.session.scalar(select(Sending.key).where(Sending.key == key, _holds())) is not None


def _holds() -> ColumnElement[bool]:
    """Return the condition that the same once more does nothing.

    Who changes something, changes it once more and then back means it, also on a page that is old by then; who makes something new
    does not make it twice.
    """
    later = aliased(Sending)
    overtaken = exists().where(later.address_key == Sending.address_key, later.at > Sending.at)
    return or_(Sending.made, ~overtaken)


def same_made(keys: Keys) -> Answer | None:
    """Return what was answered when the same person sent the same there a moment ago, and something new came of it."""
    return _answer(Sending.content_key == keys.content, Sending.made, Sending.at > now() - ALIKE)


def made_of_page(keys: Keys) -> Answer | None:
    """Return what was answered when something new came of this very page, which held something else then."""
    return _answer(Sending.page_key == keys.page, Sending.made)


def _answer(*conditions: object) -> Answer | None:
    query = select(Sending.location, Sending.messages).where(*conditions, Sending.location.is_not(None))  # type: ignore[arg-type]
    row = db.session.execute(query.order_by(Sending.at.desc()).limit(1)).first()
    return None if row is None else Answer(str(row[0]), [(kind, text) for kind, text in row[1]])


def forget_old() -> None:
    """Forget the sendings that nobody repeats any more."""
    with writing():
        db.session.execute(delete(Sending).where(Sending.at < now() - KEPT))
