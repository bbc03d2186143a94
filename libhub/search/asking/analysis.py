"""A typed text taken apart into what the later steps go by. This happens once for every text that is looked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from libhub.search.asking.syntax import Asked
from libhub.search.language import russian
from libhub.search.language.russian import Word
from libhub.search.queries import Phrase, PhraseWord, QueryWord, Scope
from libhub.search.store.index import Reading

MAX_WORDS: Final = 32
MAX_PREFIX_TERMS: Final = 24
MIN_PREFIX_LENGTH: Final = 2


@dataclass(frozen=True)
class Analysed:
    """What a text consists of, and what of it visible documents have.

    ``tokens`` are the words outside of quotes where they stand, ``words`` the same, each once, with their terms.
    ``phrases`` and ``left_out`` are what stands in quotes, ``quoted`` the words of the phrases. ``seen`` tells in how many
    visible documents a word is in any form, by the form that was typed, ``endings`` which visible words the last one,
    maybe unfinished, begins.
    """

    asked: Asked
    tokens: tuple[Word, ...]
    words: tuple[QueryWord, ...]
    phrases: tuple[Phrase, ...]
    left_out: tuple[Phrase, ...]
    quoted: tuple[QueryWord, ...]
    seen: Mapping[str, int]
    endings: tuple[str, ...]

    @property
    def finished(self) -> tuple[QueryWord, ...]:
        """The words, of which the last one also stands for its endings."""
        if not self.endings:
            return self.words
        terms = {term for ending in self.endings for term in russian.lemmas(ending)}
        last = self.words[-1]
        return *self.words[:-1], QueryWord(last.form, tuple(sorted(terms.union(last.terms))))


def analyse(state: Reading, scope: Scope, asked: Asked) -> Analysed:
    """Take a parsed text apart."""
    tokens = tuple(russian.words(asked.plain))
    words = _words(asked.plain, tokens)
    forms = tuple(dict.fromkeys(token.form for token in tokens))
    counts = state.count_visible("text", [russian.lemmas(form) for form in forms], scope)
    seen = dict(zip(forms, counts, strict=True))
    in_quotes = [(text, tuple(russian.words(text))) for text in asked.phrases]
    return Analysed(
        asked,
        tokens,
        words,
        tuple(_phrase(some) for _text, some in in_quotes),
        tuple(_phrase(tuple(russian.words(text))) for text in asked.left_out),
        tuple(QueryWord(word.form, word.terms) for text, some in in_quotes for word in _words(text, some)),
        seen,
        _endings(state, scope, asked.plain, words, seen),
    )


def _words(text: str, tokens: Sequence[Word]) -> tuple[QueryWord, ...]:
    """Return the words of a text, each once."""
    forms = list(dict.fromkeys(token.form for token in tokens))[:MAX_WORDS]
    # «ИЗО» is a lesson, «изо» a preposition; a text in capitals says nothing of the kind.
    shouted = set() if text.isupper() else {token.form for token in tokens if _is_abbreviation(text, token)}
    optional = {form for form in forms if russian.is_function_word(form)} - shouted
    if len(optional) == len(forms):
        optional = set()
    return tuple(QueryWord(form, russian.lemmas(form), form in optional) for form in forms)


def _is_abbreviation(text: str, token: Word) -> bool:
    return token.end - token.start > 1 and text[token.start : token.end].isupper()


def _phrase(tokens: Sequence[Word]) -> Phrase:
    return tuple(
        PhraseWord(
            russian.lemmas(token.form), russian.all_forms(token.form), russian.is_function_word(token.form)
        )
        for token in tokens[:MAX_WORDS]
    )


def _endings(
    state: Reading, scope: Scope, text: str, words: Sequence[QueryWord], seen: Mapping[str, int]
) -> tuple[str, ...]:
    """Return the visible words that the last one begins, unless it is finished or is a form of one itself."""
    if not words or not text[-1:].isalnum() or len(words[-1].form) < MIN_PREFIX_LENGTH:
        return ()
    if seen[words[-1].form]:
        return ()
    endings = state.beginning_with(words[-1].form, MAX_PREFIX_TERMS)
    counts = state.count_visible("form", [[ending] for ending in endings], scope)
    return tuple(ending for ending, count in zip(endings, counts, strict=True) if count)
