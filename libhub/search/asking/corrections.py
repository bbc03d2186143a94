"""What somebody meant by words that nothing visible contains: other layout, romanisation, one slip.

The rules, in this order, for every word by itself:

1. A word that some document visible to this visitor contains stays as it is. So does everything in quotes.
2. What the same keys give in the other layout, and what a romanisation stands for, if visible documents contain it.
3. The likeliest word one slip away that visible documents contain. A word that the dictionary knows is only
   replaced if the whole query finds nothing otherwise.
4. The other layout or a romanisation if at least the dictionary knows the word, or its letters look like it.

Nothing is proposed because of documents that the visitor may not see: a candidate counts by visible documents, or
by the dictionary, which everybody may read.
"""

import math
import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from libhub.base import keyboard_layouts
from libhub.base.lookalikes import russian_letters
from libhub.search.asking.analysis import Analysed
from libhub.search.language import romanization, russian, typos
from libhub.search.language.letter_pairs import unusualness
from libhub.search.language.russian import Word
from libhub.search.queries import Scope
from libhub.search.store.index import Reading

MAX_CORRECTED: Final = 12
"""Words of one query that are looked into; more is no query but a pasted text."""
MAX_LENGTH: Final = 40
MAX_CANDIDATES: Final = 24
_SHORT: Final = 3
_RARE: Final = 2
_MUCH_MORE_USUAL: Final = 20
_SLIP_RATHER: Final = 5
_FORM_WEIGHT: Final = 0.8
_MUCH_MORE_UNUSUAL: Final = 1.0
_LATIN: Final = re.compile(r"[^\W\d_а-яё]", re.IGNORECASE)
_RUSSIAN: Final = re.compile(r"[а-яё]", re.IGNORECASE)
_SIGNS: Final = '.,;:!?()"'
_CHUNK: Final = re.compile(r"\S+")


@dataclass(frozen=True)
class Correction:
    """The text that is looked for instead, and a text only proposed because the typed one does find something."""

    text: str
    suggestion: str | None = None


@dataclass
class _Chunk:
    """A piece of the query between spaces and what is to stand in its place."""

    text: str
    start: int
    end: int
    tokens: tuple[Word, ...]
    seen: bool = True
    shown: str | None = None
    layout: bool = False

    @property
    def forms(self) -> tuple[str, ...]:
        """Its words."""
        return tuple(token.form for token in self.tokens)


