"""The users page: add, change, disable, give a new password."""

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from sqlalchemy import ColumnElement, false, func, or_, select
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length

from libhub.accounts import accounts, relations, sessions
from libhub.accounts.accounts import UserDetails
from libhub.accounts.models import SchoolClass, User
from libhub.accounts.permissions import ACCOUNT_ROLES, ADMINISTRATOR, AGE_MARKS, ROLES
from libhub.accounts.school_class import find_class
from libhub.base.db import db
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.kit.pages.editing import editor
from libhub.kit.pages.slips import read_slip, show_slip
from libhub.web.forms.form import Form
from libhub.web.gate import requires
from libhub.web.paging import page_number
from libhub.web.rendering.pages import page
from libhub.web.visitor import current_viewer

blueprint = Blueprint("users", __name__, url_prefix="/admin/users")
PAGE_SIZE = 50


class UserForm(Form):
    """An account as the librarian edits it."""

    name = StringField(_l("Name"), [InputRequired(), Length(max=200)])
    username = StringField(_l("User name"), [InputRequired(), Length(max=80)])
    role = SelectField(_l("Role"), choices=[SelectChoice(role, ROLES[role]) for role in ACCOUNT_ROLES])
    age_limit = SelectField(
        _l("Sees things up to the age mark"),
        choices=[
            SelectChoice("", _l("as usual for the role")),
            *(SelectChoice(str(age), f"{age}+") for age in AGE_MARKS),
        ],
    )
    school_class = StringField(_l("Class"), [Length(max=20)])
    active = BooleanField(_l("May sign in"), default=True)

    def details(self) -> UserDetails:
        """Return what was typed."""
        limit = int(self.age_limit.data) if self.age_limit.data else None
        return UserDetails(
            self.username.data, self.name.data, self.role.data, limit, self.school_class.data or ""
        )


@blueprint.get("/")
@requires("users.manage")
def index() -> Response:
    """List accounts, by name; with a search over names, user names and classes."""
    text = request.args.get("q", "").strip()[:80]
    query = select(User).order_by(func.lower(User.name), User.id)
    if text:
        query = query.where(
            or_(
                *(name.icontains(text, autoescape=True) for name in (User.name, User.username)),
                _in_class(text),
            )
        )
    found = db.paginate(query, page=page_number(), per_page=PAGE_SIZE, error_out=False)
    return page(
        "admin/users.html", block="rows", users=found, text=text, roles=ROLES, class_of=accounts.class_of
    )


def _in_class(text: str) -> ColumnElement[bool]:
    """Return the condition on accounts of the class that was typed; of a whole grade without a letter."""
    asked = find_class(text)
    if asked is None:
        return false()
    some = select(SchoolClass.id).where(SchoolClass.grade == asked.grade, SchoolClass.archived_at.is_(None))
    return User.class_id.in_(some.where(SchoolClass.letter == asked.letter) if asked.letter else some)


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
    return page("admin/user.html", form=form, user=None, status=422 if form.is_submitted() else 200)


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
        user=user,
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
