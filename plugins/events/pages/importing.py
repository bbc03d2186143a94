"""Import of a calendar in the page: a file or an address, what would happen, then yes."""

from collections.abc import Mapping
from pathlib import Path

from flask import Blueprint

from libhub.api import AGES, VISIBILITY, Importer, ImportReport, LibHubError
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.events.exchange import ical_in, importing
from plugins.events.exchange.importing import Defaults
from plugins.events.schedule import agenda

blueprint = Blueprint("events", __name__, url_prefix="/events")


def _take(path: Path, typed: Mapping[str, str], dry_run: bool) -> ImportReport:
    with path.open("rb") as file:
        content = file.read(ical_in.MAX_BYTES + 1)
    known = {str(number) for number, *_more in agenda.choices().categories}
    defaults = Defaults(
        int(typed["category"]) if typed["category"] in known else None,
        typed["visibility"] if typed["visibility"] in VISIBILITY else "everyone",
        int(typed["age"]) if typed.get("age", "") in AGES else None,
    )
    return importing.import_calendar(content, defaults, dry_run=dry_run)


def _fetch(typed: Mapping[str, str]) -> bytes:
    if not typed["address"]:
        raise LibHubError(_("Choose a file, or write the address of a calendar."))
    return importing.fetch(typed["address"])


Importer(
    permission="events.edit",
    take=_take,
    section=_l("Events"),
    above=(_l("All events"), "events.manage"),
    title=_l("Import a calendar"),
    about=_l(
        "A file of another program (.ics), or the address of its calendar. First you see what would happen. "
        "What was imported before is found again and updated."
    ),
    label=_l("File"),
    accept=".ics,text/calendar",
    most_bytes=ical_in.MAX_BYTES,
    template="events/import.html",
    asks=("address", "category", "visibility", "age"),
    fetch=_fetch,
    context=lambda: {
        "choices": agenda.choices(),
        "visibility": VISIBILITY,
        "ages": AGES,
        "most": ical_in.MAX_EVENTS,
    },
).add_to(blueprint)
