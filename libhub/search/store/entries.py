"""From a document to what the index keeps of it: the terms of every field, and the texts for snippets.

An item is one entry, followed by one for each piece of its files. Those have no labels and no facets of their own:
who may find the item may find them.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from libhub.search.documents import Document, Part, age_code
from libhub.search.language import russian
from libhub.search.queries import ITEM_FACET

_INITIALS = range(3, 6)
PIECE = "piece"
"""The field that marks entries which belong to the entry before them."""


@dataclass(frozen=True)
class Entry:
    """One entry of the index: its address, title, stored texts, and its terms by field."""

    uid: str
    name: str
    data: bytes
    terms: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Stored:
    """What an entry keeps for results."""

    uid: str
    title: str
    text: str
    part: Part | None


def entries(document: Document) -> Iterator[Entry]:
    """Yield the entries of an item, its own first."""
    title, text = russian.clean(document.title), russian.clean(document.text)
    facets = {
        **document.facets,
        "section": [document.ref.plugin],
        "age": [age_code(document.age)],
        ITEM_FACET: [f"{document.ref.plugin}/{document.ref.kind}"],
    }
    title_forms = _forms(title)
    forms = title_forms + _forms(f"{text}\n{russian.clean(document.keywords)}")
    uid = document.ref.uid
    yield Entry(
        uid,
        title,
        _packed({"uid": uid, "title": title, "text": text}),
        {
            "uid": [uid],
            "plugin": [document.ref.plugin],
            "age": [age_code(document.age)],
            "audience": sorted(document.audience),
            "facet": [f"{name}={value}" for name, values in facets.items() for value in values],
            "title": list(dict.fromkeys(_lemmas(title_forms))),
            **_searched([*forms, *initials(title_forms)]),
        },
    )
    for part in document.parts:
        text = russian.clean(part.text)
        about = {**asdict(part), "text": ""}
        yield Entry(
            uid,
            "",
            _packed({"uid": uid, "title": title, "text": text, "part": about}),
            {"uid": [uid], PIECE: ["1"], **_searched(title_forms + _forms(text))},
        )


def unpacked(data: bytes) -> Stored:
    """Return what :func:`entries` stored."""
    row = json.loads(data)
    part = Part(**{**row["part"], "text": row["text"]}) if "part" in row else None
    return Stored(row["uid"], row["title"], row["text"], part)


def _packed(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _forms(text: str) -> list[str]:
    return [word.form for word in russian.words(text)]


def _lemmas(forms: Iterable[str]) -> list[str]:
    return [term for form in forms for term in russian.lemmas(form)]


def _searched(forms: Sequence[str]) -> dict[str, Sequence[str]]:
    return {
        "text": _lemmas(forms),
        "form": list(dict.fromkeys(forms)),
        "pair": pairs(forms),
        "root": list(dict.fromkeys(filter(None, map(russian.root, forms)))),
    }


def initials(forms: Iterable[str]) -> Iterator[str]:
    """Yield the abbreviations by which a title may be called: РЭШ for «Российская электронная школа».

    Those that are words themselves are left out.
    """
    letters = "".join(form[0] for form in forms if not russian.is_function_word(form))
    for length in _INITIALS:
        for start in range(len(letters) - length + 1):
            short = letters[start : start + length]
            if russian.is_cyrillic(short) and not russian.is_word(short):
                yield short


def pairs(forms: Iterable[str]) -> list[str]:
    """Return a term for every two neighbours of a text, function words left out: how near words stand."""
    heads = [russian.lemmas(form)[0] for form in forms if not russian.is_function_word(form)]
    return [f"{first}_{second}" for first, second in pairwise(heads)]
