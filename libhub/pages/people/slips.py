"""The librarian's pages of slips: for a class or some people, printed once; and what takes them back."""

import ipaddress
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, flash, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from libhub.accounts import classes
from libhub.accounts.models import User
from libhub.accounts.permissions import ADMINISTRATOR
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.i18n import ngettext
from libhub.base.text import parse_number
from libhub.pages.admin.people import user_or_abort
from libhub.pages.people.printed_slips import ON_A_PAGE, printed, tidy_address
from libhub.people.credentials import cards, pictures, sheets, slips
from libhub.people.credentials.slips import MOST_PARENTS, Wanted
from libhub.plugging import settings
from libhub.web.gate import requires
from libhub.web.rendering.addresses import url_for
from libhub.web.rendering.pages import page
from libhub.web.visitor import current_viewer, session_token

blueprint = Blueprint("slips", __name__, url_prefix="/admin/slips")


@blueprint.get("/")
@requires("users.manage")
def index() -> Response:
    """Ask for whom slips shall be printed, and what they shall say."""
    chosen = _chosen(request.args.getlist("id"), "")
    return page(
        "people/slips.html",
        chosen=chosen,
        class_id=parse_number(request.args.get("class_id", "")),
        classes=classes.every_class(),
        how_many=classes.how_many(),
        most_parents=MOST_PARENTS,
        cards=cards.are_given(),
        pictures=pictures.are_given(),
    )


@blueprint.post("/")
@requires("users.manage")
def make() -> AnyResponse:
    """Make slips for the people that were ticked, or for a class, and go to their sheet.

    ``id`` may come many times, or ``class_id`` once. ``parents``: so many codes for the parents of each pupil;
    ``only_parents``: passwords and cards stay as they are.
    """
    people = _chosen(request.form.getlist("id"), request.form.get("class_id", ""))
    allowed = [user for user in people if _may_get_a_slip(user)]
    parents = min(parse_number(request.form.get("parents", "")) or 0, MOST_PARENTS)
    only_parents = bool(request.form.get("only_parents"))
    if len(allowed) < len(people):
        left = len(people) - len(allowed)
        flash(
            ngettext(
                "%(num)d person is left out: an administrator, or you yourself.",
                "%(num)d people are left out: administrators, or you yourself.",
                left,
            ),
            "warning",
        )
    if not allowed or (only_parents and not parents):
        flash(_("There is nobody to print slips for. Choose people or a class."), "error")
        return redirect(url_for("slips.index"))
    address = sheets.new_address()
    slips.begin(
        sheets.key_of(address, session_token()),
        [user.id for user in allowed],
        Wanted(passwords=not only_parents, parents=parents),
        str(current_app.secret_key),
    )
    return redirect(url_for("slips.sheet", address=address))


@blueprint.get("/<address>")
@requires("users.manage")
def sheet(address: str) -> AnyResponse:
    """Show a sheet to whoever made it, for ten minutes."""
    found = slips.read(sheets.key_of(address, session_token()))
    if found is None:
        flash(_("The sheet was shown for ten minutes and is kept nowhere. Make a new one if it is lost."))
        return redirect(url_for("slips.index"))
    site = address_on_paper() or request.url_root.rstrip("/")
    return page(
        "people/sheet.html",
        address=address,
        sheet=found,
        items=list(printed(found.slips, site)),
        on_a_page=ON_A_PAGE,
        site=site,
        only_here=_is_this_pc(site),
        settings_url=url_for("admin.hub_settings") if current_viewer().can("settings.manage") else None,
        cards_at_computers=settings.get_setting(settings.CORE, "card_sign_in") == "computers",
    )


@blueprint.post("/<address>")
@requires("users.manage")
def go_on(address: str) -> AnyResponse:
    """Make the next part of a sheet for many people."""
    slips.go_on(sheets.key_of(address, session_token()), str(current_app.secret_key))
    return redirect(url_for("slips.sheet", address=address))


@blueprint.post("/<address>/done")
@requires("users.manage")
def done(address: str) -> AnyResponse:
    """Throw a sheet away that was printed."""
    sheets.throw_away(sheets.key_of(address, session_token()))
    flash(_("The sheet is thrown away: nobody sees these passwords any more."), "success")
    return redirect(url_for("users.index"))


@blueprint.post("/of/<int:user_id>/card")
@requires("users.manage")
def revoke_card(user_id: int) -> AnyResponse:
    """End the card of somebody who lost it."""
    cards.revoke(user_or_abort(user_id).id)
    flash(_("The card does not sign in any more."), "success")
    return redirect(url_for("users.edit", user_id=user_id))


@blueprint.post("/of/<int:user_id>/pictures")
@requires("users.manage")
def allow_pictures(user_id: int) -> AnyResponse:
    """Let somebody try the pictures again who was wrong too often."""
    pictures.allow_again(user_or_abort(user_id).id)
    flash(_("The pictures can be tried again."), "success")
    return redirect(url_for("users.edit", user_id=user_id))


def address_on_paper() -> str:
    """Return the address that the library wants on paper; empty for none."""
    return tidy_address(settings.get_setting(settings.CORE, "hub_address"))


def _chosen(ids: list[str], class_id: str) -> list[User]:
    numbers = {number for text in ids if (number := parse_number(text)) is not None}
    of_class = parse_number(class_id)
    if of_class is not None:
        try:
            numbers |= {user.id for user in classes.members([classes.get_class(of_class).id])}
        except LibHubError as error:
            flash(str(error), "error")
    return slips.in_order(numbers)


def _may_get_a_slip(user: User) -> bool:
    """Say whether the visitor may give somebody a password so: not to an administrator, and not to oneself, who would be out."""
    viewer = current_viewer()
    return user.id != viewer.user_id and (user.role != ADMINISTRATOR or viewer.role == ADMINISTRATOR)


def _is_this_pc(site: str) -> bool:
    """Say whether an address is that of the PC on which the hub runs, as only this one knows it."""
    host = urlsplit(site).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
