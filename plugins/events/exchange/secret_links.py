"""Secret addresses of people's own calendars: made, taken back, whose they are. No Flask."""

import secrets
from datetime import datetime

from sqlalchemy import delete, select

from libhub.api import db, hashed, writing
from plugins.events.models import FeedLink


def make_link(user_id: int) -> str:
    """Return a new secret for a person's feed; the one before stops working. Only its hash is kept."""
    token = secrets.token_urlsafe(24)
    with writing():
        db.session.execute(delete(FeedLink).where(FeedLink.user_id == user_id))
        db.session.add(FeedLink(user_id=user_id, token_hash=hashed(token)))
    return token


def revoke_link(user_id: int) -> None:
    """Make a person's secret address stop working."""
    with writing():
        db.session.execute(delete(FeedLink).where(FeedLink.user_id == user_id))


def link_made_at(user_id: int) -> datetime | None:
    """Return when a person's secret address was made; None where there is none."""
    return db.session.scalar(select(FeedLink.created_at).where(FeedLink.user_id == user_id))


def owner_of(token: str) -> int | None:
    """Return whose secret address this is; None for one that is unknown or revoked."""
    return db.session.scalar(select(FeedLink.user_id).where(FeedLink.token_hash == hashed(token)))
