"""How well forms of one word meet in the index, for words the dictionary does not know.

There is no list of such words with all their forms; so lexemes of the dictionary are treated as if they were
unknown. Two figures for every way of handling them: the share of pairs of forms of one word that have a term in
common (more is better), and the share of pairs of look-alikes, which belong to different words and begin alike,
that have one too (less is better).

    python bench/forms.py [number of words]
"""

import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import combinations

import pymorphy3
from pymorphy3 import units
from pymorphy3.lang.ru import DEFAULT_UNITS

from libhub.search.language import russian

Terms = Callable[[str], frozenset[str]]
OPEN_CLASSES = ("NOUN", "ADJF", "INFN")
RARE = ("Infr", "Erro", "Slng", "Arch", "Dist", "Abbr", "Init")
PAIRS_A_WORD = 6
BEGINNING = 5


def open_lexemes(number: int, seed: int) -> list[tuple[str, ...]]:
    """Return the forms of random nouns, adjectives and verbs."""
    morphology = pymorphy3.MorphAnalyzer(lang="ru")
    rng = random.Random(seed)
    starts = [
        word
        for word, tag, normal, _paradigm, place in morphology.dictionary.iter_known_words()
        if place == 0 and word == normal and tag.POS in OPEN_CLASSES and len(word) > 3 and "-" not in word
        if not any(grammeme in tag for grammeme in RARE)
    ]
    chosen = []
    for word in rng.sample(starts, number):
        parse = morphology.parse(word)[0]
        forms = {
            russian.fold(form.word)
            for form in parse.lexeme
            if not any(grammeme in form.tag for grammeme in RARE) and "Supr" not in form.tag
        }
        chosen.append(tuple(sorted(forms)))
    return chosen


def guessing() -> pymorphy3.MorphAnalyzer:
    """Return an analyser that has to guess every word from its beginning and ending."""

    def wanted(unit: object) -> bool:
        return not isinstance(unit, units.DictionaryAnalyzer)

    left = [unit for unit in DEFAULT_UNITS if isinstance(unit, list) or wanted(unit)]
    left = [[each for each in unit if wanted(each)] if isinstance(unit, list) else unit for unit in left]
    return pymorphy3.MorphAnalyzer(lang="ru", units=[unit for unit in left if unit])


def ways() -> Iterator[tuple[str, Terms]]:
    """Yield the ways of finding the terms of an unknown word that are compared."""
    stemmer = russian._stemmer("russian")
    guess = guessing()
    cache: dict[str, list[tuple[str, float]]] = {}

    def guesses(form: str) -> list[tuple[str, float]]:
        if form not in cache:
            best: dict[str, float] = defaultdict(float)
            for parse in guess.parse(form):
                best[russian.fold(parse.normal_form)] += parse.score
            cache[form] = sorted(best.items(), key=lambda pair: -pair[1])
        return cache[form]

    def stem(form: str) -> str:
        return str(stemmer.stemWord(form))

    yield "Snowball stem", lambda form: frozenset([stem(form)])
    yield "first guessed lemma", lambda form: frozenset([guesses(form)[0][0]])
    yield "all guessed lemmas", lambda form: frozenset(lemma for lemma, _score in guesses(form))
    yield (
        "all guessed lemmas and the stem",
        lambda form: frozenset([*(lemma for lemma, _score in guesses(form)), "=" + stem(form)]),
    )
    yield (
        "stems of all guessed lemmas",
        lambda form: frozenset(stem(lemma) for lemma, _score in guesses(form)),
    )
    for share in (0.02, 0.05, 0.1, 0.2, 0.4):
        yield (
            f"guessed lemmas above {share:.0%} of the best",
            lambda form, share=share: frozenset(
                lemma for lemma, score in guesses(form) if score >= share * guesses(form)[0][1]
            ),
        )
    for share in (0.05, 0.2, 0.5):
        yield (
            f"guessed lemmas above {share:.0%}, and the stem",
            lambda form, share=share: frozenset(
                ["=" + stem(form)]
                + [lemma for lemma, score in guesses(form) if score >= share * guesses(form)[0][1]]
            ),
        )
    yield (
        "stem of the first guess, and the stem",
        lambda form: frozenset([stem(form), stem(guesses(form)[0][0])]),
    )


def main(number: int = 3000) -> None:
    """Print the table."""
    lexemes = open_lexemes(number, seed=3)
    rng = random.Random(4)
    alike: list[tuple[str, str]] = []
    pairs: list[tuple[str, str]] = []
    beginnings: dict[str, list[int]] = defaultdict(list)
    for place, forms in enumerate(lexemes):
        every = list(combinations(forms, 2))
        pairs += rng.sample(every, min(PAIRS_A_WORD, len(every)))
        beginnings[forms[0][:BEGINNING]].append(place)
    for places in beginnings.values():
        for one, other in combinations(places, 2):
            if set(lexemes[one]).isdisjoint(lexemes[other]):
                alike += [(rng.choice(lexemes[one]), rng.choice(lexemes[other])) for _time in range(3)]
    rng.shuffle(alike)
    alike = alike[: len(pairs)]
    print(f"{len(lexemes)} words, {len(pairs)} pairs of forms, {len(alike)} pairs of look-alikes")
    print(f"{'terms of an unknown word':42} {'found':>8} {'confused':>9} {'µs a word':>10}")
    for name, terms in ways():
        start = time.perf_counter()
        found = sum(not terms(one).isdisjoint(terms(other)) for one, other in pairs)
        confused = sum(not terms(one).isdisjoint(terms(other)) for one, other in alike)
        cost = (time.perf_counter() - start) / (2 * (len(pairs) + len(alike)))
        print(f"{name:42} {found / len(pairs):8.1%} {confused / len(alike):9.1%} {cost * 1e6:10.0f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
