"""Rights."""

from flask import Blueprint

from libhub.api import PUBLIC, STAFF_LABEL, Permission, current_viewer, public, requires

LIBRARIAN_ONLY = Permission("board.edit", "Edit the board", roles=frozenset({"librarian"}))
blueprint = Blueprint("board", __name__, url_prefix="/board")


@blueprint.get("/")
@public
def index() -> str:
    """Show the board to everybody."""
    return "the board"


@blueprint.get("/edit")
@requires("board.edit")
def edit() -> str:
    """Let those who may change it."""
    return "the editor"


viewer = current_viewer()
assert viewer.may_see(frozenset({PUBLIC}), age=0)
assert not viewer.may_see(frozenset({STAFF_LABEL}), age=0)
