"""The home page, the health check and the choice of language."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from libhub import __version__
from libhub.base.i18n import LOCALES
from libhub.pages import card_order
from libhub.plugging import calls, settings
from libhub.plugging.records import HomeCard
from libhub.plugging.registry import get_registry
from libhub.web import htmx
from libhub.web.addresses import safe_target
from libhub.web.gate import public, requires
from libhub.web.kiosk import this_computer
from libhub.web.preferences import keep_choice
from libhub.web.rendering.pages import page, remembered_page
from libhub.web.visitor import LOCALE_COOKIE, current_viewer

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@public
def index() -> Response:
    """Show the search box and a card of every section that has one; a guest's reading-room PC shows less."""
    if this_computer() and not current_viewer().signed_in:
        return page("kiosk/start.html")
    return remembered_page("home.html", _arranged)


def _arranged() -> dict[str, Any]:
    cards = _cards()
    shown = [cards[place.key] for place in card_order.arrange(list(cards), _kept()) if place.shown]
    bodies = [(card.title, body) for plugin_id, card in shown if (body := _body(plugin_id, card)) is not None]
    return {
        "cards": bodies,
        "welcome": settings.get_setting(settings.CORE, "welcome"),
        "put_away": len(cards) - len(shown),
    }


def _cards() -> dict[str, tuple[str, HomeCard]]:
    """Return what the sections offer to this visitor, by key, in the order that they want themselves."""
    answers = calls.call("home_cards", viewer=current_viewer())
    every = [(plugin_id, card) for plugin_id, some in answers for card in some]
    every.sort(key=lambda each: (each[1].order, str(each[1].title)))
    return {f"{plugin_id}:{card.template}": (plugin_id, card) for plugin_id, card in every}


def _kept() -> str:
    return str(settings.get_setting(settings.CORE, "home_cards"))


def _body(plugin_id: str, card: HomeCard) -> Markup | None:
    try:
        return Markup(render_template(card.template, **card.context))  # noqa: S704 - autoescaped
    except Exception as error:  # noqa: BLE001 - policy "blank": one bad card leaves the others standing
        calls.note_failure(plugin_id, card.template, error)
        return None


@blueprint.get("/home/cards")
@requires("settings.manage")
def cards() -> Response:
    """Show the home page's cards in their order, to move them and to put them away."""
    every, registry = _cards(), get_registry()
    rows = [
        (
            place,
            every[place.key][1].title,
            registry.plugins[every[place.key][0]].name(current_viewer().locale),
        )
        for place in card_order.arrange(list(every), _kept())
    ]
    return page("home_cards.html", block="content", rows=rows)


@blueprint.post("/home/cards")
@requires("settings.manage")
def move_card() -> AnyResponse:
    """Move a card, put it away or show it again."""
    key, move = request.form.get("card", ""), request.form.get("move", "")
    kept = card_order.moved(card_order.arrange(list(_cards()), _kept()), key, move)
    settings.change_settings(settings.CORE, {"home_cards": kept})
    if htmx.wants_fragment():
        return cards()
    return redirect(url_for("home.cards"))


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
        keep_choice(response, LOCALE_COOKIE, locale)
    return response
