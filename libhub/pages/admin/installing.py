"""The administrator's pages that bring sections from outside, and take them away; only where ``libhub.toml`` allows it."""

from flask import Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.config import get_config
from libhub.installing import checks, placing, section_data
from libhub.kit.pages.exporting import give_file
from libhub.pages.admin.sections import blueprint
from libhub.plugging import state
from libhub.plugging.loading.registry import Plugin
from libhub.submissions.pending_uploads import drop_upload, held_upload, hold_upload
from libhub.web.gate import requires
from libhub.web.limiting import limited
from libhub.web.rendering.pages import page

__all__ = ["blueprint"]


@blueprint.get("/plugins/install")
@requires("plugins.install")
def install() -> Response:
    """Ask for the file."""
    _refuse_where_not_allowed()
    return _ask_for_file()


@blueprint.post("/plugins/install")
@requires("plugins.install")
def look_at_section() -> AnyResponse:
    """Keep the file and go on to what it is."""
    _refuse_where_not_allowed()
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _ask_for_file(_("Choose a file first."))
    token = hold_upload(sent.stream)
    shown = _look(token)
    return redirect(url_for("admin.install_held", token=token)) if shown.status_code == 200 else shown


@blueprint.get("/plugins/install/<token>")
@requires("plugins.install")
def install_held(token: str) -> Response:
    """Show what a kept file is; nothing of it runs, nothing is changed."""
    _refuse_where_not_allowed()
    return _look(token)


def _look(token: str) -> Response:
    path = held_upload(token)
    if path is None:
        return _ask_for_file(_not_held())
    try:
        with placing.looked_at(path) as candidate:
            former = placing.former_version(candidate.id)
            return page("admin/install_section.html", candidate=candidate, former=former, token=token)
    except LibHubError as error:
        drop_upload(token)
        return _ask_for_file(str(error))


@blueprint.post("/plugins/install/<token>")
@requires("plugins.install")
def install_now(token: str) -> AnyResponse:
    """Put in place what was shown."""
    _refuse_where_not_allowed()
    path = held_upload(token)
    if path is None:
        return _ask_for_file(_not_held())
    if "no" in request.form:
        drop_upload(token)
        flash(_("Nothing was changed."), "success")
        return redirect(url_for("admin.plugins"))
    try:
        placed = placing.put_in_place(path, sha256=request.form.get("sha256", ""))
    except LibHubError as error:
        return _ask_for_file(str(error))
    finally:
        drop_upload(token)
    flash(
        _(
            "“%(id)s” %(version)s is in place. It appears within a minute.",
            id=placed.id,
            version=placed.version,
        ),
        "success",
    )
    return redirect(url_for("admin.plugins"))


@blueprint.route("/plugins/<plugin_id>/remove", methods=["GET", "POST"])
@requires("plugins.install")
def remove_section(plugin_id: str) -> AnyResponse:
    """Ask what becomes of the data; take the section away when that is said."""
    _refuse_where_not_allowed()
    plugin = _from_outside(plugin_id)
    if request.method == "GET":
        return page("admin/remove_section.html", plugin=plugin)
    try:
        placing.take_away(plugin_id, delete_data=request.form.get("data") == "delete")
    except LibHubError as error:
        flash(str(error), "error")
    else:
        flash(_("“%(id)s” was removed.", id=plugin_id), "success")
    return redirect(url_for("admin.plugins"))


@blueprint.get("/plugins/<plugin_id>/data.zip")
@requires("plugins.install")
@limited(20, methods=("GET",))
def section_tables(plugin_id: str) -> AnyResponse:
    """Give the tables of a section as a ZIP file."""
    _refuse_where_not_allowed()
    _from_outside(plugin_id)
    return give_file(lambda body: section_data.write(plugin_id, body), f"{plugin_id}.zip")


def _from_outside(plugin_id: str) -> Plugin:
    try:
        plugin = state.get_plugin(plugin_id)
        checks.refuse_shipped(plugin)
    except LibHubError:
        abort(404)
    return plugin


def _not_held() -> str:
    return _("This file was not confirmed for a day and is gone. Choose it once more.")


def _refuse_where_not_allowed() -> None:
    if not get_config().install_in_pages:
        abort(404)


def _ask_for_file(problem: str = "") -> Response:
    return page(
        "admin/install.html",
        problem=problem,
        megabytes=get_config().max_upload_mb,
        status=422 if problem else 200,
    )
