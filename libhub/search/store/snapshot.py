"""One committed state of the index: all segments as one row of documents, and what is known of each.

A document is a number from 0; the arrays here have one value for each. Segments never change except by deletions, so
what was made of one is kept for as long as it is in use, and a small commit costs little.

What is remembered here, and nowhere else in search: of a segment the map of its posting lists and the beginnings of its
titles (:class:`SegmentLists`, for as long as a state has the segment), of a state masks and joined lists
(:meth:`Snapshot.at_hand`, so many bytes of those used last, gone with the state). Neither can be stale. Answers are the
business of :func:`libhub.caching.remembering.remember`.
"""

import re
import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any, Final, Protocol, TypeAlias, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from libhub.search.documents import ItemRef, age_code
from libhub.search.language import russian
from libhub.search.queries import Hit, Phrase, QueryWord, Scope, Title
from libhub.search.store.beginnings import Beginnings
from libhub.search.store.entries import PIECE, Stored, unpacked
from libhub.search.store.posting_lists import NOTHING, Counts, Numbers, Postings, digest

MAX_PHRASE_DOCUMENTS: Final = 4000
"""Texts looked into for a phrase; at 15 µs each."""
_VALUES_LOOKED_AT: Final = 200
_AT_HAND_BYTES: Final = 6 * 1024 * 1024
"""Lists and masks at hand: a query looks several times at the same ones, and a class asks alike."""
_OVERHEAD: Final = 300
"""Bytes that whatever is at hand takes besides its arrays."""
_READ_LISTS: Final = 15
"""After so many lists the memory of the maps is given back: the system maps some hundreds of kilobytes for each."""

Mask: TypeAlias = NDArray[np.bool_]
_T = TypeVar("_T")


class Texts(Protocol):
    """A column of a segment: the bytes of every document."""

    def __getitem__(self, number: int) -> bytes:
        """Return what a document has."""


class SegmentLists:
    """What never changes of a segment, so that every state that has it shares it."""

    def __init__(self, postings: Postings) -> None:
        self.postings = postings
        self._lock = threading.Lock()
        self._titles: Beginnings | None = None

    def titles(self, read: Callable[[], Iterable[str]]) -> Beginnings:
        """Return the beginnings of the titles, read now if need be; threads that want them meanwhile wait."""
        with self._lock:
            if self._titles is None:
                self._titles = Beginnings(read())
            return self._titles


@dataclass(frozen=True)
class Segment:
    """A part of the index that was written at once: its posting lists, its columns, and who was deleted since."""

    start: int
    """The number of its first document."""
    alive: Mask
    """For each document whether it was not deleted."""
    lists: SegmentLists
    columns: Mapping[str, Texts]

    @property
    def postings(self) -> Postings:
        """Its posting lists."""
        return self.lists.postings

    @property
    def size(self) -> int:
        """How many documents it has, those deleted since included."""
        return len(self.alive)


