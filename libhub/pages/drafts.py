"""What is typed is kept meanwhile: by the script of editors, until it is saved or thrown away."""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.submissions import drafts
from libhub.web.forms import form_state
from libhub.web.forms.once import nothing_kept
from libhub.web.forms.tokens import protection
from libhub.web.gate import public, signed_in
from libhub.web.rendering.moments import moment_text
from libhub.web.visitor import current_viewer

blueprint = Blueprint("drafts", __name__, url_prefix="/drafts")


@blueprint.post("/keep")
@public
@nothing_kept
def keep() -> tuple[Any, int]:
    """Keep what an editor holds now, for the person for whom its page was made; 401 says that somebody has to sign in.

    The form's own state, which this hub signed for that person, is what proves where it comes from.
    """
    state = form_state.sent()
    if state is None or not state.draft:
        return jsonify(said=_("This form cannot be kept.")), 400
    if state.user_id != current_viewer().user_id:
        return jsonify(said=_("It is not being saved: sign in, in a new window.")), 401
    fields = {name: request.form.getlist(name) for name in request.form}
    try:
        at = drafts.keep(state.draft, state.user_id, state.page, state.page, fields)
    except LibHubError as error:
        return jsonify(said=str(error)), 413
    return jsonify(said=_("Draft kept at %(time)s.", time=moment_text(at, "HH:mm"))), 200


protection.exempt(keep)


@blueprint.post("/<draft_id>/drop")
@signed_in
@nothing_kept
def drop(draft_id: str) -> AnyResponse:
    """Throw away what was typed and not saved."""
    user_id = current_viewer().user_id or 0
    found = drafts.find(draft_id[:32], user_id, [draft_id])
    if found is None or not drafts.drop(found.id, user_id):
        flash(_("It is not here any more."), "info")
        return redirect(url_for("home.index"))
    flash(_("The draft was thrown away. What was saved is as it was."), "success")
    return redirect(found.page)
