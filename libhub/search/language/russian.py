"""Russian analysis: from text to the terms that are indexed and looked for.

A word is represented by *all* its dictionary forms (lemmas) at once: measured on treebanks, that brings
99.3 % of the pairs of forms of one word together, against 83 % for the Snowball stemmer, and confuses fewer
unrelated words. Words that the dictionary does not know have all lemmas that their endings allow, and the stem:
98 % of the pairs against 84 % for the stem alone (``bench/forms.py``). Words in Latin letters are stemmed.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

import pymorphy3

if TYPE_CHECKING:
    import snowballstemmer

MAX_WORD_LENGTH: Final = 60
STEM_MARK: Final = "="
"""Before the stem of an unknown word, so that it never equals the lemma of another word."""
_ORDINAL_ENDINGS: Final = (
    "ого|его|ти|ому|ему|ыми|ими|ый|ий|ой|ая|яя|ое|ее|ые|ие|ых|их|ым|им|ом|ем|го|му|й|я|е|х|м|ю"
)
WORD: Final = re.compile(rf"\d+-?(?:{_ORDINAL_ENDINGS})(?![^\W_])|[^\W_]+")
_REST = re.compile(r"[^\W_]*")
_ORDINAL = re.compile(rf"(\d+)-?(?:{_ORDINAL_ENDINGS})")
_CYRILLIC = re.compile(r"[а-я]")
_MARKS = re.compile(r"(?<=[А-Яа-яЁё])[\u0300-\u036f]+")
_FUNCTION_POS = frozenset({"PREP", "CONJ", "PRCL", "INTJ", "NPRO"})
_PRONOUN_MARKS = ("Apro", "Ques")
ROOT_LENGTH: Final = 4
_CACHE_SIZE = 100_000


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: its folded form and where it stands (character offsets)."""

    form: str
    start: int
    end: int


def fold(text: str) -> str:
    """Return the text in small letters with ё as е. The length of the text does not change.

    Letters whose small form is longer (İ) stay as they are, so that offsets stay true.
    """
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(small if len(small := char.lower()) == 1 else char for char in text)
    return lowered.replace("ё", "е")


class _Signs(dict[int, str | None]):
    """What becomes of each character, found out when it is first met: control signs turn into spaces, as do halves of signs."""

    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        category = unicodedata.category(char)
        self[code] = " " if category in {"Cc", "Cs", "Zl", "Zp"} else None if category == "Cf" else char
        return self[code]


_SIGNS: Final = _Signs()


def clean(text: str) -> str:
    """Return the text as it is stored: composed characters, no soft hyphens or stress, control signs as spaces."""
    return unicodedata.normalize("NFC", _MARKS.sub(_without_stress, text.translate(_SIGNS)))


def _without_stress(marks: re.Match[str]) -> str:
    return marks.group().replace("\u0300", "").replace("\u0301", "")


def words(text: str) -> Iterator[Word]:
    """Yield the words of a cleaned text."""
    for match in WORD.finditer(fold(text)):
        yield Word(match.group()[:MAX_WORD_LENGTH], match.start(), match.end())


def next_word(text: str, position: int) -> int:
    """Return where the first word begins that begins at or after a place; the end of the text if there is none."""
    if 0 < position < len(text) and text[position - 1].isalnum():
        inside = _REST.match(text, position)
        position = inside.end() if inside else position
    found = WORD.search(text, position)
    return found.start() if found else len(text)


def last_word_end(text: str, start: int, end: int) -> int:
    """Return where the last word ends that ends by a place; the place itself if none does after ``start``."""
    if end == len(text) or not (text[end - 1].isalnum() and text[end].isalnum()):
        return end
    while end > start and text[end - 1].isalnum():
        end -= 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return end


@cache
def _morphology() -> pymorphy3.MorphAnalyzer:
    return pymorphy3.MorphAnalyzer(lang="ru")


def _parses(form: str) -> list[pymorphy3.analyzer.Parse]:
    """Return how the dictionary reads a word; not at all where Unicode has no name for one of its letters.

    Pymorphy asks for the names, to tell Latin letters, and fails over such a letter.
    """
    try:
        return _morphology().parse(form)  # type: ignore[no-any-return]
    except ValueError:
        return []


@cache
def _stemmer(language: str) -> "snowballstemmer.stemmer":
    import snowballstemmer  # thirty languages, which a text of known words does not need

    return snowballstemmer.stemmer(language)


_stemming = threading.Lock()


def _stem(language: str, form: str) -> str:
    """Stem a word; a stemmer keeps the word that it works on, so the threads of a worker take turns."""
    with _stemming:
        return str(_stemmer(language).stemWord(form))


@lru_cache(_CACHE_SIZE)
def lemmas(form: str) -> tuple[str, ...]:
    """Return the terms of a folded word form, sorted; there is always at least one."""
    if not is_cyrillic(form):
        return (_stem("english", plain_latin(form)),)
    if ordinal := _ORDINAL.fullmatch(form):
        return (ordinal[1],)
    found = {fold(parse.normal_form) for parse in _parses(form)}
    if not is_known(form):
        found.add(STEM_MARK + _stem("russian", form))
    return tuple(sorted(found))


@lru_cache(1024)
def all_forms(form: str) -> frozenset[str]:
    """Return the folded forms of every word that ``form`` may be a form of."""
    if not is_cyrillic(form):
        stem = lemmas(form)[0]
        return frozenset({form, stem, *(stem + ending for ending in ("s", "es", "e", "ed", "ing", "er"))})
    if ordinal := _ORDINAL.fullmatch(form):
        return frozenset({form, ordinal[1]})
    parses = _parses(form)
    return frozenset({form, *(fold(other.word) for parse in parses for other in parse.lexeme)})


@lru_cache(20_000)  # of slips thousands of words are tried that nobody wrote
def is_known(form: str) -> bool:
    """Say whether the Russian dictionary has this word form."""
    return bool(_morphology().word_is_known(form))


def is_word(form: str) -> bool:
    """Say whether the dictionary has this form as a word, and not only as an abbreviation (МКС)."""
    return is_known(form) and any("Abbr" not in parse.tag for parse in _parses(form))


def is_cyrillic(form: str) -> bool:
    """Say whether a folded word has a Russian letter."""
    return bool(_CYRILLIC.search(form))


def plain_latin(form: str) -> str:
    """Return a word in Latin letters without the signs above and below them: čehov as cehov."""
    if form.isascii():
        return form
    return "".join(char for char in unicodedata.normalize("NFD", form) if not unicodedata.combining(char))


@lru_cache(_CACHE_SIZE)
def is_function_word(form: str) -> bool:
    """Say whether a word usually only joins, points or asks (для, и, этот, который, какой).

    Such a word adds to a score but finds nothing alone.
    """
    if not is_cyrillic(form):
        return False
    parses = _parses(form)
    return float(sum(parse.score for parse in parses if _says_nothing(parse.tag))) >= 0.5


def _says_nothing(tag: pymorphy3.tagset.OpencorporaTag) -> bool:
    return tag.POS in _FUNCTION_POS or any(mark in tag for mark in _PRONOUN_MARKS)


def root(form: str) -> str | None:
    """Return how a longer word begins, as a rough sign of kinship (космонавт, космический); None for short ones."""
    return form[:ROOT_LENGTH] if len(form) > ROOT_LENGTH and is_cyrillic(form) else None
