"""Accounts: add, change, disable, give a new password. Their table is in ``pages/people/people_table``."""

from flask import Blueprint, abort, flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length

from libhub.accounts import accounts, relations, sessions
from libhub.accounts.accounts import UserDetails
from libhub.accounts.models import User
from libhub.accounts.permissions import ACCOUNT_ROLES, ADMINISTRATOR, AGE_MARKS, ROLES
from libhub.base.db import db
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.kit.pages import fields
from libhub.kit.pages.editing import back_or, editor
from libhub.kit.pages.slips import read_slip, show_slip
from libhub.people.credentials.means import means_of
from libhub.web.forms.form import Form
from libhub.web.gate import requires
from libhub.web.rendering.pages import page
from libhub.web.visitor import age_limit_of, current_viewer

blueprint = Blueprint("users", __name__, url_prefix="/admin/users")


class UserForm(Form):
    """An account as the librarian edits it."""

    name = StringField(_l("Name"), [InputRequired(), Length(max=200)])
    username = StringField(_l("User name"), [InputRequired(), Length(max=80)])
    role = SelectField(_l("Role"), choices=[SelectChoice(role, ROLES[role]) for role in ACCOUNT_ROLES])
    age_limit = SelectField(
        _l("Sees things up to the age mark"),
        choices=[
            SelectChoice("", _l("by age, class or role")),
            *(SelectChoice(str(age), f"{age}+") for age in AGE_MARKS),
        ],
    )
    school_class = StringField(_l("Class"), [Length(max=20)])
    class_group = StringField(_l("Group in the class"), [Length(max=40)])
    birth_date = fields.optional_day(_l("Date of birth"))
    school_number = StringField(_l("Number in the school's own list"), [Length(max=40)])
    active = BooleanField(_l("May sign in"), default=True)

    def details(self) -> UserDetails:
        """Return what was typed."""
        limit = int(self.age_limit.data) if self.age_limit.data else None
        return UserDetails(
            self.username.data,
            self.name.data,
            self.role.data,
            limit,
            self.school_class.data or "",
            self.class_group.data or "",
            self.birth_date.data,
            self.school_number.data or "",
        )


@blueprint.route("/add", methods=["GET", "POST"])
@requires("users.manage")
def add() -> AnyResponse:
    """Add an account; its first password is shown on a slip and has to be changed."""
    form = UserForm()
    if form.validate_on_submit():
        password = accounts.random_password()
        try:
            _refuse_promotion(form.role.data)
            user = accounts.add_user(form.details(), password, must_change_password=True)
        except LibHubError as error:
            form.fail(error)
        else:
            return show_slip("users.slip", password, user_id=user.id)
    return page(
        "admin/user.html",
        form=form,
        user=None,
        back=url_for("users.index"),
        status=422 if form.is_submitted() else 200,
    )


@blueprint.route("/<int:user_id>", methods=["GET", "POST"])
@requires("users.manage")
def edit(user_id: int) -> AnyResponse:
    """Change an account."""

    def form() -> UserForm:
        user = user_or_abort(user_id)
        return UserForm(
            name=user.name,
            username=user.username,
            role=user.role,
            age_limit="" if user.age_limit is None else str(user.age_limit),
            school_class=accounts.class_of(user),
            class_group=user.class_group,
            birth_date=user.birth_date,
            school_number=user.school_number or "",
            active=user.active,
        )

    def save(typed: UserForm) -> None:
        if typed.role.data != user_or_abort(user_id).role:
            _refuse_promotion(typed.role.data)
        accounts.change_user(user_id, typed.details(), active=typed.active.data)

    user = user_or_abort(user_id)
    return editor(
        "admin/user.html",
        form,
        save,
        lambda _saved: url_for("users.index"),
        told=_l("Saved."),
        back=back_or(url_for("users.index")),
        user=user,
        limit=age_limit_of(user),
        means=means_of(user_id),
        relatives=relations.relatives_of(user),
        codes=relations.waiting_codes(user_id),
    )


@blueprint.post("/<int:user_id>/password")
@requires("users.manage")
def reset_password(user_id: int) -> AnyResponse:
    """Give an account a new password, shown on a slip; it is signed out everywhere."""
    user_or_abort(user_id)
    password = accounts.random_password()
    accounts.set_password(user_id, password, must_change_password=True)
    return show_slip("users.slip", password, user_id=user_id)


@blueprint.get("/<int:user_id>/slip/<slip>")
@requires("users.manage")
def slip(user_id: int, slip: str) -> AnyResponse:
    """Show a password that was just given, to whoever gave it."""
    user, password = user_or_abort(user_id), read_slip(slip)
    if password is None:
        flash(_("The password was shown for ten minutes and is kept nowhere. Give a new one if it is lost."))
        return redirect(url_for("users.edit", user_id=user_id))
    return page("admin/user_password.html", user=user, password=password)


@blueprint.post("/<int:user_id>/sign-out")
@requires("users.manage")
def sign_out(user_id: int) -> AnyResponse:
    """Close every session of an account."""
    sessions.sign_out_everywhere(user_or_abort(user_id).id)
    flash(_("The account was signed out everywhere."), "success")
    return redirect(url_for("users.edit", user_id=user_id))


def user_or_abort(user_id: int) -> User:
    """Return an account; only an administrator gets at an administrator's."""
    user = db.session.get(User, user_id)
    if user is None:
        abort(404)
    if user.role == ADMINISTRATOR and current_viewer().role != ADMINISTRATOR:
        abort(403)
    return user


def _refuse_promotion(role: str) -> None:
    if role == ADMINISTRATOR and current_viewer().role != ADMINISTRATOR:
        raise LibHubError(_("Only an administrator can make somebody an administrator."))
