"""How often a word that was typed wrongly is understood: misspelt, in the wrong layout, in Latin letters.

    python bench/corrections.py [-v]

The index has the words of ``school_words.txt`` and their forms among 30,000 other words of the dictionary (plural
and conjugated ones too), each of the others in one document and every school word in a few: harder than a
library, where the words that are asked for are far more usual. ``slips.txt`` was written by hand. ``-v`` names
what was not understood.
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import pymorphy3

from libhub.base import keyboard_layouts
from libhub.search.asking.analysis import analyse
from libhub.search.asking.corrections import Corrector
from libhub.search.asking.syntax import Asked
from libhub.search.documents import Document, ItemRef
from libhub.search.language import russian
from libhub.search.queries import Scope
from libhub.search.store.index import Reading, SearchIndex
from libhub.search.store.writer import Writer

HERE = Path(__file__).parent
SCOPE = Scope(frozenset({"bench"}), frozenset({"public"}), frozenset({0}))
OTHER_WORDS = 30_000
VOICED = dict(zip("бвгджзпфктшс", "пфктшсбвгджз", strict=True))
VOWELS = {"о": "а", "а": "о", "е": "и", "и": "е", "я": "е"}

# From Russian letters to Latin ones.
PASSPORT = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюя",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "zh",
            "z",
            "i",
            "i",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            "ie",
            "y",
            "-",
            "e",
            "iu",
            "ia",
        ],
        strict=True,
    )
)
ROMANISATIONS = {
    "passport": PASSPORT,
    "BGN/PCGN": PASSPORT | {"й": "y", "ъ": "'", "ь": "'", "ю": "yu", "я": "ya"},
    "GOST 7.79 B": PASSPORT
    | {
        "й": "j",
        "х": "x",
        "ц": "c",
        "щ": "shh",
        "ъ": "''",
        "ы": "y'",
        "ь": "'",
        "э": "e'",
        "ю": "yu",
        "я": "ya",
    },
    "ISO 9": PASSPORT
    | dict(
        zip("жйхцчшщъыьэюя", ["ž", "j", "h", "c", "č", "š", "ŝ", "ʺ", "y", "ʹ", "è", "û", "â"], strict=True)
    ),
    "ALA-LC without signs": PASSPORT | {"ъ": "", "ь": "'"},
    "scholars'": PASSPORT
    | dict(
        zip(
            "жйхцчшщъыьэюя", ["ž", "j", "x", "c", "č", "š", "šč", "ʺ", "y", "ʹ", "è", "ju", "ja"], strict=True
        )
    ),
    "chats": PASSPORT
    | {"й": "y", "х": "h", "ц": "c", "щ": "sch", "ъ": "", "ы": "i", "ь": "", "ю": "yu", "я": "ya"},
    "chats, j": PASSPORT | {"й": "j", "х": "h", "щ": "sch", "ъ": "", "ь": "", "ю": "ju", "я": "ja"},
}


def main() -> None:
    """Print the shares."""
    rng = random.Random(11)
    school = list(dict.fromkeys(russian.fold((HERE / "school_words.txt").read_text("utf-8")).split()))
    by_hand = [line.split() for line in (HERE / "slips.txt").read_text("utf-8").splitlines() if line.strip()]
    with tempfile.TemporaryDirectory() as folder:
        index = SearchIndex(Path(folder))
        fill(index, school + [meant for _typed, meant in by_hand], rng)
        correct = partial(corrected, index.reading())
        correct("первй вопроз")  # reads the vocabulary
        lists = {
            "slips, generated": list(slips(school, rng)),
            "slips, by hand": [(typed, meant) for typed, meant in by_hand],
            "other layout": [(typed_in_english(word), word) for word in school],
            "other layout, two words": [
                (typed_in_english(f"{one} и {other}"), f"{one} и {other}")
                for one, other in zip(school, rng.sample(school, len(school)), strict=True)
            ],
            "other layout, not indexed": [(typed_in_english(word), word) for word in unseen(rng)],
            **{f"Latin, {name}": list(romanised(school, table)) for name, table in ROMANISATIONS.items()},
        }
        print(f"{'':32} {'number':>7} {'right':>7} {'form':>7} {'p50 ms':>7} {'p95 ms':>7}")
        for name, pairs in lists.items():
            measure(name, pairs, correct)
        report_untouched(school, correct)


def corrected(state: Reading, typed: str, *, known_words_too: bool = False) -> str:
    """Return what a text is taken for; the space says that its last word is finished."""
    analysed = analyse(state, SCOPE, Asked(f"{typed} ", f"{typed} "))
    return Corrector(state, SCOPE).correct(analysed, known_words_too=known_words_too).text[:-1]


def measure(name: str, pairs: list[tuple[str, str]], correct: Callable[..., str]) -> None:
    """Print one line: the shares of pairs with the right word, and with another form of it."""
    right, forms, times = 0, 0, []
    for typed, meant in pairs:
        start = time.perf_counter()
        shown = russian.fold(correct(typed, known_words_too=True))
        times.append(time.perf_counter() - start)
        right += shown == meant
        same = shown == meant or bool(set(russian.lemmas(shown)) & set(russian.lemmas(meant)))
        forms += same
        if not same and "-v" in sys.argv:
            print(f"    {typed} → {shown} instead of {meant}")
    times.sort()
    print(
        f"{name:32} {len(pairs):7} {right / len(pairs):7.1%} {forms / len(pairs):7.1%} "
        f"{times[len(times) // 2] * 1e3:7.1f} {times[len(times) * 95 // 100] * 1e3:7.1f}"
    )


def report_untouched(school: list[str], correct: Callable[..., str]) -> None:
    """Print how many right words stay as they are; all have to."""
    kept = sum(correct(word) == word for word in school)
    print(f"{'right words left alone':32} {len(school):7} {kept / len(school):7.1%}")


def fill(index: SearchIndex, school: Iterable[str], rng: random.Random) -> None:
    """Write the documents."""
    texts = [" ".join(some) for some in pieces([*school] * 4, 20, rng)]
    texts += [" ".join(some) for some in pieces(forms_of(school), 20, rng)]
    texts += [" ".join(some) for some in pieces(random_words(OTHER_WORDS, rng), 20, rng)]
    folder = index.new_folder()
    writer = Writer(folder, new=True)
    documents = (
        Document(ItemRef("bench", "text", str(number)), "", text, frozenset({"public"}), 0)
        for number, text in enumerate(texts)
    )
    writer.write(documents, [], 0, fresh=True)
    writer.close()
    index.put_in_force(folder)


def pieces(words: Iterable[str], length: int, rng: random.Random) -> Iterator[list[str]]:
    """Yield the words in a random order, some at a time."""
    ordered = list(words)
    rng.shuffle(ordered)
    for start in range(0, len(ordered), length):
        yield ordered[start : start + length]


def forms_of(words: Iterable[str]) -> Iterator[str]:
    """Yield all forms of the words, as a text has them."""
    morphology = pymorphy3.MorphAnalyzer(lang="ru")
    for word in words:
        yield from {russian.fold(form.word) for form in morphology.parse(word)[0].lexeme}


def random_words(number: int, rng: random.Random) -> list[str]:
    """Return words of the dictionary, in any form."""
    morphology = pymorphy3.MorphAnalyzer(lang="ru")
    every = [
        russian.fold(word)
        for word, tag, *_rest in morphology.dictionary.iter_known_words()
        if not {"Erro", "Dist", "Arch", "Slng", "Infr", "Surn", "Abbr"} & tag.grammemes
        and rng.random() < 0.05
    ]
    return rng.sample(every, min(number, len(every)))


def slips(words: list[str], rng: random.Random) -> Iterator[tuple[str, str]]:
    """Yield every word with each kind of slip that it allows; results that are words themselves left out."""
    for word in words:
        if len(word) < 4:
            continue
        for typed in {kind(word, rng) for kind in (swap, drop, double, neighbour, voice, sign, vowel)}:
            if typed != word and not russian.is_known(typed):
                yield typed, word


def swap(word: str, rng: random.Random) -> str:
    """Swap two letters beside each other."""
    at = rng.randrange(len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def drop(word: str, rng: random.Random) -> str:
    """Leave a letter out."""
    at = rng.randrange(len(word))
    return word[:at] + word[at + 1 :]


def double(word: str, rng: random.Random) -> str:
    """Type a letter twice."""
    at = rng.randrange(len(word))
    return word[:at] + word[at] + word[at:]


def neighbour(word: str, rng: random.Random) -> str:
    """Hit the key beside."""
    at = rng.randrange(len(word))
    return word[:at] + rng.choice(keyboard_layouts.NEIGHBOURS[word[at]]) + word[at + 1 :]


def voice(word: str, rng: random.Random) -> str:
    """Write a consonant as it sounds."""
    places = [place for place, char in enumerate(word) if char in VOICED]
    return _replace(word, places, VOICED, rng)


def vowel(word: str, rng: random.Random) -> str:
    """Write an unstressed vowel as it sounds."""
    places = [place for place, char in enumerate(word) if char in VOWELS]
    return _replace(word, places, VOWELS, rng)


def sign(word: str, rng: random.Random) -> str:
    """Forget a soft sign."""
    return _replace(word, [place for place, char in enumerate(word) if char == "ь"], {"ь": ""}, rng)


def _replace(word: str, places: list[int], table: dict[str, str], rng: random.Random) -> str:
    if not places:
        return word
    at = rng.choice(places)
    return word[:at] + table[word[at]] + word[at + 1 :]


def typed_in_english(text: str) -> str:
    """Return what the keys give when somebody forgets to switch the layout."""
    return keyboard_layouts.to_english(text)[0]


def unseen(rng: random.Random) -> list[str]:
    """Return dictionary words of which there is no document, as far as one can tell: rare ones."""
    return [word for word in random_words(3000, rng) if len(word) > 4 and "-" not in word][:500]


def romanised(words: list[str], table: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the words in Latin letters."""
    for word in words:
        typed = "".join(table[char] for char in word).replace("-", "")
        yield typed, word


if __name__ == "__main__":
    main()
