"""What Whoosh does not promise and is used nevertheless, with the reason beside each; nothing else in the hub may.

Whoosh's documentation describes the classes of which a codec consists (``whoosh.codec.base``), and says nothing of the one
that it uses itself. A codec has to bring the columns and the list of deleted documents too, so :class:`Codec` is that one
with other posting lists. ``tests/core/search/test_whoosh_names.py`` looks for whatever else is not documented.
"""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from whoosh.codec import base
from whoosh.codec.whoosh3 import W3Codec  # undocumented: the columns and deletions of Whoosh, see above

from libhub.search.store.posting_lists import EXTENSION, PostingLists


def lists_file(folder: Path, segment: Any) -> Path:
    """Return the file with the posting lists of a segment.

    ``create_file`` is documented to name it by the id of the segment; how to read the id (``segment_id``) is not.
    """
    return folder / f"{segment.segment_id()}{EXTENSION}"


def deleted(segment: Any) -> list[int]:
    """Return the numbers of the documents of a segment that were deleted.

    The documented ``all_doc_ids`` asks for every document that was not: at 20,000 half of what it costs to see a commit.
    """
    return list(segment.deleted_docs())


class _ListsWriter(base.FieldWriter):
    """Writes the posting lists of a segment when Whoosh closes it."""

    def __init__(self, storage: Any, segment: Any, lists: PostingLists) -> None:
        self._storage, self._segment, self._lists = storage, segment, lists
        self.is_closed = False  # undocumented: what ``SegmentWriter`` asks before it closes one

    def add_postings(self, schema: Any, lengths: Any, items: Any) -> None:  # noqa: ARG002 - Whoosh's signature
        """Write everything; called once for a segment. Whoosh has no terms of its own: no field here is analysed by it."""
        with closing(self._segment.create_file(self._storage, EXTENSION)) as file:
            self._lists.write(file)

    def close(self) -> None:
        """Note that nothing more comes; the file was written in one go."""
        self.is_closed = True


class _NoTerms(base.TermsReader):
    """What Whoosh reads of the terms of a segment: none. Their lists are read past it, and merged past it."""

    def terms(self) -> Iterator[Any]:
        """Yield no term."""
        return iter(())

    def indexed_field_names(self) -> list[str]:
        """Return no field."""
        return []

    def close(self) -> None:
        """Do nothing: no file is open."""


class Codec(W3Codec):
    """Whoosh's codec with the posting lists that are being gathered for a segment.

    Segments remember their codec in the table of contents, by the name of this class: one that moves needs another
    ``FORMAT`` of the index. What was gathered is not remembered.
    """

    length_stats = False  # undocumented: Whoosh would count terms that it does not have

    def __init__(self, lists: PostingLists | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._lists = lists

    def __reduce__(self) -> tuple[type["Codec"], tuple[()]]:
        """Remember only the class."""
        return Codec, ()

    def field_writer(self, storage: Any, segment: Any) -> _ListsWriter:
        """Return what writes the terms of a new segment."""
        if self._lists is None:
            raise TypeError("this codec was made to read")
        # Nothing asks for the rest of a writer, nor below for that of a reader.
        return _ListsWriter(storage, segment, self._lists)  # type: ignore[abstract]

    def terms_reader(self, storage: Any, segment: Any) -> _NoTerms:  # noqa: ARG002 - Whoosh's signature
        """Return what reads the terms of a segment."""
        return _NoTerms()  # type: ignore[abstract]
