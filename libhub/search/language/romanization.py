"""Russian words in Latin letters: skazki, Pushkin, Dostoevskij, Čehov, Tchekhov.

The romanisations in use (GOST 7.79 B, ISO 9, BGN/PCGN, passports, the Library of Congress, scholars' and what
people type in chats) contradict one another, so a word has several readings. They are listed from the likeliest;
which of them is a word, the dictionary and the index say.
"""

import heapq
import unicodedata
from typing import Final

MAX_READINGS: Final = 160
_LONGEST: Final = 5

# Readings of a group of letters and what each costs: 0 for the usual one.
_GROUPS: Final[dict[str, tuple[tuple[str, float], ...]]] = {
    "a": (("а", 0), ("я", 2.5)),
    "b": (("б", 0), ("бь", 1.6)),
    "v": (("в", 0), ("вь", 1.4)),
    "w": (("в", 0.3), ("ш", 2.5)),
    "g": (("г", 0), ("ж", 2.5), ("в", 3)),
    "d": (("д", 0), ("дь", 1.4)),
    "e": (("е", 0), ("э", 0.8), ("ье", 1.6), ("ъе", 2.2)),
    "z": (("з", 0), ("зь", 1.4), ("ж", 2), ("ц", 2.5)),
    "i": (("и", 0), ("й", 1), ("ы", 1.6), ("ий", 2), ("ь", 3)),
    "j": (("й", 0), ("ж", 1), ("дж", 1.5), ("ь", 2)),
    "k": (("к", 0),),
    "l": (("л", 0), ("ль", 1.2)),
    "m": (("м", 0), ("мь", 1.6)),
    "n": (("н", 0), ("нь", 1.2)),
    "o": (("о", 0), ("е", 2.5)),
    "p": (("п", 0), ("пь", 1.6)),
    "r": (("р", 0), ("рь", 1.4)),
    "s": (("с", 0), ("ш", 2), ("сь", 1.4), ("з", 3)),
    "t": (("т", 0), ("ть", 1)),
    "u": (("у", 0), ("ю", 2)),
    "f": (("ф", 0),),
    "h": (("х", 0), ("г", 1.2)),
    "c": (("ц", 0), ("к", 1), ("ч", 1.5), ("с", 2)),
    "y": (("ы", 0), ("й", 0.2), ("и", 1), ("ий", 0.6), ("ый", 0.8), ("ь", 2), ("у", 3)),
    "x": (("х", 0.2), ("кс", 0.3), ("ж", 3)),
    "q": (("к", 0.5), ("щ", 2), ("я", 2.5)),
    "'": (("ь", 0), ("ъ", 0.8), ("", 1)),
    "’": (("ь", 0), ("ъ", 0.8), ("", 1)),
    "ʹ": (("ь", 0),),
    "ʺ": (("ъ", 0),),
    "`": (("", 0), ("ь", 0.3), ("ъ", 0.5)),
    '"': (("ъ", 0),),
    "4": (("ч", 0),),
    "6": (("ш", 0),),
    "sh": (("ш", 0), ("шь", 1.2), ("щ", 1.2), ("сх", 3)),
    "ch": (("ч", 0), ("чь", 1.2), ("х", 1.2), ("ш", 2.5)),
    "tch": (("ч", 0),),
    "tsch": (("ч", 0),),
    "zh": (("ж", 0), ("жь", 1.8), ("зх", 3)),
    "kh": (("х", 0), ("кх", 3)),
    "ts": (("ц", 0), ("тс", 0.3)),
    "tz": (("ц", 0),),
    "cz": (("ц", 0), ("ч", 1.5)),
    "ph": (("ф", 1),),
    "th": (("ф", 1.5), ("т", 1)),
    "ck": (("к", 0.5),),
    "shh": (("щ", 0),),
    "sch": (("щ", 0), ("ш", 0.5), ("сч", 0.6)),
    "shch": (("щ", 0), ("сч", 1)),
    "stch": (("щ", 0),),
    "schtsch": (("щ", 0),),
    "shsh": (("щ", 0), ("шш", 1)),
    "sc": (("щ", 0.5), ("сц", 0.6), ("ск", 1)),
    "zhch": (("щ", 1),),
    "yo": (("е", 0), ("ьо", 2), ("йо", 0.8), ("ье", 1.5)),
    "jo": (("е", 0), ("йо", 0.8), ("ье", 1.5)),
    "io": (("е", 1.5), ("ио", 0), ("ье", 2)),
    "ye": (("е", 0), ("ье", 0.8), ("э", 1.5), ("ъе", 1.4), ("ые", 0.8), ("ие", 1.5)),
    "je": (("е", 0.2), ("ье", 0.8), ("ъе", 1.4), ("э", 1.5), ("же", 0.8)),
    "ie": (("ие", 0), ("ъ", 1.8), ("ье", 0.8), ("е", 1.2)),
    "yu": (("ю", 0), ("ью", 0.8), ("ъю", 2), ("ыю", 2)),
    "ju": (("ю", 0), ("ью", 0.8), ("жу", 1)),
    "iu": (("ю", 0), ("иу", 0.6), ("ью", 1)),
    "ya": (("я", 0), ("ья", 0.8), ("ъя", 1.4), ("ыа", 3), ("ия", 1.6)),
    "ja": (("я", 0), ("ья", 0.8), ("ъя", 1.4), ("жа", 1)),
    "ia": (("ия", 0.2), ("я", 0), ("ья", 0.6), ("иа", 0.8)),
    "e'": (("э", 0), ("еь", 3)),
    "e`": (("э", 0),),
    "y'": (("ы", 0),),
    "y`": (("ы", 0),),
    "eh": (("э", 0.2), ("ех", 0)),
    "ey": (("ей", 0), ("еы", 3)),
    "ej": (("ей", 0), ("эй", 1)),
    "ei": (("ей", 0.2), ("еи", 0), ("эй", 1)),
    "iy": (("ий", 0), ("ый", 0.6)),
    "ij": (("ий", 0), ("ый", 1)),
    "ii": (("ий", 0), ("ии", 0.1), ("ый", 1)),
    "yy": (("ый", 0),),
    "yj": (("ый", 0),),
    "yi": (("ый", 0.2), ("ьи", 0.4), ("ыи", 1)),
    "ji": (("и", 1), ("ьи", 0.4), ("йи", 0.6), ("джи", 1)),
    "oy": (("ой", 0), ("ои", 2)),
    "ay": (("ай", 0),),
    "uy": (("уй", 0),),
    "oi": (("ой", 0), ("ои", 0.2)),
    "ai": (("ай", 0), ("аи", 0.2)),
    "ui": (("уй", 0.2), ("уи", 0)),
    "ff": (("в", 0.6), ("фф", 0.2)),
    "ow": (("ов", 0),),
    "eff": (("ев", 0.4),),
    "off": (("ов", 0.4),),
    "ou": (("у", 0.8), ("оу", 0.3)),
    "oo": (("у", 1), ("оо", 0)),
    "ee": (("и", 1), ("ее", 0)),
    "x'": (("х", 1),),
    "jj": (("й", 0.3),),
    "hh": (("х", 1),),
    "jh": (("ж", 0),),
    "cc": (("кц", 1), ("щ", 2), ("цц", 1)),
    "dj": (("дж", 0), ("дь", 1), ("дй", 1)),
    "dzh": (("дж", 0),),
    "ss": (("сс", 0), ("с", 0.8)),
    "qu": (("кв", 0), ("ку", 1)),
}
_MARKED: Final[dict[str, tuple[tuple[str, float], ...]]] = {
    "č": (("ч", 0),),
    "š": (("ш", 0),),
    "ž": (("ж", 0),),
    "ŝ": (("щ", 0),),
    "šč": (("щ", 0), ("шч", 1)),
    "ë": (("е", 0),),
    "ё": (("е", 0),),
    "è": (("э", 0), ("е", 0.5)),
    "é": (("э", 0.4), ("е", 0.3)),
    "ė": (("э", 0),),
    "û": (("ю", 0), ("у", 1)),
    "ü": (("ю", 0), ("у", 1)),
    "â": (("я", 0), ("а", 1)),
    "ä": (("я", 0), ("э", 1)),
    "ö": (("е", 0), ("о", 1)),
    "ï": (("и", 0), ("й", 0.3)),
    "ĭ": (("й", 0),),
    "ì": (("и", 0),),
    "ǐ": (("й", 0),),
    "y̆": (("й", 0),),
    "h̀": (("х", 0),),
    "ẹ": (("э", 0),),
    "ȟ": (("х", 0),),
    "ь": (("ь", 0),),
}
_READINGS: Final = _GROUPS | _MARKED


