"""Categories of events: a name, a colour and a shape. No Flask."""

from collections.abc import Sequence

from sqlalchemy import func, select

from libhub.api import LibHubError, db, deletable, find_row, one_line, writing
from libhub.api import gettext as _
from plugins.events.models import Category, Event
from plugins.events.rules import NO_SUCH_CATEGORY
from plugins.events.vocabulary import COLOURS, EDIT, SHAPES


def listing() -> Sequence[Category]:
    """Return the categories in their order."""
    return db.session.scalars(select(Category).order_by(Category.position, Category.name)).all()


def save(name: str, colour: str, shape: str, category_id: int | None = None) -> int:
    """Add a category, or change one; return its number.

    :raises LibHubError: something about it will not do.
    """
    clean = one_line(name)
    if not 1 <= len(clean) <= 80 or colour not in COLOURS or shape not in SHAPES:
        raise LibHubError(_("Write a name of 1 to 80 characters and choose a colour and a shape."))
    with writing():
        if category_id:
            category = find_row(Category, category_id, NO_SUCH_CATEGORY)
        else:
            category = Category(position=(db.session.scalar(select(func.max(Category.position))) or 0) + 1)
        category.name, category.colour, category.shape = clean, colour, shape
        db.session.add(category)
        db.session.flush()
        return category.id


def delete(category_id: int) -> None:
    """Delete a category; its events stay, without one, and have it again when it is brought back.

    :raises LibHubError: there is none with this number.
    """
    with writing():
        category = find_row(Category, category_id, NO_SUCH_CATEGORY)
        for event in db.session.scalars(select(Event).where(Event.category_id == category_id)):
            event.category_id = None  # one by one: the log has to know whose it was
        db.session.flush()
        db.session.delete(category)


deletable(Category, EDIT)
