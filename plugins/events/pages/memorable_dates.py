"""Memorable dates: the list of a month, and the librarian's form."""

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired

from libhub.api import Form, attempt, db, editor, fields, page, public, requires, today
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.events import memorable_dates
from plugins.events.memorable_dates import DateData
from plugins.events.models import MemorableDate
from plugins.events.pages.calendar import asked_day, month_names
from plugins.events.vocabulary import DATE_KINDS

blueprint = Blueprint("events", __name__, url_prefix="/events")


class DateForm(Form):
    """A memorable date as the librarian edits it."""

    kind = fields.select(_l("What it is"), DATE_KINDS)
    title = StringField(_l("Name of the person, or what it is"), [InputRequired()])
    whom = StringField(_l("The name after “since the birth of”"))
    about = TextAreaField(_l("In a few words"), render_kw={"rows": 2})
    day = IntegerField(_l("Day"), [InputRequired()])
    month = fields.select(_l("Month"), {}, coerce=int)
    year = fields.optional_number(_l("Year"))

    def offer(self) -> None:
        """Fill in the names of the months."""
        self.month.choices = fields.choices(dict(enumerate(month_names(), 1)))

    def date_data(self) -> DateData:
        """Return what was typed."""
        return fields.typed_data(self, DateData)


@blueprint.get("/dates")
@public
def dates_page() -> Response:
    """List the memorable dates of a month of this year."""
    day = asked_day()
    rows = memorable_dates.of_month(day.month)
    return page(
        "events/dates.html",
        block="content",
        day=day,
        months=month_names(),
        rows=[
            (row, memorable_dates.on_day(row, day.year), memorable_dates.words(row, day.year)) for row in rows
        ],
        anniversary=lambda row: (
            bool(row.year) and (day.year - row.year) % memorable_dates.ROUND == 0 and day.year > row.year
        ),
        today=today(),
    )


@blueprint.route("/dates/add", methods=["GET", "POST"])
@requires("events.edit")
def add_date() -> AnyResponse:
    """Add a memorable date."""
    return _edit(None)


@blueprint.route("/dates/<int:date_id>/edit", methods=["GET", "POST"])
@requires("events.edit")
def edit_date(date_id: int) -> AnyResponse:
    """Change a memorable date."""
    return _edit(db.get_or_404(MemorableDate, date_id))


def _edit(row: MemorableDate | None) -> AnyResponse:

    def form() -> DateForm:
        before = {} if row is None else vars(DateData.of(row))
        made = DateForm(**{"month": asked_day().month, **before})
        made.offer()
        return made

    def save(typed: DateForm) -> str:
        memorable_dates.save(typed.date_data(), row.id if row else None)
        return _month_of(typed)

    return editor(
        "events/date.html",
        form,
        save,
        str,
        told=_("Saved."),
        row=row,
    )


@blueprint.post("/dates/<int:date_id>/delete")
@requires("events.edit")
def delete_date(date_id: int) -> AnyResponse:
    """Delete a memorable date; the page that comes then offers to put it back."""
    data = memorable_dates.delete(db.get_or_404(MemorableDate, date_id).id)
    return redirect(url_for("events.date_deleted", **vars(data)))


@blueprint.get("/dates/deleted")
@requires("events.edit")
def date_deleted() -> Response:
    """Offer to put back what was deleted; the address says what it was."""
    form = DateForm(request.args, meta={"csrf": False})
    form.offer()
    if not form.validate():
        abort(404)
    return page("events/date_deleted.html", data=form.date_data(), month=_month_of(form))


@blueprint.post("/dates/put-back")
@requires("events.edit")
def put_date_back() -> AnyResponse:
    """Put a memorable date back that was deleted just now."""
    form = DateForm(request.form)
    form.offer()
    if not form.validate():
        abort(400)
    return attempt(lambda: memorable_dates.save(form.date_data()), _month_of(form), _("It is back."))


def _month_of(form: DateForm) -> str:
    return url_for("events.dates_page", date=today().replace(day=1, month=form.month.data))
