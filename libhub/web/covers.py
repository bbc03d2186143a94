"""Drawn covers under addresses that hold a section and a few letters: kept by browsers for a year."""

from flask import Blueprint, Flask, Response, abort, url_for

from libhub import covers
from libhub.web.gate import public

blueprint = Blueprint("covers", __name__, url_prefix="/covers")


def init_app(app: Flask) -> None:
    """Give the templates the addresses."""
    app.jinja_env.globals["cover_url"] = cover_url


def cover_url(section: str, key: str | int) -> str:
    """Return the address of the cover that is drawn for a thing of a section: always the same for the same key."""
    return url_for("covers.show", section=section, mark=covers.mark_of(section, str(key)), v=covers.VERSION)


@blueprint.get("/<section>/<mark>.svg")
@public
def show(section: str, mark: str) -> Response:
    """Draw a cover."""
    drawn = covers.draw(section, mark)
    if drawn is None:
        abort(404)
    response = Response(drawn, mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
