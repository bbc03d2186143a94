"""The librarian's pages about search: what was searched, and the synonyms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import TextAreaField
from wtforms.validators import InputRequired

from libhub.base.db import db
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.base.moments import now
from libhub.plugging import calls, settings
from libhub.search import counting, synonyms
from libhub.search.counting import Asked
from libhub.search.models import Synonym
from libhub.web.forms import Form
from libhub.web.gate import requires
from libhub.web.rendering.pages import page
from libhub.web.visitor import current_viewer

blueprint = Blueprint("search_admin", __name__, url_prefix="/admin")
ROWS: Final = 40
WEEK: Final = timedelta(days=7)


@dataclass(frozen=True)
class Row:
    """Something that was searched, with what sections offer to do about it."""

    asked: Asked
    offers: list[str]


@blueprint.get("/searches")
@requires("search.manage")
def searches() -> Response:
    """Show what was searched in a week: most, without results, and without a result being opened."""
    today = now().date()
    monday = _monday(today)
    end = monday + WEEK - timedelta(days=1)
    lists = [
        (
            _("Nothing was found"),
            _("Add a synonym, or something that answers."),
            _rows(counting.most_asked(monday, end, ROWS, found=False)),
        ),
        (
            _("Found, but nothing was opened"),
            _("Maybe the results do not answer what was meant."),
            _rows(counting.most_asked(monday, end, ROWS, found=True)),
        ),
        (_("Searched most"), "", _rows(counting.most_asked(monday, end, ROWS))),
    ]
    return page(
        "admin/searches.html",
        lists=lists,
        start=monday,
        end=end,
        earlier=url_for("search_admin.searches", week=monday - WEEK) if monday.year > 2000 else None,
        later=url_for("search_admin.searches", week=monday + WEEK) if monday + WEEK <= today else None,
        days=settings.get_setting(settings.CORE, "search_days"),
    )


def _monday(today: date) -> date:
    """Return the first day of the week asked for: any of its days will do."""
    try:
        day = min(date.fromisoformat(request.args.get("week", "")), today)
    except ValueError:
        day = today
    return max(day, date(2000, 1, 3)) - timedelta(days=max(day, date(2000, 1, 3)).weekday())


def _rows(found: Sequence[Asked]) -> list[Row]:
    viewer = current_viewer()
    rows = []
    for asked in found:
        answers = calls.call(
            "slot_fragments", slot="searches.query", viewer=viewer, ref={"query": asked.text}
        )
        rows.append(Row(asked, [fragment for _plugin, some in answers for fragment in some]))
    return rows


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


@blueprint.post("/synonyms/<int:synonym_id>/delete")
@requires("search.manage")
def delete_synonym(synonym_id: int) -> AnyResponse:
    """Delete a group."""
    synonyms.delete(synonym_id)
    flash(_("Deleted. Search no longer uses it."), "success")
    return redirect(url_for("search_admin.synonym_list"))
