"""A poster to print: what the resource is, and a QR code that opens it on a telephone."""

from flask import Blueprint, Response

from libhub.api import page, public, qr_code, visible_or_404
from plugins.resources.models import Resource
from plugins.resources.vocabulary import KINDS

blueprint = Blueprint("resources", __name__, url_prefix="/resources")


@blueprint.get("/<int:resource_id>/poster")
@public
def poster(resource_id: int) -> Response:
    """Show the poster of a resource, one sheet of A4."""
    resource = visible_or_404(Resource, resource_id)
    return page(
        "resources/poster.html", resource=resource, qr=qr_code(resource.url), kind=KINDS[resource.kind]
    )
