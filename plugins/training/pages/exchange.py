"""A course goes out as one file, and comes in from another hub."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from flask import Blueprint, Response, flash, url_for

from libhub.api import Importer, ImportReport, db, give_file, limited, requires
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.training.exchange import exporting, importing
from plugins.training.exchange.archive import MAX_UNPACKED
from plugins.training.models import Course

blueprint = Blueprint("training", __name__, url_prefix="/training")


@blueprint.get("/<int:course_id>/export.zip")
@requires("training.edit")
@limited(20, methods=("GET",))
def export_course(course_id: int) -> Response:
    """Give a course with its files as one archive."""
    db.get_or_404(Course, course_id)
    return give_file(partial(exporting.write_archive, course_id), f"course-{course_id}.zip")


def _take(path: Path, _typed: Mapping[str, str], dry_run: bool) -> ImportReport:
    with path.open("rb") as stream:
        return importing.read_archive(stream, dry_run=dry_run)


def _then(report: ImportReport) -> str:
    flash(_("The course is here, as a draft. Look through it, say for whom it is, and open it."), "success")
    return url_for("training.edit", course_id=report.one)


Importer(
    permission="training.edit",
    take=_take,
    section=_l("Training"),
    above=(_l("Write courses"), "training.manage"),
    title=_l("Import a course"),
    about=_l(
        "A course downloaded in another library: one ZIP file with lessons, quizzes and files. It comes in as a draft."
    ),
    label=_l("File"),
    accept=".zip",
    most_bytes=MAX_UNPACKED,
    then=_then,
).add_to(blueprint)
