"""Nothing was found: the searches nearby that do find something, each with its number of results."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from libhub.accounts.viewer import Viewer
from libhub.search.asking.search import SearchRequest, totals
from libhub.search.asking.syntax import FilterNames
from libhub.search.documents import ItemType
from libhub.search.language import russian
from libhub.search.store.index import SearchIndex

MOST_WORDS: Final = 8
"""Of a longer query no single word is the cause."""
MOST_VARIANTS: Final = 4
_QUOTES: Final = str.maketrans(dict.fromkeys('"«»“”„', " "))


@dataclass(frozen=True)
class Variant:
    """A search like the one that was asked, and how many results it has."""

    request: SearchRequest
    total: int


@dataclass(frozen=True)
class Advice:
    """Searches that find something.

    ``fewer_words`` have a word (or the quotation marks) less, ``fewer_filters`` leave a filter out: by its name,
    all of them by ``None``.
    """

    fewer_words: list[Variant] = field(default_factory=list)
    fewer_filters: dict[str | None, Variant] = field(default_factory=dict)


def advise(
    index: SearchIndex,
    item_types: Mapping[tuple[str, str], ItemType],
    viewer: Viewer,
    enabled: Collection[str],
    request: SearchRequest,
    *,
    filter_names: FilterNames | None = None,
) -> Advice:
    """Try the searches nearby, exactly as they are written, all in one reading of the index.

    :raises IndexUnavailable: the index is being rebuilt.
    """
    first_page = replace(request, page=1)
    by_words = [replace(first_page, text=text) for text in _fewer_words(request.text)]
    by_filter = _fewer_filters(first_page)
    counts = totals(
        index, item_types, viewer, enabled, [*by_words, *by_filter.values()], filter_names=filter_names
    )
    variants = list(map(Variant, [*by_words, *by_filter.values()], counts))
    words, filters = variants[: len(by_words)], variants[len(by_words) :]
    return Advice(
        [variant for variant in words if variant.total][:MOST_VARIANTS],
        {name: variant for name, variant in zip(by_filter, filters, strict=True) if variant.total},
    )


def _fewer_words(text: str) -> list[str]:
    """Return the text without its quotation marks, without each of its words, and each word alone."""
    plain = text.translate(_QUOTES)
    words = plain.split()
    texts = [plain] if plain != text else []
    if 1 < len(words) <= MOST_WORDS:
        texts += [" ".join(words[:place] + words[place + 1 :]) for place in range(len(words))]
        texts += [word for word in words if not word.startswith("-")]
    return [text for text in dict.fromkeys(" ".join(text.split()) for text in texts) if _says_something(text)]


def _says_something(text: str) -> bool:
    return any(not russian.is_function_word(word.form) for word in russian.words(text))


def _fewer_filters(request: SearchRequest) -> dict[str | None, SearchRequest]:
    def without(names: Collection[str]) -> SearchRequest:
        left = {name: values for name, values in request.facets.items() if name not in names}
        return replace(request, facets=left)

    fewer: dict[str | None, SearchRequest] = {name: without({name}) for name in request.facets}
    if len(fewer) > 1:
        fewer[None] = without(set(request.facets))
    return fewer
