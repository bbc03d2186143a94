"""How Whoosh writes a segment's terms here: posting lists as arrays in one file that every process maps.

Whoosh's own format keeps postings in small compressed blocks, which cost a microsecond of Python a posting to read
and several to write. This codec takes the place that Whoosh leaves for others: what is added to a segment is gathered
as numbers (:class:`Pool`), put in order by numpy when the segment is closed (:class:`_FieldWriter`), and read without
copying (:class:`Postings`). Columns, deletions, commits and merging stay Whoosh's.

The file: 16 bytes (mark, length of the header), the header in JSON, then the arrays named in it, each at a multiple
of 16 bytes. Terms are in the order of their UTF-8 bytes; ``hashes`` are their BLAKE2b-64 in order and ``ranks`` says
which term each belongs to.
"""

import json
import mmap
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from math import isqrt
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from whoosh.codec import base
from whoosh.codec.whoosh3 import W3Codec
from whoosh.matching.mcore import ListMatcher
from whoosh.reading import TermInfo

EXTENSION: Final = ".lists"
_MARK: Final = b"LHLISTS1"
_ALIGNMENT: Final = 16
_MOST: Final = 255
"""A word that stands more often in one document counts as if it stood so often."""

Numbers = NDArray[np.int32]
Counts = NDArray[np.uint8]
NOTHING: Final = (np.empty(0, np.int32), np.empty(0, np.uint8))


@lru_cache(10_000)
def digest(term: str) -> int:
    """Return the number under which a term is looked up: the same in every process, unlike ``hash()``."""
    return int.from_bytes(blake2b(term.encode("utf-8"), digest_size=8).digest(), "little")


# -- writing -------------------------------------------------------------------------------------------


@dataclass
class _Gathered:
    """The postings of one field in the order in which they came: term number and document, once for each time."""

    terms: dict[str, int]
    term: "array[int]"
    document: "array[int]"

    def add(self, document: int, terms: Sequence[str]) -> None:
        known = self.terms
        self.term.extend([known.setdefault(term, len(known)) for term in terms])
        self.document.extend([document] * len(terms))


class Pool:
    """What is added to a segment that is being written; takes the place of Whoosh's own pool.

    :param related: fields made from another one at the end: name → (the other field, a function from one of its
        terms to the terms of the new field). The postings are then places in the order of the other field's terms.
    """

    def __init__(self, related: dict[str, tuple[str, Callable[[str], Iterable[str]]]]) -> None:
        self.related = related
        self.fields: dict[str, _Gathered] = {}

    def gathered(self, name: str) -> _Gathered:
        """Return what a field has so far."""
        if name not in self.fields:
            self.fields[name] = _Gathered({}, array("I"), array("I"))
        return self.fields[name]

    def add(self, item: tuple[str, bytes, int, float, bytes | None]) -> None:
        """Take one posting, as Whoosh gives it: field, term, document, weight, value."""
        self.gathered(item[0]).add(item[2], [item[1].decode("utf-8")])

    def add_terms(self, name: str, document: int, terms: Sequence[str]) -> None:
        """Take the terms of a document, each as often as it stands there."""
        if terms:
            self.gathered(name).add(document, terms)

    def add_segment(self, postings: "Postings", documents: NDArray[np.int64]) -> None:
        """Take what another segment has; ``documents`` are the new numbers of its documents, -1 for those gone."""
        for name in postings.names:
            if name in self.related:
                continue
            field = self.gathered(name)
            numbers = np.array(
                [field.terms.setdefault(term, len(field.terms)) for term in postings.terms(name)], np.uint32
            )
            term, document, counts = postings.everything(name)
            new = documents[document]
            term, new, counts = term[new >= 0], new[new >= 0], counts[new >= 0]
            field.term.frombytes(np.repeat(numbers[term], counts).tobytes())
            field.document.frombytes(np.repeat(new, counts).astype(np.uint32).tobytes())

    def iter_postings(self) -> "Pool":
        """Return itself: :class:`_FieldWriter` reads it as a whole."""
        return self

    def cleanup(self) -> None:
        """Let go of everything."""
        self.fields.clear()


def _ordered(terms: Iterable[str]) -> tuple[list[bytes], NDArray[np.uint32]]:
    """Return terms as bytes in their order, and for each, as it came, its place in that order."""
    encoded = [term.encode("utf-8") for term in terms]
    order = sorted(range(len(encoded)), key=encoded.__getitem__)
    places = np.empty(len(encoded), np.uint32)
    places[order] = np.arange(len(encoded), dtype=np.uint32)
    return [encoded[number] for number in order], places


