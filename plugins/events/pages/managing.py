"""The librarian's table of all events, drafts and the archive included."""

from typing import Any, Final

from flask import Blueprint, Response, request
from sqlalchemy import ColumnElement, Select, and_, func, select

from libhub.api import Label, db, now, page, page_number, requires
from libhub.api import lazy_gettext as _l
from plugins.events.models import Category, Event, Occurrence
from plugins.events.vocabulary import DRAFT, STATE_MARKS, STATES

blueprint = Blueprint("events", __name__, url_prefix="/events")

PAGE_SIZE: Final = 50
WHICH: Final[dict[str, Label]] = {
    "": _l("To come"),
    "draft": _l("Drafts"),
    "past": _l("Over"),
    "archived": _l("In the archive"),
}


@blueprint.get("/manage")
@requires("events.edit")
def manage() -> Response:
    """Show the table."""
    text = request.args.get("q", "").strip()[:100]
    state = request.args.get("state", "")
    state = state if state in WHICH else ""
    query = _table(text, state)
    number = page_number()
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    rows = db.session.execute(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    return page(
        "events/manage.html",
        block="rows",
        rows=rows,
        total=total,
        pages=range(1, -(-total // PAGE_SIZE) + 1) if total > PAGE_SIZE else (),
        number=number,
        text=text,
        state=state,
        which=WHICH,
        states=STATES,
        state_marks=STATE_MARKS,
    )


def _table(text: str, state: str) -> Select[*tuple[Any, ...]]:
    first, last = func.min(Occurrence.first_day), func.max(Occurrence.ends_at)
    query = (
        select(
            Event.id,
            Event.title,
            Event.state,
            Event.registration,
            Category.name.label("category"),
            first.label("first_day"),
            last.label("last"),
            func.count(Occurrence.id).label("times"),
        )
        .join(Occurrence, Occurrence.series_id == Event.id)
        .outerjoin(Category, Category.id == Event.category_id)
        .where(Event.series_id.is_(None), _which(state))
        .group_by(Event.id, Category.name)
    )
    if text:
        query = query.where(Event.title.icontains(text, autoescape=True))
    if state == "":
        query = query.having(last > now())
    elif state == "past":
        query = query.having(last <= now())
    return query.order_by(first.desc() if state == "past" else first, Event.id)


def _which(state: str) -> ColumnElement[bool]:
    if state == "archived":
        return Event.archived_at.is_not(None)
    if state == "draft":
        return and_(Event.archived_at.is_(None), Event.state == DRAFT)
    return Event.archived_at.is_(None)
