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
from libhub.pages.admin.searches import blueprint
from libhub.search.asking import synonyms
from libhub.search.models import Synonym
from libhub.web.forms import Form
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
    form = SynonymForm(words=words)
    if form.validate_on_submit():
        try:
            synonyms.save(form.words.data, synonym_id)
        except LibHubError as error:
            form.fail(error, form.words)
        else:
            flash(_("Saved. The next search uses it."), "success")
            return redirect(url_for("search_admin.synonym_list"))
    status = 422 if form.is_submitted() else 200
    return page("admin/synonym.html", form=form, synonym_id=synonym_id, status=status)


deletable(Synonym, "search.manage", lambda group: synonyms.save(group.words, group.id))


@blueprint.post("/synonyms/<int:synonym_id>/delete")
@requires("search.manage")
def delete_synonym(synonym_id: int) -> AnyResponse:
    """Delete a group."""
    synonyms.delete(synonym_id)
    flash(_("Deleted. Search no longer uses it."), "success")
    return redirect(url_for("search_admin.synonym_list"))
