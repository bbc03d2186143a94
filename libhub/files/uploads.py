"""An upload, from the bytes that arrive to what search finds.

1. It is received (:meth:`FileStore.receive`): written aside and hashed on the way, no further than the limit of size.
2. It is judged: what it is by its content (:func:`detect`), a safe name (:func:`clean_name`), and a picture is drawn anew,
   so that nothing stays in it but its pixels (:func:`pictures.rewrite`). Steps 1 and 2 are :func:`receive`; nobody waits for them.
3. It is kept: once, however often it is attached, within the room of the section (:mod:`libhub.files.limits`).
4. It is attached: a row says to which item, in which place. Steps 3 and 4 are one transaction.
5. It is read for its words by the background process (:mod:`libhub.files.reading.queue`), in a process of its own.
6. It is indexed as a part of its item, which ``touch`` puts into the outbox: now by its name, after the reading by its words.
"""

import io
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import IO, Final, overload

from sqlalchemy import func, select

from libhub.base.audit import Actor, acting_as, current_actor
from libhub.base.db import db, is_trying, keeps_others_waiting, writing
from libhub.base.i18n import lazy_gettext as _l
from libhub.base.section_of import asking_section
from libhub.files import limits, pictures
from libhub.files.attachments import Attachment, new_row, of_items, plain, ref_of, row_of
from libhub.files.current_store import get_store
from libhub.files.models import FileAttachment, StoredFile
from libhub.files.names import clean_name
from libhub.files.store import Received
from libhub.files.types import IMAGES, FileType, detect
from libhub.plugging import deprecation
from libhub.search.documents import ItemRef
from libhub.search.store.outbox import touch

LONGEST_PLACE: Final = 40


@dataclass(frozen=True)
class ReceivedFile:
    """A content that was received and judged: it may be attached while the block of :func:`receive` lasts.

    ``name`` is safe, ``width`` and ``height`` are those of a picture in pixels.
    """

    received: Received
    type: FileType
    name: str
    width: int | None = None
    height: int | None = None

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self.received.size

    @property
    def is_image(self) -> bool:
        """Whether it is a picture."""
        return self.type.name in IMAGES


@contextmanager
def receive(name: str, stream: IO[bytes], *, exact: bool = False) -> Iterator[ReceivedFile]:
    """Receive a file and look into it: the slow part, which belongs before ``writing()``. What nobody attaches is gone.

    :param name: as the sender calls it; it is made safe, and its extension that of the content.
    :param exact: for what another hub has exported: a picture is looked into as always, but where it
        has nothing but its pixels, its bytes stay.
    :raises LibHubError: empty, too large, of a kind that is not allowed, damaged; in words.
    """
    store, allowed = get_store(), limits.upload_limits()
    with store.receive(stream, allowed.most_bytes) as received:
        found = detect(received.path, name, allowed.types)
        safe_name = clean_name(name, found.extensions)
        if found.name not in IMAGES:
            yield ReceivedFile(received, found, safe_name)
            return
        picture = pictures.rewrite(received.path, found.name)
        if exact and picture.bare:
            yield ReceivedFile(received, found, safe_name, picture.width, picture.height)
            return
        with store.receive(io.BytesIO(picture.content), len(picture.content)) as rewritten:
            yield ReceivedFile(rewritten, found, safe_name, picture.width, picture.height)


@overload
def attach(
    ref: ItemRef, name: ReceivedFile, *, place: str = "", actor: Actor | None = None
) -> Attachment: ...


@overload
def attach(
    ref: ItemRef,
    name: str,
    stream: IO[bytes],
    *,
    place: str = "",
    actor: Actor | None = None,
    exact: bool = False,
) -> Attachment: ...


def attach(
    ref: ItemRef,
    name: str | ReceivedFile,
    stream: IO[bytes] | None = None,
    *,
    place: str = "",
    actor: Actor | None = None,
    exact: bool = False,
) -> Attachment:
    """Attach a file to an item, after those that are there: one that was received, or a name and its bytes.

    Inside ``writing()`` it belongs to that transaction, and only what :func:`receive` has received should come there:
    everybody who wants to write waits until bytes are looked into.

    :param name: a received file; or as the sender calls it, with its bytes as ``stream``.
    :param exact: see :func:`receive`.
    :raises LibHubError: no room; or see :func:`receive`; in words.
    """
    if len(place) > LONGEST_PLACE:
        raise ValueError(f"a place has at most {LONGEST_PLACE} characters")
    with _received("attach", name, stream, exact=exact) as file, _acting(actor), writing():
        stored = _keep(ref.plugin, file)
        row = new_row(ref, place, _next_position(ref, place), file.name, stored)
        db.session.flush()
        touch([ref])
        return plain(row)


def check_upload(name: str, stream: IO[bytes]) -> None:
    """Refuse what could not be attached; nothing of it is kept.

    :raises LibHubError: empty, too large, of a kind that is not allowed, damaged; in words.
    """
    with receive(name, stream):
        pass


@overload
def replace_file(attachment_id: int, name: ReceivedFile) -> Attachment: ...


@overload
def replace_file(attachment_id: int, name: str, stream: IO[bytes]) -> Attachment: ...


def replace_file(attachment_id: int, name: str | ReceivedFile, stream: IO[bytes] | None = None) -> Attachment:
    """Put another content in the place of a file; its number and its place in the item stay.

    :param name: a received file, or a name with the bytes as ``stream``; see :func:`attach`.
    :raises LibHubError: see :func:`attach`; the old content stays then.
    """
    with _received("replace_file", name, stream) as file, writing():
        row = row_of(attachment_id)
        row.stored = _keep(row.plugin_id, file)
        row.stored.unused_since = None
        row.name = file.name
        row.uploader_id = current_actor.get().user_id
        db.session.flush()
        touch([ref_of(row)])
        return plain(row)


def _received(
    function: str, name: str | ReceivedFile, stream: IO[bytes] | None, *, exact: bool = False
) -> AbstractContextManager[ReceivedFile]:
    """Return what was received, or receive it now; tell those who do it while others wait."""
    if isinstance(name, ReceivedFile):
        return nullcontext(name)
    if stream is None:
        raise TypeError("a name needs the bytes of its file")
    if keeps_others_waiting():
        deprecation.tell(
            asking_section(),
            function,
            _l(
                "It gives bytes to “%(name)s” inside writing(), and everybody waits while they are looked into. "
                "Use receive() before writing(); this goes with 2.0.",
                name=function,
            ),
        )
    return receive(name, stream, exact=exact)


def _acting(actor: Actor | None) -> AbstractContextManager[None]:
    return acting_as(actor or current_actor.get())


def _keep(plugin_id: str, file: ReceivedFile) -> StoredFile:
    """Keep a content, or find that it is here already."""
    received = file.received
    limits.refuse_excess(plugin_id, received.sha256, received.size)
    if not is_trying():
        get_store().keep(received)
    row = db.session.get(StoredFile, received.sha256)
    if row is None:
        row = StoredFile(
            sha256=received.sha256,
            size=received.size,
            type=file.type.name,
            width=file.width,
            height=file.height,
            state="waiting" if file.type.has_text else "no_text",
        )
        db.session.add(row)
    return row


def _next_position(ref: ItemRef, place: str) -> int:
    query = select(func.max(FileAttachment.position)).where(of_items([ref]), FileAttachment.place == place)
    last = db.session.scalar(query)
    return 0 if last is None else last + 1
