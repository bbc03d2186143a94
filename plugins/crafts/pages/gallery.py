"""The gallery: works are sent, looked through by the librarian, seen, liked and taken back."""

from collections.abc import Callable

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import (
    LibHubError,
    attempt,
    current_viewer,
    get_setting,
    limited,
    page,
    paginate,
    public,
    requires,
    safe_target,
    signed_in,
)
from libhub.api import gettext as _
from plugins.crafts import rules
from plugins.crafts.gallery import approval, gallery_works, likes, presenting
from plugins.crafts.gallery.gallery_works import NewWork
from plugins.crafts.pages.browsing import visible_or_404

blueprint = Blueprint("crafts", __name__, url_prefix="/crafts")


PAGE_SIZE = 24
QUEUE_SIZE = 10


@blueprint.get("/<int:activity_id>/works")
@public
def works(activity_id: int) -> Response:
    """Show what was made after an activity."""
    activity, viewer = visible_or_404(activity_id), current_viewer()
    found = paginate(gallery_works.of_activity(activity_id, viewer), PAGE_SIZE)
    return page(
        "crafts/works.html",
        activity=activity,
        found=found,
        works=presenting.shown(found.items, viewer),
        likes=likes_are_on(),
        page_url=_page_url(activity_id),
    )


def _page_url(activity_id: int) -> Callable[[int], str]:
    return lambda number: url_for("crafts.works", activity_id=activity_id, page=number)


@blueprint.route("/<int:activity_id>/works/add", methods=["GET", "POST"])
@signed_in
@limited(10, minutes=10)
def add_work(activity_id: int) -> AnyResponse:
    """Send a photo of what one made; the librarian looks at it before others do."""
    activity, viewer = visible_or_404(activity_id), current_viewer()
    form, problem = request.form, ""
    if request.method == "POST":
        photo = request.files.get("photo")
        new = NewWork(
            photo_name=photo.filename or "" if photo else "",
            photo=photo.stream if photo else None,
            caption=form.get("caption", ""),
            first_name=form.get("first_name", ""),
            consent="consent" in form,
        )
        try:
            gallery_works.add(activity, viewer, new)
        except LibHubError as error:
            problem = str(error)
        else:
            flash(_("Sent. The librarian looks at it first, then everybody sees it."), "success")
            return redirect(url_for("crafts.my_works"))
    one_word = viewer.name if len(viewer.name.split()) == 1 else ""
    return page(
        "crafts/add_work.html",
        activity=activity,
        problem=problem,
        caption=form.get("caption", ""),
        first_name=form.get("first_name", one_word),
        named=get_setting(rules.PLUGIN, "gallery_names") == "names",
        longest=gallery_works.LONGEST_CAPTION,
        status=422 if problem else 200,
    )


@blueprint.get("/works/mine")
@signed_in
def my_works() -> Response:
    """Show one's own works, with what the librarian said."""
    viewer = current_viewer()
    assert viewer.user_id is not None
    found = paginate(gallery_works.mine(viewer.user_id), PAGE_SIZE)
    return page("crafts/my_works.html", found=found, works=presenting.shown(found.items, viewer))


@blueprint.post("/works/<int:work_id>/remove")
@signed_in
def remove_work(work_id: int) -> AnyResponse:
    """Take a work back."""
    back = safe_target(request.form.get("next")) if "next" in request.form else url_for("crafts.my_works")
    told = _("The work and its photo are gone.")
    return attempt(lambda: gallery_works.remove(work_id, current_viewer()), back, told)


@blueprint.post("/works/<int:work_id>/like")
@signed_in
@limited(60)
def like(work_id: int) -> AnyResponse:
    """Like a work, or no longer."""
    back, wanted = safe_target(request.form.get("next")), request.form.get("wanted") == "1"
    if not likes_are_on():
        return redirect(back)
    return attempt(lambda: likes.like(work_id, current_viewer(), wanted=wanted), back)


@blueprint.get("/works/queue")
@requires("crafts.approve")
def queue() -> Response:
    """Show the works that wait, the oldest first, each with two buttons."""
    found = paginate(approval.queue(), QUEUE_SIZE)
    return page(
        "crafts/queue.html",
        found=found,
        works=presenting.shown(found.items, current_viewer()),
        reasons=usual_reasons(),
        longest=approval.LONGEST_REASON,
    )


@blueprint.post("/works/<int:work_id>/decide")
@requires("crafts.approve")
def decide(work_id: int) -> AnyResponse:
    """Show a work to everybody, or tell its author why not."""
    approve = request.form.get("decision") == "approve"
    reason = request.form.get("own_reason", "").strip() or request.form.get("reason", "")
    told = _("The work is in the gallery.") if approve else _("Declined; the author was told why.")
    return attempt(
        lambda: approval.decide(work_id, approve=approve, reason=reason), url_for("crafts.queue"), told
    )


def likes_are_on() -> bool:
    """Say whether the school lets readers like works."""
    return bool(get_setting(rules.PLUGIN, "gallery_likes"))


def usual_reasons() -> list[str]:
    """Return reasons that the librarian chooses from; the first one is chosen already."""
    return [
        _("The photo is dark or blurred. Take it once more by the window."),
        _("There is a face or a surname in the photo. Take only the work."),
        _("This is not what the activity is about."),
    ]
