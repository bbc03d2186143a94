"""What the hub keeps of a person: given out, and erased."""

from flask import flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.accounts import accounts
from libhub.base.audit import changed_by
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.files import personal_data as personal
from libhub.kit.jobs import starting
from libhub.notices import notices
from libhub.pages.admin.people import blueprint, user_or_abort
from libhub.people.erasing import erase_person
from libhub.plugging import calls
from libhub.submissions import drafts
from libhub.web.gate import requires
from libhub.web.rendering.pages import page
from libhub.web.visitor import current_viewer


@blueprint.get("/<int:user_id>/data")
@requires("users.manage")
def personal_data(user_id: int) -> AnyResponse:
    """Give out everything that the hub and its sections keep of a person, as JSON."""
    user = user_or_abort(user_id)
    try:
        kept = dict(calls.call_installed("personal_data", user_id=user_id))
    except LibHubError as error:
        flash(str(error), "error")
        return redirect(url_for("users.edit", user_id=user_id))
    told = notices.personal_data(user_id)
    files = personal.personal_data(user_id)
    response = jsonify(
        account=accounts.personal_data(user),
        notices=told,
        files=files,
        drafts=drafts.personal_data(user_id),
        jobs=starting.personal_data(user_id),
        changes=changed_by(user_id),
        sections=kept,
    )
    response.headers["Content-Disposition"] = f"attachment; filename=person-{user_id}.json"
    return response


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
