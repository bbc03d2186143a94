"""Whether two names mean the same thing: their words, compared by the terms of each."""

from functools import lru_cache
from typing import TypeAlias

from libhub.search.language import russian

Terms: TypeAlias = tuple[frozenset[str], ...]
"""For every word of a text all terms that it may stand for."""


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
