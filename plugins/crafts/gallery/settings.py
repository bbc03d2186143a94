"""How the gallery is run, as the librarian sets it."""

from typing import Final

from libhub.api import Setting
from libhub.api import lazy_gettext as _l

SETTINGS: Final = (
    Setting(
        "gallery_names",
        _l("How works in the gallery are signed"),
        "names",
        type="choice",
        choices=(("names", _l("first name and class")), ("anonymous", _l("not at all"))),
    ),
    Setting(
        "gallery_likes",
        _l("Readers may like works"),
        True,
        type="boolean",
        help=_l("Only the author is told how many liked a work; nothing is ordered by it."),
    ),
)
