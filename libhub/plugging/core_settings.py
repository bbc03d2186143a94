"""The settings that the core declares."""

from typing import Final

from libhub.accounts.permissions import AGE_MARKS
from libhub.accounts.school_class import GRADES
from libhub.base.i18n import lazy_gettext as _l
from libhub.plugging.records import Setting

_AGE_CHOICES = tuple((str(age), f"{age}+") for age in AGE_MARKS)
_GRADE_CHOICES = (*((str(grade), str(grade)) for grade in GRADES), (str(GRADES.stop), _l("from none")))
NOWHERE: Final = "nowhere"
AT_COMPUTERS: Final = "computers"
ANYWHERE: Final = "anywhere"
"""Where cards sign pupils in."""
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
    Setting("table_columns", _l("Columns of tables that are imported"), "", in_form=False),
    Setting(
        "guest_age",
        _l("Age mark up to which guests see things"),
        "12",
        type="choice",
        choices=_AGE_CHOICES,
        help=_l("A guest is whoever has not signed in, also at home and on a telephone."),
    ),
    Setting(
        "kiosk_guest_age",
        _l("Age mark up to which guests see things at a PC of the reading room"),
        "6",
        type="choice",
        choices=_AGE_CHOICES,
        help=_l("A pupil who signs out there is a guest and should not see more than before."),
    ),
    Setting(
        "grade_of_12",
        _l("From which grade pupils see 12+"),
        "5",
        type="choice",
        choices=_GRADE_CHOICES,
        help=_l(
            "Pupils of lower grades see up to 6+. Where a date of birth is known it counts instead: the law counts full years."
        ),
    ),
    Setting(
        "grade_of_16",
        _l("From which grade pupils see 16+"),
        "10",
        type="choice",
        choices=_GRADE_CHOICES,
        help=_l("No grade opens 18+: the date of birth does, or a limit chosen for one person."),
    ),
    Setting(
        "student_age",
        _l("Age mark up to which pupils see things"),
        "12",
        type="choice",
        choices=_AGE_CHOICES,
        help=_l("Of those without a class and a date of birth. An account may have a limit of its own."),
    ),
    Setting(
        "login_rule",
        _l("How user names are made"),
        "latin",
        type="choice",
        choices=(
            ("latin", _l("surname and initial in Latin letters: ivanova.k")),
            ("russian", _l("surname and initial in Russian letters")),
            ("class", _l("class and number")),
        ),
        help=_l("Of the people of a table. Who has a user name keeps it."),
    ),
    Setting(
        "word_password_grade",
        _l("Last grade whose passwords are words"),
        4,
        type="integer",
        least=0,
        most=11,
        help=_l("Three short words are easy to type for the small; 0: for nobody."),
    ),
    Setting(
        "last_grade",
        _l("Last grade of the school"),
        "11",
        type="choice",
        choices=tuple((str(grade), str(grade)) for grade in (11, 9, 4)),
        help=_l("When a new school year begins, classes of this grade leave; single ones may stay."),
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
        "card_sign_in",
        _l("Where pupils sign in with a QR card"),
        AT_COMPUTERS,  # a card that somebody found opens nothing where no librarian looks on
        type="choice",
        choices=(
            (NOWHERE, _l("nowhere")),
            (AT_COMPUTERS, _l("at the computers of the reading room")),
            (ANYWHERE, _l("everywhere, on phones and tablets too")),
        ),
        help=_l(
            "The cards are printed with the slips of a class. Whoever has a card comes in without a password."
        ),
    ),
    Setting(
        "picture_sign_in",
        _l("Grades 1 and 2 sign in with pictures"),
        False,
        type="boolean",
        help=_l(
            "At the computers of the reading room the pupils of these grades choose their class, their name and "
            "three pictures from their slip. Everybody at such a computer sees the names."
        ),
    ),
    Setting(
        "hub_address",
        _l("Address of this site on paper"),
        "",
        help=_l("Printed on slips, such as http://library:8000. Empty: as the librarian opened it."),
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
