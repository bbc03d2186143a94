"""An upload, from the bytes that arrive to what search finds.

1. It is received (:meth:`FileStore.receive`): written aside and hashed on the way, no further than the limit of size.
2. It is judged: what it is by its content (:func:`detect`), a safe name (:func:`clean_name`), and a picture is drawn anew,
   so that nothing stays in it but its pixels (:func:`pictures.rewrite`).
3. It is kept: once, however often it is attached, within the room of the section (:mod:`libhub.files.limits`).
4. It is attached: a row says to which item, in which place. Steps 3 and 4 are one transaction.
5. It is read for its words by the background process (:mod:`libhub.files.reading.queue`), in a process of its own.
6. It is indexed as a part of its item, which ``touch`` puts into the outbox: now by its name, after the reading by its words.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Final

from sqlalchemy import func, select

from libhub.base.audit import Actor, acting_as, current_actor
from libhub.base.db import db, writing
from libhub.files import limits, pictures
from libhub.files.attachments import Attachment, new_row, of_items, plain, ref_of, row_of
from libhub.files.current_store import get_store
from libhub.files.models import FileAttachment, StoredFile
from libhub.files.names import clean_name
from libhub.files.store import Received
from libhub.files.types import IMAGES, FileType, detect
from libhub.search.documents import ItemRef
from libhub.search.store.outbox import touch

LONGEST_PLACE: Final = 40


def attach(
    ref: ItemRef,
    name: str,
    stream: IO[bytes],
    *,
    place: str = "",
    actor: Actor | None = None,
    exact: bool = False,
) -> Attachment:
    """Attach a file to an item, after those that are there.

    Inside ``writing()`` it belongs to that transaction; the slow part, receiving, is better done outside.

    :param name: as the sender calls it; it is made safe, and its extension that of the content.
    :param exact: for what another hub has exported: a picture is looked into as always, but where it
        has nothing but its pixels, its bytes stay.
    :raises LibHubError: empty, too large, of a kind that is not allowed, damaged, no room; in words.
    """
    if len(place) > LONGEST_PLACE:
        raise ValueError(f"a place has at most {LONGEST_PLACE} characters")
    arriving = _arriving(name, stream, exact=exact)
    with arriving as arrival, acting_as(actor or current_actor.get()), writing():
        stored = _keep(ref.plugin, arrival)
        row = new_row(ref, place, _next_position(ref, place), arrival.name, stored)
        db.session.flush()
        touch([ref])
        return plain(row)


def check_upload(name: str, stream: IO[bytes]) -> None:
    """Refuse what could not be attached; nothing of it is kept.

    :raises LibHubError: empty, too large, of a kind that is not allowed, damaged; in words.
    """
    with _arriving(name, stream):
        pass


def replace_file(attachment_id: int, name: str, stream: IO[bytes]) -> Attachment:
    """Put another content in the place of a file; its number and its place in the item stay.

    :raises LibHubError: see :func:`attach`; the old content stays then.
    """
    with _arriving(name, stream) as arrival, writing():
        row = row_of(attachment_id)
        row.stored = _keep(row.plugin_id, arrival)
        row.stored.unused_since = None
        row.name = arrival.name
        row.uploader_id = current_actor.get().user_id
        db.session.flush()
        touch([ref_of(row)])
        return plain(row)


@dataclass(frozen=True)
class _Arrival:
    """A content that was received, looked into and may be kept."""

    received: Received
    type: FileType
    name: str
    width: int | None = None
    height: int | None = None


@contextmanager
def _arriving(name: str, stream: IO[bytes], *, exact: bool = False) -> Iterator[_Arrival]:
    """Receive a content and look into it; what the block does not keep is gone when it ends."""
    store, allowed = get_store(), limits.upload_limits()
    with store.receive(stream, allowed.most_bytes) as received:
        found = detect(received.path, name, allowed.types)
        safe_name = clean_name(name, found.extensions)
        if found.name not in IMAGES:
            yield _Arrival(received, found, safe_name)
            return
        picture = pictures.rewrite(received.path, found.name)
        if exact and picture.bare:
            yield _Arrival(received, found, safe_name, picture.width, picture.height)
            return
        with store.receive(io.BytesIO(picture.content), len(picture.content)) as rewritten:
            yield _Arrival(rewritten, found, safe_name, picture.width, picture.height)


def _keep(plugin_id: str, arrival: _Arrival) -> StoredFile:
    """Keep a content, or find that it is here already."""
    received = arrival.received
    limits.refuse_excess(plugin_id, received.sha256, received.size)
    get_store().keep(received)
    row = db.session.get(StoredFile, received.sha256)
    if row is None:
        row = StoredFile(
            sha256=received.sha256,
            size=received.size,
            type=arrival.type.name,
            width=arrival.width,
            height=arrival.height,
            state="waiting" if arrival.type.has_text else "no_text",
        )
        db.session.add(row)
    return row


def _next_position(ref: ItemRef, place: str) -> int:
    query = select(func.max(FileAttachment.position)).where(of_items([ref]), FileAttachment.place == place)
    last = db.session.scalar(query)
    return 0 if last is None else last + 1
