"""The librarian writes activities: drafts that keep themselves, steps in order, preview, copy, archive."""

from dataclasses import replace

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField

from libhub.api import (
    AGES,
    GRADE_LABELS,
    Form,
    Invalid,
    LibHubError,
    Managed,
    add_archiving,
    attachments,
    attempt,
    copy_files,
    db,
    editor,
    fields,
    find_draft,
    keep_draft,
    page,
    requires,
)
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.crafts import activity_data, drafts, editor_form, managing, pictures, rules
from plugins.crafts.activity_data import FIELDS, ActivityData
from plugins.crafts.finding.listing import TILE
from plugins.crafts.gallery import approval
from plugins.crafts.holidays import LABELS
from plugins.crafts.models import Activity
from plugins.crafts.pages.browsing import show_preview
from plugins.crafts.pages.forms import ActivityForm
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


@blueprint.route("/<int:activity_id>/edit", methods=["GET", "POST"])
@requires("crafts.edit")
def edit(activity_id: int) -> AnyResponse:
    """Show the editor; save, publish or preview what was typed, or rearrange its rows."""
    activity = db.get_or_404(Activity, activity_id)
    drafts.hand_over(activity_id, url_for("crafts.edit", activity_id=activity_id))
    action = request.form.get("do", "save")

    def form() -> ActivityForm:
        return ActivityForm(rules.data_of(activity))

    if action == "preview" or ":" in action:
        return _go_on(activity, form(), action)
    publishes = action == "publish"

    def save(typed: ActivityForm) -> int:
        rules.save(typed.data(), activity_id, state="published" if publishes else "")
        return activity_id

    return editor(
        "crafts/edit.html",
        form,
        save,
        lambda number: url_for("crafts.show", activity_id=number),
        told=_l("Saved. Search finds it within a second.") if publishes else _l("Saved."),
        activity=activity,
        fields=FIELDS,
        kinds=KINDS,
        difficulties=DIFFICULTIES,
        ages=AGES,
        grades=GRADE_LABELS,
        holidays=LABELS,
        seasons=SEASONS,
        units=UNITS,
        uses=USES,
    )


def _go_on(activity: Activity, form: ActivityForm, action: str) -> AnyResponse:
    """Keep what was typed as a draft, and show the page as it would be, or the editor with its rows arranged anew."""
    form.arrange(action)
    try:
        draft_id = keep_draft(form.fields)
    except LibHubError as error:
        flash(str(error), "error")
        return redirect(url_for("crafts.edit", activity_id=activity.id))
    if action == "preview":
        return redirect(url_for("crafts.preview", activity_id=activity.id, draft=draft_id))
    place = action.partition(":")[0] + "s"
    return redirect(url_for("crafts.edit", activity_id=activity.id, draft=draft_id, _anchor=place))


@blueprint.get("/<int:activity_id>/preview")
@requires("crafts.edit")
def preview(activity_id: int) -> AnyResponse:
    """Show the page as readers would see it with what was typed."""
    activity = db.get_or_404(Activity, activity_id)
    draft_id = request.args.get("draft", "")
    typed, data = find_draft(draft_id), rules.data_of(activity)
    back = url_for("crafts.edit", activity_id=activity_id, draft=draft_id if typed else None)
    try:
        data = editor_form.data_of(editor_form.kept(typed), data).checked() if typed else data
    except Invalid as error:
        flash(str(error), "error")
        return redirect(back)
    return show_preview(activity, data, back)


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
