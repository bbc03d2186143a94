"""The index on disk: one folder in force, read by every process and written by one.

Layout: ``index/<name>/`` is one index, ``index/CURRENT`` names the one in force. A rebuild writes a new folder
and then replaces ``CURRENT``, so that readers go on with the old one until the new one is complete.
"""

import errno
import logging
import os
import shutil
import threading
import time
import uuid
import weakref
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any, Final, TypeVar

from libhub.base.dependencies import note
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.search.queries import Scope
from libhub.search.store.posting_lists import Postings
from libhub.search.store.snapshot import Segment, SegmentLists, Snapshot
from libhub.search.store.whoosh_internals import lists_file
from libhub.search.store.writer import column, leaves, living, open_folder

logger = logging.getLogger(__name__)

FORMAT: Final = "11"
"""Part of every index folder's name: another number makes the hub rebuild the index.

It goes up with whatever an older index does not have or has otherwise: what the entries contain and the terms of a word,
the arrays of the posting lists, the columns, the place of the codec's class.
"""
_STILL_NS: Final = 200_000_000
"""So long after a change the times of files tell whether another one came."""
_ATTEMPTS: Final = 3
"""So often a reader tries to get hold of a state before it goes on with the one that it has."""
_SHORTAGE: Final = {errno.EMFILE, errno.ENFILE, errno.ENOMEM}
"""What the process lacks, and not the index: open files, memory."""

_T = TypeVar("_T")


class IndexUnavailable(LibHubError):
    """The index is damaged or missing; it is being rebuilt."""

    def __init__(self) -> None:
        super().__init__(_("The search is being put in order. Try again in a minute."))


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
        self._lists: dict[Path, SegmentLists] = {}
        self._lock = threading.Lock()
        self._state: Reading | None = None

    # -- the folder in force ---------------------------------------------------------------------------

    @property
    def _pointer(self) -> Path:
        return self.root / "CURRENT"

    @property
    def _damage_mark(self) -> Path:
        """Names the folder that was found damaged: once another one is in force, it says nothing."""
        return self.root / "DAMAGED"

    @property
    def lock_file(self) -> Path:
        """Held by the one process that writes."""
        return self.root / "indexer.lock"

    def current_folder(self) -> Path | None:
        """Return the index folder in force, or None: none yet, or one of another format."""
        name, before = _content(self._pointer), None
        while name != before:  # the folder that was named may have been deleted in between, for another one
            folder = self.root / name
            if name.startswith(f"v{FORMAT}-") and folder.is_dir():
                return folder
            name, before = _content(self._pointer), name
        return None

    def new_folder(self) -> Path:
        """Return a folder for a new index; nobody reads it before :meth:`put_in_force`."""
        return self.root / f"v{FORMAT}-{uuid.uuid4().hex[:12]}"

    def put_in_force(self, folder: Path) -> None:
        """Make readers use ``folder`` from their next query, and delete older ones."""
        temporary = self.root / f"CURRENT.{uuid.uuid4().hex[:8]}"
        temporary.write_text(folder.name, encoding="ascii")
        os.replace(temporary, self._pointer)
        self._damage_mark.unlink(missing_ok=True)
        for other in self.root.glob("v*-*"):
            if other != folder:
                # A reader on Windows may hold a file open; what is left goes at the next rebuild.
                shutil.rmtree(other, ignore_errors=True)

    def report_damage(self, folder: Path, error: Exception) -> None:
        """Ask the indexer to rebuild what is in this folder, unless it is the process that lacks something."""
        if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in _SHORTAGE):
            logger.error("the search index cannot be read now", exc_info=error)
            return
        logger.error("the search index is damaged and will be rebuilt", exc_info=error)
        self.root.mkdir(parents=True, exist_ok=True)
        self._damage_mark.write_text(folder.name, encoding="ascii")

    def is_damaged(self) -> bool:
        """Say whether a reader found damage in the folder in force, or there is no index at all."""
        folder = self.current_folder()
        return folder is None or _content(self._damage_mark) == folder.name

    # -- reading ---------------------------------------------------------------------------------------

    def reading(self) -> "Reading":
        """Return the newest committed state, to be asked as often as one answer needs.

        :raises IndexUnavailable: there is no usable index now.
        """
        note(self.generation)
        return self._newest()

    def generation(self) -> Hashable:
        """Return what is another one after every commit and rebuild; None while there is no index."""
        try:
            state = self._newest()
        except IndexUnavailable:
            return None
        return state.folder, state.generation

    def read(self, look: Callable[[Path], _T], *, instead: _T | None = None) -> _T:
        """Return what a function finds in the files of the folder in force.

        The writer, in another process, deletes files that a commit or a rebuild made useless, while somebody who has just
        read what they are called goes to open them. So an error is damage only where nothing changed meanwhile; otherwise
        the files are read again.

        :param instead: what to return after several attempts during each of which there was a commit.
        :raises IndexUnavailable: there is no index, or it is damaged, which is now known to whoever rebuilds it.
        """
        for attempt in count(1):
            folder = self.current_folder()
            if folder is None:
                break
            before = _names(folder)
            try:
                return look(folder)
            except Exception as error:
                # Whatever a damaged file makes Whoosh raise, the remedy is the same.
                if self.current_folder() == folder and _names(folder) == before:
                    self.report_damage(folder, error)
                    raise IndexUnavailable from error
            if attempt >= _ATTEMPTS and instead is not None:
                return instead
        raise IndexUnavailable

    def _newest(self) -> "Reading":
        held, stamp = self._state, self._stamp()
        if held is not None and stamp is not None and held.stamp == stamp:
            return held
        with self._lock:
            self._state = replace(self.read(self._opened, instead=self._state), stamp=stamp)
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

    def _opened(self, folder: Path) -> "Reading":
        """Return the newest state of a folder: the one that is held, if it still is that."""
        held = self._state
        if held is None or held.folder != folder:
            opened = open_folder(folder)
        elif held.opened.latest_generation() == held.generation:
            return held
        else:
            opened = held.opened
        reader = opened.reader()
        try:
            snapshot = self._snapshot(folder, reader)
        except BaseException:
            reader.close()
            raise
        # The columns are open as long as the reader. It must not be closed while a thread still looks into the state,
        # and who is the last to look nobody knows before it is over.
        weakref.finalize(snapshot, reader.close)
        return Reading(self, folder, opened, reader.generation(), snapshot)

    def _snapshot(self, folder: Path, reader: Any) -> Snapshot:
        lists, segments = {}, []
        for leaf, start in leaves(reader):
            file = lists_file(folder, leaf.segment())
            lists[file] = self._lists.get(file) or SegmentLists(Postings(file))
            lock = threading.Lock()
            columns = {each: _Texts(column(leaf, each), lock) for each in ("name", "data")}
            segments.append(Segment(start, living(leaf), lists[file], columns))
        self._lists = lists  # a segment that was merged away goes with the last state that has it
        return Snapshot(segments)


