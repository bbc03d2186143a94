"""What people are told about an occurrence: its address, its day in few words. No Flask."""

from collections.abc import Iterable
from typing import Final

from libhub.api import notify
from plugins.events.models import Occurrence
from plugins.events.schedule.wall_clock import local

PLUGIN: Final = "events"


def address(series_id: int, key: str) -> str:
    """Return the page of an occurrence."""
    return f"/{PLUGIN}/{series_id}?on={key}"


def when(occurrence: Occurrence) -> str:
    """Return day and time of an occurrence in few words, for a notice."""
    moment = local(occurrence.starts_at)
    whole_days = "T" not in occurrence.recurrence
    return moment.strftime("%d.%m.%Y") if whole_days else moment.strftime("%d.%m.%Y %H:%M")


def tell(user_ids: Iterable[int], occurrence: Occurrence, text: str) -> None:
    """Tell people something about an occurrence."""
    notify(user_ids, text, address(occurrence.series_id, occurrence.recurrence), plugin=PLUGIN)
