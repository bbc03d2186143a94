"""What pages are made of: the stylesheet, the script, the pictures that settings hold."""

from flask import Blueprint, Response, abort, request, send_from_directory

from libhub.files.setting_pictures import NAME, picture_folder
from libhub.web.gate import public
from libhub.web.rendering import assets

blueprint = Blueprint("assets", __name__, url_prefix="/assets")
pictures_blueprint = Blueprint("pictures", __name__)


@blueprint.get("/<mark>/libhub-<theme>.css")
@public
def stylesheet(mark: str, theme: str) -> Response:
    """Send the stylesheet; of an older mark, the present one, which is not kept then."""
    if theme not in assets.THEMES:
        abort(404)
    return _asset(assets.stylesheet_text(theme, request.script_root).encode(), "text/css", mark)


@blueprint.get("/<mark>/libhub.js")
@public
def script(mark: str) -> Response:
    """Send the script in the same way."""
    return _asset(assets.script_text(), "text/javascript", mark)


def _asset(body: bytes, mimetype: str, mark: str) -> Response:
    response = Response(body, mimetype=mimetype)
    response.headers["Cache-Control"] = assets.FOR_GOOD if mark == assets.digest(body) else "no-cache"
    return response


@pictures_blueprint.get("/pictures/<name>")
@public
def picture(name: str) -> Response:
    """Send a picture; its name says what is in it, so that it can be kept for long."""
    if not NAME.fullmatch(name):
        abort(404)
    response = send_from_directory(picture_folder(), name, mimetype="image/webp", max_age=365 * 24 * 3600)
    response.cache_control.public = True
    response.cache_control.immutable = True
    return response
