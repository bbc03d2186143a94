"""What people are told about an occurrence: its address, its day. No Flask."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from libhub.api import Label, children_of, notify
from plugins.events.models import Occurrence, Registration
from plugins.events.schedule.wall_clock import local

PLUGIN: Final = "events"


def address(series_id: int, key: str) -> str:
    """Return the page of an occurrence."""
    return f"/{PLUGIN}/{series_id}?on={key}"


def when(occurrence: Occurrence) -> date:
    """Return the day of an occurrence, or its moment where it has a time, for a notice."""
    whole_days = "T" not in occurrence.recurrence
    return local(occurrence.starts_at).date() if whole_days else occurrence.starts_at


def tell(user_ids: Iterable[int], occurrence: Occurrence, text: Label) -> None:
    """Tell people something about an occurrence."""
    notify(user_ids, text, address(occurrence.series_id, occurrence.recurrence), plugin=PLUGIN)


def parents_behind(row: Registration) -> list[int]:
    """Return the parent who signed a child up, while they belong together; [] for any other registration."""
    return [row.by_id] if row.by_id is not None and row.user_id in children_of(row.by_id) else []


def followers(rows: Iterable[Registration]) -> list[int]:
    """Return whom a change of an event concerns: those who come, and the parents who signed them up."""
    return list(dict.fromkeys(number for row in rows for number in (row.user_id, *parents_behind(row))))
