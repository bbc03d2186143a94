"""The settings that the core declares."""

from typing import Final

from libhub.base.i18n import lazy_gettext as _l
from libhub.plugging.records import Setting

_AGE_CHOICES = tuple((str(age), f"{age}+") for age in (0, 6, 12, 16, 18))
CORE_SETTINGS: Final = (
    Setting("library_name", _l("Name of the library"), "", help=_l("Shown at the top of every page.")),
    Setting(
        "emblem",
        _l("Emblem of the school"),
        "",
        type="picture",
        help=_l("A picture that stands before the name, best a square one."),
    ),
    Setting(
        "welcome",
        _l("Greeting on the home page"),
        "",
        help=_l("One short line above the search box."),
    ),
    Setting("home_cards", _l("Order of the home page"), "", in_form=False),
    Setting(
        "guest_age",
        _l("Age mark up to which guests see things"),
        "12",
        type="choice",
        choices=_AGE_CHOICES,
        help=_l("Guests are also pupils at a shared computer."),
    ),
    Setting(
        "student_age",
        _l("Age mark up to which pupils see things"),
        "12",
        type="choice",
        choices=_AGE_CHOICES,
        help=_l("An account may have a limit of its own."),
    ),
    Setting(
        "consents",
        _l("Register of consents on paper"),
        False,
        type="boolean",
        help=_l("Pages for the librarian: who signed what, till when; forms to be printed for a class."),
    ),
    Setting(
        "ask_librarian",
        _l("How to ask the librarian"),
        "",
        help=_l("Shown where a search found nothing: the room, the hours, a phone number."),
    ),
    Setting(
        "search_days",
        _l("Days for which searches are counted"),
        180,
        type="integer",
        least=0,
        most=1100,
        help=_l("What was searched, without names; 0 counts nothing and deletes what there is."),
    ),
    Setting(
        "session_hours",
        _l("Hours without use after which one is signed out"),
        12,
        type="integer",
        least=1,
        most=168,
        help=_l(
            "Who works stays signed in. At a computer of the reading room it is the minutes of that computer."
        ),
    ),
    Setting(
        "session_days",
        _l("Days after which one has to sign in again"),
        7,
        type="integer",
        least=1,
        most=90,
        help=_l("However much one works."),
    ),
    Setting(
        "file_mb",
        _l("Largest file, in megabytes"),
        100,
        type="integer",
        least=1,
        most=10_000,
        help=_l("The settings of the installation may allow less."),
    ),
    Setting(
        "file_types",
        _l("Kinds of files that may be attached"),
        "pdf, docx, pptx, xlsx, odt, odp, ods, epub, fb2, fb2zip, rtf, txt, md, csv, html, doc, xls, ppt, "
        "jpeg, png, webp, gif, mp3, m4a, ogg, wav, flac, mp4, webm, ogv",
        help=_l("A file is judged by its content, not by its name. Known besides these: svg, zip."),
    ),
)
FILES_QUOTA: Final = Setting(
    "files_quota_mb",
    _l("Room for files, in megabytes"),
    0,
    type="integer",
    least=0,
    most=10_000_000,
    help=_l("All files of this section together; 0 sets no limit."),
)
"""Of every section whose items have files."""
