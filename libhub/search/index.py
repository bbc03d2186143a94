"""The index on disk: one folder in force, read by every process and written by one.

Whoosh keeps columns, deletions, segments and atomic commits; :mod:`libhub.search.codec` says how it writes terms.

Layout: ``index/<name>/`` is one index, ``index/CURRENT`` names the one in force. A rebuild writes a new folder
and then replaces ``CURRENT``, so that readers go on with the old one until the new one is complete.
"""

import json
import logging
import os
import shutil
import threading
import time
import uuid
import weakref
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
from whoosh import fields as whoosh_fields
from whoosh import index as whoosh_index
from whoosh.columns import VarBytesColumn
from whoosh.reading import SegmentReader

from libhub.base.dependencies import note
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.search import russian, scoring
from libhub.search.beginnings import Shelf
from libhub.search.codec import Codec, Pool, Postings, postings_of
from libhub.search.documents import Document
from libhub.search.entries import entries
from libhub.search.plan import Answer, Query, QueryWord, Scope, Title
from libhub.search.snapshot import Segment, Snapshot

logger = logging.getLogger(__name__)

FORMAT: Final = "10"
"""Part of every index folder's name: another number makes the hub rebuild the index."""
_POSITION_UID: Final = "~position"
_DAMAGE_MARK: Final = "DAMAGED"
_LARGE: Final = 10_000
"""A segment of so many documents is merged no more, unless most of them were deleted."""

_STILL_NS: Final = 200_000_000
"""So long after a change the times of files tell whether another one came."""
_MOST_REMEMBERED: Final = 100
"""Answers at hand, of a few kilobytes each: a class of thirty asks for the same thing within a minute."""

_T = TypeVar("_T")


class IndexUnavailable(LibHubError):
    """The index is damaged or missing; it is being rebuilt."""

    def __init__(self) -> None:
        super().__init__(_("The search is being put in order. Try again in a minute."))


def _schema() -> whoosh_fields.Schema:
    """Return the fields: two columns. The terms go past Whoosh's analyzers into the pool of the writer."""
    return whoosh_fields.Schema(
        uid=whoosh_fields.KEYWORD(),
        name=whoosh_fields.COLUMN(VarBytesColumn()),  # type: ignore[no-untyped-call]
        data=whoosh_fields.COLUMN(VarBytesColumn()),  # type: ignore[no-untyped-call]
    )


def _codec() -> Codec:
    return Codec()  # type: ignore[no-untyped-call]


def _related() -> dict[str, tuple[str, Callable[[str], Iterable[str]]]]:
    return {"lexeme": ("form", russian.lemmas)}


class Writer:
    """Fills one index folder. The caller holds the indexer's lock.

    :param new: make the index. An existing one that cannot be opened is damaged: an empty one in its
        place would hide that.
    """

    def __init__(self, folder: Path, *, new: bool = False) -> None:
        self._index = _create(folder) if new else _open(folder)

    def position(self) -> int:
        """Return the number of the last outbox row that this index contains."""
        with self._index.reader() as reader:
            for segment, _start in _leaves(reader):
                alive = [
                    int(number)
                    for number in postings_of(segment).find("uid", _POSITION_UID)[0]
                    if not segment.is_deleted(int(number))
                ]
                if alive:
                    return int(json.loads(_column(segment, "data")[alive[0]]))
        return 0

    def uids(self) -> set[str]:
        """Return the addresses of everything in the index."""
        found: set[str] = set()
        with self._index.reader() as reader:
            for segment, _start in _leaves(reader):
                postings, gone = postings_of(segment), set(segment.deleted_docs_set)
                for rank, uid in enumerate(postings.terms("uid")):
                    if not gone.issuperset(postings.at("uid", rank)[0].tolist()):
                        found.add(uid)
        return found - {_POSITION_UID}

    def write(
        self, documents: Iterable[Document], removed: Iterable[str], position: int, *, fresh: bool = False
    ) -> None:
        """Add or replace documents, remove others and move the position, all in one atomic commit.

        :param fresh: the documents are known not to be in the index yet: none is looked up.
        """
        some = list(documents)
        replaced = [] if fresh else [*removed, *(document.ref.uid for document in some)]
        writer = self._index.writer(codec=_codec(), compound=False)  # a compound file is copied into memory
        writer.pool = Pool(_related())
        try:
            self._delete(writer, [*replaced, _POSITION_UID])
            for document in some:
                for entry in entries(document):
                    for name, terms in entry.terms.items():
                        writer.pool.add_terms(name, writer.docnum, terms)
                    writer.add_document(name=entry.name.encode("utf-8"), data=entry.data)
            writer.pool.add_terms("uid", writer.docnum, [_POSITION_UID])
            writer.add_document(data=json.dumps(position).encode("ascii"))
            writer.commit(mergetype=_merge)
        except BaseException:
            if not writer.is_closed:
                writer.cancel()
            raise

    def _delete(self, writer: Any, uids: Iterable[str]) -> None:
        wanted = list(uids)
        with self._index.reader() as reader:
            for segment, start in _leaves(reader):
                postings = postings_of(segment)
                for uid in wanted:
                    for number in postings.find("uid", uid)[0].tolist():
                        writer.delete_document(start + number)

    def close(self) -> None:
        """Release the files."""
        self._index.close()