def _content(file: Path) -> str:
    """Return what a small file says; nothing where there is none."""
    try:
        return file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _names(folder: Path) -> set[str]:
    """Return what files there are: another set after every commit. None in a folder that is gone."""
    try:
        return set(os.listdir(folder))
    except OSError:
        return set()


@dataclass(frozen=True)
class Reading:
    """A committed state of a folder, to be asked. Threads that still use an older one keep it alive.

    Whatever goes wrong while it is asked is damage of its files: the indexer is told, and makes a new index. So only the
    arithmetic over the files belongs into :meth:`ask`, and nothing that asks a section or the database.
    """

    index: SearchIndex
    folder: Path
    opened: Any
    """What Whoosh knows of the folder."""
    generation: int
    snapshot: Snapshot
    stamp: tuple[int, ...] | None = None

    def ask(self, what: Callable[[Snapshot], _T]) -> _T:
        """Return what a function finds in this state; in the newest one if this was overtaken meanwhile.

        :raises IndexUnavailable: the files are damaged.
        """
        try:
            return what(self.snapshot)
        except Exception as error:
            newest = self.index.reading()
            if newest.snapshot is not self.snapshot:
                return newest.ask(what)
            self.index.report_damage(self.folder, error)
            raise IndexUnavailable from error

    def beginning_with(self, prefix: str, limit: int) -> list[str]:
        """Return words of texts that begin with ``prefix``, hidden documents included."""
        return self.ask(lambda snapshot: snapshot.expand(prefix, limit))

    def known_terms(self, name: str, terms: Collection[str]) -> list[str]:
        """Return those of ``terms`` that a field has anywhere, hidden documents included.

        Cheap, for thousands of guesses. Nothing may be told to a visitor before :meth:`count_visible`.
        """
        return self.ask(lambda snapshot: snapshot.known_terms(name, terms))

    def count_visible(self, name: str, words: Sequence[Collection[str]], scope: Scope) -> list[int]:
        """Return for every word, given as alternative terms, in how many documents of the scope it is."""
        return self.ask(lambda snapshot: snapshot.count_visible(name, words, scope))