class Corrector:
    """Corrects the queries of one visitor: what exists is what ``scope`` lets them find."""

    def __init__(self, state: Reading, scope: Scope) -> None:
        self._state, self._scope = state, scope

    def correct(
        self, typed: Analysed, *, meant: Collection[str] = (), known_words_too: bool = False
    ) -> Correction:
        """Correct a text; its operators stay as they are.

        :param meant: folded words that are right although no document has them, such as those with synonyms.
        :param known_words_too: also replace a word that the dictionary knows: the query found nothing.
        """
        text = typed.asked.text
        if not typed.asked.plain.strip():
            return Correction(text)
        chunks = _chunks(typed)
        for chunk in chunks:
            # A text in the wrong layout may be signs only: «[k», «'nj».
            chunk.seen = bool(chunk.forms) and all(typed.seen[form] or form in meant for form in chunk.forms)
        suspects = [chunk for chunk in chunks if not chunk.seen][:MAX_CORRECTED]
        alone = known_words_too and len(chunks) == 1
        for chunk in suspects:
            self._correct(chunk, alone, typed.endings if chunk is chunks[-1] else ())
        self._follow_the_others(chunks)
        corrected = _joined(text, chunks)
        return Correction(corrected, None if corrected != text else self._suggestion(typed, chunks))

    # -- what exists --------------------------------------------------------------------------------

    def _counts(self, forms: Sequence[str]) -> list[int]:
        return self._state.count_visible("text", [russian.lemmas(form) for form in forms], self._scope)

    def _sees(self, text: str) -> bool:
        """Say whether visible documents have all words of a text."""
        forms = _forms(text)
        return bool(forms) and all(self._counts(forms))

    # -- one word -----------------------------------------------------------------------------------

    def _correct(self, chunk: _Chunk, known_words_too: bool, endings: Sequence[str]) -> None:
        if len(chunk.text) > MAX_LENGTH:
            return
        if _LATIN.search(chunk.text) or not _RUSSIAN.search(chunk.text):
            if _RUSSIAN.search(chunk.text) and self._unmixed(chunk):
                return
            self._from_latin(chunk, endings)
        else:
            self._from_russian(chunk, known_words_too, endings)

    def _unmixed(self, chunk: _Chunk) -> bool:
        """Replace Latin letters that look like Russian ones inside a Russian word."""
        text = russian_letters(chunk.text)
        if _LATIN.search(text) or not (self._sees(text) or _is_russian(text)):
            return False
        chunk.shown = text
        return True

    def _from_latin(self, chunk: _Chunk, endings: Sequence[str]) -> None:
        other = keyboard_layouts.to_russian(chunk.text)
        spelt = [text for text in other if _forms(text)]
        long_enough = sum(map(len, chunk.forms)) >= _SHORT or len(chunk.text) >= _SHORT
        if long_enough and (seen := next(filter(self._sees, spelt), None)):
            chunk.shown, chunk.layout = seen, True
        elif read := self._romanised(chunk.text):
            chunk.shown = read
        elif endings and self._is_unfinished(chunk, endings):
            return
        elif long_enough and (known := next(filter(_is_certainly_russian, spelt), None)):
            chunk.shown, chunk.layout = known, True
        elif near := self._nearest(chunk.text):
            chunk.shown = near
        elif known := next(filter(_is_russian, _likely_readings(chunk.text)), None):
            chunk.shown = _cased(known, chunk.text)
        elif long_enough and (guessed := next((text for text in spelt if _looks_meant(text, chunk)), None)):
            chunk.shown, chunk.layout = self._nearest(guessed) or guessed, True

    def _from_russian(self, chunk: _Chunk, known_words_too: bool, endings: Sequence[str]) -> None:
        known = _is_russian(chunk.text)
        english = [text for text in keyboard_layouts.to_english(chunk.text) if _is_one_word(text)]
        if not known and len(chunk.text) >= _SHORT and (seen := next(filter(self._sees, english), None)):
            chunk.shown, chunk.layout = seen, True
        elif endings and self._is_unfinished(chunk, endings):
            return
        elif (known_words_too or not known) and (near := self._nearest(chunk.text)):
            chunk.shown = near
        elif not known and (guessed := next((text for text in english if _looks_meant(text, chunk)), None)):
            chunk.shown, chunk.layout = self._nearest(guessed) or guessed, True

    def _is_unfinished(self, chunk: _Chunk, endings: Sequence[str]) -> bool:
        """Say whether a word is rather the beginning of others than a misspelt one."""
        near = self.near(chunk.forms[-1])[:1]
        if not near:
            return True
        word, documents = near[0]
        lemmas = set(russian.lemmas(word))
        if all(lemmas.intersection(russian.lemmas(ending)) for ending in endings):
            return False  # one word in any case, and so it can be said which
        return word in endings or documents < _SLIP_RATHER * sum(self._counts(endings))

    def _romanised(self, text: str) -> str | None:
        """Return the Russian word that a text in Latin letters most likely stands for, if it is visible."""
        read = _readings(text)
        if not read:
            return None
        folded = {reading: _forms(reading) for reading in read}
        forms = {form for some in folded.values() for form in some}
        known = {form: russian.lemmas(form) for form in forms if russian.is_known(form)}
        terms = {term for some in known.values() for term in some}
        stored = set(self._state.known_terms("text", list(terms)))
        held = set(self._state.known_terms("form", list(forms)))
        held |= {form for form, some in known.items() if stored.intersection(some)}
        possible = [reading for reading, some in folded.items() if some and held.issuperset(some)][
            :MAX_CANDIDATES
        ]
        counts = [min(self._counts(folded[reading])) for reading in possible]
        visible = [
            (reading, read[reading], count) for reading, count in zip(possible, counts, strict=True) if count
        ]
        if not visible:
            return None
        best = min(visible, key=lambda each: (2 * each[1] - math.log(each[2]), each[0]))
        return _cased(best[0], text)

    def _nearest(self, text: str) -> str | None:
        """Return the text with its misspelt words replaced by the likeliest visible ones one slip away."""
        replaced, position, changed = "", 0, False
        for word in russian.words(text):
            replaced += text[position : word.start]
            position = word.end
            near = None
            if not all(self._counts([word.form])):
                near = next((word for word, _documents in self.near(word.form)), None)
                changed = changed or near is not None
            replaced += _cased(near, text[word.start : word.end]) if near else text[word.start : word.end]
        return replaced + text[position:] if changed else None

    def near(self, form: str) -> list[tuple[str, int]]:
        """Return visible words one slip away from a folded one, the likeliest first, with their documents."""
        slips = typos.one_slip_away(form)
        if not slips:
            return []
        held = set(self._state.known_terms("form", list(slips)))
        ends = {
            word
            for word in slips
            if word not in held and russian.is_cyrillic(word) and russian.is_known(word)
        }
        terms = {word: russian.lemmas(word) for word in ends}
        stored = set(
            self._state.known_terms("text", list({term for some in terms.values() for term in some}))
        )
        held |= {word for word in ends if stored.intersection(terms[word])}
        likeliest = sorted(held, key=lambda word: (-slips[word], word))[:MAX_CANDIDATES]
        exact = self._state.count_visible("form", [[word] for word in likeliest], self._scope)
        any_form = self._counts(likeliest)
        scored = [
            (math.log(slips[word]) + _FORM_WEIGHT * math.log(one + 0.1 * every), word, every)
            for word, one, every in zip(likeliest, exact, any_form, strict=True)
            if every
        ]
        return [(word, every) for _score, word, every in sorted(scored, key=lambda each: (-each[0], each[1]))]

    # -- the whole query ----------------------------------------------------------------------------

    def _follow_the_others(self, chunks: Sequence[_Chunk]) -> None:
        """Turn short words too when all longer ones of their alphabet were typed in the wrong layout."""
        for pattern, turn in ((_LATIN, keyboard_layouts.to_russian), (_RUSSIAN, keyboard_layouts.to_english)):
            same = [chunk for chunk in chunks if pattern.search(chunk.text)]
            turned = [chunk for chunk in same if chunk.layout]
            short = [chunk for chunk in same if not chunk.layout and len(chunk.text) <= _SHORT]
            if turned and len(turned) + len(short) == len(same):
                signs = [chunk for chunk in chunks if turn is keyboard_layouts.to_russian and not chunk.forms]
                for chunk in [*short, *signs]:
                    turned_text = turn(chunk.text)[0]
                    if _forms(turned_text) and (
                        turn is keyboard_layouts.to_english or _is_russian(turned_text)
                    ):
                        chunk.shown = turned_text

    def _suggestion(self, typed: Analysed, chunks: Sequence[_Chunk]) -> str | None:
        """Return a more usual text if a word that hardly anything has, and no dictionary, looks misspelt."""
        doubtful = [
            chunk
            for chunk in chunks
            if chunk.seen
            and len(chunk.tokens) == 1
            and _RUSSIAN.search(chunk.text)
            and not _is_russian(chunk.text)
        ][:MAX_CORRECTED]
        for chunk in doubtful:
            word = chunk.tokens[0]
            count = typed.seen[word.form]
            near = self.near(word.form)[:1] if count <= _RARE else []
            if near and near[0][1] >= _MUCH_MORE_USUAL * count:
                start, end = word.start - chunk.start, word.end - chunk.start
                chunk.shown = (
                    chunk.text[:start] + _cased(near[0][0], chunk.text[start:end]) + chunk.text[end:]
                )
        suggested = _joined(typed.asked.text, chunks)
        return suggested if suggested != typed.asked.text else None


