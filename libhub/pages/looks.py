"""The page on which a visitor chooses the look of pages, and the links that change it."""

from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.base.i18n import gettext as _
from libhub.web import cookies
from libhub.web.gate import public
from libhub.web.outside import safe_target
from libhub.web.rendering.looks import CHOICES, chosen, current_look
from libhub.web.rendering.pages import page

blueprint = Blueprint("looks", __name__)


@blueprint.get("/look")
@public
def index() -> Response:
    """Show everything that can be chosen about the look of pages."""
    return page(
        "look.html",
        themes=[("auto", _("As on this computer")), ("light", _("Light theme")), ("dark", _("Dark theme"))],
    )


@blueprint.get("/look/change")
@public
def change() -> AnyResponse:
    """Remember a choice and go back to the page."""
    look = chosen(request.args, current_look())
    response = redirect(safe_target(request.args.get("next") or url_for("looks.index")))
    kept = {name: getattr(look, name) for name in CHOICES if getattr(look, name) != CHOICES[name][0]}
    if kept:
        cookies.keep_choice(response, cookies.LOOK, urlencode(kept))
    else:
        cookies.forget_choice(response, cookies.LOOK)
    return response
