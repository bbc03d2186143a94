"""What the section does for the hub."""

from collections.abc import Sequence

from flask import Blueprint, url_for

from libhub.api import LIBRARIAN, HomeCard, ItemType, NavItem, Permission, Viewer, hookimpl, save_row
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.sectionid import pages, rules
from plugins.sectionid.models import Note


@hookimpl
def register_blueprints() -> Sequence[Blueprint]:
    return [pages.blueprint]


@hookimpl
def register_permissions() -> Sequence[Permission]:
    return [Permission(rules.EDIT, _l("Edit the notes of Sectionid"), frozenset({LIBRARIAN}))]


@hookimpl
def register_item_types() -> Sequence[ItemType]:
    return [rules.NOTE]


@hookimpl
def nav_items() -> Sequence[NavItem]:
    return [NavItem(_l("Sectionid"), url_for("sectionid.index"))]


@hookimpl
def home_cards(viewer: Viewer) -> Sequence[HomeCard]:
    return [HomeCard(_l("Sectionid"), "sectionid/card.html", pages.card(viewer))]


@hookimpl
def starter_content() -> None:
    save_row(Note, rules.NoteData(_("The first note"), _("Change it, or write another one."), age=0))
