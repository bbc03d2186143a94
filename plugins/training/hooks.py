"""What training does for the hub."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from flask import Blueprint, url_for

from libhub.api import (
    LIBRARIAN,
    TEACHER,
    HomeCard,
    ItemType,
    NavItem,
    Permission,
    PersonalLines,
    PersonLine,
    Viewer,
    hookimpl,
    today,
)
from libhub.api import lazy_gettext as _l
from plugins.training import items, report
from plugins.training import personal_data as personal
from plugins.training.courses import audience
from plugins.training.exchange import importing
from plugins.training.learning import outside_learning, reminders
from plugins.training.learning import supervision as supervising
from plugins.training.pages import (
    attestation,
    certificates,
    editing,
    exchange,
    history,
    learning,
    lesson_editing,
    managing,
    question_pool,
    quizzes,
    record,
    supervision,
    tasks,
    word_import,
)

STARTER = Path(__file__).parent / "starter"


@hookimpl
def register_blueprints() -> Sequence[Blueprint]:
    modules = (
        learning,
        managing,
        editing,
        lesson_editing,
        history,
        word_import,
        question_pool,
        quizzes,
        tasks,
        certificates,
        record,
        attestation,
        supervision,
        exchange,
    )
    return [module.blueprint for module in modules]


@hookimpl
def register_permissions() -> Sequence[Permission]:
    return [
        Permission(audience.LEARN, _l("Take courses"), frozenset({TEACHER, LIBRARIAN})),
        Permission(audience.EDIT, _l("Write courses"), frozenset({LIBRARIAN})),
        Permission(
            audience.SUPERVISE, _l("See who learned what, and assign courses"), frozenset({LIBRARIAN})
        ),
    ]


@hookimpl
def register_item_types() -> Sequence[ItemType]:
    return [items.COURSE, items.LESSON, items.ANSWER, items.EXTERNAL]


@hookimpl
def viewer_labels(viewer: Viewer) -> frozenset[str]:
    return audience.labels_of(viewer)


@hookimpl
def nav_items(viewer: Viewer) -> Sequence[NavItem]:
    entry = NavItem(_l("Training"), url_for("training.index"), order=60, icon="graduation-cap")
    return [entry] if viewer.can(audience.LEARN) else []


@hookimpl
def home_cards(viewer: Viewer) -> Sequence[HomeCard]:
    if not viewer.can(audience.LEARN):
        return []
    return [HomeCard(_l("Training"), "training/card.html", learning.card(viewer), order=60)]


@hookimpl
def personal_lines(viewer: Viewer) -> Sequence[PersonalLines]:
    return learning.personal_lines(viewer)


@hookimpl
def starter_content() -> None:
    importing.load_starter(STARTER)


@hookimpl
def personal_data(user_id: int) -> Mapping[str, object]:
    return personal.personal_data(user_id)


@hookimpl
def erase_personal_data(user_id: int) -> None:
    personal.erase_personal_data(user_id)


@hookimpl
def leaving_lines(user_ids: Sequence[int]) -> Sequence[PersonLine]:
    return supervising.leaving_lines(user_ids)


@hookimpl
def periodic() -> None:
    reminders.remind(today())
    outside_learning.remind(today())


@hookimpl
def statistics(start: datetime, end: datetime) -> Mapping[str, int]:
    return report.statistics(start, end)
