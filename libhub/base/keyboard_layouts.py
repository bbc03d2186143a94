"""Text typed with the keyboard in the wrong layout: «crfprb» for «сказки», «рфккн» for «harry»."""

from typing import Final

_LATIN: Final = """`qwertyuiop[]asdfghjkl;'zxcvbnm,./~QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>?"""
_CYRILLIC: Final = """ёйцукенгшщзхъфывапролджэячсмитьбю.ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,"""
_TO_RUSSIAN: Final = str.maketrans(_LATIN, _CYRILLIC)
_TO_ENGLISH: Final = str.maketrans(_CYRILLIC, _LATIN)
_LATIN_LETTERS: Final = frozenset(sign for sign in _LATIN if sign.isalpha())
_RUSSIAN_LETTERS: Final = frozenset(sign for sign in _CYRILLIC if sign.isalpha())
_PUNCTUATION: Final = ",.;:?!/"
_ROWS: Final = (
    ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"),
    ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
)


def to_russian(text: str) -> list[str]:
    """Return what the same keys give in the Russian layout, likeliest first.

    A comma or a dot at the end is a letter there (б, ю), but may have been meant as it is.
    """
    return _turned(text, _TO_RUSSIAN)


def to_english(text: str) -> list[str]:
    """Return what the same keys give in the English layout, likeliest first."""
    return _turned(text, _TO_ENGLISH)


def in_other_layout(text: str) -> str:
    """Return what the same keys give in the other layout; the same text where it does not say which one it was typed in."""
    latin, russian = (any(sign in letters for sign in text) for letters in (_LATIN_LETTERS, _RUSSIAN_LETTERS))
    if latin == russian:
        return text
    return text.translate(_TO_RUSSIAN if latin else _TO_ENGLISH)


def _turned(text: str, table: dict[int, int]) -> list[str]:
    whole, core = text.translate(table), text.rstrip(_PUNCTUATION)
    return [whole, core.translate(table) + text[len(core) :]] if core not in {"", text} else [whole]


def _neighbours() -> dict[str, str]:
    near: dict[str, set[str]] = {}
    for rows in _ROWS:
        places = {
            key: (row + 0.0, at + 0.4 * row) for row, keys in enumerate(rows) for at, key in enumerate(keys)
        }
        for key, (row, at) in places.items():
            near[key] = {
                other
                for other, (other_row, other_at) in places.items()
                if other != key and abs(row - other_row) <= 1 and abs(at - other_at) <= 1.05
            }
    near["е"] |= {"ё"}
    return {key: "".join(sorted(others)) for key, others in near.items()}


NEIGHBOURS: Final = _neighbours()
"""The keys beside, above and below each key, of both layouts."""
