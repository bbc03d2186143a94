"""The home page, the health check and the choice of language."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from libhub import __version__
from libhub.i18n import LOCALES
from libhub.plugging import calls
from libhub.web.gate import public
from libhub.web.render import remembered_page
from libhub.web.visitor import LOCALE_COOKIE, current_viewer

blueprint = Blueprint("home", __name__)
_YEAR_SECONDS = 365 * 24 * 3600


@blueprint.get("/")
@public
def index() -> Response:
    """Show the search box and a card of every section that has one."""
    return remembered_page("home.html", lambda: {"cards": _cards()})


def _cards() -> list[tuple[int, str, Markup]]:
    cards: list[tuple[int, str, Markup]] = []
    for plugin_id, some in calls.call("home_cards", viewer=current_viewer()):
        for card in some:
            try:
                body = Markup(render_template(card.template, **card.context))  # noqa: S704 - autoescaped
            except Exception as error:  # noqa: BLE001 - policy "blank": one bad card leaves the others standing
                calls.note_failure(plugin_id, card.template, error)
                continue
            cards.append((card.order, str(card.title), body))
    return sorted(cards, key=lambda card: card[:2])


@blueprint.get("/healthz")
@public
def health() -> dict[str, str]:
    """Tell a monitoring program that the hub answers."""
    return {"status": "ok", "version": __version__}


@blueprint.get("/language/<locale>")
@public
def language(locale: str) -> AnyResponse:
    """Remember the visitor's language and go back to the page."""
    response = redirect(safe_target(request.args.get("next")))
    if locale in LOCALES:
        response.set_cookie(LOCALE_COOKIE, locale, max_age=_YEAR_SECONDS, httponly=True, samesite="Lax")
    return response


def safe_target(target: str | None) -> str:
    """Return ``target`` if it is a path of this hub, else the home page: no redirect leads elsewhere."""
    if target and target.startswith("/") and not target.startswith(("//", "/\\")):
        parts = urlsplit(target)
        if not parts.scheme and not parts.netloc and not any(ord(char) < 32 for char in target):
            return target
    return url_for("home.index")