def _merge(writer: Any, segments: list[Any]) -> list[Any]:
    """Write small segments anew with what is being added, so that there are never many; return the others.

    From the smallest on, each is taken that is at most twice as large as all before it: a document is written
    anew as often as the logarithm of their number.
    """
    gathered, kept = writer.docnum, []
    for segment in sorted(segments, key=lambda each: each.doc_count()):
        living = segment.doc_count()
        emptied = 2 * living < segment.doc_count_all()
        if not emptied and (living > 2 * gathered or living > _LARGE):
            kept.append(segment)
            continue
        gathered += living
        reader = SegmentReader(writer.storage, writer.schema, segment)
        try:
            first, numbers = writer.docnum, np.full(segment.doc_count_all(), -1, np.int64)
            numbers[[number for number in range(len(numbers)) if not segment.is_deleted(number)]] = np.arange(
                first, first + living
            )
            writer.write_per_doc(set(writer.schema.names()), reader)
            writer.pool.add_segment(postings_of(reader), numbers)
        finally:
            reader.close()
    return kept


def _create(folder: Path) -> Any:
    folder.mkdir(parents=True, exist_ok=True)
    return whoosh_index.create_in(str(folder), _schema())


def _open(folder: Path) -> Any:
    return whoosh_index.open_dir(str(folder))


def _leaves(reader: Any) -> list[tuple[Any, int]]:
    """Return the readers of the segments, each with the number of its first document."""
    return [(leaf, int(start)) for leaf, start in reader.leaf_readers() if leaf.doc_count_all()]


def _column(reader: Any, name: str) -> Any:
    return reader.column_reader(name, translate=False)


@dataclass(frozen=True)
class _Texts:
    """A column of a segment, read by one thread at a time: where files cannot be mapped, a reader moves in one."""

    column: Any
    lock: threading.Lock

    def __getitem__(self, number: int) -> bytes:
        with self.lock:
            return bytes(self.column[number])


