"""What the section does for the hub."""

from collections.abc import Sequence

from flask import Blueprint, url_for

from libhub.api import (
    LIBRARIAN,
    HomeCard,
    ItemType,
    NavItem,
    Permission,
    Setting,
    Viewer,
    hookimpl,
    touch_expired,
)
from libhub.api import lazy_gettext as _l
from plugins.news import pages, rules
from plugins.news.models import Post


@hookimpl
def register_blueprints() -> Sequence[Blueprint]:
    return [pages.blueprint]


@hookimpl
def register_permissions() -> Sequence[Permission]:
    return [Permission(rules.EDIT, _l("Write the news"), frozenset({LIBRARIAN}))]


@hookimpl
def register_settings() -> Sequence[Setting]:
    return [Setting("on_the_card", _l("How many news stand on the home page"), 3, type="integer")]


@hookimpl
def register_item_types() -> Sequence[ItemType]:
    return [rules.POST]


@hookimpl
def nav_items() -> Sequence[NavItem]:
    return [NavItem(_l("News"), url_for("news.index"), order=10, icon="file-text")]


@hookimpl
def home_cards(viewer: Viewer) -> Sequence[HomeCard]:
    return [HomeCard(_l("News"), "news/card.html", pages.card(viewer), order=10)]


@hookimpl
def periodic() -> None:
    touch_expired(Post)
