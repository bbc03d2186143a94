"""What a new school finds in the calendar on the first day. No Flask."""

import tomllib
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from libhub.api import db, school_zone, today, writing
from plugins.events import memorable_dates, rooms, rules
from plugins.events.models import Event
from plugins.events.rules import EventData
from plugins.events.schedule import categories, school_year
from plugins.events.schedule.school_year import PeriodData
from plugins.events.schedule.wall_clock import DAY

FOLDER: Final = Path(__file__).parent / "starter"


def load() -> None:
    """Load categories, places, the school year, a few events to look at, and the memorable dates."""
    content = tomllib.loads((FOLDER / "calendar.toml").read_text(encoding="utf-8"))
    with writing():
        numbers = {
            entry["id"]: categories.save(entry["name"], entry["colour"], entry["shape"])
            for entry in content["category"]
        }
        places = {
            entry["id"]: rooms.save_place(entry["name"], entry.get("seats")) for entry in content["place"]
        }
        for entry in content["period"]:
            school_year.save(PeriodData(entry["kind"], entry["name"], entry["first_day"], entry["last_day"]))
        if db.session.scalar(select(Event.id).limit(1)) is None:
            for entry in content["event"]:
                rules.create(_event(entry, numbers, places))
        memorable_dates.load_starter(FOLDER / "dates.toml")


def _event(entry: dict[str, Any], numbers: dict[str, int], places: dict[str, int]) -> EventData:
    """Return an event of the file; it begins on a weekday of the week after the installation."""
    plain = {
        name: value
        for name, value in entry.items()
        if name not in ("category", "place", "weekday", "in_weeks", "at", "minutes", "days")
    }
    monday = today() - DAY * today().weekday() + timedelta(weeks=entry.get("in_weeks", 1))
    first: date = monday + DAY * entry["weekday"]
    whole = "at" not in entry
    starts = datetime.combine(first, time() if whole else entry["at"])
    length = DAY * entry.get("days", 1) if whole else timedelta(minutes=entry["minutes"])
    return EventData(
        **plain,
        starts=starts,
        ends=starts + length,
        zone=str(school_zone()),
        all_day=whole,
        category_id=numbers[entry["category"]],
        place_id=places.get(entry.get("place", "")),
    )
