"""A poster to print: what the resource is, and a QR code that opens it on a telephone."""

import segno
from flask import Response, abort
from markupsafe import Markup

from libhub.api import current_viewer, page, public
from plugins.resources import domain
from plugins.resources.views import blueprint
from plugins.resources.vocabulary import KINDS


@blueprint.get("/<int:resource_id>/poster")
@public
def poster(resource_id: int) -> Response:
    """Show the poster of a resource, one sheet of A4."""
    resource = domain.find_visible(resource_id, current_viewer())
    if resource is None:
        abort(404)
    return page(
        "resources/poster.html", resource=resource, qr=qr_code(resource.url), kind=KINDS[resource.kind]
    )


def qr_code(url: str) -> Markup | None:
    """Return the address as a QR code in SVG; None for an address that is too long for one."""
    for level in ("m", "l"):
        try:
            code = segno.make_qr(url, error=level)
        except segno.DataOverflowError:
            continue
        return Markup(code.svg_inline(scale=8, border=2, omitsize=True, light="#fff", svgclass="qr"))  # noqa: S704 - made here
    return None
