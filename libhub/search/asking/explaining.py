"""Why a query finds what it finds, in words and numbers for whoever tunes the search; the numbers are the scoring's own."""

from collections.abc import Collection, Iterator, Mapping

from libhub.accounts.viewer import Viewer
from libhub.base.i18n import gettext as _
from libhub.search.asking import scoring
from libhub.search.asking.items import scope_of
from libhub.search.asking.scoring import Addition, Explained
from libhub.search.asking.search import SearchRequest, Settled, facet_names, settle
from libhub.search.asking.syntax import FilterNames
from libhub.search.documents import ItemType
from libhub.search.queries import QueryWord
from libhub.search.store.index import SearchIndex

_COLUMN = 34


def explain(
    index: SearchIndex,
    item_types: Mapping[tuple[str, str], ItemType],
    viewer: Viewer,
    enabled: Collection[str],
    request: SearchRequest,
    filter_names: FilterNames,
) -> Iterator[str]:
    """Yield lines: what was looked for, then for each hit what its score consists of.

    :raises IndexUnavailable: the index is being rebuilt.
    """
    state = index.reading()
    settled = settle(
        state, scope_of(viewer, enabled), request, filter_names, facet_names(item_types, enabled)
    )
    yield from _looked_for(settled)
    query = settled.query
    if query is None or not settled.answer.total:
        yield _("Nothing was found.")
        return
    yield _("Found: %(total)d", total=settled.answer.total)
    for place, one in enumerate(
        state.ask(lambda snapshot: scoring.explain(snapshot, query)), query.offset + 1
    ):
        yield ""
        yield from _hit(place, one)


def _looked_for(settled: Settled) -> Iterator[str]:
    meant = settled.meant.asked
    if settled.meant is settled.typed:
        yield _("Looked for: %(text)s", text=meant.text)
    else:
        yield _("Looked for: %(text)s (typed: %(typed)s)", text=meant.text, typed=settled.typed.asked.text)
    if settled.suggestion:
        yield _("Perhaps you meant: %(text)s", text=settled.suggestion)
    for word in settled.query.words if settled.query else ():
        yield f"  {_word(word)}"
    for phrase in meant.phrases:
        yield "  " + _("only with “%(phrase)s”", phrase=phrase)
    for phrase in meant.left_out:
        yield "  " + _("only without “%(phrase)s”", phrase=phrase)
    for typed in meant.filters:
        yield "  " + _("only where %(filter)s is %(values)s", filter=typed.name, values=_listed(typed.values))


def _word(word: QueryWord) -> str:
    phrases = ("+".join("/".join(terms) for terms in phrase) for phrase in word.phrases)
    line = f"{word.form}: {_listed([*word.terms, *phrases])}"
    if not word.optional:
        return line
    return _("%(word)s — adds to a score, finds nothing by itself", word=line)


def _hit(place: int, one: Explained) -> Iterator[str]:
    hit = one.hit
    part = f", {hit.part.file}" if hit.part else ""
    page = f" · {hit.part.number}" if hit.part and hit.part.number else ""
    yield f"{place}. {hit.title} ({hit.ref.uid}{part}{page})"
    yield "   " + _(
        "score %(score)s = sum %(sum)s × %(factor)s; it has words of the weight %(coverage)s, the best one %(best)s",
        score=f"{hit.score:.3f}",
        sum=f"{sum(addition.amount for addition in one.additions):.3f}",
        factor=f"{one.factor:.3f}",
        coverage=f"{one.coverage:.3f}",
        best=f"{one.best:.3f}",
    )
    for addition in one.additions:
        yield f"   {_rule(addition):{_COLUMN}} idf {addition.idf:6.3f}   + {addition.amount:6.3f}"


def _rule(addition: Addition) -> str:
    rules = {
        "word": _("word “%(of)s”", of=addition.of),
        "form": _("in this very form “%(of)s”", of=addition.of),
        "title": _("in the title “%(of)s”", of=addition.of),
        "pair": _("side by side “%(of)s”", of=addition.of.replace("_", " ")),
        "kin": _("a word that begins with “%(of)s”", of=addition.of),
    }
    return rules[addition.kind]


def _listed(values: Collection[str]) -> str:
    return ", ".join(sorted(values))
