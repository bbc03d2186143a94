"""What the workshop shows on a person's own page: the newest works, and what became of them."""

from typing import Final

from flask import url_for

from libhub.api import PersonalLine, PersonalLines, Viewer, db
from libhub.api import gettext as _
from plugins.crafts.gallery import gallery_works

MOST: Final = 5


def personal_lines(viewer: Viewer) -> list[PersonalLines]:
    """Return the newest works of a viewer."""
    if viewer.user_id is None:
        return []
    states = {
        "approved": _("in the gallery"),
        "declined": _("not shown"),
        "waiting": _("waits for the librarian"),
    }
    lines = [
        PersonalLine(
            ": ".join(part for part in (work.activity.title, work.caption) if part),
            url_for("crafts.my_works"),
            states[work.state],
        )
        for work in db.session.scalars(gallery_works.mine(viewer.user_id).limit(MOST))
    ]
    return [PersonalLines(_("My works"), url_for("crafts.my_works"), lines, order=30)]
