"""What the directory shows on a person's own page: what the person keeps at hand."""

from typing import Final

from flask import url_for

from libhub.api import PersonalLine, PersonalLines, Viewer
from libhub.api import gettext as _
from plugins.resources import favourites

MOST: Final = 5


def personal_lines(viewer: Viewer) -> list[PersonalLines]:
    """Return the newest favourites of a viewer."""
    if viewer.user_id is None:
        return []
    lines = [
        PersonalLine(each.title, url_for("resources.show", resource_id=each.id))
        for each in favourites.favourites(viewer.user_id, viewer)[:MOST]
    ]
    return [PersonalLines(_("My favourites"), url_for("resources.favourites"), lines, order=20)]
