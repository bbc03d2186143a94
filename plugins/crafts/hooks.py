"""What the activity corner does for the hub."""

from collections.abc import Sequence

from flask import Blueprint, url_for

from libhub.api import (
    LIBRARIAN,
    HomeCard,
    ItemType,
    NavItem,
    Permission,
    Viewer,
    hookimpl,
)
from libhub.api import lazy_gettext as _l
from plugins.crafts import exchange, items, making_views, views

# The other pages register themselves on the blueprint when they are imported.
PAGES = (views, making_views)


@hookimpl
def register_blueprints() -> Sequence[Blueprint]:
    return [views.blueprint]


@hookimpl
def register_permissions() -> Sequence[Permission]:
    return [Permission("crafts.edit", _l("Edit the activities of the workshop"), frozenset({LIBRARIAN}))]


@hookimpl
def register_item_types() -> Sequence[ItemType]:
    return [items.ACTIVITY]


@hookimpl
def nav_items() -> Sequence[NavItem]:
    return [NavItem(_l("Workshop"), url_for("crafts.index"), order=30)]


@hookimpl
def home_cards(viewer: Viewer) -> Sequence[HomeCard]:
    return [HomeCard(_l("Workshop"), "crafts/card.html", views.card(viewer), order=30)]


@hookimpl
def starter_content() -> None:
    exchange.load_starter(exchange.STARTER)
