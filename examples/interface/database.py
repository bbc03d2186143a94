"""Tables of the database."""

from sqlalchemy import func, select

from libhub.api import db, writing
from plugins.resources.models import Resource


def rename(number: int, title: str) -> None:
    """Change a title: all of the block is stored, or nothing."""
    with writing():
        db.session.get_one(Resource, number).title = title


first = db.session.scalar(select(func.min(Resource.id)))
assert first is not None
rename(first, "Новое название")
assert db.session.get_one(Resource, first).title == "Новое название"
