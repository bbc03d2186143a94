"""Texts by the beginnings of their words: what a suggestion list needs, in arrays read once."""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from libhub.search.language import russian

LEAST_FOR_TYPOS: Final = 5
"""A shorter beginning with a wrong letter could be anything."""
_AFTER_EVERY_LETTER: Final = "\U0010ffff"
_CYRILLIC: Final = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_LATIN: Final = "abcdefghijklmnopqrstuvwxyz"
_WORD = re.compile(r"[^\W_]+")


class Beginnings:
    """Finds the texts (by their number) that have words with given beginnings."""

    def __init__(self, texts: Iterable[str]) -> None:
        known: dict[str, int] = {}
        word_of, places, lengths = array("i"), array("i"), array("i")
        for number, text in enumerate(texts):
            lengths.append(len(text))
            for place, word in enumerate(_WORD.findall(russian.fold(text))):
                word_of.append(known.setdefault(word, len(known)))
                places.append(number * 2 + (place == 0))  # the lowest bit: the text begins with the word
        self._lengths = np.array(lengths, np.int32)
        self._words = sorted(known)
        order_of = np.empty(len(known), np.int32)
        order_of[[known[word] for word in self._words]] = np.arange(len(known))
        order = order_of[np.array(word_of, np.int32)]
        self._places = np.array(places, np.int32)[np.argsort(order, kind="stable")]
        self._starts = np.concatenate(([0], np.cumsum(np.bincount(order, minlength=len(known)))))

    def find(
        self,
        beginnings: Sequence[str],
        allowed: NDArray[np.bool_] | None = None,
        *,
        limit: int,
        typos: bool = False,
    ) -> list[tuple[bool, int, int]]:
        """Return the best allowed texts in which every beginning begins a word, best first.

        Each is: whether the text does *not* begin with the first of them, its length, its number.

        :param typos: also with one letter wrong, missing, doubled or swapped.
        """
        left = np.ones(len(self._lengths), np.bool_) if allowed is None else allowed.copy()
        leading = np.zeros(len(left), np.bool_)
        for place, beginning in enumerate(beginnings):
            found = self._with(beginning, typos=typos)
            mask = np.zeros(len(left), np.bool_)
            mask[found >> 1] = True
            left &= mask
            if place == 0:
                leading[found[(found & 1) == 1] >> 1] = True
        numbers = np.flatnonzero(left)
        order = np.lexsort((numbers, self._lengths[numbers], ~leading[numbers]))[:limit]
        return [(not leading[number], int(self._lengths[number]), int(number)) for number in numbers[order]]

    def _with(self, beginning: str, *, typos: bool) -> NDArray[np.int32]:
        exact = self._range(beginning)
        if exact[0] < exact[1] or not typos or len(beginning) < LEAST_FOR_TYPOS:
            ranges = [exact]
        else:
            ranges = [self._range(other) for other in set(_one_off(beginning))]
        parts = [self._places[self._starts[low] : self._starts[high]] for low, high in ranges if low < high]
        return np.concatenate(parts) if parts else self._places[:0]

    def _range(self, beginning: str) -> tuple[int, int]:
        low = bisect_left(self._words, beginning)
        return low, bisect_left(self._words, beginning + _AFTER_EVERY_LETTER, lo=low)


def _one_off(word: str) -> Iterator[str]:
    """Yield what was meant if one letter is wrong, missing, too much, or two are swapped."""
    letters = _LATIN if word.isascii() else _CYRILLIC
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        if after:
            yield before + after[1:]
            for letter in letters:
                yield before + letter + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        if after:  # a letter missing at the very end is a beginning like any other
            for letter in letters:
                yield before + letter + after
