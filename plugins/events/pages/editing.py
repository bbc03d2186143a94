"""The librarian adds and changes events: one, this and the following, or all of a series."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from flask import Blueprint, abort, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import (
    History,
    add_archiving,
    attempt,
    copy_files,
    editor,
    parse_number,
    requires,
    school_zone,
)
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.events import rules
from plugins.events.models import Event
from plugins.events.pages import forms
from plugins.events.pages.calendar import asked_day
from plugins.events.pages.forms import EventForm, values_of
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
    before, source = _new(asked_day()), parse_number(request.args.get("copy", ""))
    found = None if source is None else series.find(source)
    if found is not None:
        before = replace(rules.data_of(found.series), state=DRAFT)
    return _edit(None, lambda: before, copied=found.series.id if found else None)


@blueprint.route("/<int:series_id>/edit", methods=["GET", "POST"])
@requires("events.edit")
def edit(series_id: int) -> AnyResponse:
    """Change an event; of a series the form asks which occurrences are meant."""
    found = found_or_404(series_id)
    return _edit(found, lambda: series.data_of_occurrence(found_or_404(series_id)))


def _edit(found: Found | None, stored: Callable[[], EventData], *, copied: int | None = None) -> AnyResponse:
    scope = request.form.get("scope", "")
    repeats = found is not None and bool(found.series.rule)
    before = stored()

    def form() -> EventForm:
        made = EventForm(**values_of(stored()))
        made.offer(agenda.choices())
        return made

    def save(typed: EventForm) -> Saved:
        saved = _save(found, typed.data_with(stored()), scope, repeats=repeats)
        if copied is not None:
            copy_files(Event.ref_of(copied), Event.ref_of(saved.event_id))
        return saved

    return editor(
        "events/edit.html",
        form,
        save,
        lambda saved: url_for("events.show", series_id=saved.event_id),
        told=lambda saved: " ".join((_("Saved. Search finds it within a second."), *saved.notes)),
        found=found,
        repeats=repeats,
        zone=before.zone if before.zone != str(school_zone()) and not before.all_day else "",
        scope=scope if scope in SCOPES else THIS,
        ref=found.series.ref if found else None,
        files=rules.files_of(found.series.id) if found else None,
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
    key = found.occurrence.recurrence
    return attempt(
        lambda: series.cancel(series_id, key, _scope(found), cancelled=wanted),
        url_for("events.show", series_id=series_id, on=key),
        _("It is shown as cancelled; everybody who signed up was told.")
        if wanted
        else _("It takes place after all."),
    )


@blueprint.post("/<int:series_id>/leave-out")
@requires("events.edit")
def leave_out(series_id: int) -> AnyResponse:
    """Take one occurrence out of a series."""
    found = found_or_404(series_id)
    return attempt(
        lambda: series.leave_out(series_id, found.occurrence.recurrence),
        url_for("events.show", series_id=series_id),
        _("This day is left out of the series. To put it back, take it off the list “Except on”."),
    )


add_archiving(
    blueprint,
    Event,
    "events.edit",
    archived=lambda _event: url_for("events.manage", state="archived"),
    restored=lambda event: url_for("events.show", series_id=event.id),
    back=_l("“%(title)s” is in the calendar again."),
    archive=lambda event, into: series.set_archived([event.id], archived=into),
)


History(
    model=Event,
    permission="events.edit",
    section=_l("Events"),
    data=EventData,
    data_of=rules.data_of,
    save=series.put_back,
    others={"archived_at": lambda event, at: series.set_archived([event.id], archived=at is not None)},
    shown={
        "rule": forms.rule_in_words,
        "excluded": lambda keys, _event: forms.days_in_words(keys),
        "added": lambda keys, _event: forms.days_in_words(keys),
    },
    also={Event: lambda event: [row.id for row in rules.children(event)]},
    edit=lambda event: url_for("events.edit", series_id=event.master_id, on=event.recurrence or None),
).add_to(blueprint)


def _scope(found: Found) -> str:
    scope = request.form.get("scope", "")
    return scope if found.series.rule and scope in SCOPES else ALL


def found_or_404(series_id: int) -> Found:
    """Return the occurrence that the address names, whoever may see it; an unknown one is no page."""
    found = series.find(series_id, request.args.get("on", "")[:24])
    if found is None:
        abort(404)
    return found
