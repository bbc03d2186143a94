"""The librarian writes activities: drafts that keep themselves, steps in order, preview, copy, archive."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField

from libhub.api import (
    AGES,
    GRADE_LABELS,
    Form,
    Invalid,
    Managed,
    add_archiving,
    attachments,
    attempt,
    copy_files,
    current_viewer,
    db,
    editor,
    fields,
    page,
    requires,
)
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.crafts import activity_data, drafts, editor_form, managing, pictures, rules
from plugins.crafts.activity_data import FIELDS, ActivityData
from plugins.crafts.editor_form import Typed
from plugins.crafts.finding.listing import TILE
from plugins.crafts.gallery import approval
from plugins.crafts.holidays import LABELS
from plugins.crafts.models import Activity
from plugins.crafts.pages.browsing import show_preview
from plugins.crafts.vocabulary import DIFFICULTIES, KINDS, SEASONS, UNITS, USES

blueprint = Blueprint("crafts", __name__, url_prefix="/crafts")

Managed(
    model=Activity,
    permission="crafts.edit",
    section=_l("Workshop"),
    title=_l("Manage the workshop"),
    template="crafts/manage.html",
    order=(Activity.sort_title, Activity.id),
    searched=Activity.sort_title,
    states=managing.STATES,
    actions=managing.ACTIONS,
    options=(TILE,),
    context=lambda rows: {
        "counted": managing.counts_of([activity.id for activity in rows]),
        "kinds": KINDS,
        "waiting": approval.waiting_works(),
    },
).add_to(blueprint)


class NewForm(Form):
    """An activity begins with its title and kind."""

    title = StringField(FIELDS["title"], render_kw={"autofocus": True})
    kind = fields.select(FIELDS["kind"], KINDS)


@blueprint.route("/add", methods=["GET", "POST"])
@requires("crafts.edit")
def add() -> AnyResponse:
    """Begin an activity: with its title it becomes a draft, and everything else follows in the editor."""
    form = NewForm()
    return editor(
        "crafts/add.html",
        form,
        lambda: rules.save(fields.typed_data(form, ActivityData)),
        lambda number: url_for("crafts.edit", activity_id=number),
        told=_l("This is a draft: readers do not see it."),
    )


@blueprint.get("/<int:activity_id>/edit")
@requires("crafts.edit")
def edit(activity_id: int) -> AnyResponse:
    """Show the editor, with what was typed and not saved yet."""
    activity = db.get_or_404(Activity, activity_id)
    kept = drafts.draft(activity_id)
    typed = kept.typed if kept else editor_form.typed_of(rules.data_of(activity))
    return _editor(activity, typed, kept_at=kept.at if kept else None)


@blueprint.post("/<int:activity_id>/edit")
@requires("crafts.edit")
def change(activity_id: int) -> AnyResponse:
    """Save, publish or preview what was typed, or rearrange its rows; what will not do is kept and told."""
    activity = db.get_or_404(Activity, activity_id)
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
    db.get_or_404(Activity, activity_id)
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
    db.get_or_404(Activity, activity_id)
    drafts.forget_draft(activity_id)
    flash(_("What was typed is gone; the activity is as it was saved last."), "success")
    return redirect(url_for("crafts.edit", activity_id=activity_id))


@blueprint.get("/<int:activity_id>/preview")
@requires("crafts.edit")
def preview(activity_id: int) -> AnyResponse:
    """Show the page as readers would see it with what was typed."""
    activity = db.get_or_404(Activity, activity_id)
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
    activity = db.get_or_404(Activity, activity_id)
    ref = Activity.ref_of(activity_id)
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
    data = rules.data_of(db.get_or_404(Activity, activity_id))
    title = _("%(title)s (copy)", title=data.title)[: activity_data.LONGEST["title"]]
    copied = rules.save(replace(data, title=title, uid=""))
    copy_files(Activity.ref_of(activity_id), Activity.ref_of(copied))
    flash(_("This is the copy. Readers do not see it yet."), "success")
    return redirect(url_for("crafts.edit", activity_id=copied))


@blueprint.post("/<int:activity_id>/state")
@requires("crafts.edit")
def set_state(activity_id: int) -> AnyResponse:
    """Publish an activity, or take it back as a draft."""
    title = db.get_or_404(Activity, activity_id).title
    wanted = request.form.get("state", "")
    told = {
        "published": _("“%(title)s” is published.", title=title),
        "draft": _("“%(title)s” is a draft again: readers do not see it.", title=title),
    }
    if wanted not in told:
        abort(400)
    return attempt(lambda: rules.set_state([activity_id], wanted), url_for("crafts.manage"), told[wanted])


add_archiving(
    blueprint,
    Activity,
    "crafts.edit",
    archived=lambda _activity: url_for("crafts.manage", state="archived"),
    restored=lambda _activity: url_for("crafts.manage"),
    back=_l("“%(title)s” is as it was before the archive."),
)


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
        fields=FIELDS,
        kept_at=kept_at,
        kinds=KINDS,
        difficulties=DIFFICULTIES,
        ages=AGES,
        grades=GRADE_LABELS,
        holidays=LABELS,
        seasons=SEASONS,
        units=UNITS,
        uses=USES,
        status=422 if problems else 200,
    )
