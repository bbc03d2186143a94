"""Words that the librarian declares equal (физра = физкультура), in force from the next query of every worker.

They change the query and not the index, so nothing is indexed anew. A phrase among them stands for the items
that contain all of its words.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from sqlalchemy import select

from libhub.base.db import db, read_rows, writing
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.caching.remembering import remember
from libhub.search.language import russian
from libhub.search.models import Synonym
from libhub.search.queries import QueryWord

MAX_LENGTH: Final = 1000
MAX_GROUPS: Final = 1000
MAX_WORDS: Final = 5
_SEPARATOR = re.compile(r"[,;=\n]")

Terms: TypeAlias = tuple[str, ...]


@dataclass(frozen=True)
class _Expression:
    """A word or phrase of a group: the terms of each of its words, and of those that carry the meaning."""

    words: tuple[Terms, ...]
    heads: tuple[Terms, ...]


_Group: TypeAlias = tuple[_Expression, ...]
_Book: TypeAlias = dict[str, list[tuple[_Expression, _Group]]]
"""Expressions with their groups, by every term of the first word."""


def every() -> Sequence[Synonym]:
    """Return all groups in alphabetical order."""
    return db.session.scalars(select(Synonym).order_by(Synonym.words, Synonym.id)).all()


def save(text: str, synonym_id: int | None = None) -> None:
    """Store a group as it was typed, with commas (or signs of equality) between its words.

    :raises LibHubError: it does not make a group; the message says why.
    """
    with writing():
        others = [other for other in every() if other.id != synonym_id]
        words = ", ".join(_checked(text, others))
        if synonym_id is None:
            if len(others) >= MAX_GROUPS:
                raise LibHubError(_("There are %(most)d groups already; delete one first.", most=MAX_GROUPS))
            db.session.add(Synonym(words=words))
            return
        group = db.session.get(Synonym, synonym_id)
        if group is None:
            raise LibHubError(_("This group was deleted meanwhile."))
        group.words = words


def delete(synonym_id: int) -> None:
    """Delete a group; one that is gone already is no error."""
    with writing():
        group = db.session.get(Synonym, synonym_id)
        if group is not None:
            db.session.delete(group)


def _checked(text: str, others: Sequence[Synonym]) -> list[str]:
    if len(text) > MAX_LENGTH:
        raise LibHubError(_("At most %(most)d characters in a group.", most=MAX_LENGTH))
    entries = _split(text)
    if len(entries) < 2:
        raise LibHubError(_("At least two words or phrases are needed, with commas between them."))
    taken = {
        expression: other.words for other in others for expression in map(_expression, _split(other.words))
    }
    seen: dict[_Expression, str] = {}
    for entry in entries:
        expression = _expression(entry)
        if not expression.words:
            raise LibHubError(_("“%(entry)s” contains no word.", entry=entry))
        if len(expression.words) > MAX_WORDS:
            raise LibHubError(
                _("“%(entry)s” is too long: at most %(most)d words in a phrase.", entry=entry, most=MAX_WORDS)
            )
        if all(map(russian.is_function_word, _forms(entry))):
            raise LibHubError(_("“%(entry)s” occurs everywhere and cannot be a synonym.", entry=entry))
        if expression in seen:
            raise LibHubError(
                _(
                    "“%(one)s” and “%(other)s” are forms of one word; search knows that without help.",
                    one=seen[expression],
                    other=entry,
                )
            )
        if expression in taken:
            raise LibHubError(
                _("“%(entry)s” is in another group: %(group)s.", entry=entry, group=taken[expression])
            )
        seen[expression] = entry
    return entries


def _split(text: str) -> list[str]:
    entries = (" ".join(part.split()) for part in _SEPARATOR.split(russian.clean(text.replace("\n", ","))))
    return list(dict.fromkeys(entry for entry in entries if entry))


def _forms(entry: str) -> list[str]:
    return [word.form for word in russian.words(entry)]


def _expression(entry: str) -> _Expression:
    forms = _forms(entry)
    heads = [form for form in forms if not russian.is_function_word(form)]
    return _Expression(
        tuple(russian.lemmas(form) for form in forms), tuple(russian.lemmas(form) for form in heads or forms)
    )


# -- in a query ----------------------------------------------------------------------------------------


def expand(words: Sequence[QueryWord]) -> tuple[QueryWord, ...]:
    """Return the words of a query, those that are in a group with the others of the group as alternatives.

    The words of a phrase become one word of the query: it is found as a whole or by what it is equal to.
    """
    expanded: list[QueryWord] = []
    for some, found in _taken_apart(words):
        expanded += [_alternatives(some, *found)] if found else some
    return tuple(expanded)


def meant(words: Sequence[QueryWord]) -> frozenset[str]:
    """Return the forms of those words that are in a group: they are right, even if no item has them."""
    return frozenset(word.form for some, found in _taken_apart(words) if found for word in some)


def _taken_apart(
    words: Sequence[QueryWord],
) -> Iterator[tuple[Sequence[QueryWord], tuple[_Expression, _Group] | None]]:
    """Yield the expressions of the groups that stand in a query, and its other words one by one."""
    book = in_force() if words else {}
    place = 0
    while place < len(words):
        found = _longest(words[place:], book) if book else None
        length = len(found[0].words) if found else 1
        yield words[place : place + length], found
        place += length


_EVERY = select(Synonym.__table__.c.words).order_by(Synonym.__table__.c.id)


def in_force() -> _Book:
    """Return the groups as they are now, taken apart once for as long as they stay so."""
    return remember(("synonyms",), lambda: _book(row.words for row in read_rows(_EVERY)), _weight)


def _book(stored: Iterable[str]) -> _Book:
    book: _Book = {}
    for text in stored:
        group = tuple(map(_expression, _split(text)))
        for expression in group:
            for term in expression.words[0]:
                book.setdefault(term, []).append((expression, group))
    return book


def _weight(book: _Book) -> int:
    """Return about how many bytes the groups take."""
    return 1000 * len(book)


def _longest(words: Sequence[QueryWord], book: _Book) -> tuple[_Expression, _Group] | None:
    """Return the longest expression with which these words begin."""
    candidates = [found for term in words[0].terms for found in book.get(term, ())]
    fitting = [found for found in candidates if _begins(words, found[0])]
    return max(fitting, key=lambda found: len(found[0].words), default=None)


def _begins(words: Sequence[QueryWord], expression: _Expression) -> bool:
    return len(words) >= len(expression.words) and all(
        set(terms).intersection(word.terms) for word, terms in zip(words, expression.words, strict=False)
    )


def _alternatives(words: Sequence[QueryWord], expression: _Expression, group: _Group) -> QueryWord:
    others = [other.heads for other in group if other is not expression]
    terms = {term for heads in others if len(heads) == 1 for term in heads[0]}
    phrases = [heads for heads in others if len(heads) > 1]
    if len(words) == 1:
        terms.update(words[0].terms)
    else:
        phrases.insert(0, tuple(word.terms for word in words if not word.optional))
    form = " ".join(word.form for word in words)
    return replace(words[0], form=form, terms=tuple(sorted(terms)), phrases=tuple(phrases), optional=False)
