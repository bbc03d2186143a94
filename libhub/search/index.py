"""The index on disk and the search in it: the only module that knows Whoosh.

Whoosh stores: terms, posting lists, deletions, atomic commits. The arithmetic of a query is done here with
numpy over whole posting lists, because a scoring loop in Python costs microseconds per posting. A segment
never changes except by deletions, so what was read of it stays valid for the life of the process.

Layout: ``index/<name>/`` is one index, ``index/CURRENT`` names the one in force. A rebuild writes a new folder
and then replaces ``CURRENT``, so that readers go on with the old one until the new one is complete.
"""

import logging
import os
import re
import shutil
import threading
import uuid
import weakref
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray
from whoosh import fields as whoosh_fields
from whoosh import index as whoosh_index
from whoosh.analysis.tokenizers import RegexTokenizer
from whoosh.columns import VarBytesColumn
from whoosh.matching.wrappers import FilterMatcher

from libhub.errors import LibHubError
from libhub.i18n import gettext as _
from libhub.search import russian
from libhub.search.beginnings import Beginnings, Shelf
from libhub.search.documents import Document, ItemRef

logger = logging.getLogger(__name__)

FORMAT: Final = "7"
"""Part of every index folder's name: another number makes the hub rebuild the index."""
ITEM_FACET: Final = "item"
"""The facet whose values are plugin and kind of an item."""
SEPARATOR: Final = "\x1f"
_POSITION_UID: Final = "~position"
_DAMAGE_MARK: Final = "DAMAGED"
_VALUES_LOOKED_AT: Final = 200
_CACHE_BYTES: Final = 48 * 1024 * 1024

# Ranking, see docs/search.md.
K1: Final = 1.0
B: Final = 0.2
TITLE_BONUS: Final = 0.3
FORM_BONUS: Final = 0.2
PAIR_BONUS: Final = 0.3
COVERAGE_SHARE: Final = 0.5
MAX_PHRASE_DOCUMENTS: Final = 2000
"""Texts looked into for a phrase, in every segment; at 50 µs each."""
MIN_COVERAGE: Final = 0.55

Mask: TypeAlias = NDArray[np.bool_]
_T = TypeVar("_T")
Scores: TypeAlias = NDArray[np.float32]


class IndexUnavailable(LibHubError):
    """The index is damaged or missing; it is being rebuilt."""

    def __init__(self) -> None:
        super().__init__(_("The search index is being rebuilt. Try again in a minute."))


@dataclass(frozen=True)
class QueryWord:
    """A word of a query: its terms are alternatives of which the best one counts.

    ``optional`` words (prepositions) only add to the score. ``phrases`` are further alternatives: each is
    several words, all of which have to be in the document, and each word is the terms that it may have.
    """

    form: str
    terms: tuple[str, ...]
    optional: bool = False
    phrases: tuple[tuple[tuple[str, ...], ...], ...] = ()

    @property
    def every_term(self) -> frozenset[str]:
        """The terms that may be why a document was found."""
        return frozenset(self.terms).union(*(terms for phrase in self.phrases for terms in phrase))


@dataclass(frozen=True)
class PhraseWord:
    """A word in quotes: its terms, and the forms in which it may stand in a text."""

    terms: tuple[str, ...]
    forms: frozenset[str]
    optional: bool = False


Phrase: TypeAlias = tuple[PhraseWord, ...]
"""Words directly one after the other."""


@dataclass(frozen=True)
class Scope:
    """What may be found at all: plugins that are on, labels of the viewer, age marks the viewer may see."""

    plugins: frozenset[str]
    labels: frozenset[str]
    ages: frozenset[int]


