"""What the hub keeps of a person, as the librarian shows it to who asks; and erasing a person."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.pages.admin.people import blueprint, user_or_abort
from libhub.pages.people.data import show, show_json
from libhub.people.personal_data.consents import SETTING
from libhub.people.personal_data.erasing import erase_person
from libhub.plugging import settings
from libhub.web.gate import requires
from libhub.web.rendering.pages import page
from libhub.web.visitor import current_viewer


@blueprint.context_processor
def _consents() -> dict[str, object]:
    return {"consents_on": settings.get_setting(settings.CORE, SETTING)}


@blueprint.get("/<int:user_id>/data")
@requires("users.manage")
def personal_data(user_id: int) -> AnyResponse:
    """Show everything that the hub and its sections keep of a person."""
    user = user_or_abort(user_id)
    back = url_for("users.edit", user_id=user_id)
    return show(user, url_for("users.personal_data_json", user_id=user_id), back)


@blueprint.get("/<int:user_id>/data.json")
@requires("users.manage")
def personal_data_json(user_id: int) -> AnyResponse:
    """Give out the same as JSON."""
    return show_json(user_or_abort(user_id), url_for("users.edit", user_id=user_id))


@blueprint.route("/<int:user_id>/erase", methods=["GET", "POST"])
@requires("users.manage")
def erase(user_id: int) -> AnyResponse:
    """Delete an account with what the sections keep of the person, after asking once.

    If a section cannot, the account stays: what that section keeps belongs to it.
    """
    user = user_or_abort(user_id)
    if request.method == "GET":
        return page("admin/erase.html", user=user)
    try:
        failures = erase_person(user_id, current_viewer().actor)
    except LibHubError as error:
        flash(str(error), "error")
        return redirect(url_for("users.edit", user_id=user_id))
    if failures:
        for failure in failures:
            flash(str(failure), "error")
        flash(
            _("What the other sections keep was deleted; the account stays until this works, too."), "error"
        )
        return redirect(url_for("users.edit", user_id=user_id))
    flash(_("The account and the personal data were deleted."), "success")
    return redirect(url_for("users.index"))
