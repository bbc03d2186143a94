"""The librarian's table of all resources: search, change many at once, broken links, the archive."""

from flask import Blueprint, Response, redirect, request, url_for
from sqlalchemy import and_
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import Managed, State, attempt, current_viewer, page, requires, start_job
from libhub.api import lazy_gettext as _l
from plugins.resources import bulk_changes, link_check, link_reports
from plugins.resources.models import Resource
from plugins.resources.vocabulary import ACCESS, BROKEN_STATES, KINDS, LINK_STATES

blueprint = Blueprint("resources", __name__, url_prefix="/resources")

Managed(
    model=Resource,
    permission="resources.edit",
    section=_l("Resources"),
    title=_l("Manage the resources"),
    template="resources/manage.html",
    order=(Resource.sort_title, Resource.id),
    searched=Resource.sort_title,
    states={
        "": State(_l("In the directory"), Resource.present),
        "unchecked": State(
            _l("Not checked by anybody"), lambda: and_(Resource.present(), Resource.checked_on.is_(None))
        ),
        "broken": State(
            _l("The link does not work"),
            lambda: and_(Resource.present(), Resource.link_state.in_(BROKEN_STATES)),
        ),
        "archived": State(_l("In the archive"), lambda: Resource.archived_at.is_not(None)),
    },
    actions=bulk_changes.ACTIONS,
    context=lambda _rows: {
        "kinds": KINDS,
        "access": ACCESS,
        "link_states": LINK_STATES,
        "broken_states": BROKEN_STATES,
        "reports": len(link_reports.open_reports()),
    },
).add_to(blueprint)


@blueprint.get("/reports")
@requires("resources.edit")
def reports() -> Response:
    """List what visitors said about links that do not work."""
    return page("resources/reports.html", reports=link_reports.open_reports())


@blueprint.post("/reports/<int:report_id>/done")
@requires("resources.edit")
def report_done(report_id: int) -> AnyResponse:
    """Mark a report as dealt with."""
    return attempt(lambda: link_reports.resolve_report(report_id), url_for("resources.reports"))


@blueprint.post("/check-links")
@requires("resources.edit")
def check_links() -> AnyResponse:
    """Have the links looked at behind the scenes; who asks while that is done joins in."""
    asked = {"everything": "everything" in request.form}
    started_by = current_viewer().user_id
    job_id = start_job(link_check.JOB, asked, started_by=started_by, key="links")
    return redirect(url_for("jobs.show", job_id=job_id))
