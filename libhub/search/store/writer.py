"""The writing side of an index folder: entries and posting lists into segments, small segments into larger ones.

Whoosh writes columns, deletions, the table of contents and atomic commits; the terms go past its analyzers and past its
pool of postings into :class:`~libhub.search.store.posting_lists.PostingLists`.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from whoosh import fields, index
from whoosh.columns import VarBytesColumn
from whoosh.reading import SegmentReader

from libhub.search.documents import Document
from libhub.search.language import russian
from libhub.search.store.entries import entries
from libhub.search.store.posting_lists import PostingLists, Postings
from libhub.search.store.whoosh_internals import Codec, deleted, lists_file

_POSITION_UID: Final = "~position"
_LARGE: Final = 10_000
"""A segment of so many documents is merged no more, unless most of them were deleted."""


def open_folder(folder: Path) -> Any:
    """Open what Whoosh keeps in an index folder. Whatever it raises means that the folder is damaged."""
    return index.open_dir(str(folder))


def leaves(reader: Any) -> list[tuple[Any, int]]:
    """Return the readers of the segments that have documents, each with the number of its first one."""
    return [(leaf, int(start)) for leaf, start in reader.leaf_readers() if leaf.doc_count_all()]


def postings_of(folder: Path, leaf: Any) -> Postings:
    """Map the posting lists of a segment from its file."""
    return Postings(lists_file(folder, leaf.segment()))


def living(leaf: Any) -> NDArray[np.bool_]:
    """Say of every document of a segment whether it was not deleted."""
    alive = np.ones(leaf.doc_count_all(), np.bool_)
    alive[deleted(leaf.segment())] = False
    return alive


def column(leaf: Any, name: str) -> Any:
    """Return a column of a segment: the bytes of every document by its number."""
    return leaf.column_reader(name, translate=False)


class Writer:
    """Fills one index folder. The caller holds the indexer's lock.

    :param new: make the index. An existing one that cannot be opened is damaged: an empty one in its
        place would hide that.
    """

    def __init__(self, folder: Path, *, new: bool = False) -> None:
        self.folder = folder
        self._index = _create(folder) if new else open_folder(folder)

    def position(self) -> int:
        """Return the number of the last outbox row that this index contains."""
        with self._index.reader() as reader:
            return _position(self._mapped(reader))

    def contents(self) -> tuple[set[str], int]:
        """Return the addresses of everything in the index, and the position, of one commit."""
        found: set[str] = set()
        with self._index.reader() as reader:
            mapped = self._mapped(reader)
            position = _position(mapped)  # first: it opens a file
            for leaf, _start, postings in mapped:
                alive = living(leaf)
                found.update(
                    uid
                    for rank, uid in enumerate(postings.terms("uid"))
                    if alive[postings.at("uid", rank)[0]].any()
                )
        return found - {_POSITION_UID}, position

    def write(
        self,
        documents: Iterable[Document],
        removed: Iterable[str],
        position: int,
        *,
        fresh: bool = False,
        purge: bool = False,
    ) -> None:
        """Add or replace documents, remove others and move the position, all in one atomic commit.

        The position is a document like the others: were it kept beside the index, an end between the two would lose
        changes or repeat them.

        :param fresh: the documents are known not to be in the index yet: none is looked up.
        :param purge: write every segment anew from which something was deleted: nothing of it is left in the files.
        """
        from whoosh.writing import IndexingError  # who only reads needs nothing of what writes

        some = list(documents)
        replaced = [] if fresh else [*removed, *(document.ref.uid for document in some)]
        lists = PostingLists({"lexeme": ("form", russian.lemmas)})
        # A compound file, Whoosh's habit, would be copied into memory by every reader.
        writer = self._index.writer(codec=Codec(lists), compound=False)
        try:
            self._delete(writer, [*replaced, _POSITION_UID])
            for document in some:
                for entry in entries(document):
                    lists.add_document(entry.terms)
                    writer.add_document(name=entry.name.encode("utf-8"), data=entry.data)
            lists.add_document({"uid": [_POSITION_UID]})
            writer.add_document(data=json.dumps(position).encode("ascii"))
            writer.commit(mergetype=lambda writer, segments: self._merge(writer, segments, lists, purge))
        except BaseException:
            with suppress(
                IndexingError
            ):  # "This writer is closed": by a commit that failed, and has cleaned up
                writer.cancel()
            raise

    def _delete(self, writer: Any, uids: Iterable[str]) -> None:
        wanted = list(uids)
        with self._index.reader() as reader:
            for _leaf, start, postings in self._mapped(reader):
                for uid in wanted:
                    for number in postings.find("uid", uid)[0].tolist():
                        writer.delete_document(start + number)

    def _merge(self, writer: Any, segments: list[Any], lists: PostingLists, purge: bool) -> list[Any]:
        """Write small segments anew with what is being added, so that there are never many; return the others.

        From the smallest on, each is taken that is at most twice as large as all before it: a document is written
        anew as often as the logarithm of their number. Columns and posting lists are taken over apart, both in the order
        of the living documents: by that order they belong together.
        """
        gathered, kept = lists.documents, []
        for segment in sorted(segments, key=lambda each: each.doc_count()):
            number = segment.doc_count()
            emptied = (1 if purge else 2) * number < segment.doc_count_all()
            if not emptied and (number > 2 * gathered or number > _LARGE):
                kept.append(segment)
                continue
            gathered += number
            reader = SegmentReader(writer.storage, writer.schema, segment)
            try:
                writer.add_reader(reader)
                lists.add_segment(postings_of(self.folder, reader), living(reader))
            finally:
                reader.close()
        return kept

    def _mapped(self, reader: Any) -> list[tuple[Any, int, Postings]]:
        """Return the segments with their first documents and their lists, all opened before one of them is worked on.

        Who holds no lock may be overtaken by a commit, which deletes files that are not open yet.
        """
        return [(leaf, start, postings_of(self.folder, leaf)) for leaf, start in leaves(reader)]

    def close(self) -> None:
        """Release the files."""
        self._index.close()


def _position(mapped: Iterable[tuple[Any, int, Postings]]) -> int:
    for leaf, _start, postings in mapped:
        for number in postings.find("uid", _POSITION_UID)[0].tolist():
            if not leaf.is_deleted(number):
                return int(json.loads(column(leaf, "data")[number]))
    return 0


def _create(folder: Path) -> Any:
    folder.mkdir(parents=True, exist_ok=True)
    schema = fields.Schema(
        name=fields.COLUMN(VarBytesColumn()),  # type: ignore[no-untyped-call]
        data=fields.COLUMN(VarBytesColumn()),  # type: ignore[no-untyped-call]
    )
    return index.create_in(str(folder), schema)
