"""The answers of search as JSON, for other programs."""

from flask import Response, jsonify

from libhub.pages.search.asking import asked_request, blueprint, find
from libhub.pages.search.counted import count_search
from libhub.pages.search.labels import place_of
from libhub.search.store.index import IndexUnavailable
from libhub.web.gate import public


@blueprint.get("/search.json")
@public
def as_json() -> Response | tuple[Response, int]:
    """Answer other programs; the same rights and the same order as the page."""
    asked = asked_request()
    try:
        found = find(asked)
    except IndexUnavailable as error:
        return jsonify(error=str(error)), 503
    count_search(asked, found)
    results = [
        {
            "uid": result.ref.uid,
            "plugin": result.ref.plugin,
            "kind": result.ref.kind,
            "title": result.plain_title,
            "url": result.url,
            "snippet": str(result.snippet),
            "age": result.age,
            "part": result.part and {"place": place_of(result.part), "url": result.part.url},
        }
        for result in found.results
    ]
    return jsonify(
        query=asked.text,
        shown_for=found.shown_for,
        total=found.total,
        results=results,
        facets=found.facets,
        suggestion=found.suggestion,
    )
