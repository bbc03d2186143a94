"""Texts that people type, for plugins: made fit to be stored, and whether two names mean the same thing."""

import re
from functools import lru_cache
from typing import Final, TypeAlias

from libhub.search import russian

Terms: TypeAlias = tuple[frozenset[str], ...]
"""For every word of a text all terms that it may stand for."""

_UNSHOWABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def tidy(text: str) -> str:
    """Return the text with one kind of line end and without signs that no table or page can show."""
    return _UNSHOWABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


@lru_cache(10_000)
def word_terms(text: str) -> Terms:
    """Return the terms of every word that carries meaning: «листы цветной бумаги» has three words.

    Two words are forms of one word when their terms have one in common.
    """
    forms = [word.form for word in russian.words(russian.clean(text))]
    return tuple(frozenset(russian.lemmas(form)) for form in forms if not russian.is_function_word(form))


def covers(having: Terms, needed: Terms) -> bool:
    """Say whether what somebody has does for what is needed: every needed word is among the words of it.

    Coloured paper does for paper, and paper does not do for coloured paper. Nothing does for nothing.
    """
    return bool(needed) and all(any(word & other for other in having) for word in needed)
