"""Pages and their fragments: one template each, a fragment is one of its blocks."""

from typing import Any

from flask import Response, current_app, make_response, render_template
from markupsafe import escape

from libhub.web import htmx


def page(template: str, *, block: str | None = None, status: int = 200, **context: Any) -> Response:
    """Render a page, or only ``block`` of it where htmx asks for a fragment.

    The address is the same for both, so caches are told by ``Vary`` that the answers differ.
    """
    if block and htmx.wants_fragment():
        loaded = current_app.jinja_env.get_template(template)
        values: dict[str, Any] = dict(context)
        current_app.update_template_context(values)
        names = ["title", block] if "title" in loaded.blocks else [block]
        parts = ["".join(loaded.blocks[name](loaded.new_context(values))) for name in names]
        if len(parts) > 1:
            parts[0] = f"<title>{parts[0]} — {escape(values['library_name'])}</title>"
        body = "".join(parts)
    else:
        body = render_template(template, **context)
    response = make_response(body, status)
    response.vary.add(htmx.VARY)
    response.vary.add("Cookie")
    response.headers.setdefault("Cache-Control", "no-store")
    return response