class Snapshot:
    """A committed state. It never changes, and threads share it."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments
        self._starts = [segment.start for segment in segments]
        self.size = sum(segment.size for segment in segments)
        self._lock = threading.Lock()
        self._at_hand: OrderedDict[Hashable, Any] = OrderedDict()
        self._bytes = 0
        self._read = 0
        self._alive = _joined([segment.alive for segment in segments], np.bool_)
        self.lengths = _joined(
            [segment.postings.lengths("text", segment.size) for segment in segments], np.float32
        )
        self.mean_length = float(self.lengths.mean()) or 1.0 if self.size else 1.0
        pieces = self.postings(PIECE, "1")[0]
        self.has_pieces = bool(len(pieces))
        heads: Mask = np.ones(self.size, np.bool_)
        heads[pieces] = False
        self._heads = heads
        # A piece is of the nearest item before it: entries are written, and merged, in that order.
        self.item_of = np.maximum.accumulate(np.where(heads, np.arange(self.size), 0), dtype=np.int64)
        """For each document the one that is its item: itself, unless it is a piece of a file."""
        self._let_go()  # the lengths were worked out from all there is

    def at_hand(self, key: Hashable, make: Callable[[], _T]) -> _T:
        """Return what was made of this state under a key, made now if it is not at hand. It is never changed."""
        with self._lock:
            held = self._at_hand.get(key)
            if held is not None:
                self._at_hand.move_to_end(key)
                return cast(_T, held)
        made = make()
        with self._lock:
            if key not in self._at_hand:  # another thread may have been as fast
                self._at_hand[key] = made
                self._bytes += _weight(made)
                while self._bytes > _AT_HAND_BYTES and len(self._at_hand) > 1:
                    self._bytes -= _weight(self._at_hand.popitem(last=False)[1])
        return made

    # -- terms -------------------------------------------------------------------------------------

    def postings(self, name: str, term: str) -> tuple[Numbers, Counts]:
        """Return the documents that have a term and how often each has it; those deleted since included."""
        return self.at_hand(("postings", name, term), lambda: self._read_postings(name, term))

    def _let_go(self) -> None:
        for segment in self._segments:
            segment.postings.let_go()

    def _read_postings(self, name: str, term: str) -> tuple[Numbers, Counts]:
        """Read the posting lists of a term of every segment as one."""
        self._read += 1
        if self._read % _READ_LISTS == 0:
            self._let_go()
        found = [
            (documents + np.int32(segment.start) if segment.start else documents, counts)
            for segment in self._segments
            for documents, counts in (segment.postings.find(name, term),)
            if len(documents)
        ]
        if not found:
            return NOTHING
        if len(found) == 1:
            return found[0]
        return np.concatenate([part for part, _counts in found]), np.concatenate([part for _d, part in found])

    def any_postings(self, name: str, terms: Collection[str]) -> tuple[Numbers, Counts]:
        """Return the documents that have one of several terms, and how often each has its most frequent one."""
        found = [part for part in (self.postings(name, term) for term in terms) if len(part[0])]
        if len(found) < 2:
            return found[0] if found else NOTHING
        documents = np.concatenate([part for part, _counts in found])
        counts = np.concatenate([part for _documents, part in found])
        order = np.argsort(documents, kind="stable")
        documents, counts = documents[order], counts[order]
        firsts = np.flatnonzero(np.concatenate(([True], documents[1:] != documents[:-1])))
        return documents[firsts], np.maximum.reduceat(counts, firsts)

    def word_postings(self, word: QueryWord) -> tuple[Numbers, Counts]:
        """Return the documents that have a word, by the most frequent of its alternatives."""
        documents, counts = self.any_postings("text", word.terms)
        if not word.phrases:
            return documents, counts
        column = np.zeros(self.size, np.uint8)
        column[documents] = counts
        for phrase in word.phrases:
            least = np.full(self.size, 255, np.uint8)
            for terms in phrase:
                one = np.zeros(self.size, np.uint8)
                held, often = self.any_postings("text", terms)
                one[held] = often
                least = np.minimum(least, one)
            column = np.maximum(column, least)
        documents = np.flatnonzero(column).astype(np.int32)
        return documents, column[documents]

    def mask(self, name: str, terms: Iterable[str]) -> Mask:
        """Return the documents that have one of several terms."""
        mask: Mask = np.zeros(self.size, np.bool_)
        for term in terms:
            mask[self.postings(name, term)[0]] = True
        return mask

    def expand(self, prefix: str, limit: int) -> list[str]:
        """Return words of texts that begin with ``prefix``, shortest first."""
        found: set[str] = set()
        for segment in self._segments:
            found.update(islice(segment.postings.terms("form", prefix), limit * 4))
        return sorted(found, key=lambda term: (len(term), term))[:limit]

    def known_terms(self, name: str, terms: Collection[str]) -> list[str]:
        """Return those of many terms that a field has anywhere."""
        ordered = list(terms)
        hashes = np.fromiter(map(digest, ordered), np.uint64, len(ordered))
        known = np.zeros(len(ordered), np.bool_)
        for segment in self._segments:
            known |= segment.postings.has(name, hashes)
        return [ordered[place] for place in np.flatnonzero(known)]

    def forms_of(self, terms: Iterable[str]) -> set[str]:
        """Return the words, as texts write them, that have one of these terms."""
        forms: set[str] = set()
        for term in terms:
            for segment in self._segments:
                ranks = segment.postings.find("lexeme", term)[0].tolist()
                forms.update(segment.postings.term("form", rank) for rank in ranks)
        return forms

    def count_visible(self, name: str, words: Sequence[Collection[str]], scope: Scope) -> list[int]:
        """Return for every word, as alternative terms, in how many documents of the scope it is."""
        visible = self.visible(scope)
        return [int(np.count_nonzero(visible[self.any_postings(name, terms)[0]])) for terms in words]

    # -- masks -------------------------------------------------------------------------------------

    def visible(self, scope: Scope) -> Mask:
        """Return the documents that this viewer may find now: the rights, and nothing that was deleted."""

        def read() -> Mask:
            items = (
                self.mask("audience", scope.labels)
                & self.mask("plugin", scope.plugins)
                & self.mask("age", map(age_code, scope.ages))
            )
            visible: Mask = self._of_items(items) & self._alive
            return visible

        return self.at_hand(("scope", scope), read)

    def _of_items(self, items: Mask) -> Mask:
        """Return the same for the pieces of files as for their items."""
        spread: Mask = items[self.item_of] if self.has_pieces else items
        return spread

    def items(self, documents: Mask) -> Mask:
        """Return the items to which some of these documents belong."""
        if not self.has_pieces:
            return documents
        mask: Mask = np.zeros(self.size, np.bool_)
        mask[self.item_of[documents]] = True
        return mask

    def with_phrases(self, scope: Scope, phrases: Iterable[Phrase], left_out: Iterable[Phrase]) -> Mask:
        """Return the visible documents that have every phrase and nothing of what is to be left out."""
        mask = self.visible(scope)
        for phrase in phrases:
            mask = mask & self._phrase(phrase, scope)
        for phrase in left_out:
            mask = mask & ~self._phrase(phrase, scope)
        return mask

    def _phrase(self, phrase: Phrase, scope: Scope) -> Mask:
        if len(phrase) == 1:
            return self.mask("text", phrase[0].terms)
        return self.at_hand(("phrase", phrase, scope), lambda: self._read_phrase(phrase, scope))

    def _read_phrase(self, phrase: Phrase, scope: Scope) -> Mask:
        """Look into the stored texts of documents that have all words; first where pairs of them are together."""
        possible = self.visible(scope)
        for word in phrase:
            possible = possible & self.mask("text", word.terms)
        together = np.ones(self.size, np.bool_)
        for first, second in pairwise([word for word in phrase if not word.optional]):
            together &= self.mask("pair", (f"{one}_{two}" for one in first.terms for two in second.terms))
        likeliest = np.flatnonzero(possible & together)
        others = np.flatnonzero(possible & ~together)
        pattern = _pattern(phrase)
        mask = np.zeros(self.size, np.bool_)
        for document in np.concatenate((likeliest, others))[:MAX_PHRASE_DOCUMENTS]:
            stored = self.stored(int(document))
            mask[document] = any(pattern.search(russian.fold(text)) for text in (stored.title, stored.text))
        return mask

    def facet_mask(self, filters: Mapping[str, frozenset[str]]) -> Mask:
        """Return the documents of items that have one of the values of every facet filtered by."""
        mask: Mask = np.ones(self.size, np.bool_)
        for name, values in filters.items():
            mask &= self.mask("facet", (f"{name}={value}" for value in values))
        return self._of_items(mask)

    # -- facets ------------------------------------------------------------------------------------

    def facet_values(self, name: str) -> list[str]:
        """Return the values of a facet that occur."""

        def read() -> list[str]:
            terms = {
                term for segment in self._segments for term in segment.postings.terms("facet", f"{name}=")
            }
            return sorted(term.partition("=")[2] for term in terms)

        return self.at_hand(("values", name), read)

    def count_values(self, name: str, items: Mask) -> dict[str, int]:
        """Count the values of a facet among items."""
        counts = {}
        number = int(np.count_nonzero(items))
        for value in self.facet_values(name) if number else ():
            of_value = self.at_hand(("facet", name, value), lambda: self._value(name, value))  # noqa: B023
            if of_value.dtype == np.bool_:
                counts[value] = int(np.count_nonzero(items & of_value))
            else:
                counts[value] = int(np.count_nonzero(items[of_value]))
        return {value: count for value, count in counts.items() if count}

    def _value(self, name: str, value: str) -> NDArray[Any]:
        """Return the items with a facet's value: as a mask where they are many, as numbers where they are few."""
        documents = self.postings("facet", f"{name}={value}")[0]
        return documents if len(documents) * 32 < self.size else self.mask("facet", [f"{name}={value}"])

    def facet_beginnings(
        self, name: str, beginnings: Sequence[str], scope: Scope, limit: int, *, typos: bool
    ) -> list[str]:
        """Return values of a facet, of items in scope, that have words with these beginnings."""
        values, visible = self.facet_values(name), self.visible(scope)
        shelf = self.at_hand(("beginnings", name), lambda: Beginnings(values))
        counts = {}
        for *_rank, number in shelf.find(beginnings, limit=_VALUES_LOOKED_AT, typos=typos):
            documents = self.postings("facet", f"{name}={values[number]}")[0]
            if seen := int(np.count_nonzero(visible[documents])):
                counts[values[number]] = seen
        return sorted(counts, key=lambda value: (-counts[value], value))[:limit]

    # -- documents ---------------------------------------------------------------------------------

    def stored(self, document: int) -> Stored:
        """Return the texts of a document."""
        segment = self._segments[bisect_right(self._starts, document) - 1]
        return unpacked(segment.columns["data"][document - segment.start])

    def hit(self, document: int, score: float) -> Hit:
        """Return a document as a result."""
        stored = self.stored(document)
        return Hit(ItemRef.parse(stored.uid), stored.title, stored.text, score, stored.part)

    def titles(self, beginnings: Sequence[str], scope: Scope, limit: int, *, typos: bool) -> list[Title]:
        """Return items in scope whose titles have words with these beginnings, the best ones first."""
        visible = self.visible(scope) & self._heads
        # Equal titles are one suggestion; some more are looked at for those that fall away.
        found = [
            (*rank[:-1], rank[-1] + segment.start)
            for segment in self._segments
            for rank in self._titles_of(segment).find(
                beginnings,
                visible[segment.start : segment.start + segment.size],
                limit=limit * 4,
                typos=typos,
            )
        ]
        titles: dict[str, Title] = {}
        for _not_leading, _length, document in sorted(found):
            hit = self.hit(document, 0)
            titles.setdefault(russian.fold(hit.title), Title(hit.ref, hit.title))
            if len(titles) == limit:
                break
        return list(titles.values())

    def _titles_of(self, segment: Segment) -> Beginnings:
        names = segment.columns["name"]
        return segment.lists.titles(lambda: (names[number].decode("utf-8") for number in range(segment.size)))


def _joined(parts: Sequence[NDArray[Any]], kind: type[np.generic]) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.zeros(0, kind)


def _weight(value: object) -> int:
    """Return about how many bytes something at hand takes."""
    if isinstance(value, tuple):
        return sum(map(_weight, value))
    return _OVERHEAD + (value.nbytes if isinstance(value, np.ndarray) else 0)


def _pattern(phrase: Phrase) -> re.Pattern[str]:
    """Return what a folded text with these words, in any form and one after the other, matches."""
    words = ("(?:" + "|".join(map(re.escape, sorted(word.forms))) + ")" for word in phrase)
    return re.compile(r"(?<![^\W_])" + r"[\W_]+".join(words) + r"(?![^\W_])")
