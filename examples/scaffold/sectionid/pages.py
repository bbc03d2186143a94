"""Pages of the section: each reads the request, asks the rules, and renders."""

from flask import Blueprint, abort, flash, redirect, url_for
from werkzeug.wrappers import Response

from libhub.api import Invalid, db, page, paginate, public, requires
from libhub.api import gettext as _
from plugins.sectionid import rules
from plugins.sectionid.forms import NoteForm
from plugins.sectionid.models import Note

blueprint = Blueprint("sectionid", __name__, url_prefix="/sectionid")

PER_PAGE = 20
ON_THE_CARD = 3


@blueprint.get("/")
@public
def index() -> Response:
    """List the notes."""
    return page("sectionid/index.html", found=paginate(rules.newest_first(), PER_PAGE))


@blueprint.get("/<int:note_id>")
@public
def show(note_id: int) -> Response:
    """Show a note."""
    return page("sectionid/show.html", note=_found(note_id))


@blueprint.route("/add", methods=["GET", "POST"])
@requires("sectionid.edit")
def add() -> Response:
    """Add a note."""
    return _edit(None)


@blueprint.route("/<int:note_id>/edit", methods=["GET", "POST"])
@requires("sectionid.edit")
def edit(note_id: int) -> Response:
    """Change a note."""
    return _edit(_found(note_id))


@blueprint.post("/<int:note_id>/delete")
@requires("sectionid.edit")
def delete(note_id: int) -> Response:
    """Delete a note."""
    rules.delete(_found(note_id))
    flash(_("The note is deleted."), "success")
    return redirect(url_for("sectionid.index"))


def _edit(note: Note | None) -> Response:
    """Show the form, or save what was typed; what will not do is told at its field."""
    form = NoteForm(obj=note)
    if form.validate_on_submit():
        try:
            note_id = rules.save(form.typed(), note)
        except Invalid as error:
            form.show_problems(error.problems)
        else:
            flash(_("Saved. Search finds it within a second."), "success")
            return redirect(url_for("sectionid.show", note_id=note_id))
    return page("sectionid/edit.html", form=form, note=note, status=422 if form.is_submitted() else 200)


def _found(note_id: int) -> Note:
    return rules.find(note_id) or abort(404)


def card() -> dict[str, object]:
    """Return what the card on the home page shows."""
    return {"notes": db.session.scalars(rules.newest_first().limit(ON_THE_CARD)).all()}