def _chunks(typed: Analysed) -> list[_Chunk]:
    """Return the pieces of a text that are no operators."""
    places = [token.start for token in typed.tokens]
    return [
        _Chunk(match.group(), start, end, typed.tokens[bisect_left(places, start) : bisect_left(places, end)])
        for match in _CHUNK.finditer(typed.asked.text)
        for start, end in (match.span(),)
        if not any(first < end and start < last for first, last in typed.asked.spans)
    ]


def _joined(text: str, chunks: Sequence[_Chunk]) -> str:
    parts, position = [], 0
    for chunk in chunks:
        parts += [text[position : chunk.start], chunk.text if chunk.shown is None else chunk.shown]
        position = chunk.end
    return "".join([*parts, text[position:]])


def _forms(text: str) -> tuple[str, ...]:
    return tuple(word.form for word in russian.words(text))


def _is_russian(text: str) -> bool:
    """Say whether the dictionary knows all words of a text."""
    forms = _forms(text)
    return bool(forms) and (
        all(russian.is_cyrillic(form) and russian.is_known(form) for form in forms)
        or (
            "-" in text
            and russian.is_cyrillic(forms[0])
            and russian.is_known(russian.fold(text.strip(_SIGNS)))
        )
    )


def _is_certainly_russian(text: str) -> bool:
    """Say whether the dictionary knows a text that is too long for an abbreviation (pdf, зва)."""
    return sum(map(len, _forms(text))) > _SHORT and _is_russian(text)


