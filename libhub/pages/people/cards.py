"""Signing in with a QR card: by its address, by a scanner that types it into a field, by the camera of the PC.

The address of a card stands in no history of a browser: it leads on to a page that is this browser's for ten minutes,
and only the press of a button there signs in.
"""

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from libhub.accounts.models import User
from libhub.accounts.signing_in import SignInError
from libhub.base.errors import LibHubError, TryLater
from libhub.base.i18n import gettext as _
from libhub.kit.pages.slips import forget_slip, read_slip, show_slip
from libhub.people.credentials import cards
from libhub.web import session_life, visitor
from libhub.web.errors import error_page, with_retry
from libhub.web.forms.once import nothing_kept
from libhub.web.gate import public
from libhub.web.rendering.addresses import url_for
from libhub.web.rendering.pages import page
from libhub.web.this_computer import this_computer
from libhub.web.visitor import current_viewer

blueprint = Blueprint("cards", __name__, url_prefix="/auth/card")


def work_here() -> bool:
    """Say whether cards sign in at the computer or telephone that asks."""
    return cards.may_be_used(on_shared_pc=this_computer() is not None)


def sign_in_with(token: str) -> None:
    """Sign the browser in with a card; whoever was signed in before is out.

    :raises SignInError: it holds no more, or cards are not for this place.
    :raises TooManyAttempts: too many that hold no more came from there.
    """
    if not work_here():
        raise SignInError(_("Cards work only at the computers of the reading room."))
    opened = cards.sign_in(
        token,
        address=request.remote_addr or "",
        browser=request.user_agent.string,
        idle=session_life.lifetime().idle,
    )
    visitor.sign_out_browser(leave_nothing=True)
    visitor.sign_in_browser(opened)


@blueprint.get("/<token>")
@public
@nothing_kept
def show(token: str) -> AnyResponse:
    """Be opened by a card, and lead on to the page with the button."""
    if not work_here():
        return error_page(
            404,
            _("The card does not work here"),
            _(
                "Show it at a computer of the reading room, or sign in with the user name and the password of the slip."
            ),
        )
    if cards.owner_of(token) is None:
        return _holds_no_more()
    return show_slip("cards.ask", token)


@blueprint.route("/as/<slip>", methods=["GET", "POST"])
@public
@nothing_kept
def ask(slip: str) -> AnyResponse:
    """Ask whether it is this pupil who wants in; the press signs in."""
    token = read_slip(slip)
    owner = cards.owner_of(token) if token else None
    if token is None or owner is None:
        return _holds_no_more()
    if request.method == "GET":
        return _ask(owner)
    try:
        sign_in_with(token)
    except SignInError as error:
        return _ask(owner, error, 401)
    except TryLater as error:
        return with_retry(_ask(owner, error), error)
    response = redirect(url_for("home.index"))
    forget_slip(response)
    return response


def _ask(owner: User, error: LibHubError | None = None, status: int = 200) -> Response:
    return page("people/card.html", owner=owner, other=_somebody_else(owner.id), error=error, status=status)


def _somebody_else(user_id: int) -> str:
    """Return the name of who is signed in here and is not this one."""
    viewer = current_viewer()
    return viewer.name if viewer.signed_in and viewer.user_id != user_id else ""


def _holds_no_more() -> AnyResponse:
    return error_page(
        404,
        _("This card does not open anything"),
        _("Show the card once more. If that does not help, ask the librarian for a new one."),
    )
