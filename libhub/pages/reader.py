"""The reader: books and documents as clean pages, with what each visitor likes remembered in the browser."""

from typing import Final

from flask import Blueprint, Response, abort, redirect, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.files import access, reader
from libhub.files.current_store import get_store
from libhub.files.reading.queue import picture_name
from libhub.pages.files import SANDBOX, guarded, visible_file
from libhub.web import cookies
from libhub.web.gate import public, signed_in
from libhub.web.rendering.pages import page
from libhub.web.visitor import current_viewer

blueprint = Blueprint("reader", __name__, url_prefix="/files")
CHOICES: Final = {"size": ("s", "m", "l", "xl"), "theme": ("auto", "light", "sepia", "dark")}
COOKIES: Final = {"size": cookies.READER_SIZE, "theme": cookies.READER_THEME}
DEFAULTS: Final = {"size": "m", "theme": "auto"}


@blueprint.get("/<int:attachment_id>/read")
@public
def read(attachment_id: int) -> AnyResponse:
    """Show a file to be read; ``?size=`` and ``?theme=`` are links that change how."""
    found = visible_file(attachment_id)
    if found.file_type.shown != "reader":
        return redirect(found.raw_url)
    chosen = {name: request.args[name] for name in CHOICES if request.args.get(name) in CHOICES[name]}
    if chosen:
        response = redirect(url_for("reader.read", attachment_id=found.id))
        for name, value in chosen.items():
            cookies.keep_choice(response, COOKIES[name], value)
        return response
    sections = reader.sections(found)
    viewer = current_viewer()
    place = reader.place_of(viewer.user_id, found.id) if viewer.user_id is not None else ""
    section = place.partition(".")[0]
    return page(
        "files/read.html",
        file=found,
        item=access.item_of(viewer, found.ref),
        parts=sections,
        place=place,
        stopped_at=next((each for each in sections if each.anchor == section), None),
        paper={name: _chosen(name) for name in CHOICES},
        choices=CHOICES,
    )


@blueprint.post("/<int:attachment_id>/place")
@signed_in
def place(attachment_id: int) -> AnyResponse:
    """Remember how far the visitor has read."""
    found, viewer = visible_file(attachment_id), current_viewer()
    assert viewer.user_id is not None
    if not reader.keep_place(viewer.user_id, found.id, request.form.get("place", "")):
        abort(400)
    return Response(status=204)


@blueprint.get("/<int:attachment_id>/picture/<int:number>")
@public
def picture(attachment_id: int, number: int) -> Response:
    """Send a picture of a book or document."""
    found = visible_file(attachment_id)
    path = get_store().companion(found.sha256, picture_name(number))
    if not path.exists():
        abort(404)
    response = send_file(path, mimetype="image/webp", conditional=True, etag=f"{found.sha256}-p{number}")
    return guarded(response, SANDBOX)


def _chosen(name: str) -> str:
    value = cookies.sent(COOKIES[name])
    return value if value in CHOICES[name] else DEFAULTS[name]
