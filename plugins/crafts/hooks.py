"""What the activity corner does for the hub."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import Blueprint, url_for

from libhub.api import (
    LIBRARIAN,
    HealthCheck,
    HomeCard,
    ItemType,
    NavItem,
    Permission,
    PersonalLines,
    PersonLine,
    Setting,
    Viewer,
    hookimpl,
)
from libhub.api import lazy_gettext as _l
from plugins.crafts import items, report
from plugins.crafts import personal_data as people
from plugins.crafts.exchange import starter
from plugins.crafts.gallery import approval, settings
from plugins.crafts.pages import browsing, editing, gallery, history, making, quizzes
from plugins.crafts.pages import exchange as exchange_views
from plugins.crafts.pages import personal_lines as own_lines


@hookimpl
def register_blueprints() -> Sequence[Blueprint]:
    modules = (browsing, making, quizzes, gallery, editing, history, exchange_views)
    return [module.blueprint for module in modules]


@hookimpl
def register_permissions() -> Sequence[Permission]:
    return [
        Permission("crafts.edit", _l("Edit the activities of the workshop"), frozenset({LIBRARIAN})),
        Permission("crafts.approve", _l("Approve works for the gallery"), frozenset({LIBRARIAN})),
    ]


@hookimpl
def register_settings() -> Sequence[Setting]:
    return settings.SETTINGS


@hookimpl
def register_item_types() -> Sequence[ItemType]:
    return [items.ACTIVITY, items.WORK]


@hookimpl
def nav_items() -> Sequence[NavItem]:
    return [NavItem(_l("Workshop"), url_for("crafts.index"), order=30, icon="scissors")]


@hookimpl
def home_cards(viewer: Viewer) -> Sequence[HomeCard]:
    return [HomeCard(_l("Workshop"), "crafts/card.html", browsing.card(viewer), order=30)]


@hookimpl
def personal_lines(viewer: Viewer) -> Sequence[PersonalLines]:
    return own_lines.personal_lines(viewer)


@hookimpl
def starter_content() -> None:
    starter.load_starter(starter.STARTER)


@hookimpl
def personal_data(user_id: int) -> Mapping[str, object]:
    return people.personal_data(user_id)


@hookimpl
def erase_personal_data(user_id: int) -> None:
    people.erase(user_id)


@hookimpl
def leaving_lines(user_ids: Sequence[int]) -> Sequence[PersonLine]:
    return approval.leaving_lines(user_ids)


@hookimpl
def health_checks() -> Sequence[HealthCheck]:
    return [HealthCheck(_l("Works that wait for approval"), approval.forgotten_works)]


@hookimpl
def statistics(start: datetime, end: datetime) -> Mapping[str, int]:
    return report.statistics(start.date(), end.date())
