"""Files as a browser gets them: as they are, as previews. Rights are asked anew for every one of them."""

from typing import Final

from flask import Blueprint, Flask, Response, abort, g, request, send_file
from flask_babel import format_decimal

from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.files import access, pictures
from libhub.files.attachments import Attachment, content_path, get_attachments, removed_files
from libhub.files.current_store import get_store
from libhub.files.limits import upload_limits
from libhub.files.reading.problems import REASONS
from libhub.files.types import extensions
from libhub.plugging import state
from libhub.plugging.loading.registry import get_registry
from libhub.search.documents import ItemRef
from libhub.web.errors import error_page
from libhub.web.gate import ClosedSection, public
from libhub.web.visitor import current_viewer

blueprint = Blueprint("files", __name__, url_prefix="/files")

SANDBOX: Final = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
"""Of what a file says of itself nothing runs and nothing is fetched, even where a browser takes it for a page."""
PDF_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
"""Browsers show no PDF in a sandbox; their viewers keep its scripts away from the hub by themselves."""
_INLINE: Final = frozenset({"image", "audio", "video", "inline"})


def init_app(app: Flask) -> None:
    """Give the templates what ``files.html`` needs."""
    app.jinja_env.globals.update(
        file_limits=upload_limits, file_extensions=extensions, removed_files=_removed
    )
    app.jinja_env.filters["filesize"] = filesize


def _removed(ref: ItemRef, place: str) -> list[Attachment]:
    """Return what was removed from a place; one query for all places of a page."""
    known: dict[ItemRef, dict[str, list[Attachment]]] = g.setdefault("removed_files", {})
    if ref not in known:
        known[ref] = removed_files(ref)
    return known[ref].get(place, [])


def filesize(number: int) -> str:
    """Return a size in words, such as «1,4 МБ»."""
    if number < 1024:
        return _("%(size)s bytes", size=number)
    if number < 1024 * 1024:
        return _("%(size)s KB", size=round(number / 1024))
    if number < 1024**3:
        return _("%(size)s MB", size=format_decimal(round(number / 1024**2, 1)))
    return _("%(size)s GB", size=format_decimal(round(number / 1024**3, 1)))


def visible_file(attachment_id: int) -> Attachment:
    """Return a file that the visitor may see; for all others it is as if there were none."""
    found = get_attachments([attachment_id]).get(attachment_id)
    if found is None:
        abort(404)
    refuse_closed(found.ref.plugin)
    if not access.visible(current_viewer(), [found.ref]):
        abort(404)
    return found


def refuse_closed(plugin_id: str) -> None:
    """Answer as every page of a section that is switched off does."""
    if plugin_id not in state.enabled_plugins():
        if plugin_id in get_registry().plugins:
            raise ClosedSection(plugin_id)
        abort(404)


@blueprint.get("/<int:attachment_id>/<name>")
@public
def show(attachment_id: int, name: str) -> Response:  # noqa: ARG001 - the name is for people and for saving
    """Send a file: to be looked at where that is safe, else to be saved."""
    found = visible_file(attachment_id)
    inline = found.file_type.shown in _INLINE and "download" not in request.args
    try:
        response = send_file(
            content_path(found),
            mimetype=found.media_type,
            as_attachment=not inline,
            download_name=found.name,
            conditional=True,
            etag=found.sha256,
        )
    except FileNotFoundError:
        return error_page(404, _("The file is missing"), str(REASONS["missing"]))
    return guarded(response, PDF_POLICY if found.type == "pdf" else SANDBOX)


@blueprint.get("/<int:attachment_id>/preview/<int:width>")
@public
def preview(attachment_id: int, width: int) -> Response:
    """Send a picture in one of the sizes; it is made when first asked for, and kept beside the file."""
    found = visible_file(attachment_id)
    if not found.is_image or width not in pictures.WIDTHS:
        abort(404)
    store, name = get_store(), f"{width}.webp"
    path = store.companion(found.sha256, name)
    if not path.exists():
        try:
            path = store.write_companion(
                found.sha256, name, pictures.preview(content_path(found), found.type, width)
            )
        except LibHubError:
            abort(404)
    response = send_file(path, mimetype="image/webp", conditional=True, etag=f"{found.sha256}-{width}")
    return guarded(response, SANDBOX)


def guarded(response: Response, policy: str) -> Response:
    """Let a browser keep the file, but ask each time whether it still may: rights change."""
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
