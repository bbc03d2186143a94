"""A poster to print: what the resource is, and a QR code that opens it on a telephone."""

from flask import Blueprint, Response, abort

from libhub.api import current_viewer, page, public, qr_code
from plugins.resources import rules
from plugins.resources.vocabulary import KINDS

blueprint = Blueprint("resources", __name__, url_prefix="/resources")


@blueprint.get("/<int:resource_id>/poster")
@public
def poster(resource_id: int) -> Response:
    """Show the poster of a resource, one sheet of A4."""
    resource = rules.find_visible(resource_id, current_viewer())
    if resource is None:
        abort(404)
    return page(
        "resources/poster.html", resource=resource, qr=qr_code(resource.url), kind=KINDS[resource.kind]
    )
