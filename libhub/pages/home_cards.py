"""The order of the home page's cards."""

from flask import Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.kit.pages.editing import attempt
from libhub.kit.pages.seen import as_seen
from libhub.pages import card_order
from libhub.pages.card_order import Place
from libhub.pages.home import blueprint, kept_order, offered_cards
from libhub.plugging import settings
from libhub.plugging.loading.registry import get_registry
from libhub.web import htmx
from libhub.web.gate import requires
from libhub.web.rendering.pages import page
from libhub.web.visitor import current_viewer


@blueprint.get("/home/cards")
@requires("settings.manage")
def cards() -> Response:
    """Show the home page's cards in their order, to move them and to put them away."""
    every, registry = offered_cards(), get_registry()
    rows = [
        (
            place,
            every[place.key][1].title,
            registry.plugins[every[place.key][0]].name(current_viewer().locale),
        )
        for place in card_order.arrange(list(every), kept_order())
    ]
    return page("home_cards.html", block="content", rows=rows)


@blueprint.post("/home/cards")
@requires("settings.manage")
def move_card() -> AnyResponse:
    """Move a card, put it away or show it again."""
    key, move = request.form.get("card", ""), request.form.get("move", "")
    offered = list(offered_cards())

    def places() -> list[Place]:
        return card_order.arrange(offered, kept_order())

    def change() -> None:
        settings.change_settings(settings.CORE, {"home_cards": card_order.moved(places(), key, move)})

    moved = attempt(lambda: as_seen(places, change), url_for("home.cards"))
    if htmx.wants_fragment():
        return cards()
    return moved
