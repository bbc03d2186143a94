"""The librarian's pages about synonyms."""

from flask import Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import TextAreaField
from wtforms.validators import InputRequired

from libhub.base.db import db
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.kit.history.subjects import deletable
from libhub.kit.pages.editing import editor
from libhub.kit.validation import Invalid
from libhub.pages.admin.searches import blueprint
from libhub.search.asking import synonyms
from libhub.search.models import Synonym
from libhub.web.forms.form import Form
from libhub.web.gate import requires
from libhub.web.rendering.pages import page


class SynonymForm(Form):
    """A group of synonyms as it is typed."""

    words = TextAreaField(
        _l("Words and phrases that mean the same, with commas between them"),
        [InputRequired()],
        render_kw={"rows": 3, "maxlength": synonyms.MAX_LENGTH},
    )


@blueprint.get("/synonyms")
@requires("search.manage")
def synonym_list() -> Response:
    """List the groups of synonyms."""
    return page("admin/synonyms.html", groups=synonyms.every())


@blueprint.route("/synonyms/add", methods=["GET", "POST"])
@requires("search.manage")
def add_synonym() -> AnyResponse:
    """Add a group; ``words`` in the address is what it begins with."""
    typed = request.args.get("words", "")[: synonyms.MAX_LENGTH].replace(",", " ").strip()
    return _edit(None, f"{typed}, " if typed else "")


@blueprint.route("/synonyms/<int:synonym_id>", methods=["GET", "POST"])
@requires("search.manage")
def edit_synonym(synonym_id: int) -> AnyResponse:
    """Change a group."""
    group = db.session.get(Synonym, synonym_id)
    if group is None:
        abort(404)
    return _edit(synonym_id, group.words)


def _edit(synonym_id: int | None, words: str) -> AnyResponse:
    def form() -> SynonymForm:
        group = db.session.get(Synonym, synonym_id) if synonym_id else None
        return SynonymForm(words=group.words if group else words)

    def save(typed: SynonymForm) -> None:
        try:
            synonyms.save(typed.words.data, synonym_id)
        except LibHubError as error:
            raise Invalid({"words": str(error)}) from error

    return editor(
        "admin/synonym.html",
        form,
        save,
        lambda _saved: url_for("search_admin.synonym_list"),
        told=_l("Saved. The next search uses it."),
        synonym_id=synonym_id,
    )


deletable(Synonym, "search.manage", lambda group: synonyms.save(group.words, group.id))


@blueprint.post("/synonyms/<int:synonym_id>/delete")
@requires("search.manage")
def delete_synonym(synonym_id: int) -> AnyResponse:
    """Delete a group."""
    synonyms.delete(synonym_id)
    flash(_("Deleted. Search no longer uses it."), "success")
    return redirect(url_for("search_admin.synonym_list"))
