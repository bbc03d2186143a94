"""What is done to many accounts at once: closed and opened, an age limit, another class."""

from collections.abc import Sequence

from sqlalchemy import select

from libhub.accounts.accounts import administrator_exists
from libhub.accounts.classes import get_class
from libhub.accounts.models import User
from libhub.accounts.permissions import AGE_MARKS
from libhub.accounts.sessions import sign_out_all
from libhub.base.db import db, writing
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _


def move_to_class(user_ids: Sequence[int], class_id: int | None) -> int:
    """Let people be in a class, or in none; return for how many that is something new.

    :raises LibHubError: there is no such class.
    """
    with writing():
        if class_id is not None:
            get_class(class_id)
        moved = [user for user in _accounts(user_ids) if user.class_id != class_id]
        for user in moved:
            user.class_id, user.class_group = class_id, ""
        return len(moved)


def set_active(user_ids: Sequence[int], *, active: bool) -> int:
    """Open accounts, or close them and sign them out everywhere; return how many were otherwise before.

    :raises LibHubError: nobody would be left to administer the hub.
    """
    with writing():
        changed = [user for user in _accounts(user_ids) if user.active != active]
        administered = administrator_exists()
        for user in changed:
            user.active = active
        db.session.flush()
        if not active:
            if administered and not administrator_exists():
                raise LibHubError(_("The hub needs at least one active administrator."))
            sign_out_all(user.id for user in changed)
        return len(changed)


def set_age_limit(user_ids: Sequence[int], limit: int | None) -> int:
    """Give people an age limit of their own, or the usual one (None); return for how many that is something new.

    :raises LibHubError: it is no age mark.
    """
    if limit is not None and limit not in AGE_MARKS:
        raise LibHubError(_("The age limit is one of 0, 6, 12, 16 and 18."))
    with writing():
        changed = [user for user in _accounts(user_ids) if user.age_limit != limit]
        for user in changed:
            user.age_limit = limit
        return len(changed)


def _accounts(user_ids: Sequence[int]) -> Sequence[User]:
    return db.session.scalars(select(User).where(User.id.in_(list(user_ids))).order_by(User.id)).all()
