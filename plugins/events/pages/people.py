"""Who comes: the list on the screen, on paper and as a workbook; attendance ticked on a tablet."""

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import attempt, give_workbook, limited, ngettext, page, requires
from libhub.api import gettext as _
from plugins.events.pages.editing import found_or_404
from plugins.events.pages.event import facts
from plugins.events.people import attendance, registration
from plugins.events.people.attendance import Line, Tick

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
    """Write down who came: what was changed of what was seen, so that others may tick the same list at the same time."""
    found = found_or_404(series_id)
    ticks: dict[int, Tick] = {}
    for listed in request.form.getlist("listed"):
        if (number := _number(listed)) is not None:
            saw = _number(request.form.get(f"was-{listed}", ""))
            came = _number(request.form.get(f"came-{listed}", ""))
            ticks[number] = Tick(saw, 0 if came is None and saw is not None else came)
    key = found.occurrence.recurrence
    noted = attendance.note_attendance(series_id, key, ticks)
    flash(ngettext("%(num)d person came.", "%(num)d people came.", noted.came), "success")
    if noted.otherwise:
        lines = "; ".join(
            f"{line.name} {line.school_class}".strip() + f": {_came(line)}" for line in noted.otherwise
        )
        flash(
            _("Somebody else noted this otherwise in the meantime, and it stays so: %(lines)s.", lines=lines),
            "warning",
        )
    if noted.gone:
        flash(
            ngettext(
                "%(num)d of those you ticked is not on the list any more.",
                "%(num)d of those you ticked are not on the list any more.",
                noted.gone,
            ),
            "warning",
        )
    return redirect(url_for("events.people", series_id=series_id, on=key))


def _number(text: str) -> int | None:
    """Return a number of at most nine digits; None for anything else."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _came(line: Line) -> str:
    """Return what a line says of who came."""
    if line.came is None:
        return _("not noted")
    if line.is_class:
        return ngettext("%(num)d came", "%(num)d came", line.came)
    return _("came") if line.came else _("did not come")


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
@limited(20, methods=("GET",))
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