class SearchIndex:
    """The index of an instance, as every process that reads or writes it sees it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._shelf = Shelf()
        self._postings: dict[str, Postings] = {}
        self._lock = threading.Lock()
        self._state: _State | None = None

    # -- the folder in force ---------------------------------------------------------------------------

    @property
    def _pointer(self) -> Path:
        return self.root / "CURRENT"

    @property
    def lock_file(self) -> Path:
        """Held by the one process that writes."""
        return self.root / "indexer.lock"

    def current_folder(self) -> Path | None:
        """Return the index folder in force, or None: none yet, or one of another format."""
        try:
            name = self._pointer.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        folder = self.root / name
        return folder if name.startswith(f"v{FORMAT}-") and folder.is_dir() else None

    def new_folder(self) -> Path:
        """Return a folder for a new index; nobody reads it before :meth:`put_in_force`."""
        return self.root / f"v{FORMAT}-{uuid.uuid4().hex[:12]}"

    def put_in_force(self, folder: Path) -> None:
        """Make readers use ``folder`` from their next query, and delete older ones."""
        temporary = self.root / f"CURRENT.{uuid.uuid4().hex[:8]}"
        temporary.write_text(folder.name, encoding="ascii")
        os.replace(temporary, self._pointer)
        (self.root / _DAMAGE_MARK).unlink(missing_ok=True)
        for other in self.root.glob("v*-*"):
            if other != folder:
                # A reader on Windows may hold a file open; what is left goes at the next rebuild.
                shutil.rmtree(other, ignore_errors=True)

    def report_damage(self, error: Exception) -> None:
        """Ask the indexer to rebuild."""
        logger.error("the search index is damaged and will be rebuilt", exc_info=error)
        self.root.mkdir(parents=True, exist_ok=True)
        (self.root / _DAMAGE_MARK).touch()

    def is_damaged(self) -> bool:
        """Say whether a reader found damage, or there is no index at all."""
        return self.current_folder() is None or (self.root / _DAMAGE_MARK).exists()

    # -- searching -------------------------------------------------------------------------------------

    def search(self, query: Query) -> Answer:
        """Answer a query from the newest committed state.

        :raises IndexUnavailable: there is no usable index now.
        """
        return self._read(lambda state: scoring.answer(state.snapshot, query))

    def terms_with_prefix(self, prefix: str, limit: int) -> list[str]:
        """Return terms of texts that begin with ``prefix``."""
        return self._read(lambda state: state.snapshot.expand(prefix, limit))

    def known_terms(self, name: str, terms: Collection[str]) -> list[str]:
        """Return those of ``terms`` that a field has anywhere, hidden documents included.

        Cheap, for thousands of guesses. Nothing may be told to a visitor before :meth:`count_visible`.
        """
        return self._read(lambda state: state.snapshot.known_terms(name, terms))

    def count_visible(self, name: str, words: Sequence[Collection[str]], scope: Scope) -> list[int]:
        """Return for every word, given as alternative terms, in how many documents of the scope it is."""
        return self._read(lambda state: state.snapshot.count_visible(name, words, scope))

    def remember(self, key: Hashable, make: Callable[[], _T]) -> _T:
        """Return what was made under a key from the present state of the index, made now if it is not at hand.

        :raises IndexUnavailable: there is no usable index now.
        """
        remembered = self._read(lambda state: state.remembered)
        if key in remembered:
            return remembered[key]  # type: ignore[no-any-return]
        made = make()
        with self._lock:
            while len(remembered) >= _MOST_REMEMBERED:
                del remembered[next(iter(remembered))]
            remembered[key] = made
        return made

    def totals(self, queries: Sequence[Query]) -> list[int]:
        """Count the hits of several queries, all of the same committed state."""
        return self._read(lambda state: [scoring.total(state.snapshot, query) for query in queries])

    def contains(self, words: Sequence[QueryWord], scope: Scope) -> bool:
        """Say whether some item in scope contains all of these words, the optional ones aside."""
        return self._read(lambda state: scoring.contains(state.snapshot, words, scope))

    def titles(
        self, beginnings: Sequence[str], scope: Scope, limit: int, *, typos: bool = False
    ) -> list[Title]:
        """Return items in scope whose titles have words with these beginnings, the best ones first."""
        return self._read(lambda state: state.snapshot.titles(beginnings, scope, limit, typos=typos))

    def facet_values(
        self, name: str, beginnings: Sequence[str], scope: Scope, limit: int, *, typos: bool = False
    ) -> list[str]:
        """Return values of a facet, of items in scope, that have words with these beginnings."""
        return self._read(
            lambda state: state.snapshot.facet_beginnings(name, beginnings, scope, limit, typos=typos)
        )

    def generation(self) -> Hashable:
        """Return what is another one after every commit and rebuild; None while there is no index."""
        try:
            return self._look(lambda state: (state.folder, state.generation))
        except IndexUnavailable:
            return None

    def _read(self, ask: "Callable[[_State], _T]") -> _T:
        note(self.generation)
        return self._look(ask)

    def _look(self, ask: "Callable[[_State], _T]", *, again: bool = True) -> _T:
        held = self._state
        try:
            return ask(self._newest())
        except IndexUnavailable:
            raise
        except Exception as error:
            if (
                again and held and self.current_folder() != held.folder
            ):  # it was replaced, and deleted, just now
                return self._look(ask, again=False)
            # Whatever a damaged file makes Whoosh raise, the remedy is the same.
            self.report_damage(error)
            raise IndexUnavailable from error

    def _newest(self) -> "_State":
        held, stamp = self._state, self._stamp()
        if held is not None and stamp is not None and held.stamp == stamp:
            return held
        folder = self.current_folder()
        if folder is None:
            raise IndexUnavailable
        with self._lock:
            held = self._state
            if held is None or held.folder != folder:
                held = self._opened(folder, _open(folder))
            elif held.index.latest_generation() != held.generation:
                held = self._opened(folder, held.index)
            self._state = replace(held, stamp=stamp)
            return self._state

    def _stamp(self) -> tuple[int, ...] | None:
        """Return what changes with every commit and every new folder, or None while it may change unseen.

        Two commits within one tick of the file system's clock leave one time behind: only what has been still for
        a moment is trusted.
        """
        try:
            pointer = os.stat(self._pointer)
            folder = self._state and os.stat(self._state.folder)
        except OSError:
            return None
        times = (pointer.st_mtime_ns, folder.st_mtime_ns if folder else 0)
        if time.time_ns() - max(times) < _STILL_NS:
            return None
        return pointer.st_ino, pointer.st_size, *times

    def _opened(self, folder: Path, index: Any) -> "_State":
        reader = index.reader()
        segments = []
        for part, start in _leaves(reader):
            name, size = str(part.segment().segment_id()), int(part.doc_count_all())
            postings = self._postings.get(name) or postings_of(part)
            lock = threading.Lock()
            columns = {each: _Texts(_column(part, each), lock) for each in ("name", "data")}
            segments.append(Segment(name, size, start, tuple(part.deleted_docs_set), postings, columns))
        self._postings = {segment.id: segment.postings for segment in segments}
        self._shelf.keep_only(self._postings.__contains__)
        state = _State(folder, index, reader.generation(), Snapshot(segments, self._shelf))
        weakref.finalize(state.snapshot, reader.close)  # when the last thread that uses it is done
        return state


@dataclass(frozen=True)
class _State:
    """A committed state of a folder. Threads that still use an older one keep it alive."""

    folder: Path
    index: Any
    generation: int
    snapshot: Snapshot
    remembered: dict[Hashable, Any] = field(default_factory=dict)
    stamp: tuple[int, ...] | None = None
