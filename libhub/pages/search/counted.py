"""What was searched and opened is counted, without names."""

from flask import current_app, request

from libhub.pages.search.asking import MAX_TEXT, blueprint, find
from libhub.people.credentials import cards
from libhub.plugging import settings
from libhub.search.asking.search import SearchPage, SearchRequest
from libhub.search.query_counts import counter_of
from libhub.search.store.index import IndexUnavailable
from libhub.web.gate import public


@blueprint.get("/search/noted")
@public
def noted() -> tuple[str, int]:
    """Be told by a page what its visitor did: typed a query and rested, or opened a result.

    The numbers are all that changes, so an address is enough; other sites may not add to them.
    """
    text = request.args.get("q", "")[:MAX_TEXT]
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin" or cards.token_in(text):
        return "", 204
    if request.args.get("opened"):
        if is_counted():
            counter_of(current_app).opened(text)
    else:
        asked = SearchRequest(text)
        try:
            count_search(asked, find(asked))
        except IndexUnavailable:
            return "", 503
    return "", 204


def count_search(asked: SearchRequest, found: SearchPage) -> None:
    """Count a search; its further pages and narrower filters are the same search."""
    if asked.page == 1 and not asked.facets and is_counted():
        counter_of(current_app).asked(asked.text, found.total)


def is_counted() -> bool:
    """Say whether the library counts searches at all."""
    return bool(settings.get_setting(settings.CORE, "search_days"))
