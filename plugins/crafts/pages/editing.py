"""The librarian writes activities: drafts that keep themselves, steps in order, preview, copy, archive."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import (
    AGE_MARKS,
    Invalid,
    LibHubError,
    attachments,
    copy_files,
    current_viewer,
    db,
    page,
    page_number,
    requires,
)
from libhub.api import gettext as _
from plugins.crafts import activity_data, drafts, editor_form, managing, pictures, rules
from plugins.crafts.activity_data import ActivityData
from plugins.crafts.editor_form import Typed
from plugins.crafts.gallery import approval
from plugins.crafts.holidays import LABELS
from plugins.crafts.models import Activity
from plugins.crafts.pages.browsing import show_preview
from plugins.crafts.vocabulary import DIFFICULTIES, GRADES, KINDS, SEASONS, STATES, UNITS, USES

blueprint = Blueprint("crafts", __name__, url_prefix="/crafts")

PAGE_SIZE = 50


@blueprint.get("/manage")
@requires("crafts.edit")
def manage() -> Response:
    """Show the table of all activities, drafts and archived ones too."""
    text = request.args.get("q", "").strip()[:100]
    state = request.args.get("state", "")
    state = state if state in STATES else ""
    found = db.paginate(managing.table(text, state), page=page_number(), per_page=PAGE_SIZE, error_out=False)
    return page(
        "crafts/manage.html",
        block="rows",
        found=found,
        counted=managing.counts_of([activity.id for activity in found.items]),
        text=text,
        state=state,
        states=STATES,
        kinds=KINDS,
        waiting=approval.waiting_works(),
    )


@blueprint.route("/add", methods=["GET", "POST"])
@requires("crafts.edit")
def add() -> AnyResponse:
    """Begin an activity: with its title it becomes a draft, and everything else follows in the editor."""
    title, problem = request.form.get("title", ""), ""
    if request.method == "POST":
        kind = request.form.get("kind", "craft")
        try:
            activity_id = rules.save(ActivityData(title=title, kind=kind))
        except Invalid as error:
            problem = str(error)
        else:
            return redirect(url_for("crafts.edit", activity_id=activity_id))
    return page("crafts/add.html", title=title, problem=problem, kinds=KINDS, status=422 if problem else 200)


@blueprint.get("/<int:activity_id>/edit")
@requires("crafts.edit")
def edit(activity_id: int) -> AnyResponse:
    """Show the editor, with what was typed and not saved yet."""
    activity = found_or_404(activity_id)
    kept = drafts.draft(activity_id)
    typed = kept.typed if kept else editor_form.typed_of(rules.data_of(activity))
    return _editor(activity, typed, kept_at=kept.at if kept else None)


@blueprint.post("/<int:activity_id>/edit")
@requires("crafts.edit")
def change(activity_id: int) -> AnyResponse:
    """Save, publish or preview what was typed, or rearrange its rows; what will not do is kept and told."""
    activity = found_or_404(activity_id)
    action = request.form.get("do", "save")
    try:
        typed = _typed()
    except Invalid as error:
        return _editor(activity, {}, problems=error.problems)
    if action == "preview" or ":" in action:
        drafts.keep_draft(activity_id, current_viewer().user_id, editor_form.arranged(typed, action))
        if action == "preview":
            return redirect(url_for("crafts.preview", activity_id=activity_id))
        return redirect(
            url_for("crafts.edit", activity_id=activity_id, _anchor=action.partition(":")[0] + "s")
        )
    try:
        data = editor_form.data_of(typed, rules.data_of(activity))
        rules.save(data, activity_id, state="published" if action == "publish" else "")
    except Invalid as error:
        drafts.keep_draft(activity_id, current_viewer().user_id, typed)
        return _editor(activity, typed, problems=error.problems)
    drafts.forget_draft(activity_id)
    flash(_("Saved. Search finds it within a second.") if action == "publish" else _("Saved."), "success")
    return redirect(url_for("crafts.show", activity_id=activity_id))


@blueprint.post("/<int:activity_id>/autosave")
@requires("crafts.edit")
def autosave(activity_id: int) -> Response:
    """Keep what is typed so far; nothing that readers see changes."""
    found_or_404(activity_id)
    problem, at = "", None
    try:
        at = drafts.keep_draft(activity_id, current_viewer().user_id, _typed())
    except Invalid as error:
        problem = str(error)
    return page("crafts/autosaved.html", at=at, problem=problem)


@blueprint.post("/<int:activity_id>/forget")
@requires("crafts.edit")
def forget(activity_id: int) -> AnyResponse:
    """Throw away what was typed since the last save."""
    found_or_404(activity_id)
    drafts.forget_draft(activity_id)
    flash(_("What was typed is gone; the activity is as it was saved last."), "success")
    return redirect(url_for("crafts.edit", activity_id=activity_id))


@blueprint.get("/<int:activity_id>/preview")
@requires("crafts.edit")
def preview(activity_id: int) -> AnyResponse:
    """Show the page as readers would see it with what was typed."""
    activity = found_or_404(activity_id)
    kept = drafts.draft(activity_id)
    data = rules.data_of(activity)
    try:
        data = editor_form.data_of(kept.typed, data).checked() if kept else data
    except Invalid as error:
        flash(str(error), "error")
        return redirect(url_for("crafts.edit", activity_id=activity_id))
    return show_preview(activity, data)


@blueprint.get("/<int:activity_id>/pictures")
@requires("crafts.edit")
def picture_page(activity_id: int) -> Response:
    """Show where the cover, the pictures of the steps and the sheets to print are put."""
    activity = found_or_404(activity_id)
    ref = rules.ref(activity_id)
    return page(
        "crafts/pictures.html",
        activity=activity,
        ref=ref,
        places=pictures.places(rules.data_of(activity)),
        files=pictures.by_place(attachments([ref])[ref]),
    )


@blueprint.post("/<int:activity_id>/copy")
@requires("crafts.edit")
def copy(activity_id: int) -> AnyResponse:
    """Make a draft that begins as a copy, with all the pictures."""
    data = rules.data_of(found_or_404(activity_id))
    title = _("%(title)s (copy)", title=data.title)[: activity_data.LONGEST["title"]]
    copied = rules.save(replace(data, title=title, uid=""))
    copy_files(rules.ref(activity_id), rules.ref(copied))
    flash(_("This is the copy. Readers do not see it yet."), "success")
    return redirect(url_for("crafts.edit", activity_id=copied))


@blueprint.post("/<int:activity_id>/state")
@requires("crafts.edit")
def set_state(activity_id: int) -> AnyResponse:
    """Publish an activity, take it back as a draft, or put it into the archive and out of it."""
    activity = found_or_404(activity_id)
    wanted = request.form.get("state", "")
    if wanted not in STATES:
        abort(400)
    told = {
        "published": _("“%(title)s” is published.", title=activity.title),
        "draft": _("“%(title)s” is a draft again: readers do not see it.", title=activity.title),
        "archived": _("“%(title)s” is in the archive. It can be restored there.", title=activity.title),
    }
    try:
        rules.set_state(activity_id, wanted)
    except Invalid as error:
        flash(str(error), "error")
    else:
        flash(told[wanted], "success")
    return redirect(url_for("crafts.manage", state=wanted if wanted == "archived" else None))


def _typed() -> Typed:
    return editor_form.kept({name: request.form.getlist(name) for name in request.form})


def _editor(
    activity: Activity, typed: Typed, *, problems: dict[str, str] | None = None, kept_at: Any = None
) -> Response:
    return page(
        "crafts/edit.html",
        activity=activity,
        typed=typed,
        first=editor_form.first,
        steps=editor_form.rows(typed, "step"),
        materials=editor_form.rows(typed, "material"),
        problems=problems or {},
        fields=activity_data.FIELDS,
        kept_at=kept_at,
        kinds=KINDS,
        difficulties=DIFFICULTIES,
        ages=AGE_MARKS,
        grades=GRADES,
        holidays=LABELS,
        seasons=SEASONS,
        units=UNITS,
        uses=USES,
        longest=activity_data.LONGEST,
        status=422 if problems else 200,
    )


def found_or_404(activity_id: int) -> Activity:
    """Return an activity in whatever state; an unknown number is a page that does not exist."""
    try:
        return rules.get(activity_id)
    except LibHubError:
        abort(404)
