"""Bringing a table of people in: looked at first, then done in one transaction. Nobody gets a password by it.

Passwords take a second each to be made safe: they are given with the slips, class by class (see ``passwords.NONE_YET``).
"""

from collections.abc import Mapping
from dataclasses import asdict
from itertools import groupby
from typing import Final

from sqlalchemy import select

from libhub.accounts import classes, passwords
from libhub.accounts.accounts import apply_details
from libhub.accounts.models import SchoolClass, User
from libhub.accounts.school_class import ClassName
from libhub.accounts.sessions import sign_out_everywhere
from libhub.base.db import db, writing
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.kit.importing import Line, Problem, Report
from libhub.people.exchange.entries import People
from libhub.people.exchange.known import read_hub
from libhub.people.exchange.plan import Plan, Step, make_plan
from libhub.plugging.settings import CORE, get_setting

KINDS: Final = {
    "doubtful": _l("Doubtful"),
    "gone": _l("In the hub, but not in the table"),
    "moved": _l("Moved to another class"),
    "changed": _l("Something changes"),
    "new": _l("New people"),
}
"""What is told line by line, in this order."""


def look(people: People, chosen: Mapping[str, str]) -> Report:
    """Return what bringing a table in would do.

    :param chosen: for doubtful lines and for those who are gone, by part; see :mod:`libhub.people.exchange.plan`.
    """
    return _report(people, _planned(people, chosen))


def bring_in(people: People, chosen: Mapping[str, str]) -> Report:
    """Bring a table in, all of it or nothing.

    :raises ChangedSincePreview: see :meth:`~libhub.kit.importing.Report.saw`.
    """
    with writing():
        plan = _planned(people, chosen)
        report = _report(people, plan)
        _carry_out(plan)
    return report


def _planned(people: People, chosen: Mapping[str, str]) -> Plan:
    return make_plan(people.entries, read_hub(), chosen, get_setting(CORE, "login_rule"))


def _report(people: People, plan: Plan) -> Report:
    report = Report(unused=people.unused)
    for step in plan.steps:
        report.saw(step.part, *(asdict(known) for known in step.near))
        if step.kind == "refused":
            report.problems.append(
                Problem(step.where, f"{step.name}: {step.text}" if step.name else step.text)
            )
        elif step.kind in KINDS:
            report.lines.append(Line(step.kind, step.where, step.name, step.text, step.options, step.part))
        report.added += step.kind == "new"
        report.changed += _changes(step)
        report.unchanged += step.kind == "same"
    if plan.new_classes:
        named = ", ".join(map(str, plan.new_classes))
        report.notes.append(_("Classes that are new: %(names)s.", names=named))
    if report.added:
        report.notes.append(
            _(
                "Who is new has no password yet: it comes with the slips, or is given on the page of the person."
            )
        )
    return report


def _changes(step: Step) -> bool:
    """Say whether a step changes an account that there is."""
    return step.kind in {"changed", "moved"} or (step.kind == "gone" and not step.active)


def _carry_out(plan: Plan) -> None:
    """Do what was planned, within the transaction that is open."""
    found = {ClassName(each.grade, each.letter): each for each in classes.every_class()}

    def class_called(name: ClassName) -> SchoolClass:
        if name not in found:
            found[name] = classes.find_or_make(name)
        return found[name]

    steps = [step for step in plan.steps if step.kind == "new" or _changes(step)]
    numbers = [step.known.id for step in steps if step.known]
    users = {user.id: user for user in _users(numbers)}
    with db.session.no_autoflush:
        for step in steps:
            user = users[step.known.id] if step.known else User(password_hash=passwords.NONE_YET)
            if step.known is None:
                db.session.add(user)
            if step.details is not None:
                limit = user.age_limit
                apply_details(user, step.details, class_called)
                user.age_limit = limit
            user.active = step.active
    db.session.flush()
    for step in steps:
        if step.known is not None and step.known.active and not step.active:
            sign_out_everywhere(step.known.id)


def _users(numbers: list[int]) -> list[User]:
    """Return accounts, some hundreds at a time: no database takes any number of values in one question."""
    found: list[User] = []
    for _place, some in groupby(enumerate(numbers), lambda pair: pair[0] // 500):
        query = select(User).where(User.id.in_([number for _at, number in some]))
        found += db.session.scalars(query)
    return found
