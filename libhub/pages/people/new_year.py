"""The beginning of a school year: chosen, shown with counts and names, done, and taken back."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from libhub.accounts.classes import every_class, members
from libhub.accounts.models import User
from libhub.accounts.people import people
from libhub.accounts.permissions import STUDENT
from libhub.accounts.school_class import GRADES
from libhub.base.db import db
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.text import parse_number
from libhub.kit.pages.editing import attempt
from libhub.kit.seen import FIELD as SEEN
from libhub.pages.people.classes import MANAGE, blueprint
from libhub.people.september import promoting, undoing
from libhub.people.september.models import Promotion
from libhub.people.september.plan import (
    AS_CLASS,
    LEAVES,
    STAYS,
    Plan,
    Wishes,
    letters_of,
    plan_of,
)
from libhub.people.september.promoting import in_force, year_in_words
from libhub.people.september.undoing import Note
from libhub.plugging import calls
from libhub.plugging.records import PersonLine
from libhub.web.gate import requires
from libhub.web.rendering.pages import page

_CHOSEN = ("leaves", "first", "except")


@blueprint.get("/new-year")
@requires(MANAGE)
def new_year() -> Response:
    """Choose which classes leave, which first ones are made, and for whom it is otherwise."""
    plan = plan_of(Wishes())
    pupils: dict[int | None, list[User]] = defaultdict(list)
    for user in members([step.class_id for step in plan.steps]):
        if user.role == STUDENT:
            pupils[user.class_id].append(user)
    return page(
        "people/new_year.html",
        plan=plan,
        year=year_in_words(plan.year),
        begun=in_force(plan.year),
        pupils=pupils,
        last=GRADES[-1],
        first=" ".join(
            each.letter for each in every_class() if each.grade == 1 and each.school_year < plan.year
        ),
    )


@blueprint.route("/new-year/plan", methods=["GET", "POST"])
@requires(MANAGE)
def new_year_plan() -> AnyResponse:
    """Show what would be done, with counts and names; do it."""
    wishes = _wishes(request.values)
    if request.method == "POST" and request.form.get("what") == "begin":
        try:
            promotion, _plan = promoting.promote(wishes, request.form.get(SEEN, ""))
        except LibHubError as error:
            flash(str(error), "error")
        else:
            flash(
                _("The school year %(year)s has begun.", year=year_in_words(promotion.school_year)), "success"
            )
            return redirect(url_for("classes.promotion", number=promotion.id))
    if request.method == "POST":
        chosen: dict[str, Any] = {
            name: request.form.getlist(name) for name in request.form if _is_chosen(name)
        }
        return redirect(url_for("classes.new_year_plan", **chosen))
    plan = plan_of(wishes)
    return page(
        "people/new_year_plan.html",
        plan=plan,
        year=year_in_words(plan.year),
        begun=in_force(plan.year),
        leavers=_by_class(plan),
        lines=_lines(plan),
        names={leaver.user_id: f"{leaver.name}, {leaver.school_class}" for leaver in plan.leavers},
        ways={AS_CLASS: _("with the class"), STAYS: _("stays in the grade"), LEAVES: _("leaves the school")},
        kept=[(name, value) for name in _CHOSEN for value in request.args.getlist(name)],
    )


def _is_chosen(name: str) -> bool:
    return name in _CHOSEN or name.startswith("do-")


def _wishes(sent: MultiDict[str, str]) -> Wishes:
    """Return what was chosen; without anything it is what it would be by itself."""
    numbers = [number for text in sent.getlist("except") if (number := parse_number(text)) is not None]
    leaving = frozenset(
        number for text in sent.getlist("leaves") if (number := parse_number(text)) is not None
    )
    return Wishes(
        leaving=leaving if "first" in sent else None,
        first=letters_of(sent.get("first", "")),
        exceptions={number: sent.get(f"do-{number}", STAYS)[:20] for number in numbers},
    )


def _by_class(plan: Plan) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for leaver in plan.leavers:
        found[leaver.school_class].append(leaver.name)
    return found


def _lines(plan: Plan) -> list[PersonLine]:
    """Return what those who leave still have in the sections."""
    user_ids = [leaver.user_id for leaver in plan.leavers]
    answers = calls.call("leaving_lines", user_ids=user_ids) if user_ids else []
    known = set(user_ids)
    return [line for _plugin, some in answers for line in some if line.user_id in known]


@blueprint.get("/new-year/<int:number>")
@requires(MANAGE)
def promotion(number: int) -> Response:
    """Show what the beginning of a school year did."""
    return page("people/promotion.html", **_facts(number))


def _facts(number: int) -> dict[str, Any]:
    found = db.session.get(Promotion, number) or abort(404)
    ids = {each["id"] for each in found.people}
    query = select(User).where(User.id.in_(ids)).order_by(User.sort_name, User.id)
    users = {user.id: user for user in db.session.scalars(query)}
    closed = {each["id"] for each in found.people if each["before"]["active"] and not each["after"]["active"]}
    return {
        "promotion": found,
        "year": year_in_words(found.school_year),
        "by": next((person.name for person in people([found.by_id])), "") if found.by_id else "",
        "ups": sum(1 for each in found.classes if each["before"] and not each["after"]["archived_at"]),
        "gone": sum(1 for each in found.classes if each["before"] and each["after"]["archived_at"]),
        "made": sum(1 for each in found.classes if not each["before"]),
        "closed": [user for user in users.values() if user.id in closed],
        "moved": [user for user in users.values() if user.id not in closed],
        "undoable": undoing.can_be_undone(found),
        "outcome": undoing.in_words(Note(*each) for each in found.outcome),
        "until": found.at + undoing.TIME,
    }


@blueprint.route("/new-year/<int:number>/undo", methods=["GET", "POST"])
@requires(MANAGE)
def undo(number: int) -> AnyResponse:
    """Show what undoing would do, what was changed since and stays; do it."""
    found = db.session.get(Promotion, number) or abort(404)
    if not undoing.can_be_undone(found):
        return redirect(url_for("classes.promotion", number=number))
    if request.method == "POST":
        return attempt(
            lambda: undoing.undo(number, request.form.get(SEEN, "")),
            url_for("classes.promotion", number=number),
            _("The school year %(year)s was undone.", year=year_in_words(found.school_year)),
        )
    plan = undoing.undoing_of(found)
    return page(
        "people/undo.html",
        undoing=plan,
        left=undoing.in_words(plan.left),
        number=number,
        year=year_in_words(found.school_year),
    )
