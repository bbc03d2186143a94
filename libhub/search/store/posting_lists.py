"""Posting lists as arrays in one file a segment, which every process maps: how they are gathered, written and read.

Whoosh's own format keeps postings in small compressed blocks, which cost a microsecond of Python a posting to read
and several to write. Here the terms of a segment are gathered as numbers (:class:`PostingLists`), put in order by numpy
when the segment is closed, and read without copying (:class:`Postings`).

The file: 16 bytes (mark, length of the header), the header in JSON, then the arrays named in it, each at a multiple
of 16 bytes. Terms are in the order of their UTF-8 bytes; ``hashes`` are their BLAKE2b-64 in order and ``ranks`` says
which term each belongs to. Another order, type or name needs another ``FORMAT`` of the index.
"""

import json
import mmap
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from math import isqrt
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

EXTENSION: Final = ".lists"
_MARK: Final = b"LHLISTS1"
_ALIGNMENT: Final = 16
_MOST: Final = 255
"""A word that stands more often in one document counts as if it stood so often."""

Numbers: TypeAlias = NDArray[np.int32]
Counts: TypeAlias = NDArray[np.uint8]
Arrays: TypeAlias = dict[str, NDArray[Any]]
"""The arrays of a field by their names."""
Related: TypeAlias = Mapping[str, tuple[str, Callable[[str], Iterable[str]]]]
"""Fields made from another one: name → (the other field, a function from one of its terms to the terms of the new one).

Their postings are places in the order of the other field's terms.
"""
NOTHING: Final = (np.empty(0, np.int32), np.empty(0, np.uint8))


@lru_cache(10_000)
def digest(term: str) -> int:
    """Return the number under which a term is looked up: the same in every process, unlike ``hash()``."""
    return int.from_bytes(blake2b(term.encode("utf-8"), digest_size=8).digest(), "little")


# -- writing -------------------------------------------------------------------------------------------


class _Field:
    """The postings of one field in the order in which they came: term number and document, once for each time."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}
        self.term, self.document = array("I"), array("I")

    def numbers(self, terms: Iterable[str]) -> list[int]:
        known = self.known
        return [known.setdefault(term, len(known)) for term in terms]

    def add(self, document: int, terms: Sequence[str]) -> None:
        self.term.extend(self.numbers(terms))
        self.document.extend([document] * len(terms))

    def ordered(self) -> tuple[list[bytes], Arrays]:
        """Return the terms in their order, and the arrays."""
        encoded = [term.encode("utf-8") for term in self.known]
        order = sorted(range(len(encoded)), key=encoded.__getitem__)
        places = np.empty(len(encoded), np.uint32)
        places[order] = np.arange(len(encoded), dtype=np.uint32)
        terms = [encoded[number] for number in order]
        term, document = np.frombuffer(self.term, np.uint32), np.frombuffer(self.document, np.uint32)
        return terms, _arrays(terms, places[term], document)


class PostingLists:
    """The terms of a segment that is being written; documents are numbered as they come."""

    def __init__(self, related: Related) -> None:
        self._related = related
        self._fields: dict[str, _Field] = {}
        self.documents = 0

    def _field(self, name: str) -> _Field:
        return self._fields.setdefault(name, _Field())

    def add_document(self, terms: Mapping[str, Sequence[str]]) -> None:
        """Take the terms of the next document by field, each as often as it stands there."""
        for name, some in terms.items():
            if some:
                self._field(name).add(self.documents, some)
        self.documents += 1

    def add_segment(self, postings: "Postings", alive: NDArray[np.bool_]) -> None:
        """Take what another segment has of its living documents, as the next ones.

        They keep their order: the pieces of a file are known to be of the item before them. Terms that only deleted ones had
        are left behind.
        """
        numbers = np.where(alive, self.documents + np.cumsum(alive) - 1, -1)
        for name in postings.names:
            if name in self._related:
                continue
            field = self._field(name)
            term, document, counts = postings.everything(name)
            new = numbers[document]
            term, new, counts = term[new >= 0], new[new >= 0], counts[new >= 0]
            terms, used = list(postings.terms(name)), np.unique(term)
            known = np.zeros(len(terms), np.uint32)
            known[used] = field.numbers([terms[each] for each in used.tolist()])
            field.term.frombytes(np.repeat(known[term], counts).tobytes())
            field.document.frombytes(np.repeat(new, counts).astype(np.uint32).tobytes())
        self.documents += int(np.count_nonzero(alive))

    def write(self, file: BinaryIO) -> None:
        """Write everything into a new file."""
        ordered = {name: field.ordered() for name, field in self._fields.items()}
        fields = {name: arrays for name, (_terms, arrays) in ordered.items()}
        for name, (other, relate) in self._related.items():
            made = _Field()
            for place, term in enumerate(ordered[other][0] if other in ordered else ()):
                made.add(place, list(relate(term.decode("utf-8"))))
            fields[name] = made.ordered()[1]
        _write(file, fields)


def _arrays(terms: list[bytes], term: NDArray[Any], document: NDArray[Any]) -> Arrays:
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


def _write(file: BinaryIO, fields: Mapping[str, Arrays]) -> None:
    places: dict[str, dict[str, tuple[str, int, int]]] = {}
    position = 0
    for name, arrays in fields.items():
        places[name] = {}
        for part, values in arrays.items():
            places[name][part] = (values.dtype.str, position, len(values))
            position += -(-values.nbytes // _ALIGNMENT) * _ALIGNMENT
    header = json.dumps({"size": position, "fields": places}).encode("ascii")
    header += b" " * (-len(header) % _ALIGNMENT)
    file.write(_MARK + len(header).to_bytes(8, "little") + header)
    for arrays in fields.values():
        for values in arrays.values():
            file.write(values.tobytes() + b"\0" * (-values.nbytes % _ALIGNMENT))


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
