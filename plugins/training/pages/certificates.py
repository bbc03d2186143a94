"""Certificates: one's own to print, and the page on which anybody may verify one."""

from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import current_viewer, limited, page, public, qr_code, requires
from plugins.training.courses.audience import SUPERVISE
from plugins.training.learning import certificates
from plugins.training.pages.learning import user_id

blueprint = Blueprint("training", __name__, url_prefix="/training")

_THIS_COMPUTER: Final = frozenset({"localhost", "127.0.0.1", "::1"})
"""Names by which a computer calls itself: an address with one of them leads nowhere on another."""


@blueprint.get("/certificates")
@public
def verify_form() -> AnyResponse:
    """Ask for the number of a certificate."""
    number = request.args.get("number", "").strip()
    if number:
        return redirect(url_for("training.verify", number=certificates.spelt(number[:60]) or "-"))
    return page("training/verify_form.html")


@blueprint.get("/certificates/<number>")
@public
@limited(20, minutes=5, methods=("GET",))
def verify(number: str) -> Response:
    """Say what a certificate vouches for, or that there is none with this number."""
    found = certificates.find(number)
    return page("training/verify.html", found=found, number=number[:60], status=200 if found else 404)


@blueprint.get("/certificates/<number>/print")
@requires("training.learn")
def certificate(number: str) -> Response:
    """Show a certificate, one sheet of A4, to its owner and to the librarian."""
    found = certificates.find(number)
    if found is None or (found.user_id != user_id() and not current_viewer().can(SUPERVISE)):
        abort(404)
    address = url_for("training.verify", number=found.number, _external=True)
    here_only = (urlsplit(address).hostname or "") in _THIS_COMPUTER
    return page(
        "training/certificate.html", found=found, address=address, qr=qr_code(address), here_only=here_only
    )
