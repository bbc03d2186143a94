"""Pages of a PC of the reading room: becoming one, staying signed in, the end of a visit, the way outside."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, flash, redirect, request, url_for
from flask_babel import force_locale
from werkzeug.wrappers import Response as AnyResponse

from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.kiosk import computers
from libhub.kiosk.models import OPEN, QR
from libhub.web import kiosk, outside, session_life
from libhub.web.errors import error_page
from libhub.web.forms.once import nothing_kept
from libhub.web.gate import public
from libhub.web.limiting import limited
from libhub.web.rendering.pages import page
from libhub.web.rendering.qr import qr_code
from libhub.web.this_computer import this_computer
from libhub.web.visitor import current_viewer

blueprint = Blueprint("kiosk", __name__)


@blueprint.route("/pc/<code>", methods=["GET", "POST"])
@public
@nothing_kept
@limited(20, minutes=10, methods=("GET", "POST"))
def join(code: str) -> AnyResponse:
    """Make the browser that opens this address the PC for which it was given out, after one press."""
    computer = computers.find_by_code(code)
    if computer is None:
        return error_page(
            404,
            _("This address no longer works"),
            _("It makes one computer a reading-room PC, once and within a day. Ask for a new one."),
        )
    if request.method == "GET":
        return page("kiosk/join.html", computer=computer)
    response = redirect(url_for("home.index"))
    try:
        kiosk.settle(response, computer.id)
    except LibHubError as error:
        return error_page(404, _("This address no longer works"), str(error))
    return response


@blueprint.post("/pc/here")
@public
@nothing_kept
def here() -> AnyResponse:
    """Take note that somebody is there: the session goes on. 401 tells the page that there is none any more."""
    return Response(status=204 if current_viewer().signed_in else 401)


@blueprint.get("/pc/idle")
@public
@nothing_kept
def idle() -> AnyResponse:
    """End a visit that nobody prolonged; one that goes on in another window does go on."""
    if this_computer() is None or not session_life.visit_is_over():
        return redirect(url_for("home.index"))
    signed_in = current_viewer().signed_in
    response = kiosk.end_visit()
    if signed_in:
        with force_locale(current_app.config["BABEL_DEFAULT_LOCALE"]):  # the language goes with the reader
            flash(_("Nobody was here for a while, so you were signed out."))
    return response


@blueprint.get("/away")
@public
def away() -> AnyResponse:
    """Stand between the hub and another site, as the school chose for this PC."""
    target = outside.target_of(request.args.get("to", ""))
    if target is None:
        abort(404)
    computer = this_computer()
    if computer is None or computer.outside == OPEN:
        return redirect(target)
    return page(
        "kiosk/away.html",
        target=target,
        host=urlsplit(target).hostname,
        qr=qr_code(target) if computer.outside == QR else None,
        only_qr=computer.outside == QR,
        back=_page_before(),
    )


def _page_before() -> str:
    """Return the page of the hub from which the visitor came, where the browser tells."""
    came_from = request.referrer or ""
    return came_from if came_from.startswith(request.host_url) else url_for("home.index")
