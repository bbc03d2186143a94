"""An activity leaves as one file, and comes in from one."""

import tempfile

from flask import Blueprint, Response, flash, redirect, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import LibHubError, page, requires
from libhub.api import gettext as _
from plugins.crafts import rules
from plugins.crafts.exchange import archives
from plugins.crafts.pages.editing import found_or_404

blueprint = Blueprint("crafts", __name__, url_prefix="/crafts")


_IN_MEMORY = 8 * 1024**2


@blueprint.get("/<int:activity_id>/export")
@requires("crafts.edit")
def export(activity_id: int) -> AnyResponse:
    """Give an activity with its pictures as one file."""
    activity = found_or_404(activity_id)
    body = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed when it has been sent
    try:
        archives.write(activity_id, body)
    except LibHubError as error:
        body.close()
        flash(str(error), "error")
        return redirect(url_for("crafts.edit", activity_id=activity_id))
    body.seek(0)
    name = archives.file_name(rules.data_of(activity))
    return send_file(body, "application/zip", as_attachment=True, download_name=name, max_age=0)


@blueprint.route("/import", methods=["GET", "POST"])
@requires("crafts.edit")
def import_page() -> AnyResponse:
    """Bring in an activity from a file; it becomes a draft."""
    problem = ""
    if request.method == "POST":
        sent = request.files.get("file")
        try:
            if sent is None or not sent.filename:
                raise LibHubError(_("Choose a file first."))
            done = archives.read(sent.stream)
        except LibHubError as error:
            problem = str(error)
        else:
            if done.replaced:
                told = _("“%(title)s” was here already and is now as in the file.", title=done.title)
            else:
                told = _("“%(title)s” is here as a draft. Look through it and publish it.", title=done.title)
            flash(told, "success")
            return redirect(url_for("crafts.edit", activity_id=done.activity_id))
    return _import_page(problem)


def _import_page(problem: str) -> Response:
    return page("crafts/import.html", problem=problem, status=422 if problem else 200)
