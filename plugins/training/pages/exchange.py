"""A course goes out as one file, and comes in from another hub."""

from tempfile import TemporaryFile

from flask import Blueprint, Response, flash, redirect, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import LibHubError, current_viewer, page, requires
from libhub.api import gettext as _
from plugins.training.exchange import exporting, importing
from plugins.training.pages.editing import course_or_404

blueprint = Blueprint("training", __name__, url_prefix="/training")


@blueprint.get("/<int:course_id>/export.zip")
@requires("training.edit")
def export_course(course_id: int) -> Response:
    """Give a course with its files as one archive."""
    course_or_404(course_id)
    body = TemporaryFile()  # noqa: SIM115 - closed when it was sent
    try:
        exporting.write_archive(course_id, body)
    except BaseException:
        body.close()
        raise
    body.seek(0)
    response = send_file(
        body, mimetype="application/zip", as_attachment=True, download_name=f"course-{course_id}.zip"
    )
    response.call_on_close(body.close)
    return response


@blueprint.route("/import", methods=["GET", "POST"])
@requires("training.edit")
def import_course() -> AnyResponse:
    """Bring in a course as a draft; of a damaged or hostile archive nothing is taken."""
    problem = ""
    if request.method == "POST":
        sent = request.files.get("archive")
        try:
            if sent is None or not sent.filename:
                raise LibHubError(_("Choose a file first."))
            course_id = importing.read_archive(sent.stream, current_viewer().actor)
        except LibHubError as error:
            problem = str(error)
        else:
            flash(
                _("The course is here, as a draft. Look through it, say for whom it is, and open it."),
                "success",
            )
            return redirect(url_for("training.edit", course_id=course_id))
    return page("training/import.html", problem=problem, status=422 if problem else 200)