@dataclass(frozen=True)
class Query:
    """What to look for. Without words everything in scope is listed by title order of the index."""

    words: tuple[QueryWord, ...]
    scope: Scope
    facets: Mapping[str, frozenset[str]] = field(default_factory=dict)
    facet_names: tuple[str, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    left_out: tuple[Phrase, ...] = ()
    offset: int = 0
    limit: int = 20


@dataclass(frozen=True)
class Hit:
    """One found item with the text stored for its snippet."""

    ref: ItemRef
    title: str
    text: str
    score: float


@dataclass(frozen=True)
class Title:
    """An item by its title alone."""

    ref: ItemRef
    text: str


@dataclass(frozen=True)
class Answer:
    """Hits of the page asked for, how many there are in all, and counts by facet and value."""

    total: int
    hits: list[Hit]
    facets: dict[str, dict[str, int]]


@dataclass(frozen=True)
class _Postings:
    docs: NDArray[np.int32]
    weights: Scores

    @property
    def size(self) -> int:
        return self.docs.nbytes + self.weights.nbytes + 200


_NO_POSTINGS = _Postings(np.empty(0, np.int32), np.empty(0, np.float32))


class _Cache:
    """Least recently used values up to a number of bytes, shared by the threads of a worker."""

    def __init__(self, limit: int) -> None:
        self._limit, self._used, self._lock = limit, 0, threading.Lock()
        self._values: OrderedDict[Any, tuple[Any, int]] = OrderedDict()

    def get(self, key: Any, make: Callable[[], Any], size: Callable[[Any], int]) -> Any:
        """Return the value of ``key``, made now if it is not at hand."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key][0]
        value = make()
        with self._lock:
            if key not in self._values:
                self._values[key] = (value, size(value))
                self._used += size(value)
            while self._used > self._limit:
                _key, (_value, freed) = self._values.popitem(last=False)
                self._used -= freed
        return value


def _schema() -> whoosh_fields.Schema:
    values = RegexTokenizer(rf"[^{SEPARATOR}]+")
    return whoosh_fields.Schema(
        uid=whoosh_fields.ID(unique=True, stored=True),
        plugin=whoosh_fields.ID(),
        age=whoosh_fields.ID(),
        audience=whoosh_fields.KEYWORD(analyzer=values),
        facet=whoosh_fields.KEYWORD(analyzer=values),
        text=whoosh_fields.KEYWORD(scorable=True),
        form=whoosh_fields.KEYWORD(),
        title=whoosh_fields.KEYWORD(),
        pair=whoosh_fields.KEYWORD(),
        name=whoosh_fields.COLUMN(VarBytesColumn()),  # type: ignore[no-untyped-call]
        data=whoosh_fields.STORED(),
    )


def _fields(document: Document) -> dict[str, Any]:
    title, text = russian.clean(document.title), russian.clean(document.text)
    facets = {
        **document.facets,
        "section": [document.ref.plugin],
        "age": [str(document.age)],
        ITEM_FACET: [f"{document.ref.plugin}/{document.ref.kind}"],
    }
    title_forms = [word.form for word in russian.words(title)]
    searched = f"{text}\n{russian.clean(document.keywords)}"
    forms = title_forms + [word.form for word in russian.words(searched)]
    return {
        "uid": document.ref.uid,
        "plugin": document.ref.plugin,
        "age": str(document.age),
        "audience": SEPARATOR.join(sorted(document.audience)),
        "facet": SEPARATOR.join(f"{name}={value}" for name, values in facets.items() for value in values),
        "text": " ".join(term for form in forms for term in russian.lemmas(form)),
        "form": " ".join(sorted(set(forms))),
        "pair": " ".join(pairs(forms)),
        "title": " ".join(term for form in title_forms for term in russian.lemmas(form)),
        "name": title.encode("utf-8"),
        "data": {"title": title, "text": text},
    }


def pairs(forms: Iterable[str]) -> list[str]:
    """Return a term for every two neighbours of a text, function words left out: how near words stand."""
    heads = [russian.lemmas(form)[0] for form in forms if not russian.is_function_word(form)]
    return [f"{first}_{second}" for first, second in pairwise(heads)]


def _pattern(phrase: Phrase) -> re.Pattern[str]:
    """Return what a folded text with these words, in any form and one after the other, matches."""
    words = ("(?:" + "|".join(map(re.escape, sorted(word.forms))) + ")" for word in phrase)
    return re.compile(r"(?<![^\W_])" + r"[\W_]+".join(words) + r"(?![^\W_])")


class Writer:
    """Fills one index folder. The caller holds the indexer's lock.

    :param new: make the index. An existing one that cannot be opened is damaged: an empty one in its
        place would hide that.
    """

    def __init__(self, folder: Path, *, new: bool = False) -> None:
        self._index = _create(folder) if new else _open(folder)

    def position(self) -> int:
        """Return the number of the last outbox row that this index contains."""
        with self._index.searcher() as searcher:
            row = searcher.document(uid=_POSITION_UID)
        return int(row["data"]) if row else 0

    def uids(self) -> set[str]:
        """Return the addresses of everything in the index."""
        with self._index.reader() as reader:
            return {row["uid"] for _number, row in reader.iter_docs()} - {_POSITION_UID}

    def write(
        self, documents: Iterable[Document], removed: Iterable[str], position: int, *, fresh: bool = False
    ) -> None:
        """Add or replace documents, remove others and move the position, all in one atomic commit.

        :param fresh: the documents are known not to be in the index yet: none is looked up.
        """
        some = list(documents)
        # Looking up first what is to be replaced is much cheaper than update_document() for each.
        replaced = (
            [_POSITION_UID] if fresh else [*removed, *(document.ref.uid for document in some), _POSITION_UID]
        )
        with self._index.reader() as reader:
            present = [uid for uid in replaced if ("uid", uid) in reader]
        writer = self._index.writer(limitmb=128, compound=False)  # a compound file is copied into memory
        try:
            for uid in present:
                writer.delete_by_term("uid", uid)
            for document in some:
                writer.add_document(**_fields(document))
            writer.add_document(uid=_POSITION_UID, data=position)
            writer.commit()
        except BaseException:
            if not writer.is_closed:
                writer.cancel()
            raise

    def close(self) -> None:
        """Release the files."""
        self._index.close()


def _create(folder: Path) -> Any:
    folder.mkdir(parents=True, exist_ok=True)
    return whoosh_index.create_in(str(folder), _schema())


def _open(folder: Path) -> Any:
    return whoosh_index.open_dir(str(folder))


class SearchIndex:
    """The index of an instance, as every process that reads or writes it sees it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._cache = _Cache(_CACHE_BYTES)
        self._shelf = Shelf()
        self._lock = threading.Lock()
        self._snapshot: _Snapshot | None = None

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
        return self._read(lambda snapshot: snapshot.answer(query))

    def terms_with_prefix(self, prefix: str, limit: int) -> list[str]:
        """Return terms of texts that begin with ``prefix``."""
        return self._read(lambda snapshot: snapshot.expand(prefix, limit))

    def known_terms(self, name: str, terms: Collection[str]) -> list[str]:
        """Return those of ``terms`` that a field has anywhere, hidden documents included.

        Cheap, for thousands of guesses. Nothing may be told to a visitor before :meth:`count_visible`.
        """
        return self._read(lambda snapshot: snapshot.known_terms(name, terms))

    def count_visible(self, name: str, words: Sequence[Collection[str]], scope: Scope) -> list[int]:
        """Return for every word, given as alternative terms, in how many documents of the scope it is."""
        return self._read(lambda snapshot: snapshot.count_visible(name, words, scope))

    def totals(self, queries: Sequence[Query]) -> list[int]:
        """Count the hits of several queries, all of the same committed state."""
        return self._read(lambda snapshot: [snapshot.total(query) for query in queries])

    def contains(self, words: Sequence[QueryWord], scope: Scope) -> bool:
        """Say whether some item in scope contains all of these words, the optional ones aside."""
        return self._read(lambda snapshot: snapshot.contains(words, scope))

    def titles(
        self, beginnings: Sequence[str], scope: Scope, limit: int, *, typos: bool = False
    ) -> list[Title]:
        """Return items in scope whose titles have words with these beginnings, the best ones first."""
        return self._read(lambda snapshot: snapshot.titles(beginnings, scope, limit, typos=typos))

    def facet_values(
        self, name: str, beginnings: Sequence[str], scope: Scope, limit: int, *, typos: bool = False
    ) -> list[str]:
        """Return values of a facet, of items in scope, that have words with these beginnings."""
        return self._read(lambda snapshot: snapshot.facet_values(name, beginnings, scope, limit, typos=typos))

    def _read(self, ask: "Callable[[_Snapshot], _T]") -> _T:
        folder = self.current_folder()
        try:
            return ask(self._newest())
        except IndexUnavailable:
            raise
        except Exception as error:
            if self.current_folder() != folder:  # it was replaced, and deleted, just now
                return self._read(ask)
            # Whatever a damaged file makes Whoosh raise, the remedy is the same.
            self.report_damage(error)
            raise IndexUnavailable from error

    def _newest(self) -> "_Snapshot":
        folder = self.current_folder()
        if folder is None:
            raise IndexUnavailable
        with self._lock:
            held = self._snapshot
            if held is None or held.folder != folder:
                held = _Snapshot(folder, _open(folder), self._cache, self._shelf)
            elif not held.is_newest():
                held = _Snapshot(folder, held.index, self._cache, self._shelf)
            self._snapshot = held
            return held


class _Snapshot:
    """One committed state of the index. Threads that still use an older one keep it alive."""

    def __init__(self, folder: Path, index: Any, cache: _Cache, shelf: Shelf) -> None:
        self.folder, self.index = folder, index
        self._reader = index.reader()
        weakref.finalize(self, self._reader.close)  # when the last thread that uses it is done
        self._generation = self._reader.generation()
        self._segments = [
            _Segment(reader, cache, shelf)
            for reader, _offset in self._reader.leaf_readers()
            if reader.doc_count_all()
        ]
        here = {segment.disk.segment_id for segment in self._segments}
        shelf.keep_only(lambda key: key[0] in here)
        self._documents = sum(segment.size for segment in self._segments)
        total = sum(float(segment.lengths.sum()) for segment in self._segments)
        self._mean_length = total / self._documents if self._documents else 1.0

    def is_newest(self) -> bool:
        return bool(self.index.latest_generation() == self._generation)

    def expand(self, prefix: str, limit: int) -> list[str]:
        found: set[str] = set()
        for segment in self._segments:
            found.update(segment.disk.terms("form", prefix, limit * 4))
        return sorted(found, key=lambda term: (len(term), term))[:limit]

    def known_terms(self, name: str, terms: Collection[str]) -> list[str]:
        ordered = list(terms)
        hashes = np.fromiter(map(hash, ordered), np.int64, len(ordered))
        known = np.zeros(len(ordered), np.bool_)
        for segment in self._segments:
            known |= segment.has_hashes(name, hashes)
        return [ordered[place] for place in np.flatnonzero(known)]

    def count_visible(self, name: str, words: Sequence[Collection[str]], scope: Scope) -> list[int]:
        counts = [0] * len(words)
        for segment in self._segments:
            visible = segment.visible(scope)
            for place, terms in enumerate(words):
                held = [segment.postings(name, term).docs for term in terms]
                if len(held) == 1:
                    counts[place] += int(np.count_nonzero(visible[held[0]]))
                else:
                    counts[place] += int(np.count_nonzero(visible & segment.any_of(name, terms)))
        return counts

    def total(self, query: Query) -> int:
        visible = [segment.narrowed(query) for segment in self._segments]
        _scores, matching = self._match(query.words, visible)
        return sum(
            int(np.count_nonzero(mask & segment.facet_mask(query.facets)))
            for segment, mask in zip(self._segments, matching, strict=True)
        )

    def contains(self, words: Sequence[QueryWord], scope: Scope) -> bool:
        needed = [word for word in words if not word.optional]
        for segment in self._segments:
            mask = segment.visible(scope)
            for word in needed:
                mask &= segment.word_column("text", word) > 0
            if mask.any():
                return bool(needed)
        return False

    def titles(self, beginnings: Sequence[str], scope: Scope, limit: int, *, typos: bool) -> list[Title]:
        # Equal titles are one suggestion; some more are looked at for those that fall away.
        found = [
            (*rank, number)
            for number, segment in enumerate(self._segments)
            for rank in segment.titles.find(beginnings, segment.visible(scope), limit=limit * 4, typos=typos)
        ]
        titles: dict[str, Title] = {}
        for _not_leading, _length, document, number in sorted(found):
            hit = self._segments[number].hit(document, 0)
            titles.setdefault(russian.fold(hit.title), Title(hit.ref, hit.title))
            if len(titles) == limit:
                break
        return list(titles.values())

    def facet_values(
        self, name: str, beginnings: Sequence[str], scope: Scope, limit: int, *, typos: bool
    ) -> list[str]:
        counts: dict[str, int] = {}
        for segment in self._segments:
            visible, values = segment.visible(scope), segment.facet_values(name)
            for *_rank, number in segment.value_beginnings(name).find(
                beginnings, limit=_VALUES_LOOKED_AT, typos=typos
            ):
                docs = segment.postings("facet", f"{name}={values[number]}").docs
                if seen := int(np.count_nonzero(visible[docs])):
                    counts[values[number]] = counts.get(values[number], 0) + seen
        return sorted(counts, key=lambda value: (-counts[value], value))[:limit]

    def answer(self, query: Query) -> Answer:
        visible = [segment.narrowed(query) for segment in self._segments]
        scores, matching = self._match(query.words, visible)
        chosen = [
            mask & segment.facet_mask(query.facets)
            for segment, mask in zip(self._segments, matching, strict=True)
        ]
        total = sum(int(np.count_nonzero(mask)) for mask in chosen)
        facets = {name: self._count(name, query.facets, matching) for name in query.facet_names}
        hits = [
            self._segments[number].hit(document, score)
            for number, document, score in self._best(scores, chosen, query.offset, query.limit)
        ]
        return Answer(total, hits, facets)

    def _match(self, words: Sequence[QueryWord], visible: list[Mask]) -> tuple[list[Scores], list[Mask]]:
        """Score every document of every segment and say which of the visible ones count as found.

        A document counts when the words in it carry at least MIN_COVERAGE of the weight that the best
        covered visible document carries.
        """
        scores = [np.zeros(segment.size, np.float32) for segment in self._segments]
        if not words:
            return scores, visible
        covered = [np.zeros(segment.size, np.float32) for segment in self._segments]
        for word in words:
            columns = [segment.word_column("text", word) for segment in self._segments]
            frequency = sum(int(np.count_nonzero(column)) for column in columns)
            if not frequency:
                continue
            weight = np.float32(np.log1p((self._documents - frequency + 0.5) / (frequency + 0.5)))
            for number, (segment, column) in enumerate(zip(self._segments, columns, strict=True)):
                norm = K1 * (1 - B + B * segment.lengths / self._mean_length)
                score = column * (K1 + 1) / (column + norm)
                score[segment.postings("form", word.form).docs] += FORM_BONUS
                for term in word.terms:
                    titled = segment.postings("title", term).docs
                    score[titled] += TITLE_BONUS
                scores[number] += weight * score
                if not word.optional:
                    covered[number] += weight * (column > 0)
        self._add_nearness(words, scores)
        best = max(
            (float(part[mask].max(initial=0)) for part, mask in zip(covered, visible, strict=True)), default=0
        )
        if best <= 0:
            return scores, [np.zeros(len(mask), np.bool_) for mask in visible]
        for number, part in enumerate(covered):
            scores[number] *= 1 - COVERAGE_SHARE + COVERAGE_SHARE * part / best
        return scores, [
            mask & (part >= MIN_COVERAGE * best) for part, mask in zip(covered, visible, strict=True)
        ]

    def _add_nearness(self, words: Sequence[QueryWord], scores: list[Scores]) -> None:
        """Raise documents in which neighbours of the query stand beside each other, rare pairs more."""
        for pair in pairs(word.form for word in words):
            found = [segment.postings("pair", pair).docs for segment in self._segments]
            frequency = sum(len(docs) for docs in found)
            weight = PAIR_BONUS * np.log1p(self._documents / (frequency + 1))
            for score, docs in zip(scores, found, strict=True):
                score[docs] += weight

    def _count(
        self, name: str, filters: Mapping[str, frozenset[str]], matching: list[Mask]
    ) -> dict[str, int]:
        """Count the values of one facet among the hits that the *other* facets leave."""
        others = {other: values for other, values in filters.items() if other != name}
        counts: dict[str, int] = {}
        for segment, mask in zip(self._segments, matching, strict=True):
            left = mask & segment.facet_mask(others)
            for value in segment.facet_values(name):
                number = int(np.count_nonzero(left[segment.postings("facet", f"{name}={value}").docs]))
                if number:
                    counts[value] = counts.get(value, 0) + number
        return counts

    @staticmethod
    def _best(
        scores: list[Scores], chosen: list[Mask], offset: int, limit: int
    ) -> Iterator[tuple[int, int, float]]:
        """Yield segment, document and score of the places ``offset`` to ``offset + limit``, best first."""
        if not scores:
            return
        numbers = [np.flatnonzero(mask) for mask in chosen]
        segment_of = np.concatenate([np.full(len(part), number) for number, part in enumerate(numbers)])
        document = np.concatenate(numbers)
        score = np.concatenate([part[number] for part, number in zip(scores, numbers, strict=True)])
        for place in np.lexsort((document, segment_of, -score))[offset : offset + limit]:
            yield int(segment_of[place]), int(document[place]), float(score[place])


class _Disk:
    """What is read of a segment's files, one thread at a time: Whoosh's reader moves one position in each file."""

    def __init__(self, reader: Any) -> None:
        self._reader, self._lock = reader, threading.Lock()
        self.segment_id = str(reader.segment().segment_id())
        self.size = int(reader.doc_count_all())
        self.deleted = list(reader.segment().deleted_docs())

    def lengths(self) -> Scores:
        """Return how many terms each document's text has."""
        # Whoosh answers None for a document without the field, such as the one that keeps the position:
        # as a number that would be NaN, and make every score of the segment NaN.
        length = self._reader.doc_field_length
        with self._lock:
            lengths = [length(number, "text", 0) or 0 for number in range(self.size)]
        return np.array(lengths, np.float32)

    def postings(self, name: str, term: str) -> _Postings:
        """Return documents and weights of a term."""
        docs: list[int] = []
        weights: list[float] = []
        with self._lock:
            if (name, term) not in self._reader:
                return _NO_POSTINGS
            matcher = self._reader.postings(name, term)
            if isinstance(
                matcher, FilterMatcher
            ):  # that leaves out what was deleted: the masks do it at once
                matcher = matcher.child
            while matcher.is_active():
                docs.append(matcher.id())
                weights.append(matcher.weight())
                matcher.next()
        return _Postings(np.array(docs, np.int32), np.array(weights, np.float32))

    def terms(self, name: str, prefix: str = "", limit: int | None = None) -> list[str]:
        """Return the terms of a field that begin with ``prefix``, in order."""
        with self._lock:
            if name not in self._reader.indexed_field_names():
                return []
            found = islice(self._reader.expand_prefix(name, prefix), limit)
            return [term.decode("utf-8") for term in found]

    def titles(self) -> list[str]:
        """Return the title of every document, empty for one that has none."""
        with self._lock:
            column = self._reader.column_reader("name")
            return [column[number].decode("utf-8") for number in range(self.size)]

    def stored(self, document: int) -> dict[str, Any]:
        """Return a document as it was stored."""
        with self._lock:
            row: dict[str, Any] = self._reader.stored_fields(document)
        return row


class _Segment:
    """One segment: posting lists and masks as arrays, read once and shared between snapshots."""

    def __init__(self, reader: Any, cache: _Cache, shelf: Shelf) -> None:
        self.disk, self._cache, self._shelf = _Disk(reader), cache, shelf
        self.size = self.disk.size
        self._alive: Mask = np.ones(self.size, np.bool_)
        self._alive[self.disk.deleted] = False
        self.lengths = self._cached(("lengths",), self.disk.lengths, lambda array: array.nbytes)

    def _cached(self, key: tuple[Any, ...], make: Callable[[], Any], size: Callable[[Any], int]) -> Any:
        return self._cache.get((self.disk.segment_id, *key), make, size)

    def postings(self, name: str, term: str) -> _Postings:
        """Return documents and weights of a term, those deleted since included (the masks leave them out)."""
        found = self._cached((name, term), lambda: self.disk.postings(name, term), lambda value: value.size)
        assert isinstance(found, _Postings)
        return found

    def has_hashes(self, name: str, hashes: NDArray[np.int64]) -> Mask:
        """Say of every hash whether a field has a term with it. Eight bytes a term instead of the terms."""

        def read() -> NDArray[np.int64]:
            return np.sort(np.fromiter(map(hash, self.disk.terms(name)), np.int64))

        known: NDArray[np.int64] = self._cached(("hashes", name), read, lambda array: array.nbytes)
        if not len(known):
            return np.zeros(len(hashes), np.bool_)
        places = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
        found: Mask = known[places] == hashes
        return found

    def column(self, name: str, terms: Iterable[str]) -> Scores:
        """Return for every document how often it has the most frequent of the alternative terms."""
        column = np.zeros(self.size, np.float32)
        for term in terms:
            found = self.postings(name, term)
            column[found.docs] = np.maximum(column[found.docs], found.weights)
        return column

    def word_column(self, name: str, word: QueryWord) -> Scores:
        """Return for every document how often it has the most frequent alternative of a word."""
        column = self.column(name, word.terms)
        for phrase in word.phrases:
            found = [self.column(name, terms) for terms in phrase]
            column = np.maximum(column, np.minimum.reduce(found))
        return column

    def any_of(self, name: str, terms: Iterable[str]) -> Mask:
        mask: Mask = np.zeros(self.size, np.bool_)
        for term in terms:
            mask[self.postings(name, term).docs] = True
        return mask

    def visible(self, scope: Scope) -> Mask:
        """Return the documents that this viewer may find now."""
        allowed: Mask = self._cached(
            ("scope", scope),
            lambda: (
                self.any_of("audience", scope.labels)
                & self.any_of("plugin", scope.plugins)
                & self.any_of("age", map(str, scope.ages))
            ),
            lambda mask: int(mask.nbytes),
        )
        return allowed & self._alive

    def narrowed(self, query: Query) -> Mask:
        """Return the visible documents that have every phrase of the query and nothing that it leaves out."""
        mask = self.visible(query.scope)
        for phrase in query.phrases:
            mask = mask & self._phrase_mask(phrase, query.scope)
        for phrase in query.left_out:
            mask = mask & ~self._phrase_mask(phrase, query.scope)
        return mask

    def _phrase_mask(self, phrase: Phrase, scope: Scope) -> Mask:
        if len(phrase) == 1:
            return self.any_of("text", phrase[0].terms)
        found: Mask = self._cached(
            ("phrase", phrase, scope), lambda: self._read_phrase(phrase, scope), lambda mask: int(mask.nbytes)
        )
        return found

    def _read_phrase(self, phrase: Phrase, scope: Scope) -> Mask:
        """Look into the stored texts of documents that have all words; first where pairs of them are together."""
        possible = self.visible(scope)
        for word in phrase:
            possible = possible & self.any_of("text", word.terms)
        together = np.ones(self.size, np.bool_)
        for first, second in pairwise([word for word in phrase if not word.optional]):
            together &= self.any_of("pair", (f"{one}_{two}" for one in first.terms for two in second.terms))
        likeliest = np.flatnonzero(possible & together)
        others = np.flatnonzero(possible & ~together)
        pattern = _pattern(phrase)
        mask = np.zeros(self.size, np.bool_)
        for document in np.concatenate((likeliest, others))[:MAX_PHRASE_DOCUMENTS]:
            stored = self.disk.stored(int(document))["data"]
            texts = (russian.fold(stored[part]) for part in ("title", "text"))
            mask[document] = any(pattern.search(text) for text in texts)
        return mask

    def facet_mask(self, filters: Mapping[str, frozenset[str]]) -> Mask:
        """Return the documents that have one of the values of every facet filtered by."""
        mask: Mask = np.ones(self.size, np.bool_)
        for name, values in filters.items():
            mask &= self.any_of("facet", (f"{name}={value}" for value in values))
        return mask

    def facet_values(self, name: str) -> list[str]:
        """Return the values of a facet that occur in this segment."""

        def read() -> list[str]:
            return [term.partition("=")[2] for term in self.disk.terms("facet", f"{name}=")]

        values: list[str] = self._cached(("values", name), read, lambda found: 100 * len(found) + 100)
        return values

    @property
    def titles(self) -> Beginnings:
        """The titles of all documents, those deleted since included."""
        return self._shelf.get((self.disk.segment_id, "titles"), lambda: Beginnings(self.disk.titles()))

    def value_beginnings(self, name: str) -> Beginnings:
        """The values of a facet, in the order of :meth:`facet_values`."""
        return self._shelf.get(
            (self.disk.segment_id, "facet", name), lambda: Beginnings(self.facet_values(name))
        )

    def hit(self, document: int, score: float) -> Hit:
        """Return a document as it was stored."""
        row = self.disk.stored(document)
        return Hit(ItemRef.parse(row["uid"]), row["data"]["title"], row["data"]["text"], score)
