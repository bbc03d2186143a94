"""The register of consents on paper: by class and by person, forms to be printed. Closed unless the setting opens it."""

from collections import Counter

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import DateField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput

from libhub.accounts import accounts, classes
from libhub.accounts.models import SchoolClass, User
from libhub.accounts.permissions import STUDENT
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.base.i18n import ngettext
from libhub.base.moments import today
from libhub.base.text import parse_day
from libhub.kit.pages import fields
from libhub.pages.admin.people import user_or_abort
from libhub.people.personal_data import consents
from libhub.people.personal_data.consents import KINDS, SETTING, STANDINGS, NewConsent
from libhub.plugging import settings
from libhub.web.forms.form import Form
from libhub.web.gate import requires
from libhub.web.rendering.pages import page

blueprint = Blueprint("consents", __name__, url_prefix="/admin/consents")


class ConsentForm(Form):
    """What is written down of papers."""

    people = SelectMultipleField(_l("Whose"), coerce=int, option_widget=CheckboxInput())
    kind = SelectField(_l("What for"), choices=fields.choices(KINDS))
    given_on = DateField(_l("Given on"), [InputRequired()], default=today)
    until = fields.optional_day(_l("Valid until"))
    giver = StringField(_l("From whom"), [Length(max=200)])
    note = StringField(_l("Note"), [Length(max=300)])

    def new(self) -> NewConsent:
        """Return what was typed."""
        return NewConsent(
            self.kind.data, self.given_on.data, self.until.data, self.giver.data or "", self.note.data or ""
        )


@blueprint.before_request
def only_where_wanted() -> None:
    """Close the pages where the school keeps its consents otherwise."""
    if not settings.get_setting(settings.CORE, SETTING):
        abort(404)


@blueprint.get("/")
@requires("users.manage")
def index() -> AnyResponse:
    """Show how it stands in each class."""
    kind = _kind()
    rows = []
    for each in classes.every_class():
        pupils = _pupils(each)
        found = consents.latest([user.id for user in pupils], kind)
        standings = Counter(found[user.id].standing if user.id in found else "none" for user in pupils)
        if pupils:
            rows.append((each, len(pupils), standings))
    return page("people/consents.html", rows=rows, kind=kind, kinds=KINDS, standings=STANDINGS)


@blueprint.route("/classes/<int:class_id>", methods=["GET", "POST"])
@requires("users.manage")
def of_class(class_id: int) -> AnyResponse:
    """List a class: who has a consent and who lacks one; write many down at once."""
    school_class = _class(class_id)
    pupils, form = _pupils(school_class), ConsentForm()
    kind = form.kind.data if form.is_submitted() and form.kind.data in KINDS else _kind()
    found = consents.latest([user.id for user in pupils], kind)
    form.people.choices = [(user.id, user.name) for user in pupils]
    if not form.is_submitted():
        form.kind.data = kind
    if form.validate_on_submit():
        try:
            number = consents.record(form.people.data, form.new())
        except LibHubError as error:
            form.fail(error)
        else:
            flash(_written(number), "success")
            return redirect(url_for("consents.of_class", class_id=class_id, kind=kind))
    wanted = request.args.get("standing", "")
    standing_of = {user.id: found[user.id].standing if user.id in found else "none" for user in pupils}
    return page(
        "people/consents_class.html",
        school_class=school_class,
        pupils=[user for user in pupils if wanted not in STANDINGS or standing_of[user.id] == wanted],
        found=found,
        standing_of=standing_of,
        form=form,
        kind=kind,
        kinds=KINDS,
        standing=wanted,
        standings=STANDINGS,
        status=422 if form.is_submitted() else 200,
    )


@blueprint.get("/classes/<int:class_id>/forms")
@requires("users.manage")
def forms(class_id: int) -> AnyResponse:
    """Show forms for a class, to be printed and signed at home."""
    school_class, kind = _class(class_id), _kind()
    library = str(settings.get_setting(settings.CORE, "library_name"))
    return page(
        "people/consents_forms.html",
        school_class=school_class,
        pupils=_pupils(school_class),
        kind=kind,
        what=KINDS[kind],
        library=library,
    )


@blueprint.route("/people/<int:user_id>", methods=["GET", "POST"])
@requires("users.manage")
def of_person(user_id: int) -> AnyResponse:
    """Show a person's consents, and write one down."""
    user, form = user_or_abort(user_id), ConsentForm()
    del form.people
    if form.validate_on_submit():
        try:
            number = consents.record([user.id], form.new())
        except LibHubError as error:
            form.fail(error)
        else:
            flash(_written(number), "success")
            return redirect(url_for("consents.of_person", user_id=user_id))
    return page(
        "people/consents_person.html",
        person=user,
        class_of=accounts.class_of,
        rows=consents.of_person(user_id),
        form=form,
        kinds=KINDS,
        standings=STANDINGS,
        today=today(),
        status=422 if form.is_submitted() else 200,
    )


@blueprint.post("/<int:consent_id>/withdraw")
@requires("users.manage")
def withdraw(consent_id: int) -> AnyResponse:
    """Write down that a consent was withdrawn."""
    user_id = _owner(consent_id)
    try:
        on = parse_day(request.form.get("on", ""))
        if on is None:
            raise LibHubError(_("Write the day on which it was withdrawn."))
        consents.withdraw(consent_id, on)
    except LibHubError as error:
        flash(str(error), "error")
    else:
        flash(_("It is written down that the consent was withdrawn."), "success")
    return redirect(url_for("consents.of_person", user_id=user_id))


def _owner(consent_id: int) -> int:
    row = consents.find(consent_id)
    if row is None:
        abort(404)
    return user_or_abort(row.user_id).id


def _written(number: int) -> str:
    if not number:
        return _("They were written down before: nothing was changed.")
    return ngettext("%(num)d consent was written down.", "%(num)d consents were written down.", number)


def _kind() -> str:
    asked = request.args.get("kind", "")
    return asked if asked in KINDS else "works"


def _class(class_id: int) -> SchoolClass:
    try:
        return classes.get_class(class_id)
    except LibHubError:
        abort(404)


def _pupils(school_class: SchoolClass) -> list[User]:
    return [user for user in classes.members([school_class.id]) if user.role == STUDENT]
