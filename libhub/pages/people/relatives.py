"""On the page of a person: parents, children, and codes on paper that nobody used; the librarian ends them."""

from flask import Blueprint, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.accounts import relations
from libhub.base.i18n import gettext as _
from libhub.kit.pages.editing import attempt
from libhub.pages.admin.people import blueprint as people_pages
from libhub.pages.admin.people import user_or_abort
from libhub.web.gate import requires

blueprint: Blueprint = people_pages


@blueprint.post("/<int:user_id>/relatives/<int:other_id>/part")
@requires("users.manage")
def part(user_id: int, other_id: int) -> AnyResponse:
    """Part a parent and a child, on the page of either."""
    one, other = user_or_abort(user_id), user_or_abort(other_id)
    parent, child = (one, other) if other.id in relations.children_of(one.id) else (other, one)
    return attempt(
        lambda: relations.part(parent.id, child.id),
        url_for("users.edit", user_id=user_id),
        _(
            "They are parted: %(parent)s sees nothing of %(child)s any more.",
            parent=parent.name,
            child=child.name,
        ),
    )


@blueprint.post("/<int:user_id>/codes/revoke")
@requires("users.manage")
def revoke_codes(user_id: int) -> AnyResponse:
    """End the codes of a child that nobody used."""
    user = user_or_abort(user_id)
    return attempt(
        lambda: relations.revoke_codes(user.id),
        url_for("users.edit", user_id=user_id),
        _("The codes on paper do not work any more."),
    )
