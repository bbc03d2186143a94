"""Long work behind the scenes, as those see it who started it: how far it is, what came of it, stop and go on."""

from flask import Blueprint, Response, abort, flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.base.errors import LibHubError
from libhub.kit.jobs import starting
from libhub.kit.jobs.models import FAILED, STOPPED, UNFINISHED, Job
from libhub.web.gate import signed_in
from libhub.web.rendering.pages import page
from libhub.web.visitor import current_viewer

blueprint = Blueprint("jobs", __name__, url_prefix="/jobs")


@blueprint.get("/")
@signed_in
def index() -> Response:
    """List the jobs that the visitor may see."""
    rows = [
        (job, starting.label_of(job), starting.in_words(job)) for job in starting.listing(current_viewer())
    ]
    return page("jobs/index.html", rows=rows)


@blueprint.get("/<int:job_id>")
@signed_in
def show(job_id: int) -> Response:
    """Show how it stands with a job; the page asks again by itself while it is not finished."""
    job = _job_or_404(job_id)
    return page(
        "jobs/show.html",
        block="standing",
        job=job,
        label=starting.label_of(job),
        words=starting.in_words(job),
        unfinished=job.status in UNFINISHED,
        resumable=job.status in (STOPPED, FAILED),
    )


@blueprint.post("/<int:job_id>/stop")
@signed_in
def stop(job_id: int) -> AnyResponse:
    """Have it stopped."""
    starting.ask_to_stop(_job_or_404(job_id).id)
    return redirect(url_for("jobs.show", job_id=job_id))


@blueprint.post("/<int:job_id>/go-on")
@signed_in
def go_on(job_id: int) -> AnyResponse:
    """Go on with one that stands still."""
    try:
        starting.go_on(_job_or_404(job_id).id)
    except LibHubError as error:
        flash(str(error), "error")
    return redirect(url_for("jobs.show", job_id=job_id))


def _job_or_404(job_id: int) -> Job:
    job = starting.find(job_id, current_viewer()) if job_id < 2**31 else None
    if job is None:
        abort(404)
    return job
