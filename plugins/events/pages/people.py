"""Who comes: the list on the screen, on paper and as a workbook; attendance ticked on a tablet."""

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import attempt, give_workbook, ngettext, page, requires
from libhub.api import gettext as _
from plugins.events.pages.editing import found_or_404
from plugins.events.pages.event import facts
from plugins.events.people import attendance, registration
from plugins.events.people.attendance import Line

blueprint = Blueprint("events", __name__, url_prefix="/events")


@blueprint.get("/<int:series_id>/people")
@requires("events.people")
def people(series_id: int) -> Response:
    """Show who comes and who waits, with a box to tick for everybody."""
    found = found_or_404(series_id)
    lines = attendance.people(series_id, found.occurrence.recurrence)
    return page(
        "events/people.html",
        **facts(found),
        lines=lines,
        going=sum(line.seats for line in lines if not line.waiting),
        waits=sum(line.seats for line in lines if line.waiting),
        came=sum(line.came or 0 for line in lines),
        places=found.event.places,
    )


@blueprint.post("/<int:series_id>/people")
@requires("events.people")
def note_attendance(series_id: int) -> AnyResponse:
    """Write down who came. The whole list is sent each time, so that repeating it after a lost network is harmless."""
    found = found_or_404(series_id)
    came: dict[int, int] = {}
    for listed in request.form.getlist("listed"):
        if listed.isascii() and listed.isdigit() and len(listed) < 10:
            typed = request.form.get(f"came-{listed}", "0").strip()
            came[int(listed)] = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 0
    key = found.occurrence.recurrence
    return attempt(
        lambda: attendance.note_attendance(series_id, key, came),
        url_for("events.people", series_id=series_id, on=key),
        lambda number: ngettext("%(num)d person came.", "%(num)d people came.", number),
    )


@blueprint.post("/<int:series_id>/people/<int:registration_id>/remove")
@requires("events.edit")
def remove_person(series_id: int, registration_id: int) -> AnyResponse:
    """Take somebody off the list; the next one moves up."""
    found = found_or_404(series_id)
    key = found.occurrence.recurrence
    return attempt(
        lambda: registration.withdraw(registration_id, of=(series_id, key)),
        url_for("events.people", series_id=series_id, on=key),
        _("Taken off the list."),
    )


@blueprint.get("/<int:series_id>/people.xlsx")
@requires("events.people")
def people_xlsx(series_id: int) -> Response:
    """Give the list as a workbook."""
    found = found_or_404(series_id)
    header = [_("Name"), _("Class"), _("Places"), _("State"), _("Came")]
    rows = [
        (line.name, line.school_class, line.seats, _state(line), line.came)
        for line in attendance.people(series_id, found.occurrence.recurrence)
    ]
    name = f"{found.event.title[:60]} {found.occurrence.recurrence[:10]}"
    return give_workbook(name, found.event.title, header, rows)


def _state(line: Line) -> str:
    return _("on the waiting list") if line.waiting else _("signed up")
