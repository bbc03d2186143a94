"""The pages on which the files of an item are changed, whichever plugin the item belongs to."""

from collections.abc import Callable, Sequence

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.files import access, attachments, changing, uploads
from libhub.files.attachments import Attachment
from libhub.files.names import shown_name
from libhub.kit.pages.seen import as_seen
from libhub.pages.files import refuse_closed
from libhub.search.documents import ItemRef
from libhub.web.gate import public
from libhub.web.htmx import wants_fragment
from libhub.web.outside import safe_target
from libhub.web.rendering.pages import page
from libhub.web.visitor import current_viewer

blueprint = Blueprint("file_editing", __name__, url_prefix="/files")


@blueprint.get("/of/<plugin>/<kind>/<path:key>")
@public
def index(plugin: str, kind: str, key: str) -> Response:
    """List the files of an item, to be changed."""
    return _list(_editable_item(ItemRef(plugin, kind, key)), _place())


@blueprint.post("/of/<plugin>/<kind>/<path:key>")
@public
def upload(plugin: str, kind: str, key: str) -> AnyResponse:
    """Attach one file or several; those that will not do are named with the reason, the others are kept."""
    ref, place = _editable_item(ItemRef(plugin, kind, key)), _place()
    sent = [each for each in request.files.getlist("files") if each.filename]
    messages = [_received(ref, place, each) for each in sent]
    if not sent:
        messages = [("error", _("Choose a file first."))]
    if wants_fragment():  # the script shows what became of each file, and the list as it is now
        failed = any(category == "error" for category, _text in messages)
        return _list(ref, place, messages=messages, status=422 if failed else 200)
    for category, text in messages:
        flash(text, category)
    return _back(ref, place)


@blueprint.post("/<int:attachment_id>/rename")
@public
def rename(attachment_id: int) -> AnyResponse:
    """Call a file something else."""
    found = _editable_file(attachment_id)
    return _changed(found, lambda: changing.rename_file(found.id, request.form.get("name", "")))


@blueprint.post("/<int:attachment_id>/replace")
@public
def replace(attachment_id: int) -> AnyResponse:
    """Put another content in the place of a file."""
    found = _editable_file(attachment_id)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        flash(_("Choose a file first."), "error")
        return _back(found.ref, found.place)
    name = sent.filename
    return _changed(found, lambda: uploads.replace_file(found.id, name, sent.stream))


@blueprint.post("/<int:attachment_id>/move")
@public
def move(attachment_id: int) -> AnyResponse:
    """Change places with the file before, or with the one after for ``down``."""
    down = "down" in request.form
    found = _editable_file(attachment_id)

    def order() -> list[int]:
        return [each.id for each in attachments.attachments([found.ref], found.place)[found.ref]]

    def change() -> None:
        ids = order()
        here = ids.index(found.id)
        there = min(max(here + (1 if down else -1), 0), len(ids) - 1)
        ids[here], ids[there] = ids[there], ids[here]
        changing.move_files(found.ref, ids, found.place)

    return _changed(found, lambda: as_seen(order, change))


@blueprint.post("/<int:attachment_id>/remove")
@public
def remove(attachment_id: int) -> AnyResponse:
    """Remove a file; the list offers to bring it back."""
    found = _editable_file(attachment_id)
    changing.detach(found.id)
    flash(_("“%(name)s” was removed. It can be brought back for 30 days.", name=found.name), "success")
    return _back(found.ref, found.place)


@blueprint.post("/<int:attachment_id>/undo")
@public
def undo(attachment_id: int) -> AnyResponse:
    """Bring a removed file back."""
    found = attachments.find_removed(attachment_id)
    if found is None:
        abort(404)
    _editable_item(found.ref)
    return _changed(found, lambda: changing.undo_detach(found.id))


@blueprint.post("/<int:attachment_id>/retry")
@public
def retry(attachment_id: int) -> AnyResponse:
    """Look for the words inside a file once more."""
    found = _editable_file(attachment_id)
    return _changed(found, lambda: changing.read_again(found.id))


def _received(ref: ItemRef, place: str, sent: FileStorage) -> tuple[str, str]:
    """Attach one file and say what became of it."""
    name = sent.filename or ""
    try:
        kept = uploads.attach(ref, name, sent.stream, place=place)
    except LibHubError as error:
        return "error", f"{shown_name(name)}: {error}"
    if kept.name == shown_name(name):
        return "success", _("“%(name)s” was added.", name=kept.name)
    return "success", _(
        "“%(sent)s” was added as “%(name)s” (%(kind)s).",
        sent=shown_name(name),
        name=kept.name,
        kind=kept.file_type.label,
    )


def _changed(found: Attachment, change: Callable[[], object]) -> AnyResponse:
    try:
        change()
    except LibHubError as error:
        flash(str(error), "error")
    else:
        flash(_("Saved."), "success")
    return _back(found.ref, found.place)


def _list(
    ref: ItemRef, place: str, *, messages: Sequence[tuple[str, str]] = (), status: int = 200
) -> Response:
    return page(
        "files/index.html",
        block="manager",
        status=status,
        ref=ref,
        place=place,
        attachments=attachments.attachments([ref], place)[ref],
        messages=messages,
        item=access.item_of(current_viewer(), ref),
    )


def _back(ref: ItemRef, place: str) -> AnyResponse:
    """Return to the page on which the button was."""
    here = url_for("file_editing.index", plugin=ref.plugin, kind=ref.kind, key=ref.key, place=place or None)
    return redirect(safe_target(request.form.get("next") or here))


def _place() -> str:
    return request.values.get("place", "")[: uploads.LONGEST_PLACE]


def _editable_item(ref: ItemRef) -> ItemRef:
    refuse_closed(ref.plugin)
    if not access.editable(current_viewer(), [ref]):
        abort(404)
    return ref


def _editable_file(attachment_id: int) -> Attachment:
    found = attachments.get_attachments([attachment_id]).get(attachment_id)
    if found is None:
        abort(404)
    _editable_item(found.ref)
    return found
