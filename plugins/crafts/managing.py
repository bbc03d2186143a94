"""What the librarian does with many activities, and how often each was opened, printed and made. No Flask here."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import and_, func, select

from libhub.api import Action, Label, State, archive_actions, db
from libhub.api import lazy_gettext as _l
from plugins.crafts import rules
from plugins.crafts.models import Activity, ActivityCount

STATES: Final[Mapping[str, State]] = {
    "": State(_l("All but the archive"), lambda: Activity.archived_at.is_(None)),
    "published": State(_l("Published"), Activity.present),
    "draft": State(_l("Drafts"), lambda: and_(Activity.archived_at.is_(None), Activity.state == "draft")),
    "archived": State(_l("In the archive"), lambda: Activity.archived_at.is_not(None)),
}
STANDS: Final[Mapping[str, Label]] = {
    "published": _l("published"),
    "draft": _l("draft"),
    "archived": _l("in the archive"),
}
ACTIONS: Final[Mapping[str, Action]] = {
    "publish": Action(
        _l("Publish"),
        lambda numbers, _value: rules.set_state(numbers, "published"),
        about=_l(
            "Readers see them, and search finds them. One in which there is nothing to do is not published."
        ),
        states=lambda state: state in {"", "draft"},
        present=lambda activity: STANDS[activity.standing],
    ),
    "draft": Action(
        _l("Make it a draft again"),
        lambda numbers, _value: rules.set_state(numbers, "draft"),
        about=_l("They are drafts again: readers do not see them."),
        states=lambda state: state in {"", "published"},
        present=lambda activity: STANDS[activity.standing],
    ),
    **archive_actions(Activity),
}


def counts_of(ids: Collection[int]) -> Mapping[int, Mapping[str, int]]:
    """Return how often each of these was opened, printed and made, ever."""
    query = (
        select(ActivityCount.activity_id, ActivityCount.what, func.sum(ActivityCount.number))
        .where(ActivityCount.activity_id.in_(ids))
        .group_by(ActivityCount.activity_id, ActivityCount.what)
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for activity_id, what, number in db.session.execute(query):
        found[activity_id][what] = number
    return found
