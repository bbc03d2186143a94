"""Who comes: the list on the screen, on paper and as a workbook; attendance ticked on a tablet."""

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import (
    attempt,
    current_viewer,
    give_workbook,
    limited,
    ngettext,
    page,
    parse_number,
    requires,
)
from libhub.api import gettext as _
from libhub.api import people as accounts
from plugins.events.pages.editing import found_or_404
from plugins.events.pages.event import facts, may_see
from plugins.events.people import attendance, for_others, lists, registration
from plugins.events.people.attendance import Line, Tick
from plugins.events.people.lists import Readable
from plugins.events.schedule.series import Found
from plugins.events.vocabulary import EDIT

blueprint = Blueprint("events", __name__, url_prefix="/events")
MOST_FOUND = 40
"""So many people are offered at most: a class fits in."""


def _list(series_id: int, *, whole: bool = False) -> tuple[Found, Readable]:
    """Return the list that the address names as the visitor may see it.

    What is a draft or in the archive only the librarian sees; a list of which nothing is the visitor's business is refused.

    :param whole: only to those who see, and may change, all of it.
    """
    found, viewer = found_or_404(series_id), current_viewer()
    if not viewer.can(EDIT) and not (may_see(found.event, viewer) and may_see(found.series, viewer)):
        abort(404)
    seen = lists.readable(viewer, found.event, series_id, found.occurrence.recurrence)
    if seen is None or (whole and not seen.whole):
        abort(403)
    return found, seen


@blueprint.get("/<int:series_id>/people")
@requires("events.people")
def people(series_id: int) -> Response:
    """Show who comes and who waits, with a box to tick for everybody; ``find`` looks for others to put on the list."""
    found, seen = _list(series_id)
    asked = request.args.get("find", "").strip()[:80]
    here = {line.user_id for line in seen.lines if not line.is_class}
    others = (
        [person for person in accounts(active=True, matching=asked) if person.id not in here]
        if asked and seen.whole
        else []
    )
    return page(
        "events/people.html",
        **facts(found),
        lines=seen.lines,
        whole=seen.whole,
        going=sum(line.seats for line in seen.lines if not line.waiting),
        waits=sum(line.seats for line in seen.lines if line.waiting),
        came=sum(line.came or 0 for line in seen.lines),
        places=found.event.places,
        asked=asked,
        others=others[:MOST_FOUND],
        more=len(others) > MOST_FOUND,
    )


@blueprint.post("/<int:series_id>/people")
@requires("events.people")
def note_attendance(series_id: int) -> AnyResponse:
    """Write down who came: what was changed of what was seen, so that others may tick the same list at the same time."""
    found, seen = _list(series_id)
    ticks: dict[int, Tick] = {}
    for listed in request.form.getlist("listed"):
        if (number := _number(listed)) is not None:
            saw = _number(request.form.get(f"was-{listed}", ""))
            came = _number(request.form.get(f"came-{listed}", ""))
            ticks[number] = Tick(saw, 0 if came is None and saw is not None else came)
    key = found.occurrence.recurrence
    among = None if seen.whole else seen.numbers
    noted = attendance.note_attendance(series_id, key, ticks, among)
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


@blueprint.post("/<int:series_id>/people/add")
@requires("events.people")
def add_person(series_id: int) -> AnyResponse:
    """Put somebody on the list, who is told."""
    found, _seen = _list(series_id, whole=True)
    key, number = found.occurrence.recurrence, parse_number(request.form.get("person", "")) or 0
    return attempt(
        lambda: for_others.put_on_list(current_viewer(), series_id, key, number),
        url_for("events.people", series_id=series_id, on=key, find=request.args.get("find", "")[:80] or None),
        lambda done: (
            _("%(name)s is on the list.", name=done[0])
            if done[1]
            else _("All places are taken: %(name)s is on the waiting list.", name=done[0])
        ),
    )


@blueprint.post("/<int:series_id>/people/<int:registration_id>/remove")
@requires("events.people")
def remove_person(series_id: int, registration_id: int) -> AnyResponse:
    """Take somebody off the list, who is told; the next one moves up."""
    found, _seen = _list(series_id, whole=True)
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
    found, seen = _list(series_id)
    header = [_("Name"), _("Class"), _("Places"), _("State"), _("Came")]
    rows = [(line.name, line.school_class, line.seats, _state(line), line.came) for line in seen.lines]
    name = f"{found.event.title[:60]} {found.occurrence.recurrence[:10]}"
    return give_workbook(name, found.event.title, header, rows)


def _state(line: Line) -> str:
    return _("on the waiting list") if line.waiting else _("signed up")
