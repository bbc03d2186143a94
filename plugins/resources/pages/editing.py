"""The librarian adds and edits a resource, puts it into the archive and takes it out again."""

from dataclasses import replace

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import History, Invalid, add_archiving, db, editor, requires, today
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.resources import link_check, rules
from plugins.resources.models import Resource
from plugins.resources.pages.forms import ResourceForm
from plugins.resources.rules import ResourceData
from plugins.resources.vocabulary import LINK_STATES

blueprint = Blueprint("resources", __name__, url_prefix="/resources")

PAGE_TIMEOUT_SECONDS = 5.0
_NEW = ResourceData(title="", url="", platforms=("web",))


@blueprint.route("/add", methods=["GET", "POST"])
@requires("resources.edit")
def add() -> AnyResponse:
    """Add a resource."""
    return _edit(None)


@blueprint.route("/<int:resource_id>/edit", methods=["GET", "POST"])
@requires("resources.edit")
def edit(resource_id: int) -> AnyResponse:
    """Change a resource."""
    return _edit(db.get_or_404(Resource, resource_id))


def _edit(resource: Resource | None) -> AnyResponse:
    """Show the form, or save what was typed; what will not do is kept and told at its field."""

    def stored() -> ResourceData:
        if resource is None:
            return replace(_NEW, title=request.args.get("title", "")[:300])
        return rules.data_of(resource)

    def form() -> ResourceForm:
        before = stored()
        made = ResourceForm(**{**vars(before), "themes": ", ".join(before.themes)})
        if "today" in request.form:
            made.checked_on.process(None, today())
        return made

    def save(typed: ResourceForm) -> int:
        data = typed.data_with(stored().cover)
        if resource is None:
            _refuse_twin(data)
        return rules.save(data, resource.id if resource else None)

    def then(number: int) -> str:
        if resource is not None and resource.archived_at:
            return url_for("resources.manage", state="archived")
        return url_for("resources.show", resource_id=number)

    return editor("resources/edit.html", form, save, then, resource=resource, link_states=LINK_STATES)


def _refuse_twin(data: ResourceData) -> None:
    """Keep one resource from being entered twice.

    :raises Invalid: its address is in the directory already.
    """
    twin = rules.find_by_address(data.checked().url)
    if twin is None:
        return
    if twin.archived_at:
        raise Invalid(
            {"url": _("This address is in the archive as “%(title)s”; restore it there.", title=twin.title)}
        )
    raise Invalid({"url": _("This address is in the directory already: “%(title)s”.", title=twin.title)})


@blueprint.post("/<int:resource_id>/checked")
@requires("resources.edit")
def checked(resource_id: int) -> AnyResponse:
    """Note that somebody looked through the card today and found it right."""
    rules.mark_checked(db.get_or_404(Resource, resource_id).id, today())
    flash(_("Checked today. Nothing on the card is marked as not checked any more."), "success")
    return redirect(url_for("resources.edit", resource_id=resource_id))


add_archiving(
    blueprint,
    Resource,
    "resources.edit",
    archived=lambda _resource: url_for("resources.manage", state="archived"),
    restored=lambda resource: url_for("resources.show", resource_id=resource.id),
    back=_l("“%(title)s” is in the directory again."),
)


History(
    model=Resource,
    permission="resources.edit",
    section=_l("Resources"),
    data=ResourceData,
    data_of=rules.data_of,
    save=rules.save,
    edit=lambda resource: url_for("resources.edit", resource_id=resource.id),
).add_to(blueprint)


@blueprint.post("/<int:resource_id>/check-link")
@requires("resources.edit")
def check_link(resource_id: int) -> AnyResponse:
    """Look whether the address of one resource works."""
    target = link_check.target_of(db.get_or_404(Resource, resource_id))
    outcome = link_check.check([target], timeout=PAGE_TIMEOUT_SECONDS)
    if outcome.offline:
        flash(_("No site could be reached, so there seems to be no Internet. Nothing was marked."), "error")
    else:
        found = outcome.findings[0]
        told = f"{LINK_STATES[found.state]} ({found.code})" if found.code else str(LINK_STATES[found.state])
        flash(_("The link was checked: %(result)s.", result=told), "success")
    return redirect(url_for("resources.edit", resource_id=resource_id))
