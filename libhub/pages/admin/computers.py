"""The librarian's page of the reading room's PCs."""

from flask import Blueprint, Response, abort, flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import IntegerField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from libhub.accounts import sessions
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.kiosk import computers
from libhub.kiosk.computers import LEAST_MINUTES, MOST_MINUTES, USUAL_MINUTES, Details
from libhub.kiosk.models import ASK, OUTSIDE, Computer
from libhub.kit.pages.editing import editor
from libhub.kit.pages.slips import read_slip, show_slip
from libhub.plugging import settings
from libhub.web import kiosk, session_life
from libhub.web.forms.form import Form
from libhub.web.gate import requires
from libhub.web.rendering.pages import page
from libhub.web.this_computer import this_computer
from libhub.web.visitor import session_token

blueprint = Blueprint("computers", __name__, url_prefix="/admin/computers")


class ComputerForm(Form):
    """A PC as the librarian edits it."""

    name = StringField(_l("Name of the computer"), [InputRequired(), Length(max=80)])
    minutes = IntegerField(
        _l("Minutes without use after which a visit ends"),
        [InputRequired(), NumberRange(LEAST_MINUTES, MOST_MINUTES)],
        default=USUAL_MINUTES,
    )
    outside = SelectField(
        _l("Links that leave the library"),
        choices=[SelectChoice(value, label) for value, label in OUTSIDE.items()],
        default=ASK,
    )

    def details(self) -> Details:
        """Return what was typed."""
        return Details(self.name.data, self.minutes.data, self.outside.data)


@blueprint.get("/")
@requires("kiosk.manage")
def index() -> Response:
    """List the PCs, with the form that makes this one such a PC."""
    return _index(ComputerForm())


@blueprint.post("/here")
@requires("kiosk.manage")
def settle_here() -> AnyResponse:
    """Make the PC on which the librarian is now one of the reading room."""
    return _add(settle=True)


@blueprint.post("/")
@requires("kiosk.manage")
def add() -> AnyResponse:
    """Add a PC that stands elsewhere, and show the address to open on it on a slip."""
    return _add(settle=False)


@blueprint.route("/<int:computer_id>", methods=["GET", "POST"])
@requires("kiosk.manage")
def edit(computer_id: int) -> AnyResponse:
    """Change a PC."""

    def form() -> ComputerForm:
        now = _computer(computer_id)
        return ComputerForm(name=now.name, minutes=now.idle_seconds // 60, outside=now.outside)

    return editor(
        "kiosk/computer.html",
        form,
        lambda typed: computers.change(computer_id, typed.details()),
        lambda _saved: url_for("computers.index"),
        told=_l("Saved."),
        computer=_computer(computer_id),
    )


@blueprint.post("/<int:computer_id>/address")
@requires("kiosk.manage")
def new_address(computer_id: int) -> AnyResponse:
    """Show a new address that makes a browser this PC."""
    return _address(_computer(computer_id).id)


@blueprint.post("/<int:computer_id>/remove")
@requires("kiosk.manage")
def remove(computer_id: int) -> AnyResponse:
    """Make a PC an ordinary one again."""
    this = this_computer()
    try:
        name = computers.remove(computer_id)
    except LibHubError as error:
        flash(str(error), "error")
        return redirect(url_for("computers.index"))
    if this is not None and this.id == computer_id:
        # the librarian sits at it: the session is no longer the short one of a shared PC
        sessions.leave_shared_pc(session_token(), session_life.lifetime())
        kiosk.leave()
    flash(_("“%(name)s” is an ordinary computer again.", name=name), "success")
    return redirect(url_for("computers.index"))


def _add(*, settle: bool) -> AnyResponse:
    form = ComputerForm()
    if not form.validate_on_submit():
        return _index(form, status=422)
    try:
        computer_id = computers.add(form.details())
    except LibHubError as error:
        form.fail(error)
        return _index(form, status=422)
    if not settle:
        return _address(computer_id)
    flash(
        _(
            "This computer is “%(name)s” now. Sign out, and the first page of the reading room appears.",
            name=form.name.data,
        ),
        "success",
    )
    response = redirect(url_for("computers.index"))
    kiosk.settle(response, computer_id)
    return response


def _index(form: ComputerForm, status: int = 200) -> Response:
    return page(
        "kiosk/computers.html",
        form=form,
        computers=computers.every(),
        outside=OUTSIDE,
        guest_age=settings.get_setting(settings.CORE, "kiosk_guest_age"),
        status=status,
    )


def _address(computer_id: int) -> AnyResponse:
    try:
        code = computers.new_code(computer_id)
    except LibHubError as error:
        flash(str(error), "error")
        return redirect(url_for("computers.index"))
    return show_slip("computers.slip", code, computer_id=computer_id)


@blueprint.get("/<int:computer_id>/slip/<slip>")
@requires("kiosk.manage")
def slip(computer_id: int, slip: str) -> AnyResponse:
    """Show an address that was just made, to whoever made it."""
    computer, code = _computer(computer_id), read_slip(slip)
    if code is None:
        flash(_("The address was shown for ten minutes and is kept nowhere. Make a new one if it is lost."))
        return redirect(url_for("computers.edit", computer_id=computer_id))
    return page("kiosk/address.html", computer=computer, url=url_for("kiosk.join", code=code, _external=True))


def _computer(computer_id: int) -> Computer:
    try:
        return computers.get(computer_id)
    except LibHubError:
        abort(404)
