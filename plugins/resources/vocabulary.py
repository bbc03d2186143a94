"""The fixed lists of the directory: what a resource can be, for whom, and how one gets in."""

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

VISIBILITY: Final[dict[str, Label]] = {
    "everyone": _l("Everybody"),
    "signed_in": _l("People who signed in"),
    "staff": _l("Staff"),
}

ENCODINGS: Final = ("utf-8", "windows-1251", "koi8-r")
GRADES: Final = range(1, 12)
