"""Versions of a lesson: seen side by side, and brought back."""

from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import LibHubError, as_seen, attempt, current_viewer, page, parse_number, requires
from libhub.api import gettext as _
from plugins.training.courses import lessons, versions
from plugins.training.pages.lesson_editing import lesson_or_404

blueprint = Blueprint("training", __name__, url_prefix="/training")


@blueprint.get("/lessons/<int:lesson_id>/versions")
@requires("training.edit")
def show_versions(lesson_id: int) -> Response:
    """List the versions of a lesson, and compare one with the present text."""
    lesson = lesson_or_404(lesson_id)
    number = parse_number(request.args.get("version", ""))
    chosen = None if number is None else _version_or_404(lesson_id, number)
    return page(
        "training/versions.html",
        lesson=lesson,
        course=lesson.section.course,
        versions=versions.versions(lesson_id),
        chosen=chosen,
        changes=list(versions.compare(chosen.text, lesson.text)) if chosen else [],
    )


@blueprint.post("/lessons/<int:lesson_id>/versions/<int:number>")
@requires("training.edit")
def restore_version(lesson_id: int, number: int) -> AnyResponse:
    """Make an old version the text of the lesson again."""
    lesson_or_404(lesson_id)
    _version_or_404(lesson_id, number)
    told = _("Version %(number)d is the text of the lesson again; the newer ones are kept.", number=number)
    url, actor = url_for("training.edit_lesson", lesson_id=lesson_id), current_viewer().actor
    return attempt(
        lambda: as_seen(
            lambda: lesson_or_404(lesson_id).text, lambda: lessons.restore(lesson_id, number, actor)
        ),
        url,
        told,
    )


def _version_or_404(lesson_id: int, number: int) -> Any:
    try:
        return versions.get_version(lesson_id, number)
    except LibHubError:
        abort(404)
