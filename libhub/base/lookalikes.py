"""Latin letters that look like Russian ones: «2A» for «2А», «Cидорова» for «Сидорова». Nobody sees the difference."""

import re
from typing import Final

_ALIKE: Final = str.maketrans("ABCEHKMOPTXYaceopxyktmhb", "АВСЕНКМОРТХУасеорхуктмнв")
_RUSSIAN: Final = re.compile(r"[А-Яа-яЁё]")
_WORD: Final = re.compile(r"[^\W\d_]+")
_ALIKE_ONLY: Final = re.compile(r"[ABCEHKMOPTXYaceopxyktmhb]+")


def russian_letters(text: str) -> str:
    """Return the text with Russian letters in place of Latin ones that look like them, whatever stands beside them."""
    return text.translate(_ALIKE)


def unmixed(text: str) -> str:
    """Return the text with Latin letters inside Russian words made Russian ones.

    A word of look-alikes alone («Cop») is made a Russian one where any other letter of the text is Russian.
    """
    if not _RUSSIAN.search(text):
        return text

    def turned(word: re.Match[str]) -> str:
        mixed = _RUSSIAN.search(word[0]) or _ALIKE_ONLY.fullmatch(word[0])
        return russian_letters(word[0]) if mixed else word[0]

    return _WORD.sub(turned, text)
