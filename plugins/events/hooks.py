"""What the calendar does for the hub."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, url_for

from libhub.api import (
    LIBRARIAN,
    TEACHER,
    ChildLine,
    HomeCard,
    ItemType,
    Line,
    NavItem,
    Permission,
    PersonalLines,
    PersonLine,
    Setting,
    Viewer,
    hookimpl,
)
from libhub.api import lazy_gettext as _l
from plugins.events import housekeeping, items, report, starter
from plugins.events.pages import (
    calendar,
    editing,
    event,
    feeds,
    hall_screen,
    importing,
    managing,
    memorable_dates,
    people,
    rooms,
    setup,
)
from plugins.events.pages import personal_lines as own_lines
from plugins.events.people import leaving
from plugins.events.people import personal_data as personal


@hookimpl
def register_blueprints() -> Sequence[Blueprint]:
    modules = (
        calendar,
        event,
        people,
        editing,
        managing,
        rooms,
        setup,
        memorable_dates,
        feeds,
        importing,
        hall_screen,
    )
    return [module.blueprint for module in modules]


@hookimpl
def register_permissions() -> Sequence[Permission]:
    return [
        Permission("events.edit", _l("Edit the calendar"), frozenset({LIBRARIAN})),
        Permission("events.people", _l("See who comes and note attendance"), frozenset({LIBRARIAN, TEACHER})),
        Permission(
            "events.sign_up_classes", _l("Sign a class up for an event"), frozenset({LIBRARIAN, TEACHER})
        ),
        Permission("events.book", _l("Book a place"), frozenset({LIBRARIAN, TEACHER})),
    ]


@hookimpl
def register_settings() -> Sequence[Setting]:
    return [
        Setting(
            "display_seconds",
            _l("Seconds for which the hall's screen shows one thing"),
            12,
            type="integer",
            least=3,
            most=120,
        )
    ]


@hookimpl
def register_item_types() -> Sequence[ItemType]:
    return [items.EVENT]


@hookimpl
def nav_items() -> Sequence[NavItem]:
    return [NavItem(_l("Events"), url_for("events.index"), order=30, icon="calendar-days")]


@hookimpl
def home_cards(viewer: Viewer) -> Sequence[HomeCard]:
    return [HomeCard(_l("Events"), "events/card.html", calendar.card(viewer), order=10)]


@hookimpl
def personal_lines(viewer: Viewer) -> Sequence[PersonalLines]:
    return own_lines.personal_lines(viewer)


@hookimpl
def child_lines(viewer: Viewer, child_id: int) -> Sequence[ChildLine]:
    return event.lines_of_child(viewer, child_id)


@hookimpl
def starter_content() -> None:
    starter.load()


@hookimpl
def personal_data(user_id: int) -> Mapping[str, object]:
    return personal.personal_data(user_id)


@hookimpl
def erase_personal_data(user_id: int) -> None:
    personal.erase_personal_data(user_id)


@hookimpl
def class_lines(viewer: Viewer, class_id: int) -> Sequence[Line]:
    return leaving.class_lines(viewer, class_id)


@hookimpl
def leaving_lines(user_ids: Sequence[int]) -> Sequence[PersonLine]:
    return leaving.leaving_lines(user_ids)


@hookimpl
def people_leave(user_ids: Sequence[int]) -> Any:
    return leaving.free(user_ids)


@hookimpl
def people_return(user_ids: Sequence[int], freed: Any) -> Sequence[PersonLine]:
    return leaving.give_back(user_ids, freed)


@hookimpl
def periodic(now: datetime) -> None:
    housekeeping.periodic(now)


@hookimpl
def statistics(start: datetime, end: datetime) -> Mapping[str, int]:
    return report.statistics(start, end)
