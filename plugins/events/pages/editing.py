"""The librarian adds and changes events: one, this and the following, or all of a series."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import Invalid, LibHubError, copy_files, page, requires, school_zone, today
from libhub.api import gettext as _
from plugins.events import rules
from plugins.events.pages.forms import EventForm, at_fields, values_of
from plugins.events.rules import EventData, Saved
from plugins.events.schedule import agenda, series
from plugins.events.schedule.series import ALL, SCOPES, THIS, Found
from plugins.events.vocabulary import DRAFT, PUBLISHED

blueprint = Blueprint("events", __name__, url_prefix="/events")


def _new(day: date) -> EventData:
    starts = datetime.combine(day, time(15))
    return EventData(
        title="", starts=starts, ends=starts + timedelta(hours=1), zone=str(school_zone()), state=PUBLISHED
    )


@blueprint.route("/add", methods=["GET", "POST"])
@requires("events.edit")
def add() -> AnyResponse:
    """Add an event; ``copy`` in the address is one to begin with."""
    before, source = _new(_day()), request.args.get("copy", "")
    found = series.find(int(source)) if source.isascii() and source.isdigit() and len(source) < 10 else None
    if found is not None:
        before = replace(rules.data_of(found.series), state=DRAFT)
    return _edit(None, before, copied=found.series.id if found else None)


@blueprint.route("/<int:series_id>/edit", methods=["GET", "POST"])
@requires("events.edit")
def edit(series_id: int) -> AnyResponse:
    """Change an event; of a series the form asks which occurrences are meant."""
    found = found_or_404(series_id)
    return _edit(found, series.data_of_occurrence(found))


def _edit(found: Found | None, before: EventData, *, copied: int | None = None) -> AnyResponse:
    form = EventForm(**values_of(before))
    form.offer(agenda.choices())
    scope = request.form.get("scope", "")
    repeats = found is not None and bool(found.series.rule)
    if form.validate_on_submit():
        try:
            saved = _save(found, form.data_with(before), scope, repeats=repeats)
        except Invalid as error:
            form.show_problems(at_fields(error))
        else:
            if copied is not None:
                copy_files(rules.ref(copied), rules.ref(saved.event_id))
            flash(" ".join((_("Saved. Search finds it within a second."), *saved.notes)), "success")
            return redirect(url_for("events.show", series_id=saved.event_id))
    return page(
        "events/edit.html",
        form=form,
        found=found,
        repeats=repeats,
        zone=before.zone if before.zone != str(school_zone()) and not before.all_day else "",
        scope=scope if scope in SCOPES else THIS,
        ref=rules.ref(found.series.id) if found else None,
        files=rules.files_of(found.series.id) if found else None,
        status=422 if form.is_submitted() else 200,
    )


def _save(found: Found | None, data: EventData, scope: str, *, repeats: bool) -> Saved:
    if found is None:
        return rules.create(data)
    key = found.occurrence.recurrence
    return series.save(found.series.id, key, scope if repeats and scope in SCOPES else ALL, data)


@blueprint.post("/<int:series_id>/cancel")
@requires("events.edit")
def cancel(series_id: int) -> AnyResponse:
    """Say that it does not take place, or that it does after all; those who signed up are told."""
    found = found_or_404(series_id)
    wanted = request.form.get("wanted") == "1"
    return _do(
        found,
        lambda: series.cancel(series_id, found.occurrence.recurrence, _scope(found), cancelled=wanted),
        _("It is shown as cancelled; everybody who signed up was told.")
        if wanted
        else _("It takes place after all."),
    )


@blueprint.post("/<int:series_id>/leave-out")
@requires("events.edit")
def leave_out(series_id: int) -> AnyResponse:
    """Take one occurrence out of a series."""
    found = found_or_404(series_id)
    done = _("This day is left out of the series. To put it back, take it off the list “Except on”.")
    answer = _do(found, lambda: series.leave_out(series_id, found.occurrence.recurrence), done)
    return redirect(url_for("events.show", series_id=series_id)) if answer.status_code == 302 else answer


@blueprint.post("/<int:series_id>/archive")
@requires("events.edit")
def archive(series_id: int) -> AnyResponse:
    """Take an event with all its occurrences out of the calendar; nothing of it is deleted."""
    found = found_or_404(series_id)
    series.set_archived(found.series.id, archived=True)
    flash(_("“%(title)s” is in the archive. It can be restored there.", title=found.series.title), "success")
    return redirect(url_for("events.manage", state="archived"))


@blueprint.post("/<int:series_id>/restore")
@requires("events.edit")
def restore(series_id: int) -> AnyResponse:
    """Bring an event back from the archive."""
    found = found_or_404(series_id)
    title = found.series.title
    try:
        series.set_archived(series_id, archived=False)
    except LibHubError as error:
        flash(str(error), "error")
        return redirect(url_for("events.manage", state="archived"))
    flash(_("“%(title)s” is in the calendar again.", title=title), "success")
    return redirect(url_for("events.show", series_id=series_id))


def _do(found: Found, change: Callable[[], None], done: str) -> AnyResponse:
    key = found.occurrence.recurrence
    try:
        change()
    except LibHubError as error:
        flash(str(error), "error")
    else:
        flash(done, "success")
    return redirect(url_for("events.show", series_id=found.series.id, on=key))


def _scope(found: Found) -> str:
    scope = request.form.get("scope", "")
    return scope if found.series.rule and scope in SCOPES else ALL


def _day() -> date:
    try:
        return date.fromisoformat(request.args.get("date", "")[:10])
    except ValueError:
        return today()


def found_or_404(series_id: int) -> Found:
    """Return the occurrence that the address names, whoever may see it; an unknown one is no page."""
    found = series.find(series_id, request.args.get("on", "")[:24])
    if found is None:
        abort(404)
    return found