def _arrays(terms: list[bytes], term: NDArray[Any], document: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """Return the arrays of a field from its ordered terms and its postings, term by its place, in any order."""
    pairs, counts = np.unique((term.astype(np.uint64) << 32) | document.astype(np.uint64), return_counts=True)
    starts = np.searchsorted(pairs >> 32, np.arange(len(terms) + 1, dtype=np.uint64))
    hashes = np.frombuffer(b"".join(blake2b(each, digest_size=8).digest() for each in terms), np.uint64)
    order = np.argsort(hashes, kind="stable")
    return {
        "letters": np.frombuffer(b"".join(terms), np.uint8),
        "ends": np.cumsum([len(each) for each in terms], dtype=np.uint32),
        "hashes": hashes[order],
        "ranks": order.astype(np.uint32),
        "starts": starts.astype(np.uint32),
        "documents": (pairs & 0xFFFFFFFF).astype(np.int32),
        "counts": np.minimum(counts, _MOST).astype(np.uint8),
    }


class _FieldWriter(base.FieldWriter):
    """Writes the file of a segment from a :class:`Pool`."""

    def __init__(self, storage: Any, segment: Any) -> None:
        self._storage, self._segment = storage, segment
        self.is_closed = False

    def add_postings(self, schema: Any, lengths: Any, items: Any) -> None:  # noqa: ARG002 - Whoosh's signature
        """Write everything; called once for a segment."""
        if not isinstance(items, Pool):
            raise TypeError("postings come from a Pool")
        ordered = {name: _ordered(field.terms) for name, field in items.fields.items()}
        fields = {
            name: _arrays(
                ordered[name][0],
                ordered[name][1][np.frombuffer(field.term, np.uint32)],
                np.frombuffer(field.document, np.uint32),
            )
            for name, field in items.fields.items()
        }
        for name, (other, relate) in items.related.items():
            made = _Gathered({}, array("I"), array("I"))
            for place, term in enumerate(ordered.get(other, ([],))[0]):
                made.add(place, list(relate(term.decode("utf-8"))))
            terms, places = _ordered(made.terms)
            fields[name] = _arrays(
                terms, places[np.frombuffer(made.term, np.uint32)], np.frombuffer(made.document, np.uint32)
            )
        self._write(fields)

    def _write(self, fields: dict[str, dict[str, NDArray[Any]]]) -> None:
        places: dict[str, dict[str, tuple[str, int, int]]] = {}
        position = 0
        for name, arrays in fields.items():
            places[name] = {}
            for part, values in arrays.items():
                places[name][part] = (values.dtype.str, position, len(values))
                position += -(-values.nbytes // _ALIGNMENT) * _ALIGNMENT
        header = json.dumps({"size": position, "fields": places}).encode("ascii")
        header += b" " * (-len(header) % _ALIGNMENT)
        file = self._segment.create_file(self._storage, EXTENSION)
        file.write(_MARK + len(header).to_bytes(8, "little") + header)
        for arrays in fields.values():
            for values in arrays.values():
                file.write(values.tobytes() + b"\0" * (-values.nbytes % _ALIGNMENT))
        file.close()

    def start_field(self, fieldname: str, fieldobj: Any) -> None:
        raise NotImplementedError

    def start_term(self, text: bytes) -> None:
        raise NotImplementedError

    def add(self, docnum: int, weight: float, vbytes: bytes, length: int) -> None:
        raise NotImplementedError

    def finish_term(self) -> None:
        raise NotImplementedError

    def close(self) -> None:
        """Note that nothing more comes; the file was written in one go."""
        self.is_closed = True


# -- reading -------------------------------------------------------------------------------------------


class Postings:
    """The posting lists of a segment, mapped from its file; safe to read from many threads at once.

    :raises ValueError: the file is not whole.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            mark, length = file.read(8), int.from_bytes(file.read(8), "little")
            if mark != _MARK:
                raise ValueError(f"{path.name} holds no posting lists")
            header = json.loads(file.read(length))
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if len(self._map) != 16 + length + header["size"]:
            raise ValueError(f"{path.name} is {len(self._map)} bytes long, which is not its length")
        self._fields: dict[str, dict[str, NDArray[Any]]] = {
            name: {
                part: np.frombuffer(self._map, dtype, count, 16 + length + position)
                for part, (dtype, position, count) in arrays.items()
            }
            for name, arrays in header["fields"].items()
        }

    def let_go(self) -> None:
        """Give the memory of the map back; what is read again comes from the system's cache of files.

        Where the system cannot be asked (Windows) it sees to that by itself.
        """
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)

    @property
    def names(self) -> list[str]:
        """The fields that this segment has."""
        return list(self._fields)

    def find(self, name: str, term: str) -> tuple[Numbers, Counts]:
        """Return the documents that have a term, in order, and how often each has it."""
        field = self._fields.get(name)
        if field is None:
            return NOTHING
        place = _place(field["hashes"], digest(term))
        return NOTHING if place is None else self.at(name, int(field["ranks"][place]))

    def at(self, name: str, rank: int) -> tuple[Numbers, Counts]:
        """Return the postings of the term at a place in the order of terms."""
        field = self._fields[name]
        start, end = field["starts"][rank : rank + 2]
        return field["documents"][start:end], field["counts"][start:end]

    def has(self, name: str, hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Say of every digest whether a field has a term with it."""
        field = self._fields.get(name)
        if field is None or not len(field["hashes"]):
            return np.zeros(len(hashes), np.bool_)
        places = np.minimum(np.searchsorted(field["hashes"], hashes), len(field["hashes"]) - 1)
        found: NDArray[np.bool_] = field["hashes"][places] == hashes
        return found

    def size(self, name: str) -> int:
        """Return how many terms a field has."""
        return len(self._fields[name]["ends"]) if name in self._fields else 0

    def term(self, name: str, rank: int) -> str:
        """Return the term at a place in the order of terms."""
        ends = self._fields[name]["ends"]
        start = int(ends[rank - 1]) if rank else 0
        return self._fields[name]["letters"][start : int(ends[rank])].tobytes().decode("utf-8")

    def terms(self, name: str, prefix: str = "") -> Iterator[str]:
        """Yield the terms of a field that begin with ``prefix``, in order."""
        low, high = 0, self.size(name)
        while low < high:
            middle = (low + high) // 2
            # Code points and UTF-8 bytes order alike.
            if self.term(name, middle) < prefix:
                low = middle + 1
            else:
                high = middle
        for rank in range(low, self.size(name)):
            term = self.term(name, rank)
            if not term.startswith(prefix):
                return
            yield term

    def everything(self, name: str) -> tuple[NDArray[np.int64], Numbers, Counts]:
        """Return all postings of a field: place of the term, document, count."""
        field = self._fields[name]
        starts = field["starts"].astype(np.int64)
        ranks = np.repeat(np.arange(len(field["ends"])), starts[1:] - starts[:-1])
        return ranks, field["documents"], field["counts"]

    def lengths(self, name: str, documents: int) -> NDArray[np.float32]:
        """Return how many terms of a field each of so many documents has."""
        if name not in self._fields:
            return np.zeros(documents, np.float32)
        field = self._fields[name]
        return np.bincount(field["documents"], field["counts"], documents).astype(np.float32)


def _place(hashes: NDArray[np.uint64], wanted: int) -> int | None:
    """Return where a digest is among others, in order, or None.

    They are spread evenly, so that it is known where to look to within some times the square root of their number:
    a search by halves would have the system map pages all over the file.
    """
    likeliest, reach = wanted * len(hashes) >> 64, 4 * isqrt(len(hashes)) + 8
    low, high = max(0, likeliest - reach), min(len(hashes), likeliest + reach)
    for start, end in ((low, high), (0, len(hashes))):
        place = start + int(hashes[start:end].searchsorted(np.uint64(wanted)))
        if place < end and int(hashes[place]) == wanted:
            return place
        if start < place < end:
            return None
    return None


class _TermsReader(base.TermsReader):
    """What Whoosh itself asks of the terms of a segment."""

    def __init__(self, postings: Postings) -> None:
        self.postings = postings

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return bool(len(self.postings.find(term[0], term[1].decode("utf-8"))[0]))

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Yield every field and term."""
        for name in sorted(self.postings.names):
            for term in self.postings.terms(name):
                yield name, term.encode("utf-8")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield the terms of a field with a prefix."""
        for term in self.postings.terms(fieldname, prefix.decode("utf-8")):
            yield fieldname, term.encode("utf-8")

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield every term with its numbers."""
        for term in self.terms():
            yield term, self.term_info(*term)

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield the terms of a field with a prefix, and their numbers."""
        for term in self.terms_from(fieldname, prefix):
            yield term, self.term_info(*term)

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Return the numbers of a term."""
        documents, counts = self.postings.find(fieldname, text.decode("utf-8"))
        if not len(documents):
            raise KeyError(text)
        return TermInfo(  # type: ignore[no-untyped-call]
            weight=float(counts.sum()),
            df=len(documents),
            maxweight=int(counts.max()),
            minid=int(documents[0]),
            maxid=int(documents[-1]),
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        """Return how often a term stands in all documents."""
        return float(self.postings.find(fieldname, text.decode("utf-8"))[1].sum())

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Return how many documents have a term."""
        return len(self.postings.find(fieldname, text.decode("utf-8"))[0])

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> ListMatcher:
        """Return the postings of a term as Whoosh walks through them."""
        documents, counts = self.postings.find(fieldname, text.decode("utf-8"))
        return ListMatcher(  # type: ignore[no-untyped-call]
            documents.tolist(), counts.astype(float).tolist(), None, format_, scorer, (fieldname, text)
        )

    def indexed_field_names(self) -> list[str]:
        """Return the fields that have terms."""
        return self.postings.names

    def cursor(self, fieldname: str, fieldobj: Any) -> Any:
        raise NotImplementedError

    def close(self) -> None:
        """Nothing to do: the map goes with the last array that looks into it."""


class Codec(W3Codec):
    """Whoosh's codec with the posting lists of this module. Segments remember it in the table of contents."""

    length_stats = False

    def field_writer(self, storage: Any, segment: Any) -> _FieldWriter:
        """Return what writes the terms of a new segment."""
        return _FieldWriter(storage, segment)

    def terms_reader(self, storage: Any, segment: Any) -> _TermsReader:
        """Return what reads the terms of a segment."""
        return _TermsReader(Postings(Path(storage.folder) / segment.make_filename(EXTENSION)))


def postings_of(reader: Any) -> Postings:
    """Return the posting lists behind an open reader of a segment."""
    return Postings(Path(reader.storage().folder) / reader.segment().make_filename(EXTENSION))
