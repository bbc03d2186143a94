"""Memorable dates: the list of a month, and the librarian's form."""

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import IntegerField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from libhub.api import Form, LibHubError, page, public, requires, today
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.events import memorable_dates
from plugins.events.memorable_dates import DateData
from plugins.events.models import MemorableDate
from plugins.events.pages.calendar import asked_day, month_names
from plugins.events.pages.forms import choices_of
from plugins.events.vocabulary import DATE_KINDS

blueprint = Blueprint("events", __name__, url_prefix="/events")


class DateForm(Form):
    """A memorable date as the librarian edits it."""

    kind = SelectField(_l("What it is"), choices=choices_of(DATE_KINDS))
    title = StringField(_l("Name of the person, or what it is"), [InputRequired()])
    whom = StringField(_l("The name after “since the birth of”"))
    about = TextAreaField(_l("In a few words"), render_kw={"rows": 2})
    day = IntegerField(_l("Day"), [InputRequired()])
    month = SelectField(_l("Month"))
    year = IntegerField(_l("Year"), [Optional()])

    def offer(self) -> None:
        """Fill in the names of the months."""
        self.month.choices = [SelectChoice(str(number), name) for number, name in enumerate(month_names(), 1)]

    def typed(self) -> DateData:
        """Return what was typed."""
        return DateData(
            self.kind.data,
            self.title.data or "",
            self.day.data,
            int(self.month.data),
            self.year.data,
            self.whom.data or "",
            self.about.data or "",
        )


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
    return _edit(_found(date_id))


def _edit(row: MemorableDate | None) -> AnyResponse:
    before = {} if row is None else vars(DateData.of(row))
    form = DateForm(**{**before, "month": str(before.get("month", asked_day().month))})
    form.offer()
    if form.validate_on_submit():
        try:
            saved = memorable_dates.get(memorable_dates.save(form.typed(), row.id if row else None))
        except LibHubError as error:
            form.fail(error)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("events.dates_page", date=memorable_dates.on_day(saved, today().year)))
    return page("events/date.html", form=form, row=row, status=422 if form.is_submitted() else 200)


@blueprint.post("/dates/<int:date_id>/delete")
@requires("events.edit")
def delete_date(date_id: int) -> AnyResponse:
    """Delete a memorable date; the page offers to put it back."""
    row = _found(date_id)
    month = memorable_dates.on_day(row, today().year)
    data = memorable_dates.delete(row.id)
    return page("events/date_deleted.html", data=data, month=month)


@blueprint.post("/dates/put-back")
@requires("events.edit")
def put_date_back() -> AnyResponse:
    """Put a memorable date back that was deleted just now."""
    form = DateForm(request.form)
    form.offer()
    if not form.validate():
        abort(400)
    try:
        saved = memorable_dates.get(memorable_dates.save(form.typed()))
    except LibHubError as error:
        flash(str(error), "error")
        return redirect(url_for("events.dates_page"))
    flash(_("It is back."), "success")
    return redirect(url_for("events.dates_page", date=memorable_dates.on_day(saved, today().year)))


def _found(date_id: int) -> MemorableDate:
    try:
        return memorable_dates.get(date_id)
    except LibHubError:
        abort(404)
