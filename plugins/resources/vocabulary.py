"""The fixed lists of the directory: what a resource can be, for whom, and how one gets in."""

from pathlib import Path
from typing import Final

from libhub.api import Label
from libhub.api import lazy_gettext as _l

KINDS: Final[dict[str, Label]] = {
    "ebooks": _l("E-books"),
    "links": _l("Catalogue of links"),
    "digitised": _l("Digitised books"),
    "tales": _l("Fairy tales"),
    "culture": _l("Culture and arts"),
    "dictionaries": _l("Dictionaries and encyclopaedias"),
    "crafts": _l("Crafts"),
    "courses": _l("Courses"),
    "science": _l("Science and knowledge"),
    "media": _l("Video and audio"),
    "other": _l("Other"),
}

AUDIENCES: Final[dict[str, Label]] = {
    "pupils": _l("Pupils"),
    "teachers": _l("Teachers"),
    "parents": _l("Parents"),
    "speech_therapists": _l("Speech therapists"),
    "librarians": _l("Librarians"),
}

ACCESS: Final[dict[str, Label]] = {
    "free": _l("Free"),
    "registration": _l("After registration"),
    "school": _l("Paid by the school"),
    "onsite": _l("Only on site"),
    "unknown": _l("Not checked"),
}

PLATFORMS: Final[dict[str, Label]] = {
    "web": _l("Browser"),
    "ios": "iOS",
    "android": "Android",
    "windows": "Windows",
}

ENCODINGS: Final = ("utf-8", "windows-1251", "koi8-r")
COVERS: Final = frozenset(path.name for path in (Path(__file__).parent / "static" / "covers").glob("*.svg"))
"""Drawn covers that the plugin ships with."""

FIELDS: Final[dict[str, Label]] = {
    "title": _l("Title"),
    "url": _l("Address"),
    "summary": _l("In one sentence"),
    "description": _l("What it offers"),
    "kind": _l("Kind"),
    "for_whom": _l("For whom"),
    "grade_from": _l("From grade"),
    "grade_to": _l("To grade"),
    "themes": _l("Themes"),
    "age": _l("Age mark"),
    "access": _l("Access"),
    "how_to_enter": _l("How to get in"),
    "platforms": _l("Works on"),
    "needs_internet": _l("Needs the Internet"),
    "search_template": _l("Address of its search"),
    "search_encoding": _l("Encoding of its search"),
    "visibility": _l("Who sees it"),
    "staff_notes": _l("Notes for staff"),
    "unverified": _l("Not checked"),
    "checked_on": _l("Checked on"),
    "cover": _l("Cover"),
}
"""What people call the fields of a resource: in forms, reports and exported tables."""

VERIFIABLE: Final = tuple(name for name in FIELDS if name not in {"unverified", "checked_on", "cover"})
"""The fields of which somebody can say that nobody checked them yet."""

LINK_STATES: Final[dict[str, Label]] = {
    "": _l("not checked yet"),
    "ok": _l("works"),
    "redirect": _l("moved within its site"),
    "other_site": _l("leads to another site"),
    "gone": _l("there is no such page"),
    "error": _l("the site answers with an error"),
    "timeout": _l("the site does not answer in time"),
    "unreachable": _l("the site cannot be reached"),
    "certificate": _l("the certificate of the site is not valid"),
}
BROKEN_STATES: Final = ("gone", "error", "timeout", "unreachable", "certificate")
