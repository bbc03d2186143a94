"""What the directory does for the hub."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import click
from flask import Blueprint, url_for

from libhub.api import (
    LIBRARIAN,
    TEACHER,
    ChildLine,
    HealthCheck,
    HomeCard,
    ItemType,
    JobKind,
    NavItem,
    Permission,
    PersonalLines,
    Setting,
    Viewer,
    hookimpl,
)
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.resources import cli, directory, favourites, items, link_check, link_reports, openings, rules
from plugins.resources import personal_data as personal
from plugins.resources.pages import browsing, editing, exchange, managing, poster
from plugins.resources.pages import personal_lines as own_lines

STARTER = Path(__file__).parent / "starter" / "resources.toml"


@hookimpl
def register_blueprints() -> Sequence[Blueprint]:
    modules = (browsing, editing, managing, exchange, poster)
    return [module.blueprint for module in modules]


@hookimpl
def register_permissions() -> Sequence[Permission]:
    return [
        Permission("resources.edit", _l("Edit the directory of resources"), frozenset({LIBRARIAN})),
        Permission("resources.notes", _l("Read the notes for staff"), frozenset({LIBRARIAN, TEACHER})),
    ]


@hookimpl
def register_settings() -> Sequence[Setting]:
    return [
        Setting(
            favourites.PARENTS_SEE,
            _l("Parents see the favourites of children under 14"),
            True,
            type="boolean",
            help=_l("By the date of birth; where it is not known, up to the seventh grade."),
        )
    ]


@hookimpl
def register_item_types() -> Sequence[ItemType]:
    return [items.RESOURCE]


@hookimpl
def register_commands() -> Sequence[click.Command]:
    return [cli.import_command, cli.export_command, cli.check_command]


@hookimpl
def register_jobs() -> Sequence[JobKind]:
    return [
        JobKind(link_check.JOB, _l("Link check"), link_check.check_as_job, "resources.edit"),
        exchange.IMPORT.job_kind(),
    ]


@hookimpl
def nav_items() -> Sequence[NavItem]:
    return [NavItem(_l("Resources"), url_for("resources.index"), order=20, icon="compass")]


@hookimpl
def home_cards(viewer: Viewer) -> Sequence[HomeCard]:
    return [HomeCard(_l("Resources"), "resources/card.html", browsing.card(viewer), order=20)]


@hookimpl
def slot_fragments(slot: str, viewer: Viewer, ref: Mapping[str, str]) -> Sequence[str]:
    return browsing.fragments(slot, viewer, ref)


@hookimpl
def personal_lines(viewer: Viewer) -> Sequence[PersonalLines]:
    return own_lines.personal_lines(viewer)


@hookimpl
def child_lines(viewer: Viewer, child_id: int) -> Sequence[ChildLine]:
    kept = favourites.of_child(viewer, child_id)
    return [
        ChildLine(_l("Favourites"), each.title, url_for("resources.show", resource_id=each.id))
        for each in kept
    ]


@hookimpl
def starter_content() -> None:
    rules.load_starter(STARTER)


@hookimpl
def personal_data(user_id: int) -> Mapping[str, object]:
    return personal.personal_data(user_id)


@hookimpl
def erase_personal_data(user_id: int) -> None:
    personal.erase_personal_data(user_id)


@hookimpl
def health_checks() -> Sequence[HealthCheck]:
    return [HealthCheck(_l("Reports of broken links"), link_reports.waiting_reports)]


@hookimpl
def statistics(start: datetime, end: datetime) -> Mapping[str, int]:
    return {
        _("Resources in the directory"): directory.count_present(),
        _("Openings of resources"): openings.count_openings(start.date(), end.date()),
    }
