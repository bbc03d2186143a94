"""The passage of a text that shows best why it was found."""

from collections.abc import Sequence

from markupsafe import Markup, escape

from libhub.search import russian

LENGTH = 220
"""Characters of a passage, roughly."""


def marked(text: str, terms: frozenset[str]) -> Markup:
    """Return the text as HTML with every word marked that has one of the terms."""
    return _mark(
        text, [word for word in russian.words(text) if terms.intersection(russian.lemmas(word.form))]
    )


def best_passage(text: str, terms: frozenset[str], length: int = LENGTH) -> Markup:
    """Return the passage with most different terms as HTML: whole words, matched forms marked."""
    every = list(russian.words(text))
    matched = [(word, terms.intersection(russian.lemmas(word.form))) for word in every]
    matched = [(word, found) for word, found in matched if found]
    if len(text) <= length:
        return _mark(text, [word for word, _found in matched])
    start, end = 0, length
    best = 0
    for number, (first, _found) in enumerate(matched):
        inside = [found for word, found in matched[number:] if word.end <= first.start + length * 3 // 4]
        different = len(frozenset().union(*inside)) if inside else 0
        if different > best:
            best, start = different, max(0, first.start - length // 4)
            end = start + length
    start = next((word.start for word in every if word.start >= start), 0) if start else 0
    end = max((word.end for word in every if start < word.end <= end), default=min(end, len(text)))
    inside_words = [word for word, _found in matched if start <= word.start and word.end <= end]
    shifted = [russian.Word(word.form, word.start - start, word.end - start) for word in inside_words]
    passage = _mark(text[start:end], shifted)
    return Markup("").join(("… " if start else "", passage, " …" if end < len(text) else ""))


def _mark(text: str, found: Sequence[russian.Word]) -> Markup:
    parts: list[Markup] = []
    position = 0
    for word in found:
        parts += [
            escape(text[position : word.start]),
            Markup("<mark>%s</mark>") % text[word.start : word.end],
        ]
        position = word.end
    return Markup("").join([*parts, escape(text[position:])])
