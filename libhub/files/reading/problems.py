"""Why there are no words in a file: kept as a short name, shown in words that say what to do."""

from typing import Final

from libhub.base.i18n import LazyString
from libhub.base.i18n import lazy_gettext as _l

REASONS: Final[dict[str, LazyString]] = {
    "encrypted": _l("It is protected by a password. Save it without the password and replace it here."),
    "damaged": _l(
        "It is damaged or not complete. Open it in its own program, save it again and replace it here."
    ),
    "entities": _l(
        "It uses a trick that makes small files huge, so it is not opened. Save it again in its own program."
    ),
    "bomb": _l("Unpacked, it is far larger than a file of its kind. Save it again in its own program."),
    "path": _l("It is packed in an unsafe way. Save it again in its own program."),
    "time": _l("Reading it took too long. A smaller or simpler file may do."),
    "memory": _l("Reading it took too much memory. A smaller or simpler file may do."),
    "crashed": _l(
        "The program that reads such files could not cope with it. Save it again in its own program."
    ),
    "scan": _l("There are only pictures of pages in it."),
    "long": _l("Only its beginning is searched: it is very long."),
    "missing": _l("Its content is missing on the disk. Upload it again."),
}
