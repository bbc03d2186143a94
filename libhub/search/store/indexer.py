"""Carries changes from the outbox into the index: one process at a time, resuming where the index stands."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sqlalchemy.exc import OperationalError

from libhub.base.db import db, is_out_of_reach
from libhub.base.file_lock import HeldElsewhere, file_lock
from libhub.search.documents import Document, ItemRef, ItemType, NoteFailure, Part
from libhub.search.store import outbox
from libhub.search.store.index import IndexUnavailable, SearchIndex
from libhub.search.store.writer import Writer

logger = logging.getLogger(__name__)

BATCH = 2_000
LARGE_BATCH = 12_000
"""Of a long backlog (an import): every commit adds a segment, and merging many small ones costs more than writing."""
REBUILD_COMMIT = 20_000
"""Documents of one commit during a rebuild: memory against the number of segments."""

_Value = TypeVar("_Value")
ItemTypes = Mapping[tuple[str, str], ItemType]
Progress = Callable[[int, int], None]
"""Told how many of how many items are done."""
FindParts = Callable[[Sequence[ItemRef]], Mapping[ItemRef, Sequence[Part]]]
"""Asked in bulk for the pieces of the files that belong to items."""


class TakesTooLong(Exception):
    """A plugin was not waited for any longer; what was asked of it will be asked again."""


@dataclass(frozen=True)
class Difference:
    """What the index lacks and what it has too much, by address."""

    missing: frozenset[str]
    surplus: frozenset[str]
    waiting: int
    """Changes in the outbox that the index does not contain yet."""

    def __bool__(self) -> bool:
        return bool(self.missing or self.surplus or self.waiting)


class Indexer:
    """The writing side of search."""

    def __init__(
        self,
        index: SearchIndex,
        item_types: ItemTypes,
        note_failure: NoteFailure,
        parts: FindParts = lambda _refs: {},
    ) -> None:
        self._index, self._types, self._note_failure, self._parts = index, item_types, note_failure, parts

    def drain(self, progress: Progress = lambda _done, _all: None) -> list[ItemRef]:
        """Bring the index up to date and return what changed; nothing when another process is at it.

        A damaged or missing index is rebuilt first.
        """
        try:
            with self._locked(timeout=0):
                if self._index.is_damaged():
                    self._rebuild(progress)
                    return []
                return self._drain(progress)
        except HeldElsewhere:
            return []

    def needs_rebuild(self) -> bool:
        """Say whether there is no usable index."""
        return self._index.is_damaged()

    def rebuild(self, progress: Progress, *, timeout: float = 600) -> int:
        """Write a new index from the database beside the old one, swap them, and return its size.

        :param timeout: seconds to wait for another process that is writing.
        """
        with self._locked(timeout):
            return self._rebuild(progress)

    def settle(self, *, timeout: float) -> Difference:
        """Index what waits, and hold the index against the database while nobody else writes it.

        :param timeout: seconds to wait for another process that is writing.
        :raises HeldElsewhere: it was not enough.
        :raises IndexUnavailable: there is no index, or it is damaged, and nobody has been about to mend it.
        """
        with self._locked(timeout):
            if self._index.is_damaged():
                raise IndexUnavailable
            self._drain()
            db.session.rollback()
            return self.compare()

    def purge(self, *, timeout: float) -> None:
        """Index what waits, and leave nothing of deleted documents in the files of the index.

        :param timeout: seconds to wait for another process that is writing.
        :raises IndexUnavailable: there is no index, or it is damaged.
        """
        with self._locked(timeout):
            if self._index.is_damaged():
                raise IndexUnavailable
            self._drain()
            writer, position = self._index.read(_at_position)
            try:
                writer.write((), (), position, purge=True)
            finally:
                writer.close()

    def compare(self) -> Difference:
        """Hold the index against the database.

        :raises IndexUnavailable: there is none, or it is damaged, which is now known to whoever rebuilds it.
        """
        refs, unknown = self._every_ref()
        expected = {ref.uid for ref in refs}
        present, position = self._index.read(_contents)
        waiting = len(outbox.read_batch(position, BATCH).refs)
        known = {uid for uid in present if _kind_of(uid) not in unknown}
        return Difference(frozenset(expected - present), frozenset(known - expected), waiting)

    @contextmanager
    def _locked(self, timeout: float) -> Iterator[None]:
        self._index.root.mkdir(parents=True, exist_ok=True)
        with file_lock(self._index.lock_file, seconds=timeout):
            yield

    def _drain(self, progress: Progress = lambda _done, _all: None) -> list[ItemRef]:
        if not outbox.last_position():
            return []
        try:
            writer, position = self._index.read(_at_position)
        except IndexUnavailable:
            return []
        changed: list[ItemRef] = []
        first = position
        try:
            while (batch := outbox.read_batch(position, _batch_size(position))).refs:
                documents, failed = self._documents(batch.refs)
                gone = [ref.uid for ref in batch.refs if ref.uid not in documents and ref not in failed]
                try:
                    writer.write(documents.values(), gone, batch.position)
                except OSError:  # no space left, say: the index as it was committed is sound
                    raise
                except Exception as error:  # noqa: BLE001 - whatever damage makes Whoosh raise, the remedy is the same
                    self._index.report_damage(writer.folder, error)
                    return changed
                position = batch.position
                changed += batch.refs
                progress(position - first, max(position, outbox.last_position()) - first)
                db.session.rollback()
        finally:
            writer.close()
        outbox.forget(position)
        return changed

    def _rebuild(self, progress: Progress) -> int:
        position = outbox.last_position()
        refs, _unknown = self._every_ref()
        folder = self._index.new_folder()
        writer = Writer(folder, new=True)
        done = 0
        try:
            for part in _parts(refs, REBUILD_COMMIT):
                documents: list[Document] = []
                for some in _parts(part, BATCH):
                    documents += self._documents(some)[0].values()
                    done += len(some)
                    progress(done, len(refs))
                writer.write(documents, (), position, fresh=True)
            if not refs:
                writer.write((), (), position)
        finally:
            writer.close()
        self._index.put_in_force(folder)
        outbox.forget(position)
        logger.info("the search index was rebuilt: %d items", len(refs))
        return len(refs)

    def _every_ref(self) -> tuple[list[ItemRef], set[tuple[str, str]]]:
        """Ask the plugins for everything that ought to be found; and name the kinds over which they failed."""
        refs: list[ItemRef] = []
        unknown: set[tuple[str, str]] = set()
        for (plugin, kind), item_type in self._types.items():
            try:
                refs += [ItemRef(plugin, kind, key) for key in item_type.keys()]
            except Exception as error:  # noqa: BLE001 - the policy "blank": the other kinds are found
                _raise_if_out_of_reach(error)
                self._note_failure(plugin, "keys", error)
                unknown.add((plugin, kind))
        return refs, unknown

    def _documents(self, refs: Iterable[ItemRef]) -> tuple[dict[str, Document], set[ItemRef]]:
        """Ask the plugins for the documents that exist, by address; and name those over which they failed."""
        keys: dict[tuple[str, str], list[str]] = defaultdict(list)
        for ref in refs:
            keys[ref.plugin, ref.kind].append(ref.key)
        documents: dict[str, Document] = {}
        failed: set[ItemRef] = set()
        for kind, some in keys.items():
            if kind not in self._types:
                continue
            for part in _parts(some, BATCH):
                found, bad = self._ask(self._types[kind], part)
                pieces = self._parts([document.ref for document in found])
                documents.update(
                    (document.ref.uid, replace(document, parts=pieces.get(document.ref, ())))
                    for document in found
                )
                failed.update(ItemRef(*kind, key) for key in bad)
        return documents, failed

    def _ask(self, item_type: ItemType, keys: Sequence[str]) -> tuple[list[Document], list[str]]:
        """Ask in bulk; where that fails, one by one, so that one bad item holds up no other."""
        try:
            return list(item_type.documents(keys)), []
        except TakesTooLong as error:  # it would take as long for each of them
            self._note_failure(item_type.plugin, "documents", error)
            return [], list(keys)
        except Exception as error:  # noqa: BLE001 - the policy "blank": search goes on without the item
            _raise_if_out_of_reach(error)
            if len(keys) == 1:
                self._note_failure(item_type.plugin, f"documents {keys[0]}", error)
                return [], list(keys)
        parts = [self._ask(item_type, [key]) for key in keys]
        return [document for found, _bad in parts for document in found], [
            key for _found, bad in parts for key in bad
        ]


def _contents(folder: Path) -> tuple[set[str], int]:
    with closing(Writer(folder)) as writer:
        return writer.contents()


def _at_position(folder: Path) -> tuple[Writer, int]:
    writer = Writer(folder)
    return writer, writer.position()


def _raise_if_out_of_reach(error: Exception) -> None:
    """Let go on what is no plugin's fault: the database is busy or gone, and it is tried again later."""
    if isinstance(error, OperationalError) and is_out_of_reach(error):
        raise error
    db.session.rollback()


def _batch_size(position: int) -> int:
    return LARGE_BATCH if outbox.last_position() - position > LARGE_BATCH else BATCH


def _parts(values: Sequence[_Value], size: int) -> Iterator[list[_Value]]:
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part


def _kind_of(uid: str) -> tuple[str, str]:
    ref = ItemRef.parse(uid)
    return ref.plugin, ref.kind
