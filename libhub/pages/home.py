"""The home page."""

from typing import Any

from flask import Blueprint, Response, render_template
from markupsafe import Markup

from libhub.base import checked_types
from libhub.kit.pages.managing import unmarked_things
from libhub.pages import card_order
from libhub.plugging import calls, settings
from libhub.plugging.records import HomeCard
from libhub.web.gate import public
from libhub.web.rendering.pages import page
from libhub.web.rendering.remembered_pages import remembered_page
from libhub.web.this_computer import this_computer
from libhub.web.visitor import current_viewer

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@public
def index() -> Response:
    """Show the search box and a card of every section that has one; a guest's reading-room PC shows less."""
    if this_computer() and not current_viewer().signed_in:
        return page("kiosk/start.html")
    return remembered_page("home.html", _arranged)


def _arranged() -> dict[str, Any]:
    cards = offered_cards()
    shown = [cards[place.key] for place in card_order.arrange(list(cards), kept_order()) if place.shown]
    bodies = [(card.title, body) for plugin_id, card in shown if (body := _body(plugin_id, card)) is not None]
    return {
        "cards": bodies,
        "welcome": settings.get_setting(settings.CORE, "welcome"),
        "put_away": len(cards) - len(shown),
        "unmarked": unmarked_things(current_viewer()),
    }


def offered_cards() -> dict[str, tuple[str, HomeCard]]:
    """Return what the sections offer to this visitor, by key, in the order that they want themselves."""
    answers = calls.call("home_cards", viewer=current_viewer())
    every = [(plugin_id, card) for plugin_id, some in answers for card in some]
    every.sort(key=lambda each: (each[1].order, each[1].title))
    return {f"{plugin_id}:{card.template}": (plugin_id, card) for plugin_id, card in every}


def kept_order() -> str:
    """Return the order that the librarian gave the cards, as :mod:`libhub.pages.card_order` keeps it."""
    return str(settings.get_setting(settings.CORE, "home_cards"))


def _body(plugin_id: str, card: HomeCard) -> Markup | None:
    body: Markup | None = None
    with calls.guarded(plugin_id, card.template):  # one bad card leaves the others standing
        body = Markup(checked_types.text(render_template(card.template, **card.context)))  # noqa: S704 - autoescaped
    return body
