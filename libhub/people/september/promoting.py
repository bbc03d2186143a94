"""A new school year is begun: what the plan says, in one transaction, and noted so that it can be undone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from libhub.accounts.models import SchoolClass, User
from libhub.accounts.sessions import sign_out_all
from libhub.base.audit import current_actor
from libhub.base.db import db, writing
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.moments import now
from libhub.kit.seen import refuse_stale
from libhub.people.september.models import Promotion
from libhub.people.september.plan import Plan, Wishes, made_letter, plan_of
from libhub.plugging import calls

CLASS_COLUMNS: Final = ("grade", "school_year", "archived_at")
PERSON_COLUMNS: Final = ("class_id", "class_group", "active")


def in_force(year: int) -> Promotion | None:
    """Return what began a school year; None where nothing did, or it was undone."""
    return db.session.scalar(
        select(Promotion).where(Promotion.school_year == year, Promotion.undone_at.is_(None))
    )


def promote(wishes: Wishes, seen: str | None = None) -> tuple[Promotion, Plan]:
    """Begin the school year; return the note of it and what was done.

    :param seen: the mark of the plan that somebody saw; None: whatever the plan is now.
    :raises StaleView: the plan is another one by now.
    :raises LibHubError: it was begun already, or something stands in the way.
    """
    with writing():
        plan = plan_of(wishes)
        if in_force(plan.year) is not None:
            raise LibHubError(
                _(
                    "The school year %(year)s was begun already. It can be undone.",
                    year=year_in_words(plan.year),
                )
            )
        if plan.problems:
            raise LibHubError(" ".join(plan.problems))
        if seen is not None:
            refuse_stale(seen, plan)
        promotion = Promotion(
            school_year=plan.year,
            by_id=current_actor.get().user_id,
            classes=_change_classes(plan),
            people=[],
            freed={},
        )
        promotion.people = _change_people(plan, promotion.classes)
        leavers = [leaver.user_id for leaver in plan.leavers]
        sign_out_all(leavers)
        if leavers:
            promotion.freed = dict(calls.call_installed("people_leave", user_ids=leavers))
        db.session.add(promotion)
        db.session.flush()
        return promotion, plan


def year_in_words(year: int) -> str:
    """Return a school year as people write it: ``2026/27``."""
    return f"{year}/{(year + 1) % 100:02}"


def _change_classes(plan: Plan) -> list[dict[str, Any]]:
    """Let the classes be what the plan says, the highest first, so that no two are called the same at any moment."""
    records = []
    for step in sorted(plan.steps, key=lambda step: step.name, reverse=True):
        row = db.session.get_one(SchoolClass, step.class_id)
        before = values_of(row, CLASS_COLUMNS)
        if step.becomes is None:
            row.archived_at = now()
        else:
            row.grade, row.school_year = step.becomes.grade, plan.year
        db.session.flush()
        records.append({"id": row.id, "before": before, "after": values_of(row, CLASS_COLUMNS)})
    for name in plan.made:
        row = SchoolClass(grade=name.grade, letter=name.letter, school_year=plan.year)
        db.session.add(row)
        db.session.flush()
        after = {**values_of(row, CLASS_COLUMNS), "letter": row.letter, "teacher_id": None}
        records.append({"id": row.id, "before": None, "after": after})
    return records


def _change_people(plan: Plan, classes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    made = {each["after"]["letter"]: each["id"] for each in classes if each["before"] is None}
    records = []
    ways = {mover.user_id: mover.key for mover in plan.movers} | dict.fromkeys(
        (leaver.user_id for leaver in plan.leavers), ""
    )
    alone = {leaver.user_id for leaver in plan.leavers if leaver.alone}
    rows = db.session.scalars(select(User).where(User.id.in_(list(ways))).order_by(User.id)).all()
    for user in rows:
        before, key = values_of(user, PERSON_COLUMNS), ways[user.id]
        if key:
            letter = made_letter(key)
            user.class_id, user.class_group = (int(key) if letter is None else made[letter]), ""
        else:
            user.active = False
            if user.id in alone:
                user.class_id, user.class_group = None, ""
        records.append({"id": user.id, "before": before, "after": values_of(user, PERSON_COLUMNS)})
    db.session.flush()
    return records


def values_of(row: Any, columns: Sequence[str]) -> dict[str, Any]:
    """Return columns of a row as JSON has them."""
    values = {name: getattr(row, name) for name in columns}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()
    }
