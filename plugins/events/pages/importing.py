"""Import of a calendar in the page: a file or an address, what would happen, then yes."""

import io

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import LibHubError, drop_upload, held_upload, hold_upload, page, requires
from libhub.api import gettext as _
from plugins.events.exchange import ical_in, importing
from plugins.events.exchange.importing import Defaults
from plugins.events.schedule import agenda
from plugins.events.vocabulary import VISIBILITY

blueprint = Blueprint("events", __name__, url_prefix="/events")


@blueprint.get("/import")
@requires("events.edit")
def import_page() -> Response:
    """Ask for the file or the address."""
    return _page()


@blueprint.post("/import")
@requires("events.edit")
def upload() -> AnyResponse:
    """Keep the calendar and say what an import would do; nothing is changed yet."""
    try:
        content, name = _sent()
        report = importing.import_calendar(content, _defaults(), dry_run=True)
    except LibHubError as error:
        return _page(str(error))
    return page(
        "events/import_report.html",
        report=report,
        token=hold_upload(io.BytesIO(content)),
        name=name,
        defaults=_defaults(),
    )


def _sent() -> tuple[bytes, str]:
    sent = request.files.get("file")
    if sent is not None and sent.filename:
        return sent.read(ical_in.MAX_BYTES + 1), sent.filename
    address = request.form.get("address", "").strip()
    if not address:
        raise LibHubError(_("Choose a file, or write the address of a calendar."))
    return importing.fetch(address), address


@blueprint.post("/import/<token>")
@requires("events.edit")
def import_now(token: str) -> AnyResponse:
    """Do what was shown."""
    path = held_upload(token)
    if path is None:
        return _page(_("This file was imported already, or it lay here for too long. Choose it again."))
    try:
        report = importing.import_calendar(path.read_bytes(), _defaults(), dry_run=False)
    except LibHubError as error:
        return _page(str(error))
    drop_upload(token)
    return page("events/import_report.html", report=report, token=None, name="", defaults=None)


@blueprint.post("/import/<token>/cancel")
@requires("events.edit")
def import_cancel(token: str) -> AnyResponse:
    """Forget the file."""
    drop_upload(token)
    flash(_("Nothing was changed."), "success")
    return redirect(url_for("events.manage"))


def _defaults() -> Defaults:
    category = request.form.get("category", "")
    visibility = request.form.get("visibility", "")
    known = {str(each[0]) for each in agenda.choices().categories}
    return Defaults(
        int(category) if category in known else None, visibility if visibility in VISIBILITY else "everyone"
    )


def _page(problem: str = "") -> Response:
    return page(
        "events/import.html",
        problem=problem,
        choices=agenda.choices(),
        visibility=VISIBILITY,
        megabytes=ical_in.MAX_BYTES // 1024**2,
        most=ical_in.MAX_EVENTS,
        typed=request.form,
        status=422 if problem else 200,
    )
