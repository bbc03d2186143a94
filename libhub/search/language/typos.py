"""Words one slip away from a misspelt one, with the likelihood of the slip.

The model is a noisy channel: somebody meant a word and one thing went wrong. A kind of slip has a share of all
slips, spread over the places of the meant word where it can happen: that makes a forgotten soft sign (one place)
a likelier explanation than a wrong key (fifty). What was meant is then the likelihood times how usual the word is.
"""

from collections.abc import Iterator
from typing import Final

from libhub.base.keyboard_layouts import NEIGHBOURS

MIN_LENGTH: Final = 3
_RUSSIAN: Final = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_ENGLISH: Final = "abcdefghijklmnopqrstuvwxyz"

# Shares of the kinds of slips.
_SWAP: Final = 0.16
_DROP: Final = 0.16
_DROP_OF_DOUBLE: Final = 0.08
_DROP_OF_SIGN: Final = 0.14
_DOUBLE: Final = 0.13
_NEIGHBOUR: Final = 0.15
_EXTRA_NEIGHBOUR: Final = 0.04
_EXTRA: Final = 0.02
_EXTRA_SIGN: Final = 0.03
_VOICE: Final = 0.14
_VOWEL: Final = 0.14
_OTHER: Final = 0.02


def _both_ways(pairs: str) -> frozenset[str]:
    return frozenset(pairs.split()) | {pair[::-1] for pair in pairs.split()}


_VOICED: Final = _both_ways("бп вф гк дт жш зс")
_VOICEABLE: Final = frozenset("бпвфгкдтжшзс")
_VOWELS: Final = _both_ways("оа еи ея эе иы ую ео яи")
_VOWEL_LETTERS: Final = frozenset("аеиоуыэюя")
_ENGLISH_SOUNDS: Final = _both_ways("ck sz sc ie ea ao iy ei uo gj")
_SIGNS: Final = "ьъ"


def one_slip_away(typed: str) -> dict[str, float]:
    """Return the strings that, with one slip, become ``typed``, with the likelihood of the slip."""
    best: dict[str, float] = {}
    if len(typed) < MIN_LENGTH:
        return best
    for meant, likelihood in _slips(typed):
        if meant != typed and likelihood > best.get(meant, 0.0):
            best[meant] = likelihood
    return best


def _slips(typed: str) -> Iterator[tuple[str, float]]:
    length = len(typed)
    letters = _ENGLISH if typed.isascii() else _RUSSIAN
    for at in range(length):
        before, char, after = typed[:at], typed[at], typed[at + 1 :]
        if after and char != after[0]:
            yield before + after[0] + char + after[1:], _SWAP / (length - 1)
        yield before + after, _extra(char, before, after, length - 1)
        for letter in letters:
            if letter != char:
                meant = before + letter + after
                yield meant, _replaced(letter, char, meant)
    for at in range(length + 1):
        before, after = typed[:at], typed[at:]
        for letter in letters:
            yield before + letter + after, _dropped(letter, before, after, length + 1)


def _extra(char: str, before: str, after: str, length: int) -> float:
    """Return how likely it is that ``char`` was typed too much."""
    if char in {before[-1:], after[:1]}:
        return _DOUBLE / length
    if char in _SIGNS:
        return _EXTRA_SIGN / length
    near = NEIGHBOURS.get(char, "")
    if (before and before[-1] in near) or (after and after[0] in near):
        return _EXTRA_NEIGHBOUR / (5 * length)
    return _EXTRA / (10 * length)


def _dropped(letter: str, before: str, after: str, length: int) -> float:
    """Return how likely it is that ``letter`` was left out of a word of this length."""
    if letter in _SIGNS:
        # A drop of any letter may have met the sign too.
        return _DROP_OF_SIGN / (1 + before.count(letter) + after.count(letter)) + _DROP / length
    if letter in {before[-1:], after[:1]}:
        return _DROP_OF_DOUBLE + _DROP / length
    return _DROP / length


def _replaced(meant: str, typed: str, word: str) -> float:
    """Return how likely it is that ``typed`` stands for ``meant`` somewhere in ``word``."""
    likelihood = _OTHER / (30 * len(word))
    if typed in NEIGHBOURS.get(meant, ""):
        likelihood += _NEIGHBOUR / (len(word) * len(NEIGHBOURS[meant]))
    pair = meant + typed
    if pair in _VOICED:
        likelihood += _VOICE / sum(char in _VOICEABLE for char in word)
    elif pair in _VOWELS:
        likelihood += _VOWEL / (2 * sum(char in _VOWEL_LETTERS for char in word))
    elif pair in _ENGLISH_SOUNDS:
        likelihood += _VOWEL / (2 * len(word))
    return likelihood
