"""What people are told about an occurrence: its address, its day. No Flask."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from libhub.api import Label, notify
from plugins.events.models import Occurrence
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