def _likely_readings(text: str) -> list[str]:
    """Return the readings that are no guesses: enough when only the dictionary speaks for them."""
    return [reading for reading, cost in _readings(text).items() if cost <= 0.5 + 0.25 * len(reading)]


def _is_one_word(text: str) -> bool:
    return re.fullmatch(r"[^\W_]+[.,;:!?]*", text) is not None


def _looks_meant(text: str, chunk: _Chunk) -> bool:
    """Say whether the letters look like words in the other layout and not as they were typed."""
    meant, typed = _forms(text), chunk.forms
    if len(meant) != 1 or len(text) < _SHORT or not typed:
        return False
    as_typed = max(unusualness(form) for form in typed)
    return unusualness(meant[0]) + _MUCH_MORE_UNUSUAL < as_typed


@lru_cache(512)
def _readings(text: str) -> dict[str, float]:
    """Return what a word in Latin letters may be in Russian, with costs."""
    core = text.strip(_SIGNS)
    parts = core.split("-")
    if not core or not all(parts) or len(parts) > 3 or any(char.isdigit() for char in core):
        return {}
    if len(parts) == 1:
        return dict(romanization.readings(russian.fold(core)))
    every = {"": 0.0}
    for part in parts:
        best = sorted(
            romanization.readings(russian.fold(part)),
            key=lambda each: (not russian.is_known(each[0]), each[1]),
        )[:4]
        every = {
            f"{before}-{reading}" if before else reading: paid + cost
            for before, paid in every.items()
            for reading, cost in best
        }
    return every


def _cased(word: str, like: str) -> str:
    """Return the word with the capitals of the typed one."""
    if len(like) > 1 and like.isupper():
        return word.upper()
    parts, typed = word.split("-"), like.split("-")
    if len(parts) > 1 and len(parts) == len(typed):
        return "-".join(map(_cased, parts, typed))
    return word[:1].upper() + word[1:] if like[:1].isupper() else word
