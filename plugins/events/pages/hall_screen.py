"""The screen in the hall: one thing at a time, large; it turns by itself and outlives a lost network."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from flask import Blueprint, Response, request
from flask_babel import format_date

from libhub.api import attachments, cover_url, get_setting, page, parse_number, public, today, viewer_for
from plugins.events import memorable_dates, rules
from plugins.events.models import Event
from plugins.events.schedule import agenda
from plugins.events.schedule.agenda import Entry
from plugins.events.schedule.wall_clock import DAY
from plugins.events.vocabulary import CANCELLED, STATE_MARKS, STATES

blueprint = Blueprint("events", __name__, url_prefix="/events")

WEEK: Final = 7
POSTERS: Final = 5
MOST_PIECES: Final = 4
LINES: Final = 5
"""Lines of one slide that can be read from across a hall."""


@blueprint.get("/display")
@public
def display() -> Response:
    """Show the screen, with what a guest may see, whoever is signed in at that computer."""
    slides = _slides()
    at = (parse_number(request.args.get("slide", "")) or 0) % len(slides)
    return page(
        "events/display.html",
        slides=slides,
        at=at,
        seconds=max(3, int(get_setting("events", "display_seconds"))),
        states=STATES,
        state_marks=STATE_MARKS,
    )


def _slides() -> list[dict[str, Any]]:
    """Return today, the week, the next events one by one, and what is remembered; never nothing."""
    viewer = viewer_for(None)
    assert viewer is not None  # a guest has no account that could be disabled
    day = today()
    week = [
        entry
        for entry in agenda.events(viewer, day, day + DAY * (WEEK - 1))
        if entry.state != CANCELLED or entry.first_day >= day
    ]
    now = [entry for entry in week if entry.first_day <= day <= entry.last_day]
    later = [entry for entry in week if entry.first_day > day]
    slides: list[dict[str, Any]] = [
        {"kind": "today", "day": _day(day), "entries": some} for some in _pieces(now) or [[]]
    ]
    slides += [{"kind": "week", "entries": some} for some in _pieces(later)]
    coming = [entry for entry in agenda.coming(viewer, POSTERS * 2) if entry.state != CANCELLED]
    covers = _covers(coming[:POSTERS])
    slides += [
        {"kind": "event", "entry": entry, "cover": covers.get(entry.series_id) or _drawn(entry)}
        for entry in coming[:POSTERS]
    ]
    remembered = [
        each
        for each in memorable_dates.between(day, day + DAY * (WEEK - 1))
        if each.anniversary or each.day == day
    ]
    if remembered:
        slides.append({"kind": "dates", "dates": remembered[: LINES - 1]})
    return slides


def _pieces(entries: Sequence[Entry]) -> list[Sequence[Entry]]:
    """Return the entries in pieces that one slide has room for."""
    return [
        entries[start : start + LINES] for start in range(0, min(len(entries), LINES * MOST_PIECES), LINES)
    ]


def _covers(entries: Sequence[Entry]) -> dict[int | None, str]:
    """Return the addresses of the pictures of events, by the number of the series."""
    refs = {Event.ref_of(entry.series_id): entry.series_id for entry in entries if entry.series_id}
    found = attachments(list(refs), rules.COVER)
    return {
        refs[ref]: pictures[0].preview_url(1280)
        for ref, pictures in found.items()
        if pictures and pictures[0].is_image
    }


def _drawn(entry: Entry) -> str | None:
    return cover_url("events", entry.series_id) if entry.series_id else None


def _day(day: date) -> str:
    words = str(format_date(day, "EEEE, d MMMM"))
    return words[:1].upper() + words[1:]
