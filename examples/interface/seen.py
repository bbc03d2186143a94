"""What was seen: two librarians arrange the same shelf."""

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from libhub.api import StaleView, as_seen, attempt, mark_of, refuse_stale, requires, writing

SHELF = ["Лев", "Кот", "Пёс"]


def move_up(book: str) -> None:
    """Move a book one place up."""
    place = SHELF.index(book)
    SHELF.insert(max(place - 1, 0), SHELF.pop(place))


# In a page: its form has {{ ui.seen(shelf) }}, and what it asks for is done while the shelf is that.
blueprint = Blueprint("board", __name__, url_prefix="/board")


@blueprint.post("/shelf/<book>/up")
@requires("board.edit")
def up(book: str) -> Response:
    """Move a book up."""
    return attempt(lambda: as_seen(lambda: SHELF, lambda: move_up(book)), url_for("board.shelf"))


# Where there is no page:
seen = mark_of(SHELF)
for book in ("Кот", "Пёс"):
    try:
        with writing():
            refuse_stale(seen, SHELF)
            move_up(book)
    except StaleView:
        print("somebody was faster")
assert SHELF == ["Кот", "Лев", "Пёс"]
