"""What the section does for the hub."""

from collections.abc import Sequence

from flask import Blueprint, url_for

from libhub.api import LIBRARIAN, HomeCard, ItemType, NavItem, Permission, hookimpl
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.sectionid import items, pages, rules


@hookimpl
def register_blueprints() -> Sequence[Blueprint]:
    return [pages.blueprint]


@hookimpl
def register_permissions() -> Sequence[Permission]:
    return [Permission("sectionid.edit", _l("Edit the notes of Sectionid"), frozenset({LIBRARIAN}))]


@hookimpl
def register_item_types() -> Sequence[ItemType]:
    return [items.NOTE]


@hookimpl
def nav_items() -> Sequence[NavItem]:
    return [NavItem(_l("Sectionid"), url_for("sectionid.index"))]


@hookimpl
def home_cards() -> Sequence[HomeCard]:
    return [HomeCard(_l("Sectionid"), "sectionid/card.html", pages.card())]


@hookimpl
def starter_content() -> None:
    rules.save(rules.NoteData(_("The first note"), _("Change it, or write another one.")))
