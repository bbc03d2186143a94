"""What is remembered and counted."""

from sqlalchemy import func, select

from libhub.api import db, remember
from plugins.resources.models import Resource


def number_of_resources() -> int:
    """Return how many there are; asked of the database only when the table changed."""
    query = select(func.count()).select_from(Resource)
    return remember("number of resources", lambda: db.session.scalar(query) or 0)


assert number_of_resources() == number_of_resources() > 0
