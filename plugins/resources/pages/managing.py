"""The librarian's table of all resources: search, change many at once, broken links, the archive."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from sqlalchemy import ColumnElement, Select, and_, select
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import (
    Label,
    LibHubError,
    current_viewer,
    db,
    ngettext,
    page,
    page_number,
    requires,
    start_job,
)
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.resources import bulk_changes, link_check, link_reports, rules
from plugins.resources.models import Resource
from plugins.resources.vocabulary import ACCESS, BROKEN_STATES, KINDS, LINK_STATES

blueprint = Blueprint("resources", __name__, url_prefix="/resources")

PAGE_SIZE = 50
STATES: dict[str, Label] = {
    "": _l("In the directory"),
    "unchecked": _l("Not checked by anybody"),
    "broken": _l("The link does not work"),
    "archived": _l("In the archive"),
}


def _condition(state: str) -> ColumnElement[bool]:
    if state == "archived":
        return Resource.archived_at.is_not(None)
    present = Resource.archived_at.is_(None)
    if state == "unchecked":
        return and_(present, Resource.checked_on.is_(None))
    if state == "broken":
        return and_(present, Resource.link_state.in_(BROKEN_STATES))
    return present


def _table(text: str, state: str) -> Select[tuple[Resource]]:
    query = select(Resource).where(_condition(state)).order_by(Resource.sort_title, Resource.id)
    if text:
        query = query.where(Resource.sort_title.contains(rules.sort_key(text), autoescape=True))
    return query


@blueprint.get("/manage")
@requires("resources.edit")
def manage() -> Response:
    """Show the table."""
    text = request.args.get("q", "").strip()[:100]
    state = request.args.get("state", "")
    found = db.paginate(_table(text, state), page=page_number(), per_page=PAGE_SIZE, error_out=False)
    return page(
        "resources/manage.html",
        block="rows",
        found=found,
        text=text,
        state=state if state in STATES else "",
        states=STATES,
        kinds=KINDS,
        access=ACCESS,
        link_states=LINK_STATES,
        broken_states=BROKEN_STATES,
        actions=bulk_changes.ACTIONS,
        reports=len(link_reports.open_reports()),
    )


@blueprint.post("/manage/preview")
@requires("resources.edit")
def bulk_preview() -> AnyResponse:
    """Say how many resources would change, which and how, before anything does."""
    ids, action, value = _asked()
    try:
        if not ids:
            raise LibHubError(_("Tick the resources that are to be changed."))
        bulk_changes.check(action, value)
    except LibHubError as error:
        flash(str(error), "error")
        return redirect(url_for("resources.manage", **_place()))
    return page(
        "resources/bulk.html",
        titles=bulk_changes.titles(ids),
        action=action,
        value=value,
        what=_in_words(action, value),
        place=_place(),
    )


@blueprint.post("/manage/apply")
@requires("resources.edit")
def bulk_apply() -> AnyResponse:
    """Change the resources that were ticked."""
    ids, action, value = _asked()
    try:
        changed = bulk_changes.run(ids, action, value)
    except LibHubError as error:
        flash(str(error), "error")
    else:
        flash(ngettext("%(num)d resource changed.", "%(num)d resources changed.", changed), "success")
    return redirect(url_for("resources.manage", **_place()))


def _asked() -> tuple[list[int], str, str]:
    """Return which resources, what to do, and the value; ``change`` is ``kind=tales`` or ``archive``."""
    ids = [int(number) for number in request.form.getlist("id") if number.isascii() and number.isdigit()]
    action, _sign, value = request.form.get("change", "").partition("=")
    if action in {"add_theme", "remove_theme"}:
        value = value or request.form.get("theme", "")
    return [number for number in ids if number < 2**31], action, value


def _place() -> dict[str, Any]:
    """Return where in the table the librarian was."""
    asked = {name: request.form.get(name, "")[:100] for name in ("q", "state", "page")}
    return {name: value for name, value in asked.items() if value}


def _in_words(action: str, value: str) -> str:
    if action == bulk_changes.ARCHIVE:
        return _(
            "They go to the archive: nobody finds them in the directory or by search. "
            "Nothing is deleted, and they can be restored."
        )
    if action == bulk_changes.RESTORE:
        return _("They come back to the directory and to search.")
    chosen = bulk_changes.ACTIONS[action]
    shown = chosen.values[value] if chosen.values else value
    return f"{chosen.label}: {shown}"


@blueprint.get("/reports")
@requires("resources.edit")
def reports() -> Response:
    """List what visitors said about links that do not work."""
    return page("resources/reports.html", reports=link_reports.open_reports())


@blueprint.post("/reports/<int:report_id>/done")
@requires("resources.edit")
def report_done(report_id: int) -> AnyResponse:
    """Mark a report as dealt with."""
    try:
        link_reports.resolve_report(report_id)
    except LibHubError as error:
        flash(str(error), "error")
    return redirect(url_for("resources.reports"))


@blueprint.post("/check-links")
@requires("resources.edit")
def check_links() -> AnyResponse:
    """Have the links looked at behind the scenes; who asks while that is done joins in."""
    asked = {"everything": "everything" in request.form}
    started_by = current_viewer().user_id
    job_id = start_job(link_check.JOB, asked, started_by=started_by, key="links")
    return redirect(url_for("jobs.show", job_id=job_id))
