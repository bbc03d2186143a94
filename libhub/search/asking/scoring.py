"""Which documents answer a query and in what order; docs/search.md gives the reasons and figures.

The arithmetic runs over whole posting lists with numpy, because a loop in Python costs microseconds a posting.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from libhub.search.language import russian
from libhub.search.queries import Answer, Hit, Query, QueryWord, Scope
from libhub.search.store.entries import pairs
from libhub.search.store.posting_lists import Numbers
from libhub.search.store.snapshot import Mask, Snapshot

K1: Final = 1.0
B: Final = 0.2
TITLE_BONUS: Final = 0.6
FORM_BONUS: Final = 0.2
PAIR_BONUS: Final = 0.3
ROOT_SCORE: Final = 0.5
ROOT_COVERAGE: Final = 0.5
MOST_KIN: Final = 20
"""A beginning that more than one in so many documents has says nothing."""
COVERAGE_SHARE: Final = 0.5
MIN_COVERAGE: Final = 0.55
NEAR_COVERAGE: Final = 0.3
NEAREST: Final = 10
"""So many documents are shown where fewer have enough of the words: the nearest of the others follow."""

Scores: TypeAlias = NDArray[np.float32]
Kind: TypeAlias = Literal["word", "form", "title", "pair", "kin"]


@dataclass(frozen=True)
class Addition:
    """What one rule adds to the score of documents, and to the weight of the words that they have.

    ``of`` is the word, the pair or the beginning, ``idf`` its weight by how few documents have it.
    """

    kind: Kind
    of: str
    idf: float
    amount: float
    covers: float


@dataclass(frozen=True)
class Explained:
    """A hit with what its score consists of: the sum of the additions times ``factor``.

    ``coverage`` is the weight of the words that the document has, ``best`` that of the best covered visible document.
    """

    hit: Hit
    additions: tuple[Addition, ...]
    coverage: float
    best: float
    factor: float


class _Sums:
    """What every document has so far: its score, and the weight of the words in it.

    ``noted`` are all additions with the documents that they go to, where somebody asks for an explanation.
    """

    def __init__(self, size: int, *, noting: bool = False) -> None:
        self.scores: Scores = np.zeros(size, np.float32)
        self.covered: Scores = np.zeros(size, np.float32)
        self.best = 0.0
        self.noted: list[tuple[Kind, str, float, Numbers, NDArray[Any], float]] | None = (
            [] if noting else None
        )

    def add(
        self,
        kind: Kind,
        of: str,
        idf: float,
        documents: Numbers,
        amount: NDArray[Any] | float,
        covers: float = 0.0,
    ) -> None:
        """Add an amount to the scores of documents, and to their coverage what the word covers."""
        self.scores[documents] += amount
        if covers:
            self.covered[documents] += covers
        if self.noted is not None:
            self.noted.append((kind, of, idf, documents, np.broadcast_to(amount, documents.shape), covers))

    def weigh(self, visible: Mask) -> None:
        """Multiply the scores by what the coverage says, once everything was added."""
        self.best = float(np.max(self.covered, where=visible, initial=0))
        self.scores *= self.factor(self.covered)

    def factor(self, covered: Any) -> Any:
        """Return by what a score is multiplied, for the coverage of one document or of each."""
        return 1 - COVERAGE_SHARE + COVERAGE_SHARE / self.best * covered

    def of(self, document: int) -> tuple[Addition, ...]:
        """Return what was added to a document."""
        return tuple(
            Addition(kind, of, idf, float(amounts[place]), covers)
            for kind, of, idf, documents, amounts, covers in self.noted or ()
            for place in np.flatnonzero(documents == document)
        )


def explain(snapshot: Snapshot, query: Query) -> list[Explained]:
    """Return the hits of a query as :func:`answer` does, each with what its score consists of."""
    sums, matching = _match(snapshot, query.words, _searched(snapshot, query), noting=True)
    chosen = matching & snapshot.facet_mask(query.facets)
    return [
        Explained(
            snapshot.hit(document, score),
            sums.of(document),
            float(sums.covered[document]),
            sums.best,
            float(sums.factor(sums.covered[document])) if sums.best else 1.0,
        )
        for document, score in _best(snapshot, sums.scores, chosen, query.offset, query.limit)
    ]


def answer(snapshot: Snapshot, query: Query) -> Answer:
    """Return a page of hits, how many items there are in all, and the counts of the facets asked for."""
    sums, matching = _match(snapshot, query.words, _searched(snapshot, query))
    chosen = matching & snapshot.facet_mask(query.facets) if query.facets else matching
    items = snapshot.items(chosen)
    facets = {}
    for name in query.facet_names:
        others = {other: values for other, values in query.facets.items() if other != name}
        if len(others) == len(query.facets):
            left = items
        else:
            left = snapshot.items(matching & snapshot.facet_mask(others) if others else matching)
        facets[name] = snapshot.count_values(name, left)
    hits = [
        snapshot.hit(document, score)
        for document, score in _best(snapshot, sums.scores, chosen, query.offset, query.limit)
    ]
    return Answer(int(np.count_nonzero(items)), hits, facets, _forms(snapshot, query.words) if hits else {})


def _forms(snapshot: Snapshot, words: Sequence[QueryWord]) -> dict[str, int]:
    """Return the written forms of the words that find something, each with the bits of its words."""
    forms: dict[str, int] = {}
    for number, word in enumerate(word for word in words if not word.optional):
        for form in snapshot.forms_of(word.every_term):
            forms[form] = forms.get(form, 0) | 1 << number
    return forms


def total(snapshot: Snapshot, query: Query) -> int:
    """Return how many items answer a query."""
    _sums, matching = _match(snapshot, query.words, _searched(snapshot, query))
    return int(np.count_nonzero(snapshot.items(matching & snapshot.facet_mask(query.facets))))


def contains(snapshot: Snapshot, words: Sequence[QueryWord], scope: Scope) -> bool:
    """Say whether some document in scope contains all of these words, the optional ones aside."""
    needed = [word for word in words if not word.optional]
    mask = snapshot.visible(scope)
    for word in needed:
        held = np.zeros(snapshot.size, np.bool_)
        held[snapshot.word_postings(word)[0]] = True
        mask = mask & held
    return bool(needed) and bool(mask.any())


def _searched(snapshot: Snapshot, query: Query) -> Mask:
    return snapshot.with_phrases(query.scope, query.phrases, query.left_out)


def _match(
    snapshot: Snapshot, words: Sequence[QueryWord], visible: Mask, *, noting: bool = False
) -> tuple[_Sums, Mask]:
    """Score every document and say which of the visible ones count as found.

    A document counts when the words in it carry at least MIN_COVERAGE of the weight that the best covered visible
    document carries; where those are few, the best of the documents with NEAR_COVERAGE count, too. Rare words come
    first: once those that are left cannot bring a document to MIN_COVERAGE by themselves, and enough documents have
    one of the earlier words, no others are looked at.
    """
    sums = _Sums(snapshot.size, noting=noting)
    if not words:
        return sums, visible
    covered = sums.covered
    held = [(word, *snapshot.word_postings(word)) for word in words]
    held = sorted((each for each in held if len(each[1])), key=lambda each: (each[0].optional, len(each[1])))
    weights = [_weight(snapshot, len(documents)) for _word, documents, _counts in held]
    left = sum(weight for weight, (word, *_) in zip(weights, held, strict=True) if not word.optional)
    norm = snapshot.at_hand("norm", lambda: K1 * (1 - B + B * snapshot.lengths / snapshot.mean_length))
    best, candidates = 0.0, None
    for weight, (word, documents, counts) in zip(weights, held, strict=True):
        if candidates is None and best * MIN_COVERAGE > left:
            reached = covered > 0
            candidates = reached if np.count_nonzero(reached & visible) >= NEAREST else None
        if candidates is not None:
            kept = candidates[documents]
            documents, counts = documents[kept], counts[kept]
        often, covers = counts.astype(np.float32), 0.0 if word.optional else weight
        amount = weight * (often * (K1 + 1) / (often + norm[documents]))
        sums.add("word", word.form, weight, documents, amount, covers)
        exact, titled = snapshot.postings("form", word.form)[0], snapshot.any_postings("title", word.terms)[0]
        sums.add("form", word.form, weight, exact, weight * FORM_BONUS)
        sums.add("title", word.form, weight, titled, weight * TITLE_BONUS)
        if not word.optional:
            left -= weight
            best = max(best, float(np.max(covered[documents], where=visible[documents], initial=0)))
    if best <= 0:
        return sums, np.zeros(snapshot.size, np.bool_)
    _add_nearness(snapshot, words, sums)
    _add_kinship(snapshot, words, sums)
    sums.weigh(visible)
    matching = visible & (covered >= np.float32(MIN_COVERAGE * sums.best))
    missing = NEAREST - int(np.count_nonzero(matching))
    if missing > 0:
        others = np.flatnonzero(visible & ~matching & (covered >= np.float32(NEAR_COVERAGE * sums.best)))
        matching[others[np.argsort(-sums.scores[others], kind="stable")[:missing]]] = True
    return sums, matching


def _add_kinship(snapshot: Snapshot, words: Sequence[QueryWord], sums: _Sums) -> None:
    """Raise documents that have one word of the query and, for another, one that begins alike.

    Such a word may be kin (поэт, поэзия) or not (поэт, поэтому): it supports, and finds nothing by itself.
    """
    needed = [word for word in words if not word.optional]
    if len(needed) < 2:
        return
    held = sums.covered > 0
    for word in needed:
        root = russian.root(word.form)
        if root is None:
            continue
        documents = snapshot.postings("root", root)[0]
        if len(documents) * MOST_KIN > snapshot.size:
            continue
        weight = _weight(snapshot, len(documents))
        others = held.copy()
        others[snapshot.word_postings(word)[0]] = False
        kin = documents[others[documents]]
        sums.add("kin", root, weight, kin, weight * ROOT_SCORE, weight * ROOT_COVERAGE)


def _weight(snapshot: Snapshot, documents: int) -> float:
    return float(np.log1p((snapshot.size - documents + 0.5) / (documents + 0.5)))


def _add_nearness(snapshot: Snapshot, words: Sequence[QueryWord], sums: _Sums) -> None:
    """Raise documents in which neighbours of the query stand beside each other, rare pairs more."""
    for pair in pairs(word.form for word in words):
        documents = snapshot.postings("pair", pair)[0]
        rare = float(np.log1p(snapshot.size / (len(documents) + 1)))
        sums.add("pair", pair, rare, documents, PAIR_BONUS * rare)


def _best(
    snapshot: Snapshot, scores: Scores, chosen: Mask, offset: int, limit: int
) -> Iterator[tuple[int, float]]:
    """Yield the best document of each item, with its score, of the places ``offset`` to ``offset + limit``."""
    numbers = np.flatnonzero(chosen)
    wanted = offset + limit
    if not snapshot.has_pieces and len(numbers) > 4 * wanted > 0:
        least = np.partition(scores[numbers], len(numbers) - wanted)[len(numbers) - wanted]
        numbers = numbers[scores[numbers] >= least]
    numbers = numbers[np.lexsort((numbers, -scores[numbers]))]
    if snapshot.has_pieces:
        _items, firsts = np.unique(snapshot.item_of[numbers], return_index=True)
        numbers = numbers[np.sort(firsts)]
    for document in numbers[offset:wanted]:
        yield int(document), float(scores[document])
