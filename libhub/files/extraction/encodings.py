"""Which encoding a text is in. Short Russian texts defeat general detectors; these few rules do not."""

import codecs
import re
from typing import Final

CANDIDATES: Final = ("cp1251", "koi8-r", "cp866")
"""What Russian texts were written in before UTF-8; a tie goes to the first."""
_PAIRS: Final = frozenset(
    [
        "ст",
        "но",
        "то",
        "на",
        "ен",
        "ов",
        "ни",
        "ра",
        "во",
        "ко",
        "пр",
        "по",
        "ре",
        "ер",
        "ро",
        "ли",
        "ал",
        "ел",
        "ос",
        "ка",
        "ло",
        "го",
        "не",
        "от",
        "ас",
        "та",
        "ор",
        "ес",
        "ан",
        "ет",
        "на",
        "ол",
        "ла",
        "ле",
        "ин",
        "ть",
        "ва",
        "ма",
        "те",
        "ри",
        "ти",
        "да",
        "за",
        "ат",
        "ом",
        "де",
        "тр",
        "ск",
        "ль",
        "ир",
        "он",
        "ме",
        "об",
        "из",
        "ил",
        "ик",
        "ве",
        "ак",
        "нн",
        "бо",
        "со",
        "ки",
        "аз",
        "до",
        "ит",
        "мо",
        "ед",
        "се",
        "ть",
        "ся",
        "ну",
        "ми",
        "ру",
        "ур",
        "ро",
        "ок",
        "ек",
        "ёл",
        "ёж",
        "гл",
        "ав",
        "ча",
        "кр",
        "кн",
        "ни",
        "иг",
        "уч",
        "чи",
        "пи",
        "ис",
        "су",
        "ду",
        "лу",
        "ши",
        "жи",
        "що",
        "щи",
        "же",
        "ше",
    ]
)
"""Frequent pairs of letters: right letters make them, letters of a wrong encoding hardly ever."""
_RUSSIAN: Final = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED: Final = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?([A-Za-z0-9_.:-]{2,30})""")
_RARE_SIGNS: Final = "\U00020000"
"""From here on there are rare Chinese signs, which four letters of cp866 make by chance."""
_SAMPLE_BYTES: Final = 200_000


def decode(content: bytes) -> str:
    """Return a text: by its mark, as UTF-8, as it declares, or as it looks most like Russian."""
    for mark, name in _BOMS:
        if content.startswith(mark):
            return content.decode(name, "replace")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text and max(text) < _RARE_SIGNS:
        return text
    declared = _DECLARED.search(content[:2000])
    names = [declared.group(1).decode("ascii")] if declared else []
    for name in names:
        try:
            if codecs.lookup(name).name != "utf-8":
                return content.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    sample = content[:_SAMPLE_BYTES]
    best = max(CANDIDATES, key=lambda name: likeness(sample.decode(name, "replace")))
    return content.decode(best, "replace")


def likeness(text: str) -> int:
    """Say how much a text looks like Russian: frequent pairs, only its letters, capitals where words begin."""
    score = 0
    before = " "
    for letter in text:
        small = letter.lower()
        if small in _RUSSIAN:
            if before.lower() + small in _PAIRS:
                score += 3
            if before.islower() and letter.isupper():
                score -= 4
        elif letter > "\x7f" and letter not in "«»№—–…„“”’ ":
            score -= 3
        before = letter
    return score
