"""An activity leaves as one file, and comes in from one."""

from collections.abc import Mapping
from pathlib import Path

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import Importer, ImportReport, LibHubError, db, give_file, limited, requires
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.crafts import rules
from plugins.crafts.exchange import archives
from plugins.crafts.models import Activity

blueprint = Blueprint("crafts", __name__, url_prefix="/crafts")


@blueprint.get("/<int:activity_id>/export")
@requires("crafts.edit")
@limited(20, methods=("GET",))
def export(activity_id: int) -> AnyResponse:
    """Give an activity with its pictures as one file."""
    activity = db.get_or_404(Activity, activity_id)
    name = archives.file_name(rules.data_of(activity))
    try:
        return give_file(lambda body: archives.write(activity_id, body), name)
    except LibHubError as error:
        flash(str(error), "error")
        return redirect(url_for("crafts.edit", activity_id=activity_id))


def _take(path: Path, _typed: Mapping[str, str], dry_run: bool) -> ImportReport:
    with path.open("rb") as source:
        return archives.read(source, dry_run=dry_run)


def _then(report: ImportReport) -> str | None:
    """Go to the activity that came in, and say what became of it."""
    if report.one is None:
        return None
    title = rules.get(report.one).title
    if report.changed:
        told = _("“%(title)s” was here already and is now as in the file.", title=title)
    else:
        told = _("“%(title)s” is here as a draft. Look through it and publish it.", title=title)
    flash(told, "success")
    return url_for("crafts.edit", activity_id=report.one)


Importer(
    permission="crafts.edit",
    take=_take,
    section=_l("Workshop"),
    above=(_l("Manage"), "crafts.manage"),
    title=_l("Import an activity"),
    about=_l(
        "A file that “Download as a file” gave, here or in another library. It is checked as a whole: "
        "if something is wrong, nothing changes."
    ),
    label=_l("File (ZIP)"),
    accept=".zip",
    most_bytes=archives.MOST_TOTAL_BYTES,
    then=_then,
).add_to(blueprint)
