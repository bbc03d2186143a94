"""Which documents answer a query and in what order; docs/search.md gives the reasons and figures.

The arithmetic runs over whole posting lists with numpy, because a loop in Python costs microseconds a posting.
"""

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from libhub.search import russian
from libhub.search.entries import pairs
from libhub.search.plan import Answer, Query, QueryWord, Scope
from libhub.search.snapshot import Mask, Snapshot

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


def answer(snapshot: Snapshot, query: Query) -> Answer:
    """Return a page of hits, how many items there are in all, and the counts of the facets asked for."""
    scores, matching = _match(snapshot, query.words, _searched(snapshot, query))
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
        for document, score in _best(snapshot, scores, chosen, query.offset, query.limit)
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
    _scores, matching = _match(snapshot, query.words, _searched(snapshot, query))
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


def _match(snapshot: Snapshot, words: Sequence[QueryWord], visible: Mask) -> tuple[Scores, Mask]:
    """Score every document and say which of the visible ones count as found.

    A document counts when the words in it carry at least MIN_COVERAGE of the weight that the best covered visible
    document carries; where those are few, the best of the documents with NEAR_COVERAGE count, too. Rare words come
    first: once those that are left cannot bring a document to MIN_COVERAGE by themselves, and enough documents have
    one of the earlier words, no others are looked at.
    """
    scores = np.zeros(snapshot.size, np.float32)
    if not words:
        return scores, visible
    covered = np.zeros(snapshot.size, np.float32)
    held = [(word, *snapshot.word_postings(word)) for word in words]
    held = sorted((each for each in held if len(each[1])), key=lambda each: (each[0].optional, len(each[1])))
    weights = [_weight(snapshot, len(documents)) for _word, documents, _counts in held]
    left = sum(weight for weight, (word, *_) in zip(weights, held, strict=True) if not word.optional)
    norm = snapshot.keep("norm", lambda: K1 * (1 - B + B * snapshot.lengths / snapshot.mean_length))
    best, candidates = 0.0, None
    for weight, (word, documents, counts) in zip(weights, held, strict=True):
        if candidates is None and best * MIN_COVERAGE > left:
            reached = covered > 0
            candidates = reached if np.count_nonzero(reached & visible) >= NEAREST else None
        if candidates is not None:
            kept = candidates[documents]
            documents, counts = documents[kept], counts[kept]
        often = counts.astype(np.float32)
        scores[documents] += weight * (often * (K1 + 1) / (often + norm[documents]))
        scores[snapshot.postings("form", word.form)[0]] += weight * FORM_BONUS
        scores[snapshot.any_postings("title", word.terms)[0]] += weight * TITLE_BONUS
        if not word.optional:
            left -= weight
            covered[documents] += weight
            best = max(best, float(np.max(covered[documents], where=visible[documents], initial=0)))
    if best <= 0:
        return scores, np.zeros(snapshot.size, np.bool_)
    _add_nearness(snapshot, words, scores)
    _add_kinship(snapshot, words, scores, covered)
    best = float(np.max(covered, where=visible, initial=0))
    scores *= 1 - COVERAGE_SHARE + COVERAGE_SHARE / best * covered
    matching = visible & (covered >= np.float32(MIN_COVERAGE * best))
    missing = NEAREST - int(np.count_nonzero(matching))
    if missing > 0:
        others = np.flatnonzero(visible & ~matching & (covered >= np.float32(NEAR_COVERAGE * best)))
        matching[others[np.argsort(-scores[others], kind="stable")[:missing]]] = True
    return scores, matching


def _add_kinship(
    snapshot: Snapshot, words: Sequence[QueryWord], scores: Scores, covered: NDArray[np.float32]
) -> None:
    """Raise documents that have one word of the query and, for another, one that begins alike.

    Such a word may be kin (поэт, поэзия) or not (поэт, поэтому): it supports, and finds nothing by itself.
    """
    needed = [word for word in words if not word.optional]
    if len(needed) < 2:
        return
    held = covered > 0
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
        scores[kin] += weight * ROOT_SCORE
        covered[kin] += weight * ROOT_COVERAGE


def _weight(snapshot: Snapshot, documents: int) -> float:
    return float(np.log1p((snapshot.size - documents + 0.5) / (documents + 0.5)))


def _add_nearness(snapshot: Snapshot, words: Sequence[QueryWord], scores: Scores) -> None:
    """Raise documents in which neighbours of the query stand beside each other, rare pairs more."""
    for pair in pairs(word.form for word in words):
        documents = snapshot.postings("pair", pair)[0]
        scores[documents] += PAIR_BONUS * np.log1p(snapshot.size / (len(documents) + 1))


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
