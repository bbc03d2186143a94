"""Drafts: what was typed into the editor and is not saved yet. No Flask here."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from libhub.api import db, now, writing
from plugins.crafts.editor_form import Typed
from plugins.crafts.models import ActivityDraft


@dataclass(frozen=True)
class Kept:
    """A draft: what was typed, and when it was kept."""

    typed: Typed
    at: datetime


def keep_draft(activity_id: int, user_id: int | None, typed: Typed) -> datetime:
    """Keep what was typed until it is saved; readers see nothing of it."""
    with writing():
        row = db.session.get(ActivityDraft, activity_id)
        if row is None:
            row = ActivityDraft(activity_id=activity_id)
            db.session.add(row)
        row.typed, row.user_id, row.saved_at = typed, user_id, now()
        return row.saved_at


def draft(activity_id: int) -> Kept | None:
    """Return what was typed and not saved yet."""
    row = db.session.get(ActivityDraft, activity_id)
    return Kept(row.typed, row.saved_at) if row else None


def forget_draft(activity_id: int) -> None:
    """Forget what was typed: it was saved, or is not wanted."""
    with writing():
        db.session.execute(delete(ActivityDraft).where(ActivityDraft.activity_id == activity_id))
