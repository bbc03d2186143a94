"""Pages of the section: a list and a page for readers, a table and an editor for the librarian."""

from flask import Blueprint
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField

from libhub.api import Editing, Form, Listing, Managed, Sort, Viewer, fields, page, public, visible_or_404
from libhub.api import lazy_gettext as _l
from plugins.sectionid import rules
from plugins.sectionid.models import Note

blueprint = Blueprint("sectionid", __name__, url_prefix="/sectionid")

LISTING = Listing(Note, {"": Sort(_l("Newest first"), (Note.id.desc(),))}, per_page=20)
MANAGED = Managed(
    model=Note,
    permission=rules.EDIT,
    section=_l("Sectionid"),
    title=_l("Manage the notes"),
    order=(Note.title, Note.id),
    cells=((_l("Written"), lambda note: note.created_at),),
    new=_l("New note"),
)
ON_THE_CARD = 3


class NoteForm(Form):
    """A note as the librarian edits it. What may stand in its fields the rules say."""

    title = StringField(_l("Title"))
    text = TextAreaField(_l("Text"), description=_l("Every line is a paragraph"), render_kw={"rows": 10})
    visibility = fields.visibility()
    age = fields.age_mark(or_none=True)


@blueprint.get("/")
@public
def index() -> Response:
    """List the notes."""
    return page("sectionid/index.html", found=LISTING.found())


@blueprint.get("/<int:number>")
@public
def show(number: int) -> Response:
    """Show a note."""
    return page("sectionid/show.html", note=visible_or_404(Note, number))


MANAGED.add_to(blueprint)
Editing(MANAGED, NoteForm, rules.NoteData, back=_l("“%(title)s” is here again.")).add_to(blueprint)


def card(viewer: Viewer) -> dict[str, object]:
    """Return what the card on the home page shows."""
    return {"notes": LISTING.first(viewer, ON_THE_CARD)}
