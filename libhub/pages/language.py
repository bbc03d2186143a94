"""The choice of language."""

from flask import redirect, request
from werkzeug.wrappers import Response as AnyResponse

from libhub.base.i18n import LOCALES
from libhub.pages.home import blueprint
from libhub.web import cookies
from libhub.web.gate import public
from libhub.web.outside import safe_target


@blueprint.get("/language/<locale>")
@public
def language(locale: str) -> AnyResponse:
    """Remember the visitor's language and go back to the page."""
    response = redirect(safe_target(request.args.get("next")))
    if locale in LOCALES:
        cookies.keep_choice(response, cookies.LOCALE, locale)
    return response
