"""What the sections put into a calendar, asked by whichever section shows one."""

from datetime import date

from libhub.accounts.viewer import Viewer
from libhub.plugging import calls
from libhub.plugging.records import CalendarEntry


def calendar_entries(
    viewer: Viewer, start: date, end: date, *, besides: str = ""
) -> list[tuple[str, CalendarEntry]]:
    """Return plugin ids and entries between two days, both in it, in the order of time; not of ``besides``.

    What a plugin answers beyond these days is left out.
    """
    found = [
        (plugin_id, entry)
        for plugin_id, entries in calls.call("calendar_entries", viewer=viewer, start=start, end=end)
        if plugin_id != besides
        for entry in entries
        if entry.first_day <= end and entry.last_day >= start
    ]
    return sorted(
        found, key=lambda pair: (pair[1].first_day, pair[1].starts_at is not None, str(pair[1].title))
    )
