"""What was typed and is not saved: kept by itself while somebody types, and when a form comes without its session."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import and_, delete, or_, select

from libhub.base.db import db, writing
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.moments import now
from libhub.submissions.models import Draft

KEPT: Final = timedelta(days=30)
"""So long a draft lies that nobody comes back to."""
KEPT_RETURNED: Final = timedelta(days=1)
"""So long lies what came when its session had ended."""
MOST: Final = 30
"""Drafts of one person; the oldest go first."""
LONGEST: Final = 1_000_000
"""Characters of one draft."""
FILES: Final = "kept_files"
"""The name under which a draft knows the files that were chosen in its form."""
NOT_TYPED: Final = frozenset({"csrf_token", "form_state", FILES})


@dataclass(frozen=True)
class Typed:
    """A draft: where its form stands and is sent, what was typed, as browsers send it, and when."""

    id: str
    page: str
    action: str
    title: str
    fields: Mapping[str, Sequence[str]]
    at: datetime


def keep(
    draft_id: str,
    user_id: int,
    page: str,
    action: str,
    fields: Mapping[str, Sequence[str]],
    *,
    returned: bool = False,
    files: Sequence[str] = (),
) -> datetime:
    """Keep what somebody typed, in the place of what the same draft held before; return when.

    :param draft_id: nobody else's draft is touched by it.
    :param returned: it came when its session had ended.
    :param files: what is known of the files that came with it; those that the draft has stay where there are no others.
    :raises LibHubError: it is too long to be kept.
    """
    typed = {name: list(values) for name, values in fields.items() if name not in NOT_TYPED}
    state = fields.get("form_state")
    if state:
        typed["form_state"] = list(state[:1])
    if sum(len(value) for values in typed.values() for value in values) > LONGEST:
        raise LibHubError(_("This is too long to be kept while you type. Save it."))
    title = next((value for name in ("title", "name") for value in typed.get(name, ()) if value.strip()), "")
    with writing():
        row = db.session.get(Draft, draft_id)
        if row is not None and row.user_id != user_id:
            raise LibHubError(_("This draft is somebody else's."))
        held = list(files) or (list(row.fields.get(FILES, ())) if row else [])
        if held:
            typed[FILES] = held
        if row is None:
            row = Draft(id=draft_id, user_id=user_id, page=page[:1000], action=action[:1000])
            db.session.add(row)
        row.fields, row.title, row.at, row.returned = typed, title.strip()[:200], now(), returned
        db.session.flush()
        oldest = select(Draft.id).where(Draft.user_id == user_id).order_by(Draft.at.desc()).offset(MOST)
        db.session.execute(delete(Draft).where(Draft.id.in_(oldest)))
        return row.at


def find(draft_id: str, user_id: int | None, browser: Collection[str] = ()) -> Typed | None:
    """Return somebody's draft; what came without a session only to the browser that knows its id.

    :param browser: the ids that the browser knows.
    """
    row = db.session.get(Draft, draft_id) if user_id else None
    if row is None or row.user_id != user_id or (row.returned and draft_id not in browser):
        return None
    return _typed(row)


def on_page(user_id: int, page: str) -> list[Typed]:
    """Return what somebody typed on a page and did not save, the latest first."""
    query = select(Draft).where(Draft.user_id == user_id, Draft.page == page, ~Draft.returned)
    return [_typed(row) for row in db.session.scalars(query.order_by(Draft.at.desc()).limit(5))]


def in_section(user_id: int, prefix: str) -> list[Typed]:
    """Return what somebody typed on pages whose addresses begin so, the latest first."""
    query = select(Draft).where(
        Draft.user_id == user_id, ~Draft.returned, Draft.page.startswith(prefix, autoescape=True)
    )
    return [_typed(row) for row in db.session.scalars(query.order_by(Draft.at.desc()).limit(MOST))]


def drop(draft_id: str, user_id: int) -> bool:
    """Forget somebody's draft; say whether there was one."""
    if db.session.scalar(select(Draft.id).where(Draft.id == draft_id, Draft.user_id == user_id)) is None:
        return False
    with writing():
        db.session.execute(delete(Draft).where(Draft.id == draft_id, Draft.user_id == user_id))
    return True


def personal_data(user_id: int) -> list[dict[str, Any]]:
    """Return what a person typed and did not save. It goes with the account: the rows are deleted together."""
    query = select(Draft).where(Draft.user_id == user_id).order_by(Draft.at)
    return [
        {
            "at": row.at.isoformat(),
            "page": row.page,
            "fields": {name: values for name, values in row.fields.items() if name not in NOT_TYPED},
        }
        for row in db.session.scalars(query)
    ]


def forget_old() -> None:
    """Forget what nobody came back to."""
    old = or_(Draft.at < now() - KEPT, and_(Draft.returned, Draft.at < now() - KEPT_RETURNED))
    with writing():
        db.session.execute(delete(Draft).where(old))


def _typed(row: Draft) -> Typed:
    return Typed(row.id, row.page, row.action, row.title, row.fields, row.at)