def readings(word: str) -> list[tuple[str, float]]:
    """Return what a folded word in Latin letters may be in Russian ones, with costs, the likeliest first.

    Empty for a word with a sign that no romanisation uses.
    """
    word = unicodedata.normalize("NFC", word).replace("ё", "ë")
    best: list[dict[str, float]] = [{"": 0.0}]
    for end in range(1, len(word) + 1):
        here: dict[str, float] = {}
        for start in range(max(0, end - _LONGEST), end):
            group = word[start:end]
            for reading, cost in _READINGS.get(group, ()):
                # A longer group is read as one: «sh» as с and х needs a reason.
                extra = cost + _position_cost(reading, start, end, len(word))
                for before, paid in best[start].items():
                    text = before + reading
                    total = paid + extra + 0.7 * _splits(word, start, end)
                    if total < here.get(text, float("inf")):
                        here[text] = total
        kept = heapq.nsmallest(MAX_READINGS, here.items(), key=lambda pair: (pair[1], pair[0]))
        best.append(dict(kept))
    return sorted(
        ((text, cost) for text, cost in best[-1].items() if text), key=lambda pair: (pair[1], pair[0])
    )


def _splits(word: str, start: int, end: int) -> int:
    """Count the usual groups that a reading of these letters cuts in two at its end."""
    return sum(word[at : at + 2] in _USUAL for at in (end - 1,) if start <= at and end < len(word))


_USUAL: Final = frozenset(["sh", "ch", "zh", "kh", "ts", "shch", "yo", "yu", "ya", "ju", "ja", "jo"])


def _position_cost(reading: str, start: int, end: int, length: int) -> float:
    """Return what it costs that a letter stands where Russian does not have it."""
    cost = 0.0
    if start == 0 and reading[:1] in {"ь", "ъ", "ы"}:
        cost += 6
    if end == length and reading[-1:] == "ъ":
        cost += 6
    if end < length and reading in {"ий", "ый"}:
        cost += 1.5
    return cost
